"""Turn rows in reading order into headings, paragraphs, list items and table rows (pure)."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import quantiles

from index.ingest.readers.elements import Element
from index.ingest.readers.pdf.dehyphenation import Joiner, is_divided
from index.ingest.readers.pdf.layout import Row, Run

_BULLET = re.compile(r"[•◦▪■□●○‣\u2043∙·➢✓*–—\-\ue000-\uf8ff]\s+(?=\S)")
_NUMBERED = re.compile(r"(?:\(?\d{1,3}[.)]|\(?[a-zA-Z][.)]|\(?[ivx]{1,5}[.)]|\[\d{1,3}\])\s")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_ENDED = re.compile(r"[.!?:;…。！？][\"'”’»)\]]*$")
_NUMBERING = re.compile(r"^(?:chapter |appendix |part |section )?[A-Z\d]{1,3}(?:\.\d+)*[.:]?\s+(?=\S)", re.I)
_DEPTH = re.compile(r"\d{1,3}(?:\.\d{1,3})*\.?(?=\s)")
LEVELS = ((1.6, 1), (1.25, 2), (1.13, 3))


@dataclass(slots=True)
class _Block:
    """Rows that are read as one; `kind` is text, item, row, code or heading, and `last` its last row."""

    kind: str
    text: str
    page: int
    first: Row
    last: Row
    level: int = 0
    tight: bool = False
    lines: int = 1

    def element(self) -> Element:
        return Element(self.text, level=self.level, page=self.page, tight=self.tight)


def key(title: str) -> str:
    """Return a heading's letters without its number, for comparison."""
    return "".join(filter(str.isalpha, _NUMBERING.sub("", title.strip()).casefold()))


