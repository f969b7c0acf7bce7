"""Turn the rows of a sheet into lines that make sense alone, also where it holds several tables (pure).

An empty row may end a table. Column names are recognised by their words: those of a table's first rows, and later those
of a row of words over numbers. They are given only to cells of their own columns.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, islice, pairwise

from index.ingest.readers.elements import Element
from index.ingest.readers.sheet_header import Header, SheetRow, find_header, is_group, names_of, top_of_names
from index.ingest.readers.table_rows import MAX_HEADER_ROWS, column_names, is_name, is_word, row_line

_SAMPLE_ROWS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLine:
    """A row as a line."""

    number: int
    text: str


def sheet_lines(rows: Iterable[SheetRow]) -> Iterator[SheetLine]:
    """Yield a line for each row that has text; rows of column names have none. Tables side by side follow one another.

    >>> rows = [["Name", "Amount"], ["Anna", "12.5"], [], ["City", "Rain"], ["Bern", "1022"]]
    >>> found = sheet_lines(SheetRow(number=number, cells=cells) for number, cells in enumerate(rows, 1))
    >>> [(line.number, line.text) for line in found]
    [(2, 'Name: Anna; Amount: 12.5.'), (5, 'City: Bern; Rain: 1022.')]
    """
    rows = iter(rows)
    first = list(islice(rows, _SAMPLE_ROWS))
    starts = _side_by_side(first)
    if len(starts) == 1:
        yield from _lines(chain(first, rows))
        return
    kept = [*first, *rows]
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        yield from _lines(row.cut(start, end) for row in kept)


def sheet_elements(title: str, rows: Iterable[SheetRow]) -> Iterator[Element]:
    """Yield the title of a sheet that has rows, if there is one, and each row as a line; `page` is the row's number."""
    for line in sheet_lines(rows):
        if title:
            yield Element(title, level=1, page=line.number)
            title = ""
        yield Element(line.text, page=line.number, tight=True, kind="table_row")


def _lines(rows: Iterable[SheetRow]) -> Iterator[SheetLine]:
    table = _Table()
    pending: list[SheetRow] = []
    for _, region in groupby(_numbered(rows), key=lambda entry: entry[0]):
        following = (row for _, row in region)
        first = list(islice(following, _SAMPLE_ROWS))
        if pending:
            top = _names_start(pending, first, table)
            yield from map(_plain, pending[:top])
            table = _Table(names_of(pending[top:])) if top < len(pending) else table
            pending = []
        header = _new_header(first, table)
        if _name_rows_below(first, table, header):
            pending = first
            continue
        if table.names and not _starts_table(first, table):
            yield from table.lines(chain(first, following))
            continue
        if header is not None:
            yield from map(_plain, first[: header.top])
            table = _Table(names_of(first[header.top : header.end]))
            first = first[header.end :]
        elif table.names and not _fits(first, table):
            table = _Table()
        yield from table.lines(chain(first, following))
    yield from map(_plain, pending)


def _name_rows_below(rows: Sequence[SheetRow], table: "_Table", header: Header | None) -> bool:
    """Say whether rows are the names of the rows below a gap; `header` is what they have as a table."""
    if _are_header_only(rows, table):
        return True
    return not table.names and header is None and len(rows) <= MAX_HEADER_ROWS and _could_be_names(rows[-1])


def _names_start(pending: Sequence[SheetRow], rows: Sequence[SheetRow], table: "_Table") -> int:
    """Return where the names begin among the rows above a gap; behind them if the rows below start a table."""
    return len(pending) if _starts_table(rows, table) else top_of_names(pending, len(pending) - 1)


def _side_by_side(rows: Sequence[SheetRow]) -> list[int]:
    """Return the first columns of tables that stand side by side, with an empty column between them."""
    used = sorted({column for row in rows for column in row.columns})
    starts = [0, *(after for before, after in pairwise(used) if after > before + 1)]
    if len(starts) == 1:
        return starts
    first = _header_number(rows, 0, starts[1])
    strips = zip(starts[1:], [*starts[2:], None], strict=True)
    return starts if all(_is_apart(rows, start, end, first) for start, end in strips) else [0]


def _is_apart(rows: Sequence[SheetRow], start: int, end: int | None, first: int | None) -> bool:
    """Say whether the columns from `start` on are a separate table; `first` is the first table's row of names."""
    header = _header_number(rows, start, end)
    if first is None or header is None:
        return False
    labels = [row.at(start) for row in rows if row.number > header and row.at(start)]
    return header != first or (bool(labels) and all(map(is_word, labels)))


def _header_number(rows: Sequence[SheetRow], start: int, end: int | None) -> int | None:
    """Return the number of the row of names between two columns; None if there is none, or only one column."""
    strip = [cut for row in rows if any((cut := row.cut(start, end)).cells)]
    if not strip or len({column for row in strip for column in row.columns}) < 2:
        return None
    found = find_header(strip)
    return strip[found.end - 1].number if found else None


