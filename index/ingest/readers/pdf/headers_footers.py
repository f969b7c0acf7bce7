"""Find headers, footers and page numbers (pure)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.ingest.readers.pdf.layout import Row, Run

_NUMBER = re.compile(r"(\d{1,6})")
_ROMAN = re.compile(r"[ivxlc]{1,7}")
_AROUND = " -–—|.·[]()/"
_PAGE = (
    r"(?:pages?|pp?|pg|seiten?|s|página|pagina|pág|pag|side|sida|sivu|strona|str|стр|страница|blatt|folio|slide|folie)"
)
_OF = r"(?:of|von|de|sur|di|av|af|z|из|/|\|)"
_PAGE_NUMBER = re.compile(rf"(?:.*(?:^|[\s|(\[–—-]){_PAGE}\.?\s*)?(\d+)(?:\s*{_OF}\s*\d+)?[\s|.)\]–—-]*", re.I)
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

    A heading, a sentence or a value that recurs is none, unless it stands in the margin; `body` is the usual font size.
    On the first page only its number is one, so that each head stays once. A page is never left without text.
    """
    twins = [other for other in others if other.rows]
    found: set[int] = set()
    for direction in (1, -1):
        for row in page.rows[::direction][:EDGE]:
            if not _is_alone(row, page) and not any(
                _is_running(row, page, twin, other, body) for other in twins for twin in other.rows[::direction][:EDGE]
            ):
                break
            if page.number > 1 or _is_numbered(row, page):
                found.update(run.position for run in row.runs)
    rest = any(run.position not in found for row in page.rows for run in row.runs)
    numbers = {run.position for row in page.rows if _is_alone(row, page) for run in row.runs}
    return found if rest else found & numbers


def _is_alone(row: Row, page: PageRows) -> bool:
    """Say whether a row is the page's number alone."""
    return row.text.strip(_AROUND) in {str(page.number), page.label}


def _is_numbered(row: Row, page: PageRows) -> bool:
    """Say whether a row has no words but the page's number, or a word for a page."""
    return _is_alone(row, page) or bool(_PAGE_NUMBER.fullmatch(row.text)) or bool(_ROMAN.fullmatch(row.text))


def _is_running(row: Row, page: PageRows, twin: Row, other: PageRows, body: float) -> bool:
    if abs(row.main.base - twin.main.base) > 3 or abs(row.main.size - twin.main.size) > 1 or row.text in page.titles:
        return False
    on = other.number - page.number
    if row.text == twin.text:
        return page.is_in_margin(row) or not (_stands_out(row, body) or _is_said(row.text))
    if _ROMAN.fullmatch(row.text) and _ROMAN.fullmatch(twin.text):
        return True
    ours, theirs = _NUMBER.split(row.text), _NUMBER.split(twin.text)
    if len(ours) == len(theirs) and ours[::2] == theirs[::2]:
        grown = [int(b) - int(a) for a, b in zip(ours[1::2], theirs[1::2], strict=True)]
        return all(change in (0, on) for change in grown) and _has_page_number(row, page, body)
    return len(row.text) < 120 and _has_own_number(row, twin, on)


def _stands_out(row: Row, body: float) -> bool:
    return row.main.bold or row.main.size > 1.08 * body


def _is_said(text: str) -> bool:
    """Say whether a row is a sentence, or a name with its value."""
    return bool(_SENTENCE.search(text) or _VALUE.search(text))


def _has_page_number(row: Row, page: PageRows, body: float) -> bool:
    """Say whether the number that grows in a row is the page's: by its place, its word, or because they are equal."""
    if _PAGE_NUMBER.fullmatch(row.text):
        return page.is_in_margin(row, _WIDE_MARGIN) or (not row.text.isdecimal() and not _stands_out(row, body))
    if any(_is_number(cell.text) for cell in _outer(row)):
        return True
    if _stands_out(row, body) or _VALUE.search(row.text):
        return False
    words = row.text.split()
    return len(words) > 2 and any(
        word.strip(_AROUND) in {str(page.number), page.label} for word in (words[0], words[-1])
    )


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