class Flow:
    """Collects the blocks of pages in order, and joins a paragraph with its rest on the next page.

    `outline` has the level of a heading by its page and `key`.
    """

    def __init__(self, outline: dict[tuple[int, str], int]) -> None:
        self._outline = outline
        self._sizes: Counter[tuple[float, bool]] = Counter()
        self._joiner = Joiner()
        self._open: _Block | None = None
        self._notes: list[_Block] = []
        self._added: list[Element] = []

    @property
    def body_size(self) -> float:
        """Return the font size of most of the text so far; 0 before any."""
        return self._sizes.most_common(1)[0][0][0] if self._sizes else 0.0

    def learn(self, runs: Iterable[Run]) -> None:
        """Count words and font sizes before the rows are added."""
        for run in runs:
            self._sizes[round(run.size * 2) / 2, run.bold] += len(run.text)
            self._joiner.learn(run.text)

    def add(self, rows: Sequence[Row], page: int) -> Iterator[Element]:
        """Yield the elements that a column's rows complete."""
        for position, block in enumerate(self._blocks(rows, page)):
            last = self._open
            if last and position == 0 and self._is_rest(last, block):
                last.text = self._joiner.join(last.text, block.text)
                last.last = block.last
            elif last and not _ENDED.search(last.text) and last.kind == "text" and self._is_note(last, block):
                self._notes.append(block)
            else:
                yield from self.close()
                self._open = block

    def append(self, elements: Iterable[Element]) -> None:
        """Add elements that stand apart from the page's rows; they follow its last paragraph."""
        self._added += elements

    def close(self) -> Iterator[Element]:
        """Yield the elements that waited for the next page."""
        for block in ([self._open] if self._open else []) + self._notes:
            block.text = _PRIVATE.sub("", block.text).strip()
            if block.text:
                yield block.element()
        yield from self._added
        self._open, self._notes, self._added = None, [], []

    def _is_rest(self, last: _Block, block: _Block) -> bool:
        alike = abs(last.last.main.size - block.first.main.size) < 0.6 and block.kind == "text"
        return alike and last.kind in ("text", "item") and block.text[:1].islower() and not _ENDED.search(last.text)

    def _is_note(self, last: _Block, block: _Block) -> bool:
        """Say whether a block is small print between the parts of a paragraph."""
        return len(self._notes) < 20 and not block.level and block.first.main.size < 0.93 * last.last.main.size

    def _blocks(self, rows: Sequence[Row], page: int) -> Iterator[_Block]:
        spacing, edge = _spacing(rows), _edge(rows)
        block: _Block | None = None
        for position, row in enumerate(rows):
            following = rows[position + 1] if position + 1 < len(rows) else None
            level = self._level(row, page)
            if block and self._takes(block, row, following, level, spacing, edge):
                continue
            if block:
                yield self._done(block)
            new = self._block(row, page, level, block)
            if block:
                gap = block.last.main.base - row.main.base
                together = new.kind == block.kind != "text" or (new.kind != "text" and block.text.endswith(":"))
                short = new.kind == block.kind == "text" and gap < 1.2 * spacing and not _ENDED.search(block.text)
                new.tight = not new.level and not block.level and gap < 2.5 * spacing and (together or short)
            block = new
        if block:
            yield self._done(block)

    def _block(self, row: Row, page: int, level: int, above: _Block | None) -> _Block:
        text = row.text
        bullet = _BULLET.match(text)
        if level:
            return _Block("heading", text, page, row, row, level)
        if len(row.cells) > 1 and not bullet:
            return _Block("row", text, page, row, row)
        if row.main.fixed:
            return _Block("code", text, page, row, row)
        numbered = _NUMBERED.match(text) and (above is None or above.kind == "item" or _ENDED.search(above.text))
        kind = "item" if bullet or numbered else "text"
        return _Block(kind, text[bullet.end() :] if bullet else text, page, row, row)

    def _done(self, block: _Block) -> _Block:
        if block.level:
            block.level = self._outline.get((block.page, key(block.text)), block.level)
        return block

    def _level(self, row: Row, page: int) -> int:
        """Return the level of a heading's row by the outline or its looks; 0 for other rows."""
        text, main = row.text, row.main
        letters = sum(map(str.isalpha, text))
        listed = self._outline.get((page, key(text)), 0) if letters else 0
        if listed or len(row.cells) > 1 or letters < 2 or 2 * letters < len(text) or len(text) > 120:
            return listed
        body, bold_body = self._sizes.most_common(1)[0][0] if self._sizes else (main.size, False)
        for ratio, level in LEVELS:
            if main.size >= ratio * body:
                numbered = _DEPTH.match(text)
                return min(max(level, len(numbered[0].strip(".").split("."))), 3) if numbered else level
        stands_out = main.bold and not bold_body and not main.fixed and main.size > 0.97 * body
        return (
            3
            if stands_out and len(text) < 90 and text[0].isalnum() and not text[0].islower() and text[-1] not in ".,;:"
            else 0
        )

    def _takes(self, block: _Block, row: Row, following: Row | None, level: int, spacing: float, edge: float) -> bool:
        """Add a row to the block above if it belongs there, and say whether it did."""
        last, main = block.last, row.main
        gap = last.main.base - main.base
        if not 0 < gap < 1.2 * spacing + 0.5 and not (block.level and 0 < gap < 1.8 * main.size):
            return False
        if abs(last.main.size - main.size) > 0.08 * main.size or level != block.level:
            return False
        if level == 0 and (block.kind == "row" or _is_drawn_before(row, last)):
            return self._takes_cells(block, row, following)
        if len(row.cells) > 1 or block.kind == "code" or (main.fixed and not self._is_full(block, row, edge)):
            return False
        if block.kind == "heading":
            if last.main.bold != main.bold or (block.page, key(block.text)) in self._outline or block.lines > 3:
                return False
        elif not self._flows(block, row, following, edge):
            return False
        block.text, block.last, block.lines = self._joiner.join(block.text, row.text), row, block.lines + 1
        return True

    def _flows(self, block: _Block, row: Row, following: Row | None, edge: float) -> bool:
        last, size = block.last, row.main.size
        ended = bool(_ENDED.search(block.text))
        if _BULLET.match(row.text) and (ended or block.kind == "item" or row.text[0] not in "*–—-"):
            return False
        if _NUMBERED.match(row.text) and (ended or block.kind == "item"):
            return False
        room = edge - last.right - 0.3 * size - len(row.text.split(maxsplit=1)[0]) * 0.55 * size
        divided = is_divided(block.text, row.text)
        if room > size and (ended or not (divided or row.text[0].islower())):
            return False
        indent = row.left - last.left
        if indent > 0.8 * size:
            hangs = block.lines == 1 and (
                block.kind == "item" or (following is not None and abs(following.left - row.left) < 0.3 * size)
            )
            return (hangs and not (ended and room > 0)) or (not ended and row.text[0].islower())
        back = following is not None and abs(following.left - row.left) < 0.3 * size
        return indent > -0.8 * size or (block.lines == 1 and block.kind == "text" and (back or not ended))

    def _is_full(self, block: _Block, row: Row, edge: float) -> bool:
        """Say whether the block's sentence continues in the row because its last line was full."""
        size = row.main.size
        wanted = len(row.text.split(maxsplit=1)[0]) * 0.6 * size
        flush = abs(row.left - block.last.left) < 0.3 * size or block.lines == 1
        return flush and not _ENDED.search(block.text) and block.last.right + wanted > edge - 0.3 * size

    def _takes_cells(self, block: _Block, row: Row, following: Row | None) -> bool:
        """Add the row to the table's row above where its cells go on in those, or stand between them; that shows in the
        order of drawing, or in that there is no first cell."""
        cells = list(block.last.cells)
        before = _is_drawn_before(row, block.last)
        ends = following is not None and _is_drawn_before(following, row)
        if not before and (ends or _is_under(row.cells[0], cells[0])):
            return False
        for part in row.cells:
            near = [
                position for position, cell in enumerate(cells) if cell.left < part.right and part.left < cell.right
            ]
            under = next((position for position in near if _is_under(part, cells[position])), None)
            if under is not None and len(near) == 1:
                old = cells[under]
                text, right = self._joiner.join(old.text, part.text), max(old.right, part.right)
                cells[under] = replace(old, text=text, base=part.base, right=right)
            elif before and all(part.right < cell.left or part.left > cell.right for cell in cells):
                cells.append(replace(part, base=min(part.base, block.last.main.base)))
            else:
                return False
        block.kind, block.last = "row", Row(tuple(sorted(cells, key=lambda cell: cell.left)), row.runs)
        block.text = block.last.text
        return True


def _is_drawn_before(row: Row, above: Row) -> bool:
    return min(cell.position for cell in row.cells) < max(cell.position for cell in above.cells)


def _is_under(part: Run, cell: Run) -> bool:
    return abs(part.left - cell.left) < 0.8 * part.size or abs(part.right - cell.right) < 0.3 * part.size


def _spacing(rows: Sequence[Row]) -> float:
    """Return the usual distance between lines."""
    gaps: Counter[float] = Counter()
    for above, below in pairwise(rows):
        gap = round((above.main.base - below.main.base) * 2) / 2
        if gap > 0 and abs(above.main.size - below.main.size) < 0.5:
            gaps[gap] += min(len(above.text), len(below.text))
    sizes = [row.main.size for row in rows]
    usual = gaps.most_common(1)[0][0] if gaps else 0.0
    return usual if sizes and 0.9 * min(sizes) < usual < 2.6 * max(sizes) else 1.2 * max(sizes, default=10.0)


def _edge(rows: Sequence[Row]) -> float:
    """Return how far to the right lines go before they break."""
    rights = [row.right for row in rows if len(row.cells) == 1]
    return quantiles(rights, n=5, method="inclusive")[-1] if len(rights) > 1 else max(rights, default=0.0)
