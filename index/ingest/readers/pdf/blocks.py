"""Decide which lines are one paragraph, list item or heading (pure)."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median, quantiles
from typing import Literal

from index.ingest.readers.elements import Element
from index.ingest.readers.pdf.dehyphenation import is_divided
from index.ingest.readers.pdf.layout import Row
from index.types import BlockKind

BULLET = re.compile(r"[•◦▪■□●○‣\u2043∙·➢✓*–—\-\ue000-\uf8ff]\s+(?=\S)")
NUMBERED = re.compile(r"(?:\(?\d{1,3}[.)]|\(?[a-zA-Z][.)]|\(?[ivx]{1,5}[.)]|\[\d{1,3}\])\s")
_ENDED = re.compile(r"[.!?:;…。！？][\"'”’»)\]]*$")
_KINDS: dict[str, BlockKind] = {
    "item": "list_item",
    "row": "table_row",
    "ruled": "table_row",
    "code": "code",
    "heading": "heading",
}
MIN_LINES = 6
Kind = Literal["text", "item", "row", "ruled", "code", "heading"]


@dataclass(slots=True, kw_only=True)
class Block:
    """Rows that are read as one; `last` is its last row, and `tight` says that it follows the block before closely."""

    kind: Kind
    text: str
    page: int
    first: Row
    last: Row
    level: int = 0
    tight: bool = False
    lines: int = 1

    @property
    def is_ended(self) -> bool:
        """Say whether the text ends like a sentence."""
        return is_ended(self.text)

    def element(self) -> Element:
        kind = "paragraph" if self.level else _KINDS.get(self.kind, "paragraph")
        return Element(self.text, level=self.level, page=self.page, tight=self.tight, kind=kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row with what is needed to place it: the next row, its heading's level, and the column's spacing and edge."""

    row: Row
    following: Row | None
    level: int
    spacing: float
    edge: float

    @property
    def size(self) -> float:
        return self.row.main.size

    def room_after(self, last: Row, width: float) -> float:
        """Return the room that the line above has left after this line's first word; `width` is that of a letter."""
        return self.edge - last.right - 0.3 * self.size - len(self.row.text.split(maxsplit=1)[0]) * width * self.size

    def is_set_back(self) -> bool:
        """Say whether the next line begins where this one does."""
        return self.following is not None and abs(self.following.left - self.row.left) < 0.3 * self.size


def is_ended(text: str) -> bool:
    """Say whether a text ends like a sentence."""
    return bool(_ENDED.search(text))


def first_block(line: Line, page: int, above: Block | None) -> Block:
    """Return the block that a line begins."""
    row, text = line.row, line.row.text
    bullet = BULLET.match(text)
    kind: Kind = "text"
    if line.level:
        kind = "heading"
    elif len(row.cells) > 1 and not bullet:
        kind = "row"
    elif row.main.fixed:
        kind = "code"
    elif bullet or (NUMBERED.match(text) and (above is None or above.kind == "item" or above.is_ended)):
        kind = "item"
    if bullet and kind == "item":
        text = text[bullet.end() :]
    return Block(kind=kind, text=text, page=page, first=row, last=row, level=line.level)


def is_next(block: Block, line: Line) -> bool:
    """Say whether a line stands right below a block in the same font."""
    gap = block.last.main.base - line.row.main.base
    own = 1.65 if line.size > 0.95 * line.spacing else 1.35  # text larger than most has wider lines
    near = 0 < gap < max(1.2 * line.spacing + 0.5, own * line.size) or (block.level > 0 and 0 < gap < 1.8 * line.size)
    return near and abs(block.last.main.size - line.size) <= 0.08 * line.size and line.level == block.level


def flows(block: Block, line: Line) -> bool:
    """Say whether a paragraph or an item goes on in a line."""
    room = line.room_after(block.last, 0.55)
    begins_small = line.row.text[0].islower()
    is_continued = not block.is_ended and (is_divided(block.text, line.row.text) or begins_small)
    if _begins_item(block, line) or (room > line.size and not is_continued):
        return False
    indent = line.row.left - block.last.left
    if indent > 0.8 * line.size:
        return _hangs(block, line, room) or (begins_small and not block.is_ended)
    return indent > -0.8 * line.size or _is_indented(block, line)


def _hangs(block: Block, line: Line, room: float) -> bool:
    """Say whether a line is the second one of a hanging paragraph."""
    hangs = block.lines == 1 and (block.kind == "item" or line.is_set_back())
    return hangs and not (block.is_ended and room > 0)


def _is_indented(block: Block, line: Line) -> bool:
    """Say whether the line above is the first one of a paragraph, with an indent, and this one has none."""
    return block.lines == 1 and block.kind == "text" and (line.is_set_back() or not block.is_ended)


def _begins_item(block: Block, line: Line) -> bool:
    text, after_end = line.row.text, block.is_ended or block.kind == "item"
    is_bullet = BULLET.match(text) and (after_end or text[0] not in "*–—-")
    return bool(is_bullet or (NUMBERED.match(text) and after_end))


def is_full(block: Block, line: Line) -> bool:
    """Say whether the block's sentence continues in a line because its last line was full."""
    flush = abs(line.row.left - block.last.left) < 0.3 * line.size or block.lines == 1
    return flush and not block.is_ended and line.room_after(block.last, 0.6) < 0


def is_tight(block: Block, above: Block, spacing: float) -> bool:
    """Say whether a block follows the one above without a blank line, as items and rows do."""
    gap = above.last.main.base - block.first.main.base
    together = block.kind == above.kind != "text" or (block.kind != "text" and above.text.endswith(":"))
    short = block.kind == above.kind == "text" and gap < 1.2 * spacing and not above.is_ended
    return not block.level and not above.level and gap < 2.5 * spacing and (together or short)


def usual_spacing(rows: Sequence[Row]) -> float:
    """Return the usual distance between lines."""
    gaps: Counter[float] = Counter()
    for above, below in pairwise(rows):
        gap = round((above.main.base - below.main.base) * 2) / 2
        if gap > 0 and abs(above.main.size - below.main.size) < 0.5:
            gaps[gap] += min(len(above.text), len(below.text))
    sizes = [row.main.size for row in rows]
    usual = gaps.most_common(1)[0][0] if gaps else 0.0
    goes_on = any(row.text[:1].isalpha() and not row.text[:1].isupper() for row in rows)
    widest = 2.6 * max(sizes, default=10.0) if goes_on else 1.7 * median(sizes or [10.0])  # far apart: no paragraph
    return usual if sizes and 0.9 * min(sizes) < usual < widest else 1.2 * max(sizes, default=10.0)


def right_edge(rows: Sequence[Row]) -> float:
    """Return how far to the right lines go before they break."""
    rights = [row.right for row in rows if len(row.cells) == 1]
    if len(rights) < MIN_LINES:
        return max(rights, default=0.0)
    return quantiles(rights, n=5, method="inclusive")[-1]
