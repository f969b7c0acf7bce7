"""Put ruled tables among the rows of a page, and their rows into words (pure)."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from index.ingest.readers.pdf.layout import Run
from index.ingest.readers.pdf.ruled_cells import Row, RuledCell
from index.ingest.readers.pdf.ruled_tables import RuledTable
from index.ingest.readers.table_rows import (
    MAX_HEADER_ROWS,
    Cell,
    header_depth,
    is_name,
    is_word,
    plain_lines,
    span_lines,
    titles_above,
)

_LEADERS = re.compile(r"\s*(?:\.\s?){4,}$")  # dots that lead from a label to its value
Join = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class TableRun(Run):
    """A table among the runs of a page, at its top."""

    table: RuledTable


def with_tables(runs: Sequence[Run], shown: Sequence[Run], tables: Iterable[RuledTable]) -> list[Run]:
    """Replace the runs in each table by the table; one that is mostly in a header or footer stays as it is.

    `runs` are those of the page, and `shown` are those without its header and footer.
    """
    found = list(shown)
    for table in tables:
        inside = [run for run in found if table.covers(run)]
        if 2 * len(inside) > sum(map(table.covers, runs)):
            found = [run for run in found if not table.covers(run)]
            position = min(run.position for run in inside)
            found.append(TableRun("|", table.left, table.right, table.top, 0.01, False, False, position, table))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The rows of a table that name its columns, and the title of the last rows, with which it may go on."""

    rows: tuple[Row, ...] = ()
    title: tuple[Row, ...] = ()


def lines_of(table: RuledTable, join: Join, above: Names) -> tuple[list[str], Names]:
    """Return a line for each row, with the names of the columns if the first rows clearly name them, and those names.

    A row of names has an empty line. `above` are the names of a table that goes on in this one.
    """
    top = titles_above([[_cell(cell, join) for cell in row] for row in table.rows])
    named = _with_rows_beside(table.rows[top:], _header_rows(table.rows[top:]))
    depth = top + named if named else 0
    if not depth or table.rows[:depth] == above.rows:
        depth, rows = len(above.rows), (*above.rows, *above.title, *table.rows[depth:])
    else:
        rows = table.rows
    cells = [[_cell(cell, join) for cell in row] for row in rows]
    lines = list(span_lines(cells, depth)) if depth else list(plain_lines(cells))
    depth = header_depth(cells, depth) if depth else 0
    titles = [row for row in rows[max(depth, titles_above(cells)) :] if len(row) == 1]
    return lines, Names(rows=rows[:depth], title=tuple(titles[-1:]))


def _cell(cell: RuledCell, join: Join) -> Cell:
    if cell.goes_on:
        return Cell(text=None, span=cell.span)
    text = ""
    for line in cell.lines:
        text = join(text, line) if text else line
    return Cell(text=_LEADERS.sub("", text) or text, span=cell.span)


def _header_rows(found: Sequence[Row]) -> int:
    """Return how many rows at the top name the columns: bold ones over others, or words over figures."""
    bold = [all(cell.bold or not cell.lines for cell in row) and not _is_total(row) for row in found]
    depth = bold.index(False) if False in bold else 0
    is_set_off = 2 * sum(bold[depth:]) <= len(found) - depth
    if is_set_off and any(_filled(row) > 1 for row in found[:depth]):
        return min(depth, MAX_HEADER_ROWS)
    return int(len(found) > 2 and _are_names(found[0]) and any(_are_values(found, at) for at in range(len(found[0]))))


def _with_rows_beside(found: Sequence[Row], depth: int) -> int:
    """Add to some rows of names those beside a name that goes on from them in the first column."""
    while 0 < depth < min(MAX_HEADER_ROWS, len(found) - 1) and found[depth][0].goes_on:
        depth += 1
    return depth


def _is_total(row: Row) -> bool:
    """Say whether most cells of a row are figures; numbers that count the columns are none."""
    texts = [" ".join(cell.lines) for cell in row if cell.lines]
    figures = [text for text in texts[1:] if not is_name(text)]
    return 2 * len(figures) > len(texts) and texts[0].strip("()") != "1"


def _filled(row: Row) -> int:
    return sum(bool(cell.lines) for cell in row)


def _are_names(row: Row) -> bool:
    """Say whether a row has words, or years beside words, in all of its cells; the first one may be empty."""
    names = [" ".join(cell.lines) for cell in row]
    filled = list(filter(None, names))
    return len(names) > 1 and all(names[1:]) and all(map(is_name, filled)) and any(map(is_word, filled))


def _are_values(found: Sequence[Row], column: int) -> bool:
    """Say whether the cells of a column have digits below one without."""
    texts = [" ".join(row[column].lines) for row in found if len(row) > column]
    with_digits = [any(map(str.isdigit, text)) for text in texts if text]
    least = 0.8 if len(found[-1]) < 3 else 0.5  # two columns may as well be words and what they stand for
    return bool(texts[0]) and not with_digits[0] and sum(with_digits) >= max(2.0, least * (len(with_digits) - 1))
