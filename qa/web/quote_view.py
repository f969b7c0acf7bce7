"""Show a passage or a quote as what it is in its document: running text, a list, a table, code."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from markupsafe import Markup

from index.types import Passage, Span
from qa.web.html import render
from qa.web.rich_text import PLAIN, Mark, Row, Style, highlight, is_markdown, markdown_style, row_of

_ITEM = re.compile(r"\s*(?:[-*+•‣▪]|\(?\d{1,3}[.)])\s+")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_RULE = re.compile(r"\s*\|?[\s:|-]*-[\s:|-]*\|?\s*$")
_HEADING = re.compile(r"#{1,6}\s+")
Kind = Literal["text", "item", "row", "code", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a text: its kind, and the range of what is shown of it."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBlock:
    """Some lines of one kind as HTML: the texts of a list's items, or the rows of a table."""

    kind: Kind
    texts: tuple[Markup, ...] = ()
    rows: tuple[Row, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, if all rows have the same."""
        names = {row.columns for row in self.rows}
        return self.rows[0].columns if len(names) == 1 and any(self.rows[0].columns) else ()


def passage_html(
    passage: Passage, span: Span, marks: Sequence[Mark], matches: Sequence[Span] = (), inline: bool = False
) -> Markup:
    """Show the range `span` of a passage's document. `marks` and `matches` are ranges of the document, too.

    With `inline`, one line of text is not made a paragraph.
    """
    start, end = span
    text = passage.quote(start, end)
    marks = [replace(mark, start=mark.start - start, end=mark.end - start) for mark in marks]
    words = [(first - start, last - start) for first, last in matches]
    style = markdown_style(text) if is_markdown(passage.path) else PLAIN
    pieces = list(_blocks(text, passage.unit == "row", marks, words, style))
    if inline and len(pieces) == 1 and pieces[0].kind == "text":
        return pieces[0].texts[0]
    return render("pieces.html", pieces=pieces)


def row_cells(passage: Passage, span: Span, marks: Sequence[Mark] = ()) -> Row | None:
    """Show a range that is one row of a table with named columns; None if it is something else."""
    if passage.unit != "row" or "\n" in passage.quote(*span).strip():
        return None
    marks = [replace(mark, start=mark.start - span[0], end=mark.end - span[0]) for mark in marks]
    row = row_of(passage.quote(*span), marks)
    return row if all(row.columns) else None


def is_running_text(passage: Passage, span: Span) -> bool:
    """Whether a range of a passage is one paragraph, not a list, a table or code."""
    lines = list(_lines(passage.quote(*span), passage.unit == "row"))
    return all(line.kind == "text" for line in lines)


def _blocks(
    text: str, has_rows: bool, marks: Sequence[Mark], words: Sequence[Span], style: Style
) -> Iterator[TextBlock]:
    seen: set[str] = set()
    for kind, run in groupby(_lines(text, has_rows), key=lambda line: line.kind):
        lines = list(run)
        if kind == "none":
            continue
        if kind == "row":
            rows = tuple(row_of(*_cut(text, line, marks, words, style, seen)) for line in lines)
            yield TextBlock(kind="row", rows=rows)
            continue
        if kind != "item":
            lines = [Line(kind=kind, start=lines[0].start, end=lines[-1].end)]
        shown = PLAIN if kind == "code" else style
        yield TextBlock(
            kind=kind, texts=tuple(highlight(*_cut(text, line, marks, words, shown, seen)) for line in lines)
        )


def _cut(
    text: str, line: Line, marks: Sequence[Mark], words: Sequence[Span], style: Style, seen: set[str]
) -> tuple[str, list[Mark], list[Span], Style]:
    """Cut a line out of a text, with what lies in it. The id of a mark is given to its first part only."""
    inside = []
    for mark in marks:
        start, end = max(mark.start, line.start), min(mark.end, line.end)
        if start < end:
            name = "" if mark.id in seen else mark.id
            seen.add(mark.id)
            inside.append(Mark(start=start - line.start, end=end - line.start, id=name, kind=mark.kind))
    matches = [
        (start - line.start, end - line.start) for start, end in words if line.start <= start and end <= line.end
    ]
    return text[line.start : line.end], inside, matches, style.shifted(line.start)


def _lines(text: str, has_rows: bool) -> Iterator[Line]:
    """Divide a text into lines. The lines of one item or paragraph are joined."""
    found: list[Line] = []
    is_code, position = False, 0
    for raw in text.splitlines(keepends=True):
        start, end = position, position + len(raw.rstrip())
        position += len(raw)
        line = _line(raw, start, end, is_code, has_rows)
        if _FENCE.match(raw):
            is_code = not is_code
        goes_on = found and line.kind == "text" and found[-1].kind == "item"
        if goes_on:
            found[-1] = replace(found[-1], end=end)
        else:
            found.append(line)
    yield from found


def _line(raw: str, start: int, end: int, is_code: bool, has_rows: bool) -> Line:
    if _FENCE.match(raw) or (not raw.strip() and not is_code):
        return Line(kind="none", start=start, end=end)
    if is_code:
        return Line(kind="code", start=start, end=end)
    if has_rows:
        return Line(kind="row", start=start, end=end)
    if "|" in raw.strip()[1:-1]:
        return Line(kind="none" if _RULE.match(raw) else "row", start=start, end=end)
    if marker := _ITEM.match(raw):
        return Line(kind="item", start=start + marker.end(), end=end)
    heading = _HEADING.match(raw)
    return Line(kind="text", start=start + (heading.end() if heading else 0), end=end)
