"""Find headers, footers and page numbers (pure)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from index.ingest.readers.pdf.layout import Row, Run

_NUMBER = re.compile(r"(\d{1,6})")
_ROMAN = re.compile(r"[ivxlc]{1,7}")
_AROUND = " -–—|.·[]()/"
_PAGE = (
    r"(?:pages?|pp?|pg|seiten?|s|página|pagina|pág|pag|side|sida|sivu|strona|str|стр|страница|blatt|folio|slide|folie)"
)
_OF = r"(?:of|von|de|sur|di|av|af|z|из|/|\|)"
_PAGE_NUMBER = re.compile(rf"(?:.*(?:^|[\s|(\[–—-]){_PAGE}\.?\s*)?(\d+)(?:\s*{_OF}\s*\d+)?[\s|.)\]–—-]*", re.I)
_BARE_NUMBER = re.compile(rf"(?:{_PAGE}\.?\s*)?\d+(?:\s*{_OF}\s*\d+)?", re.I)
_NUMBER_OF_ALL = re.compile(rf"(\d+)\s*{_OF}\s*\d+\W*$", re.I)
_SENTENCE = re.compile(r"\w.*\s.*\s.*[^\s.][.!?。！？][\"'”’»)\]]*$")
_VALUE = re.compile(r"\w:\s*\S")
EDGE = 4  # rows from the top and from the bottom that may be heads and feet
_MARGIN, _WIDE_MARGIN = 0.085, 0.13  # of the page's height


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRows:
    """A page's rows from the top. `label` is the number that the page is known by; the rows lie from `bottom` to `top`.

    `titles` are the texts of the rows that the document's outline lists for this page.
    """

    number: int
    rows: Sequence[Row]
    label: str = ""
    bottom: float = 0.0
    top: float = 0.0
    titles: frozenset[str] = frozenset()

    def is_in_margin(self, row: Row, width: float = _MARGIN) -> bool:
        zone = width * (self.top - self.bottom)
        return not self.bottom + zone < row.main.base < self.top - zone


def running(page: PageRows, others: Iterable[PageRows], body: float) -> set[int]:
    """Return the positions of the runs in a page's header and footer: its number, and rows that recur on other pages.

    A heading, a sentence or a value that recurs is none, unless it stands in the margin or next to the page's number;
    `body` is the usual font size.
    On the first page only its number is one, so that each head stays once. A page of rows that all recur stays, except
    for those in the margin.
    """
    twins = [other for other in others if other.rows]
    offsets = {offset for twin in twins for offset in _offsets(twin)}
    found = [*_heads(page, twins, body, offsets, 1), *_heads(page, twins, body, offsets, -1)]
    if len({id(row) for row in found}) == len(page.rows):
        found = [row for row in found if _is_alone(row, page, offsets) or page.is_in_margin(row)]
    return {run.position for row in found for run in row.runs}


def _heads(
    page: PageRows, twins: Sequence[PageRows], body: float, offsets: set[int], direction: Literal[1, -1]
) -> Iterator[Row]:
    """Yield the running rows from the top, or from the bottom."""
    last: Row | None = None
    for row in page.rows[::direction][:EDGE]:
        is_alone = _is_alone(row, page, offsets)
        is_next = last is not None and _is_next(last, row)
        if not is_alone and not any(
            _is_running(row, page, twin, other, body) or (is_next and _is_same(row, twin))
            for other in twins
            for twin in other.rows[::direction][:EDGE]
        ):
            return
        last = row
        if page.number > 1 or is_alone or _is_numbered(row):
            yield row


def _offsets(page: PageRows) -> Iterator[int]:
    """Yield how much higher than a page's count the numbers in its margins are."""
    for row in (*page.rows[:EDGE], *page.rows[-EDGE:]):
        numbers = [cell.text for cell in (row.cells[0], row.cells[-1]) if _is_number(cell.text)]
        if page.is_in_margin(row):
            yield from (int(number) - page.number for number in numbers)


