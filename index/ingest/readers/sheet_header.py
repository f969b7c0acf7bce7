"""Recognise the rows of a sheet that name the columns, also in two rows or with names of several columns (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from index.ingest.readers.table_rows import (
    MAX_HEADER_ROWS,
    are_names,
    are_values,
    header_names,
    is_name,
    is_word,
    one_line,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """A row's number and cells from the first column on. `spans` has how many columns a merged cell covers."""

    number: int
    cells: Sequence[str]
    spans: Mapping[int, int] = field(default_factory=dict)
    is_bold: bool = False

    @property
    def columns(self) -> list[int]:
        """The columns that have text."""
        return [column for column, cell in enumerate(self.cells) if cell]

    def at(self, column: int) -> str:
        return self.cells[column] if column < len(self.cells) else ""

    def cut(self, start: int | None, end: int | None) -> "SheetRow":
        """Return the row with the cells from one column up to another only."""
        cells = [
            cell if (start or 0) <= column < (end or len(self.cells)) else "" for column, cell in enumerate(self.cells)
        ]
        return replace(self, cells=cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Where the rows of names begin and end among some rows."""

    top: int
    end: int


def find_header(rows: Sequence[SheetRow]) -> Header | None:
    """Return the rows of names among the first rows of a region; None if it has none."""
    width = max(len(row.columns) for row in rows)
    last = max((index for index, row in enumerate(rows) if len(row.columns) > 1), default=0)
    for index, row in enumerate(rows[:last]):
        if not are_names(row.cells, width) or not any(map(is_word, row.cells)):
            continue
        if width == 2 and _is_beside_values(row, rows[index + 1 :]):
            return None
        end = index + 1
        while end < last and end - index < MAX_HEADER_ROWS and _divides(rows[end - 1], rows[end], rows[end + 1 :]):
            end += 1
        return Header(top=top_of_names(rows, index), end=end)
    return None


def _is_beside_values(row: SheetRow, below: Sequence[SheetRow]) -> bool:
    """Say whether a row of two cells is one of a list of labels with their values."""
    return not row.is_bold and are_values(_texts(below, row.columns[1:]))


def top_of_names(rows: Sequence[SheetRow], index: int) -> int:
    """Return the first of the rows with names of several columns each above a row of names."""
    while index and is_group(rows[index - 1], rows[index]):
        index -= 1
    return index


def is_group(upper: SheetRow, lower: SheetRow) -> bool:
    """Say whether a row has names of several columns each, over a row with the names of the columns."""
    columns, below = upper.columns, lower.columns
    spans = [upper.spans.get(column, 1) for column in columns]
    if not below or len(columns) > len(below) or max(columns, default=0) > max(below):
        return False
    if not all(is_name(upper.at(column)) for column in columns) or lower.number != upper.number + 1:
        return False
    if max(spans) > 1:
        return max(spans) < len(below) or len(columns) > 1
    return len(columns) > 1 and len(columns) < len(below)


def _divides(upper: SheetRow, lower: SheetRow, below: Sequence[SheetRow]) -> bool:
    """Say whether a row of words divides the names above it: it fills what they leave empty or span, over numbers."""
    if not is_group(upper, lower) or not all(is_name(lower.at(column)) for column in lower.columns):
        return False
    if any(upper.spans.get(column, 1) > 1 for column in upper.columns):
        return not all(map(is_word, _texts(below, lower.columns)))
    under = _texts(below, [column for column in lower.columns if not upper.at(column)])
    return bool(under) and not any(map(is_word, under))


def _texts(rows: Sequence[SheetRow], columns: Sequence[int]) -> list[str]:
    """Return the texts that rows have in some columns."""
    return [row.at(column) for row in rows for column in columns if row.at(column)]


def names_of(header: Sequence[SheetRow]) -> list[str]:
    """Join the rows of names; those above the last reach over several columns each."""
    width = max(len(row.cells) for row in header)
    below = header[-1].columns
    upper = (_spread(row, width) if row.spans else _aligned(row, below, width) for row in header[:-1])
    return header_names([*upper, list(header[-1].cells)])


def _spread(row: SheetRow, width: int) -> list[str]:
    """Return the names over each column; merged cells cover several."""
    spread = [""] * width
    for column in row.columns:
        for covered in range(column, min(column + row.spans.get(column, 1), width)):
            spread[covered] = one_line(row.at(column))
    return spread


def _aligned(row: SheetRow, below: Sequence[int], width: int) -> list[str]:
    """Return the names over each column; one reaches to the next, or back to the one before if it is right-aligned.

    A name over an empty cell is that of its own column.
    """
    spread = [""] * width
    groups = [column for column in row.columns if column in below]
    for column in row.columns:
        spread[column] = one_line(row.at(column))
    if not groups:
        return spread
    uncovered = [column for column in below if column < groups[0]]
    if uncovered and groups[-1] == below[-1]:
        begins = uncovered[0] + (not any(column <= uncovered[0] for column in row.columns))  # names of rows stay alone
        for start, end in pairwise([begins - 1, *groups]):
            spread[start + 1 : end + 1] = [spread[end]] * (end - start)
    else:
        for start, end in pairwise([*groups, width]):
            spread[start:end] = [spread[start]] * (end - start)
    return spread
