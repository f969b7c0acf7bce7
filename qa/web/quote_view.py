"""Show a passage or a quote as what it is in its document: running text, a list, a table, code."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from markupsafe import Markup

from index.types import Passage, Span
from qa.lines import Kind, Line, lines_of, within
from qa.markup import PLAIN, Style, style_of
from qa.web.html import render
from qa.web.rich_text import Mark, Row, aligned, as_part, common_columns, highlight, row_of


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBlock:
    """Some lines of one kind as HTML: a paragraph, code, the items of a list, or the rows of a table.

    `numbers` are those of a numbered list, and `depths` how deep the items are. `header` is the first row of the table
    if it names the columns.
    """

    kind: Kind
    texts: tuple[Markup, ...] = ()
    numbers: tuple[str, ...] = ()
    depths: tuple[int, ...] = ()
    rows: tuple[Row, ...] = ()
    header: Row | None = None

    @property
    def columns(self) -> tuple[Markup | str, ...]:
        """The names of the columns, if all rows have the same."""
        return self.header.cells if self.header else common_columns(self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRows:
    """A quote that is rows of one table, or its header alone: then `rows` is empty. `has_header` if it is quoted, too.

    Otherwise `header` is the one above the rows.
    """

    rows: tuple[Row, ...]
    header: Row | None = None
    has_header: bool = False


def passage_html(passage: Passage, span: Span, marks: Sequence[Mark], matches: Sequence[Span] = ()) -> Markup:
    """Show the range `span` of a passage's document. `marks` and `matches` are ranges of the document, too."""
    return render("pieces.html", pieces=blocks_of(passage, span, marks, matches))


def blocks_of(
    passage: Passage, span: Span, marks: Sequence[Mark], matches: Sequence[Span] = ()
) -> tuple[TextBlock, ...]:
    """Return the range `span` of a passage's document as blocks of HTML."""
    cutter = _Cutter(passage, marks, matches)
    lines = within(lines_of(passage), span[0] - passage.start, span[1] - passage.start)
    return tuple(cutter.blocks(lines))


def table_rows(
    passage: Passage, span: Span, marks: Sequence[Mark] = (), matches: Sequence[Span] = ()
) -> TableRows | None:
    """Show a range that is rows of a table; None if it is something else."""
    lines = lines_of(passage)
    quoted = [line for line in within(lines, span[0] - passage.start, span[1] - passage.start) if line.kind != "none"]
    if not quoted or any(line.kind != "row" for line in quoted):
        return None
    cutter = _Cutter(passage, marks, matches)
    rows = [cutter.row(line) for line in quoted]
    if quoted[0].is_header:
        return TableRows(rows=tuple(rows[1:]), header=rows[0], has_header=True)
    return TableRows(rows=aligned(rows), header=_header_of(quoted[0], rows[0], lines, cutter))


def _header_of(line: Line, row: Row, lines: Sequence[Line], cutter: "_Cutter") -> Row | None:
    """Return the last header above a row, if it has as many cells."""
    above = [other for other in lines if other.is_header and other.kind == "row" and other.end <= line.start]
    header = cutter.row(above[-1]) if above else None
    return header if header and len(header.cells) == len(row.cells) else None


def is_running_text(blocks: Sequence[TextBlock]) -> bool:
    """Whether a quote is one paragraph, not a list, a table or code."""
    return len(blocks) == 1 and (blocks[0].kind == "text" or (blocks[0].kind == "item" and len(blocks[0].texts) == 1))


class _Cutter:
    """Cut lines out of a passage, with what is highlighted in them."""

    def __init__(self, passage: Passage, marks: Sequence[Mark], matches: Sequence[Span]) -> None:
        begin = passage.start
        self._text = passage.text
        self._marks = [replace(mark, start=mark.start - begin, end=mark.end - begin) for mark in marks]
        self._matches = [(start - begin, end - begin) for start, end in matches]
        self._style = style_of(passage.text, passage.path)
        self._seen: set[str] = set()

    def blocks(self, lines: Sequence[Line]) -> Iterator[TextBlock]:
        """Put lines of one kind together."""
        for (kind, _), run in groupby(lines, key=lambda line: (line.kind, bool(line.number))):
            members = list(run)
            if kind == "row":
                yield self._table(members)
            elif kind == "item":
                yield TextBlock(
                    kind=kind,
                    texts=tuple(self.text(line, self._style) for line in members),
                    numbers=_numbers(members),
                    depths=_depths(members),
                )
            elif kind == "code":
                yield TextBlock(kind=kind, texts=(self.text(replace(members[0], end=members[-1].end), PLAIN),))
            elif kind == "text":
                yield from (TextBlock(kind=kind, texts=(self.text(line, self._style),)) for line in members)

    def _table(self, lines: Sequence[Line]) -> TextBlock:
        rows = [self.row(line) for line in lines]
        if lines[0].is_header:
            return TextBlock(kind="row", rows=tuple(rows[1:]), header=rows[0])
        return TextBlock(kind="row", rows=aligned(rows))

    def row(self, line: Line) -> Row:
        """Return a line as the row of a table."""
        return row_of(*self._cut(line, self._style))

    def text(self, line: Line, style: Style) -> Markup:
        """Return a line as HTML."""
        return highlight(*self._cut(line, style))

    def _cut(self, line: Line, style: Style) -> tuple[str, list[Mark], list[Span], Style]:
        """Cut a line out, with what lies in it. The id of a mark is given to its first part only."""
        inside = []
        for mark in self._marks:
            start, end = max(mark.start, line.start), min(mark.end, line.end)
            if start < end:
                inside.append(as_part(mark, start - line.start, end - line.start, self._seen))
        matches = [
            (start - line.start, end - line.start)
            for start, end in self._matches
            if line.start <= start and end <= line.end
        ]
        return self._text[line.start : line.end], inside, matches, style.shifted(line.start)


def _numbers(lines: Sequence[Line]) -> tuple[str, ...]:
    """Return the numbers of items. Those that repeat the number before them count on, as Markdown does."""
    numbers: list[str] = []
    before: dict[int, Line] = {}
    shown: dict[int, int] = {}
    for line in lines:
        digits = line.number.strip("().")
        repeats = digits.isdigit() and line.depth in before and before[line.depth].number == line.number
        shown[line.depth] = shown[line.depth] + 1 if repeats else int(digits) if digits.isdigit() else 0
        numbers.append(line.number.replace(digits, str(shown[line.depth])) if repeats else line.number)
        before = {depth: other for depth, other in before.items() if depth < line.depth} | {line.depth: line}
    return tuple(numbers)


def _depths(lines: Sequence[Line]) -> tuple[int, ...]:
    """Return how deep the items of a list are, from 0 to 3."""
    levels = sorted({line.depth for line in lines})
    return tuple(min(levels.index(line.depth), 3) for line in lines)
