"""Find tables of contents, and read rows with leader dots (pure)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.ingest.readers.pdf.layout import Row, Run

_LEADER = re.compile(r"(?:\s?[.·…]){4,}[\s|]*([\divxlc]+|[A-Z]-?\d+)$")
_ENTRY = re.compile(r"\|\s*[\divxlc]+$")
_DOTS = re.compile(r"[\s|]*(?:\s?[.·…_]){5,}[\s|]*")
_TITLE = re.compile(
    r"(?:table of )?contents?|inhalt(?:sverzeichnis)?|sommaire|table des matières|indice|índice|sommario|inhoud(?:sopgave)?"
    r"|innehåll|indhold|innhold|sisällys|spis treści|obsah|содержание|оглавление|目次|目录|list of (?:figures|tables)",
    re.I,
)
MIN_ENTRIES = 3
MIN_UNTITLED = 5


class Contents:
    """Leaves out tables of contents, page by page in order. `pages` counts the document's pages."""

    def __init__(self, pages: int) -> None:
        self._pages = pages
        self._is_listing = False

    def rest(self, lines: Sequence[Row]) -> Iterator[Row]:
        """Yield the rows of a column without a table of contents; dots that lead to a value become a cell's edge.

        A table of contents is a list of at least three rows that end in dots and a number. Its numbers rise, most of
        its rows have them, and it has a title, or it has five rows and its numbers can be pages of the document.
        """
        dotted = [position for position, row in enumerate(lines) if _LEADER.search(row.text)]
        first, last = (dotted[0], dotted[-1] + 1) if dotted else (0, 0)
        listed = self._is_list(lines, dotted)
        self._is_listing = listed and last > len(lines) - 3
        while listed and first and _ENTRY.search(lines[first - 1].text):
            first -= 1
        while listed and last < len(lines) and _ENTRY.search(lines[last].text):
            last += 1
        for position, row in enumerate(lines):
            if not (listed and first <= position < last) and (shown := without_leaders(row)).cells:
                yield shown

    def _is_list(self, lines: Sequence[Row], dotted: Sequence[int]) -> bool:
        if len(dotted) < MIN_ENTRIES or dotted[-1] - dotted[0] > 3 * len(dotted):
            return False
        ends = [found[1] for at in dotted if (found := _LEADER.search(lines[at].text))]
        numbers = [int(end) for end in ends if end.isdecimal()]
        rising = sum(before <= after for before, after in zip(numbers, numbers[1:], strict=False))
        if rising < 0.9 * (len(numbers) - 1):
            return False
        titled = any(_TITLE.fullmatch(row.text.strip(" .:")) for row in lines[max(dotted[0] - 4, 0) : dotted[0]])
        fits = len(dotted) >= MIN_UNTITLED and bool(numbers) and numbers[-1] <= self._pages + 20 and self._pages > 2
        return titled or self._is_listing or fits


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