def _is_alone(row: Row, page: PageRows, offsets: set[int]) -> bool:
    """Say whether a row is the page's number alone, perhaps one that is as much higher as on other pages."""
    text = row.text.strip(_AROUND)
    if text in {str(page.number), page.label}:
        return True
    return _is_number(text) and page.is_in_margin(row) and int(text) - page.number in offsets


def _is_numbered(row: Row) -> bool:
    """Say whether a row has no words but a number, or a word for a page with it."""
    text = row.text.strip(_AROUND)
    return bool(_BARE_NUMBER.fullmatch(text) or _ROMAN.fullmatch(text))


def _is_next(numbered: Row, row: Row) -> bool:
    """Say whether a row stands next to one that ends with the page's number."""
    is_near = abs(numbered.main.base - row.main.base) < 2.5 * row.main.size
    return is_near and bool(_PAGE_NUMBER.fullmatch(numbered.text.strip(_AROUND)))


def _is_same(row: Row, twin: Row) -> bool:
    return row.text == twin.text and abs(row.main.base - twin.main.base) <= 3


def _is_running(row: Row, page: PageRows, twin: Row, other: PageRows, body: float) -> bool:
    is_level = abs(row.main.base - twin.main.base) <= 3 and abs(row.main.size - twin.main.size) <= 1
    if not is_level or row.text in page.titles:
        return False
    if row.text == twin.text:
        return page.is_in_margin(row) or not (_stands_out(row, body) or _is_said(row.text))
    if _ROMAN.fullmatch(row.text) and _ROMAN.fullmatch(twin.text):
        return True
    on = other.number - page.number
    if _NUMBER.split(row.text)[::2] == _NUMBER.split(twin.text)[::2]:
        return _has_grown(row, twin, on) and _has_page_number(row, page, body)
    return len(row.text) < 120 and _has_own_number(row, twin, on)


def _has_grown(row: Row, twin: Row, on: int) -> bool:
    """Say whether the numbers of two rows are equal, or differ as their pages do."""
    pairs = zip(_NUMBER.findall(row.text), _NUMBER.findall(twin.text), strict=True)
    return all(int(after) - int(before) in (0, on) for before, after in pairs)


def _stands_out(row: Row, body: float) -> bool:
    return row.main.bold or row.main.size > 1.08 * body


def _is_said(text: str) -> bool:
    """Say whether a row is a sentence, or a name with its value."""
    return bool(_SENTENCE.search(text) or _VALUE.search(text))


def _has_page_number(row: Row, page: PageRows, body: float) -> bool:
    """Say whether the number that grows in a row is the page's: by its place, its word, or because they are equal."""
    if _PAGE_NUMBER.fullmatch(row.text):
        return page.is_in_margin(row, _WIDE_MARGIN) or (not row.text.isdecimal() and not _stands_out(row, body))
    if any(_BARE_NUMBER.fullmatch(cell.text.strip(_AROUND)) for cell in _outer(row)):
        return True
    if _stands_out(row, body) or _VALUE.search(row.text):
        return False
    words = row.text.split()
    ends = {words[0].strip(_AROUND), words[-1].strip(_AROUND)}
    if of_all := _NUMBER_OF_ALL.search(row.text):
        ends.add(of_all[1])
    return len(words) > 2 and not ends.isdisjoint({str(page.number), page.label})


def _has_own_number(row: Row, twin: Row, on: int) -> bool:
    """Say whether the first or last cell of a row is a number that grows with the page, while the words change."""
    return any(
        _is_number(ours.text) and _is_number(theirs.text) and int(theirs.text) - int(ours.text) == on
        for ours, theirs in zip(_outer(row), _outer(twin), strict=False)
    )


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) < 7


def _outer(row: Row) -> tuple[Run, ...]:
    return (row.cells[0], row.cells[-1]) if len(row.cells) > 1 else ()
