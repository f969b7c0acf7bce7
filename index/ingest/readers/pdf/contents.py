"""Find tables of contents, and read rows with leader dots (pure)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Literal

from index.ingest.readers.pdf.layout import Row, Run

_LEADER = re.compile(r"(?:\s?[.·…]){4,}[\s|]*([\divxlc]+|[A-Z]-?\d+)$")
_ENTRY = re.compile(r"\|\s*[\divxlc]+$")
_DOTS = re.compile(r"[\s|]*(?:\s?[.·…_]){5,}[\s|]*")
_TITLE = re.compile(
    r"(?:table of )?contents?|inhalt(?:sverzeichnis)?|sommaire|table des matières|indice|índice|sommario"
    r"|inhoud(?:sopgave)?|innehåll|indhold|innhold|sisällys|spis treści|obsah|содержание|оглавление|目次|目录"
    r"|list of (?:figures|tables)",
    re.I,
)
_INDEX = re.compile(r"(?:[\w ]+ )?index|(?:stichwort|sach|namens)?(?:register|verzeichnis)", re.I)
Listing = Literal["contents", "index"] | None
MIN_ENTRIES = 3
MIN_UNTITLED = 5
MAX_BETWEEN = 1  # rows without a number between two entries without dots


class Contents:
    """Leaves out tables of contents and indexes, page by page in order. `pages` counts the document's pages."""

    def __init__(self, pages: int) -> None:
        self._pages = pages
        self._listing: Listing = None

    def rest(self, lines: Sequence[Row]) -> Iterator[Row]:
        """Yield the rows of a column without a table of contents; dots that lead to a value become a cell's edge.

        A table of contents is a list of at least three rows that end in dots and a number. Its numbers rise, most of
        its rows have them, and it has a title, or it has five rows and its numbers can be pages of the document. One
        without dots has a title, and its numbers can be pages. An index has a title.
        """
        left_out = self._left_out(lines)
        for position, row in enumerate(lines):
            shown = without_leaders(row)
            if (position not in left_out or _is_title(row)) and shown.cells:
                yield shown

    def _left_out(self, lines: Sequence[Row]) -> range:
        """Return the positions of the rows of a list of contents or an index, and note whether it may go on."""
        dotted = [position for position, row in enumerate(lines) if _LEADER.search(row.text)]
        is_dense = len(dotted) >= MIN_ENTRIES and dotted[-1] - dotted[0] <= 3 * len(dotted)
        listing = self._list(lines, dotted) if is_dense else None
        if not listing and (plain := self._without_dots(lines)):
            listing, dotted = "contents", plain
        left_out = _whole(lines, dotted) if listing else range(0)
        self._listing = listing if left_out.stop > len(lines) - 3 else None
        return left_out

    def _list(self, lines: Sequence[Row], dotted: Sequence[int]) -> Listing:
        above = lines[max(dotted[0] - 4, 0) : dotted[0]]
        if self._listing == "index" or any(_is_title(row, _INDEX) for row in above):
            return "index"
        numbers = _numbers([lines[at].text for at in dotted])
        if sum(before <= after for before, after in pairwise(numbers)) < 0.9 * (len(numbers) - 1):
            return None
        titled = self._listing == "contents" or any(_is_title(row, _TITLE) for row in above)
        return "contents" if titled or self._can_be_pages(numbers) else None

    def _without_dots(self, lines: Sequence[Row]) -> list[int]:
        """Return the positions of the rows below a title that end in the numbers of pages; none if they do not."""
        found = _entries(lines)
        numbers = [int(end) for end in (lines[at].cells[-1].text for at in found) if end.isdecimal()]
        rise = all(before <= after for before, after in pairwise(numbers))
        are_pages = len(numbers) >= MIN_ENTRIES and self._pages > 1 and numbers[-1] <= self._pages + 20
        return found if rise and are_pages else []

    def _can_be_pages(self, numbers: Sequence[int]) -> bool:
        return len(numbers) >= MIN_UNTITLED and self._pages > 2 and numbers[-1] <= self._pages + 20


def _entries(lines: Sequence[Row]) -> list[int]:
    """Return the positions of the rows that end in a number, below the title of a table of contents."""
    title = next((at for at, row in enumerate(lines) if _is_title(row, _TITLE)), len(lines))
    found: list[int] = []
    for at in range(title + 1, len(lines)):
        if _ENTRY.search(lines[at].text):
            found.append(at)
        elif at > (found[-1] if found else title) + MAX_BETWEEN:
            break
    return found


def _numbers(texts: Sequence[str]) -> list[int]:
    """Return the numbers at the ends of rows with leader dots."""
    ends = [found[1] for text in texts if (found := _LEADER.search(text))]
    return [int(end) for end in ends if end.isdecimal()]


def _is_title(row: Row, *patterns: re.Pattern[str]) -> bool:
    """Say whether a row is the title of a table of contents or of an index."""
    return any(pattern.fullmatch(row.text.strip(" .:")) for pattern in patterns or (_TITLE, _INDEX))


def _whole(lines: Sequence[Row], dotted: Sequence[int]) -> range:
    """Return the positions of a list's rows, with those at its ends that have a number without dots."""
    first, last = dotted[0], dotted[-1] + 1
    while first and _ENTRY.search(lines[first - 1].text):
        first -= 1
    while last < len(lines) and _ENTRY.search(lines[last].text):
        last += 1
    return range(first, last)


def without_leaders(row: Row) -> Row:
    """Replace dots that lead from a word to a value by a cell's edge; dots that lead nowhere are left out."""
    if row.main.fixed or not _DOTS.search(row.text):
        return row
    cells = [part for cell in row.cells for part in _parts(cell)]
    return Row(tuple(cells), row.runs)


def _parts(cell: Run) -> Iterator[Run]:
    """Yield what stands around the dots of a cell, at about the place where it is drawn."""
    letter = (cell.right - cell.left) / max(len(cell.text), 1)
    start = 0
    for found in [*_DOTS.finditer(cell.text), None]:
        end = found.start() if found else len(cell.text)
        if text := cell.text[start:end].strip():
            left = cell.left + letter * start
            right = cell.right if found is None else cell.left + letter * end
            yield replace(cell, text=text, left=left, right=right)
        start = found.end() if found else end
