"""Show a range of a document's text as HTML: quotes highlighted, marks of Markdown hidden, rows split into cells."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import unescape
from itertools import pairwise

from markupsafe import Markup

from index.types import Span
from qa.markup import BLOCK_TAG, PLAIN, Style
from qa.web.html import html

# A quote may begin within a cell.
_HTML_CELL = re.compile(r"(?:\A(?:\s*<tr\b[^<>]*>)?|<t[dh]\b[^<>]*>)\s*(.*?)\s*(?=</?t[dhr]\b|\Z)", re.DOTALL)
MAX_COLUMNS = 60  # of rows that do not all have the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A range of a text to highlight, with the id and the CSS class of its element.

    `part_of` is the id of the range if this is a further part of it, in another paragraph, item or cell.
    """

    start: int
    end: int
    id: str = ""
    kind: str = ""
    part_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of a table row: its column, if it is named, and the range of its value in the row's text.

    `begin` is where the name of the column begins, or the value if there is none.
    """

    column: str
    start: int
    end: int
    begin: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A table row with the content of its cells as HTML.

    `matches` says of each cell whether its value or the name of its column has a word that is looked for.
    """

    columns: tuple[str, ...]
    cells: tuple[Markup, ...] = ()
    matches: tuple[bool, ...] = ()


def highlight(text: str, marks: Iterable[Mark] = (), matches: Sequence[Span] = (), style: Style = PLAIN) -> Markup:
    """Escape a text, wrap each mark in `<mark>`, and set the matching words inside marks in bold.

    >>> highlight("Hot tea.", [Mark(start=4, end=8)], [(4, 7)])
    Markup('Hot <mark><b>tea</b>.</mark>')
    """
    pieces, position = [], 0
    for mark in sorted(marks, key=lambda mark: (mark.start, mark.end)):
        start, end = max(mark.start, position), min(mark.end, len(text))
        if start < end:
            inside = tuple((first, last, "b") for first, last in matches if start <= first and last <= end)
            attributes = "".join(
                f' {name}="{html(value)}"'
                for name, value in (("id", mark.id), ("class", mark.kind), ("data-part-of", mark.part_of))
                if value
            )
            marked = replace(style, elements=(*style.elements, *inside))
            pieces += [
                _set(text, position, start, style),
                Markup(f"<mark{attributes}>"),
                _set(text, start, end, marked),
            ]
            pieces.append(Markup("</mark>"))
            position = end
    return Markup().join([*pieces, _set(text, position, len(text), style)])


def _set(text: str, start: int, end: int, style: Style) -> Markup:
    """Escape [start, end) of a text, without what is hidden, each part inside its elements."""
    if not style.edges and not style.has_entities:
        return html(text[start:end])
    edges = sorted({start, end} | {edge for edge in style.edges if start < edge < end})
    return Markup().join(_part(text, first, last, style) for first, last in pairwise(edges))


def _part(text: str, first: int, last: int, style: Style) -> Markup:
    if any(start <= first and last <= end for start, end in style.hidden):
        return Markup(" " if BLOCK_TAG.match(text, first, last) else "")
    content = html(unescape(text[first:last]) if style.has_entities else text[first:last])
    tags = dict.fromkeys(tag for start, end, tag in style.elements if start <= first and last <= end)
    for tag in tags:
        content = Markup(f"<{tag}>{{}}</{tag}>").format(content)
    return content


def cells_of(text: str) -> list[Cell]:
    """Split the text of a table row into its cells: "Name: Ada; Room: 4" or "Ada | 4".

    >>> [(cell.column, cell.start, cell.end) for cell in cells_of("Name: Ada; Smith; Room: 4")]
    [('Name', 6, 16), ('Room', 24, 25)]
    >>> [(cell.column, cell.start, cell.end) for cell in cells_of("Name: Ada; Room: 4.")]
    [('Name', 6, 9), ('Room', 17, 18)]
    >>> [(cell.column, cell.start, cell.end) for cell in cells_of("Ada | 4")]
    [('', 0, 3), ('', 6, 7)]
    """
    if re.search(r"<t[dh]\b", text):
        return [
            Cell(column="", start=found.start(1), end=found.end(1), begin=found.start(1))
            for found in _HTML_CELL.finditer(text)
            if found[1]
        ]
    if text.lstrip().startswith("|") or re.search(r"(?<!\\)\s\|(?:\s|$)", text):
        return list(_piped(text))
    if "\t" in text:
        return [
            Cell(column="", start=found.start(), end=found.end(), begin=found.start())
            for found in re.finditer(r"[^\t]+", text)
        ]
    return list(_named(text))


