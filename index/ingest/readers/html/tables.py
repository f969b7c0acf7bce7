"""Turn the data tables of a web page into lines that make sense alone. Layout tables are no data tables."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice, zip_longest

from index.ingest.readers.html.boilerplate import Node
from index.ingest.readers.table_rows import column_names, has_names, is_name, one_line, row_line

_SAMPLE_ROWS = 20
_MAX_COLUMNS = 1000
_MAX_NAME, _MAX_CELL = 80, 1000

CellText = Callable[[Node], str]


_Held = tuple[str, int, int]  # the text of a cell that reaches into rows below, its columns, and how many rows


@dataclass(slots=True)
class _Row:
    """The text of each column; a cell that spans rows is in each of them, one that spans columns in the first.

    `names` has such a cell in all of its columns. `width` counts the row's own cells, `own` those of them with text,
    `filled` all with text, `heads` those of its own with text that are headings, and `marked` all that are.
    """

    in_head: bool
    cells: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    width: int = 0
    own: int = 0
    filled: int = 0
    heads: int = 0
    marked: int = 0

    @property
    def is_of_names(self) -> bool:
        """Say whether the row is marked as one of names."""
        is_marked = self.heads > 0 and self.marked == self.width > 1
        return self.in_head or is_marked or self.heads == self.filled > 1


def is_data(table: Node) -> bool:
    """Say whether a table holds data, and does not only lay out the page."""
    if table.get("role") in ("presentation", "none") or _holds(table, "table", "h1", "h2", "h3", "h4", "h5", "h6"):
        return False
    if any(len("".join(cell.itertext())) > _MAX_CELL for cell in table.iter("td")):
        return False
    if _holds(table, "th"):
        return True
    return any(len(row) > 1 for row in table.iter("tr")) and not any(map(_is_laid_out, table.iter("td")))


def table_lines(table: Node, cell_text: CellText) -> Iterator[str]:
    """Yield each row as one line, with the names of its columns if the table has any."""
    rows = (row for row in _rows(table, cell_text) if row.own)
    first = list(islice(rows, _SAMPLE_ROWS))
    names: list[str] = []
    if not any(row.heads or row.in_head for row in first):
        names, first = _unmarked_names(first)
    above: list[str] = []
    for row in chain(first, rows):
        if row.is_of_names:
            above = _join_names(above, row.names)
            continue
        if above:
            names, above = column_names(above), []
            if max(map(len, names)) > _MAX_NAME:
                yield row_line(names)
                names = []
        yield _line(row, names)
    if above:
        yield row_line(above)


def _unmarked_names(rows: list[_Row]) -> tuple[list[str], list[_Row]]:
    """Return the names of the columns by rows that are not marked as headings, if there are any, and the other rows."""
    if len(rows) > 2 and _divides(rows[0], rows[1]):
        names = column_names(_join_names(rows[0].names, rows[1].names))
        if has_names([names, *(row.cells for row in rows[2:])]):
            return names, rows[2:]
    if has_names([row.cells for row in rows]):
        return column_names(rows[0].cells), rows[1:]
    return [], rows


def _divides(upper: _Row, lower: _Row) -> bool:
    """Say whether a row of names divides a name above that spans several columns."""
    columns = range(min(len(upper.names), len(lower.names)) - 1)
    spanned = [at for at in columns if upper.names[at] == upper.names[at + 1] and not upper.cells[at + 1]]
    return all(map(is_name, filter(None, lower.names))) and any(
        upper.names[at] and lower.names[at] != lower.names[at + 1] for at in spanned
    )


def _join_names(upper: list[str], lower: list[str]) -> list[str]:
    """Join the names of each column in two rows of headings."""
    return [one_line(" ".join(dict.fromkeys(pair))) for pair in zip_longest(upper, lower, fillvalue="")]


def _line(row: _Row, names: list[str]) -> str:
    if row.width == row.filled == 1:
        return "".join(row.cells)
    if row.heads == 1 and row.cells[0] and not names:
        return f"{row.cells[0].rstrip(': ')}: {row_line(row.cells[1:])}"
    return row_line(row.cells, names)


def _rows(table: Node, cell_text: CellText) -> Iterator[_Row]:
    held: dict[int, _Held] = {}
    for node in table.iter("tr"):
        row = _Row(in_head=node.getparent() is not None and node.getparent().tag == "thead")
        above, held = held, {}
        for cell in node.iterchildren("td", "th"):
            _put_held(row, above, held)
            text = cell_text(cell)
            row.width += 1
            row.filled += bool(text)
            row.own += bool(text)
            row.heads += bool(text) and cell.tag == "th"
            row.marked += cell.tag == "th"
            _put(row, held, text, _span(cell, "colspan"), _span(cell, "rowspan") - 1)
        _put_held(row, above, held)
        yield row


def _put_held(row: _Row, above: dict[int, _Held], held: dict[int, _Held]) -> None:
    while len(row.cells) in above:
        text, columns, left = above.pop(len(row.cells))
        row.filled += bool(text)
        _put(row, held, text, columns, left - 1)


def _put(row: _Row, held: dict[int, _Held], text: str, columns: int, left: int) -> None:
    if len(row.cells) >= _MAX_COLUMNS:
        columns = 1
    if left > 0:
        held[len(row.cells)] = text, columns, left
    row.cells += [text, *[""] * (columns - 1)]
    row.names += [text] * columns


def _span(cell: Node, name: str) -> int:
    written = cell.get(name, "1").strip()
    return min(max(int(written), 1), _MAX_COLUMNS) if re.fullmatch("[0-9]{1,5}", written) else 1


def _is_laid_out(cell: Node) -> bool:
    return _holds(cell, "pre", "ul", "ol", "dl", "blockquote") or len(list(islice(cell.iter("p"), 2))) > 1


def _holds(node: Node, *names: str) -> bool:
    return next(node.iterdescendants(*names), None) is not None
