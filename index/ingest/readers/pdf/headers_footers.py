"""Find headers, footers, page numbers and tables of contents (pure)."""

import re
from collections.abc import Iterable, Iterator, Sequence

from index.ingest.readers.pdf.layout import Row

_LEADER = re.compile(r"(?:\s?[.·…]){4,}[\s|]*(?:[\divxlc]+|[A-Z]-?\d+)?$")
_ENTRY = re.compile(r"\|\s*[\divxlc]+$")
_NUMBER = re.compile(r"(\d{1,6})")
_ROMAN = re.compile(r"[ivxlc]{1,7}")
EDGE = 4  # rows from the top and from the bottom that may be heads and feet


def without_contents(lines: Sequence[Row]) -> Iterator[Row]:
    """Leave out a table of contents: rows that end in dots and a number, and rows between them."""
    dotted = [position for position, row in enumerate(lines) if _LEADER.search(row.text)]
    if len(dotted) < 3 or dotted[-1] - dotted[0] > 3 * len(dotted):
        return (row for position, row in enumerate(lines) if position not in dotted)
    first, last = dotted[0], dotted[-1] + 1
    while first and _ENTRY.search(lines[first - 1].text):
        first -= 1
    while last < len(lines) and _ENTRY.search(lines[last].text):
        last += 1
    return (row for position, row in enumerate(lines) if not first <= position < last)


def running(page: Sequence[Row], number: int, others: Iterable[tuple[int, Sequence[Row]]]) -> set[int]:
    """Return the positions of the runs in a page's header and footer: its number, and rows that recur on other pages.

    Each of the other pages comes with its distance in pages.
    """
    others = list(others)
    found: set[int] = set()
    for direction in (1, -1):
        for row in page[::direction][:EDGE]:
            alone = row.text.strip("-–— ") == str(number)
            if not alone and not any(
                _recurs(row, twin, on) for on, other in others for twin in other[::direction][:EDGE]
            ):
                break
            found.update(run.position for run in row.runs)
    return found


def _recurs(row: Row, twin: Row, on: int) -> bool:
    """Say whether two rows are equal, apart from numbers that differ as their pages do."""
    if abs(row.main.base - twin.main.base) > 3 or abs(row.main.size - twin.main.size) > 1:
        return False
    ours, theirs = _NUMBER.split(row.text), _NUMBER.split(twin.text)
    if len(ours) == len(theirs) and ours[::2] == theirs[::2]:
        return all(int(b) - int(a) in (0, on) for a, b in zip(ours[1::2], theirs[1::2], strict=True))
    if _ROMAN.fullmatch(row.text) and _ROMAN.fullmatch(twin.text):
        return True
    numbered = len(ours) > 1 and len(theirs) > 1 and len(row.text) < 120
    return numbered and any(
        not (ours[end] + theirs[end]).strip() and int(theirs[number]) - int(ours[number]) == on
        for end, number in ((0, 1), (-1, -2))
    )