def _piped(text: str) -> Iterator[Cell]:
    inner = text.strip()
    offset = text.index(inner)
    if inner.startswith("|"):
        inner, offset = inner[1:], offset + 1
    inner = inner.removesuffix("|")
    for found in re.finditer(r"(?:\\.|[^|\\])*(?:\||$)", inner):
        if found.start() == len(inner) and inner:
            return
        value = found.group().removesuffix("|")
        start = offset + found.start() + len(value) - len(value.lstrip())
        yield Cell(column="", start=start, end=max(start, offset + found.start() + len(value.rstrip())), begin=start)


def _named(text: str) -> Iterator[Cell]:
    current: Cell | None = None
    position = 0
    for part in text.split("; "):
        column, colon, value = part.partition(": ")
        end = position + len(part)
        if colon and len(column) <= 80:
            if current:
                yield current
            current = Cell(column=column, start=end - len(value), end=end, begin=position)
        elif current:
            current = replace(current, end=end)
        else:
            current = Cell(column="", start=position, end=end, begin=position)
        position = end + 2
    if current:  # the full stop at the end of a row is none of its last cell
        is_stop = bool(current.begin and current.column and text.endswith(".") and current.end - current.start > 1)
        yield replace(current, end=current.end - is_stop)


def as_part(mark: Mark, start: int, end: int, seen: set[str]) -> Mark:
    """Return the part [start, end) of a mark. Only its first part has its id; `seen` has those that are given away."""
    if mark.id in seen:
        return replace(mark, start=start, end=end, id="", part_of=mark.id)
    if mark.id:
        seen.add(mark.id)
    return replace(mark, start=start, end=end)


def row_of(text: str, marks: Sequence[Mark] = (), matches: Sequence[Span] = (), style: Style = PLAIN) -> Row:
    """Show the text of a table row as cells, with the marks inside each."""
    cells = cells_of(text)
    seen: set[str] = set()
    shown = []
    for cell in cells:
        shift = cell.start
        inside = []
        for mark in marks:
            if mark.start < cell.end and cell.start < mark.end:
                inside.append(as_part(mark, max(mark.start - shift, 0), mark.end - shift, seen))
        words = [(start - shift, end - shift) for start, end in matches if cell.start <= start and end <= cell.end]
        shown.append(highlight(text[cell.start : cell.end], inside, words, style.shifted(shift)))
    return Row(
        columns=tuple(cell.column for cell in cells),
        cells=tuple(shown),
        matches=tuple(any(cell.begin <= start and end <= cell.end for start, end in matches) for cell in cells),
    )


def common_columns(rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the names of the columns, if all rows have the same."""
    names = {row.columns for row in rows}
    return rows[0].columns if len(names) == 1 and any(rows[0].columns) else ()


def aligned(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Give all rows the same columns. A row leaves out those that are empty in it.

    >>> rows = [row_of("Name: Ada; Room: 4"), row_of("Name: Bob; Floor: 2; Room: 5")]
    >>> [list(map(str, row.cells)) for row in aligned(rows)]
    [['Ada', '', '4'], ['Bob', '2', '5']]
    """
    if any(not all(row.columns) or len(set(row.columns)) < len(row.columns) for row in rows):
        return tuple(rows)
    columns: list[str] = []
    for row in sorted(rows, key=lambda row: -len(row.columns)):
        for number, column in enumerate(row.columns):
            if column not in columns:
                before = row.columns[number - 1] if number else None
                columns.insert(columns.index(before) + 1 if before in columns else len(columns), column)
    if len(columns) > MAX_COLUMNS:
        return tuple(rows)
    return tuple(_with_columns(row, columns) for row in rows)


def _with_columns(row: Row, columns: Sequence[str]) -> Row:
    cells = dict(zip(row.columns, row.cells, strict=True))
    matches = dict(zip(row.columns, row.matches, strict=True))
    return Row(
        columns=tuple(columns),
        cells=tuple(cells.get(column, Markup()) for column in columns),
        matches=tuple(matches.get(column, False) for column in columns),
    )
