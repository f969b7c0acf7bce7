"""Say what of a file is not read, and leave out text that nobody reads: encoded data and minified code (pure)."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise

from index.types import Block, Pages

_MAX_LISTED = 8
MAX_BLOCKS = 500_000  # of one file
_MAX_WORD = 500
# Both from their start only: a search from each character takes the square of the length.
_GIANT_WORD = re.compile(rf"(?<![!-~])[!-~]{{{_MAX_WORD},}}")  # of ASCII: many scripts have no blanks between words
_LONG_LINE = re.compile(r"(?<![^\r\n])[^\r\n]{2000,}")
_MIN_BLANKS = 0.09  # of the characters of a long line; prose has 0.16, minified code 0.05
_MAX_FOREIGN = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadableText:
    """The blocks that can be read, and how many characters of encoded or minified text are left out of them.

    `is_cut` says that there were more blocks than a document may have.
    """

    blocks: tuple[Block, ...]
    left_out: int = 0
    is_cut: bool = False


def readable(text: str, blocks: tuple[Block, ...]) -> ReadableText:
    """Cut giant words and long lines of code without blanks out of blocks. The text itself stays as it is.

    >>> found = readable("Key: " + "QUJD" * 200, (Block(0, 805),))
    >>> found.blocks, found.left_out
    ((Block(start=0, end=4, level=0, kind='paragraph'),), 800)
    """
    holes = [match.span() for match in _GIANT_WORD.finditer(text)]
    holes += [match.span() for match in _LONG_LINE.finditer(text) if _is_minified(match[0])]
    if not holes:
        return ReadableText(blocks=blocks[:MAX_BLOCKS], is_cut=len(blocks) > MAX_BLOCKS)
    holes = _merge(holes)
    ends = [end for _, end in holes]
    pieces: list[Block] = []
    for block in blocks:
        pieces += _cut(text, block, holes[bisect_left(ends, block.start + 1) :])
    return ReadableText(
        blocks=tuple(pieces[:MAX_BLOCKS]),
        left_out=sum(end - start for start, end in holes),
        is_cut=len(pieces) > MAX_BLOCKS,
    )


def _merge(holes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sort holes, and join those that overlap or touch."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(holes):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _cut(text: str, block: Block, holes: list[tuple[int, int]]) -> list[Block]:
    """Return what is left of a block without the holes in it; the holes are sorted and end after its start."""
    pieces: list[Block] = []
    begin = block.start
    for start, end in holes:
        if start >= block.end:
            break
        pieces += _piece(text, block, begin, start)
        begin = max(begin, end)
    return pieces + _piece(text, block, begin, block.end)


def _piece(text: str, block: Block, start: int, end: int) -> list[Block]:
    """Return what is left of a block between two cuts, without blanks around it; nothing if there is nothing."""
    piece = text[start:end] if start < end else ""
    start += len(piece) - len(piece.lstrip())
    end = start + len(piece.strip())
    return [Block(start, end, block.level, block.kind)] if start < end else []


def _is_minified(line: str) -> bool:
    blanks = line.count(" ") + line.count("\t")
    foreign = sum(character > "\x7f" for character in line)
    return blanks < _MIN_BLANKS * len(line) and foreign < _MAX_FOREIGN * len(line)


def blank_pages(pages: Pages, blocks: tuple[Block, ...]) -> list[int]:
    """Return the numbers of the pages on which no text begins."""
    starts = [block.start for block in blocks]
    bounds = [*(bisect_left(starts, start) for start, _ in pages), len(starts)]
    return [number for (_, number), (first, last) in zip(pages, pairwise(bounds), strict=True) if first == last]


def note(path: str, unit: str, blank: list[int], kept: ReadableText) -> str:
    """Say which pages have no text and how much text is left out; "" if nothing is.

    >>> note("tea.pdf", "page", [3], ReadableText(blocks=()))
    'tea.pdf is only partly read: page 3 has no text, only pictures or nothing.'
    """
    reasons = []
    if blank:
        more = len(blank) - _MAX_LISTED
        listed = ", ".join(map(str, blank[:_MAX_LISTED])) + (f" and {more} more" if more > 0 else "")
        pages = f"{unit} {listed} has" if len(blank) == 1 else f"{unit}s {listed} have"
        reasons.append(f"{pages} no text, only pictures or nothing")
    if kept.left_out:
        reasons.append(f"{kept.left_out:,} characters of encoded or minified text are left out")
    if kept.is_cut:
        reasons.append(f"what follows its first {MAX_BLOCKS:,} paragraphs is left out")
    return f"{path} is only partly read: {'; '.join(reasons)}." if reasons else ""