def _numbered(rows: Iterable[SheetRow]) -> Iterator[tuple[int, SheetRow]]:
    """Yield the rows that have text, each with the number of empty stretches before it."""
    region, last = 0, 0
    for row in rows:
        if any(row.cells):
            region += row.number > last + 1
            last = row.number
            yield region, row


class _Table:
    """A table's column names, and the columns in which all cells so far are numbers."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        self._begin(names)

    def _begin(self, names: Sequence[str]) -> None:
        self.names = list(names)
        self.numeric: set[int] = set()
        self._words: set[int] = set()

    def lines(self, rows: Iterable[SheetRow]) -> Iterator[SheetLine]:
        """Yield the lines of rows without a gap; a row of words over numbers among them gives new names."""
        held: SheetRow | None = None
        for row in rows:
            if held is not None:
                if _are_over(held, row, self.numeric):
                    self._begin(names_of([held]))
                else:
                    yield self._line(held)
                held = None
            if self.names and self._contradicts(row, enough=2):
                held = row
            else:
                yield self._line(row)
        if held is not None:
            yield self._line(held)

    def _contradicts(self, row: SheetRow, enough: int) -> bool:
        """Say whether a row has words in all columns of numbers, as a row of names has."""
        columns = row.columns
        in_numbers = self.numeric.intersection(columns)
        words = [column for column in in_numbers if is_name(row.at(column))]
        if column_names(row.cells) == self.names:  # long tables repeat their names
            return True
        return (
            len(columns) > 1
            and len(words) == len(in_numbers)
            and (len(words) >= enough or (bool(words) and row.is_bold))
            and all(is_name(row.at(column)) for column in columns)
        )

    def contradicted_by(self, row: SheetRow) -> bool:
        """Say whether a row below a gap gives the columns new names."""
        return self._contradicts(row, enough=1)

    def covers(self, row: SheetRow) -> bool:
        """Say whether all cells of a row are in columns that have names."""
        return all(column < len(self.names) and self.names[column] for column in row.columns)

    def _line(self, row: SheetRow) -> SheetLine:
        columns = row.columns
        for column in columns:
            (self._words if is_word(row.at(column)) else self.numeric).add(column)
        self.numeric -= self._words
        has_names = any(column < len(self.names) and self.names[column] for column in columns)
        is_label = len(columns) == 1 and sum(map(bool, self.names)) > 1 and is_word(row.at(columns[0]))
        if not has_names or is_label or column_names(row.cells) == self.names:
            return _plain(row)
        return SheetLine(number=row.number, text=row_line(row.cells, self.names))


def _plain(row: SheetRow) -> SheetLine:
    return SheetLine(number=row.number, text=row_line(row.cells))


def _starts_table(rows: Sequence[SheetRow], table: _Table) -> bool:
    """Say whether rows below a gap begin with names, or do not stand under the names of the table above."""
    if not table.names:
        return find_header(rows) is not None
    return _new_header(rows, table) is not None or not _fits(rows, table)


def _fits(rows: Sequence[SheetRow], table: _Table) -> bool:
    """Say whether most rows have all their cells, more than one, under names."""
    wide = [row for row in rows if len(row.columns) > 1]
    return bool(wide) and 2 * sum(map(table.covers, wide)) > len(wide)


def _new_header(rows: Sequence[SheetRow], table: _Table) -> Header | None:
    """Return the rows of names below a gap; None if there are none, or only more rows of the table above."""
    header = find_header(rows)
    if header and table.names and not _names_anew(rows[header.top : header.end], rows[header.end :], table):
        return None
    return header


def _names_anew(header: Sequence[SheetRow], below: Sequence[SheetRow], table: _Table) -> bool:
    """Say whether rows below a gap really are names, and not more rows of the table above."""
    row = header[-1]
    over_numbers = any(
        is_name(row.at(column))
        and any(data.at(column) for data in below)
        and not any(is_word(data.at(column)) for data in below)
        for column in row.columns
    )
    is_new = not table.covers(row) or table.contradicted_by(row)
    return (over_numbers and is_new) or (row.is_bold and not any(data.is_bold for data in below))


def _are_header_only(rows: Sequence[SheetRow], table: _Table) -> bool:
    """Say whether rows are names without data: over several columns each, or in the columns of numbers above."""
    if len(rows) > MAX_HEADER_ROWS or not all(map(_could_be_names, rows)):
        return False
    if not all(is_group(upper, lower) for upper, lower in pairwise(rows)):
        return False
    texts = [rows[0].at(column) for column in rows[0].columns]
    is_distinct = len(rows) > 1 or len(set(texts)) == len(texts)  # a row of "n/a" is none
    return is_distinct and (table.contradicted_by(rows[-1]) if table.names else len(rows) > 1)


def _could_be_names(row: SheetRow) -> bool:
    return len(row.columns) > 1 and all(is_name(row.at(column)) for column in row.columns)


def _are_over(names: SheetRow, row: SheetRow, numeric: set[int]) -> bool:
    """Say whether a row has numbers below all names that stand in columns of numbers."""
    columns = numeric.intersection(names.columns)
    return all(row.at(column) and not is_word(row.at(column)) for column in columns)
