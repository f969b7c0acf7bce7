"""Show a range of a document's text as HTML: quotes highlighted, Markdown's marks hidden, tables drawn.

Positions count characters of the text as it is stored, so that hiding a mark moves no highlight.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from markupsafe import Markup

from index.types import Span
from qa.web.html import html

MARKDOWN = (".md", ".markdown", ".mdown", ".ipynb")
_TARGET = r"\((?:[^()\n]|\([^()\n]*\))*\)"
_LABEL = r"((?:[^\[\]\n]|\n(?!\n)|\[[^\[\]\n]*\])*)"
# What surrounds a text in Markdown, and how the text is set. The first group is the text.
_INLINE = (
    (re.compile(r"(?<!`)(`{1,3})(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL), 2, "code"),
    (re.compile(rf"!\[{_LABEL}\]{_TARGET}"), 1, ""),
    (re.compile(rf"\[{_LABEL}\](?:{_TARGET}|\[[^\[\]\n]*\])"), 1, ""),
    (re.compile(r"<((?:https?|mailto):[^<>\s]+)>"), 1, ""),
    (re.compile(r"(?<!\\)(\*\*|__)(?=\S)(.+?)(?<=\S)\1", re.DOTALL), 2, "strong"),
    (re.compile(r"(?<![\w*\\])\*(?![\s*])([^*\n]+?(?:\n[^*\n]+?)*)(?<![\s\\])\*(?![\w*])"), 1, "em"),
    (re.compile(r"(?<![\w_\\])_(?![\s_])([^_\n]+?)(?<![\s\\])_(?![\w_])"), 1, "em"),
    (re.compile(r"\{%[^\n]*?%\}()"), 1, ""),  # a tag of a site generator
    (re.compile(r"\\(?=[!-/:-@\[-`{-~])()"), 1, ""),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A range of a text to highlight, with the id and the CSS class of its element."""

    start: int
    end: int
    id: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a text is set: ranges that are hidden, and ranges inside an element, by its tag."""

    hidden: tuple[Span, ...] = ()
    elements: tuple[tuple[int, int, str], ...] = ()

    @property
    def edges(self) -> set[int]:
        """The positions where something begins or ends."""
        return {edge for start, end in self.hidden for edge in (start, end)} | {
            edge for start, end, _ in self.elements for edge in (start, end)
        }

    def shifted(self, by: int) -> "Style":
        """Return the style of the same text without its first characters."""
        hidden = tuple((start - by, end - by) for start, end in self.hidden)
        return Style(hidden=hidden, elements=tuple((start - by, end - by, tag) for start, end, tag in self.elements))


PLAIN = Style()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of a table row: its column, if it is named, and the range of its value in the row's text."""

    column: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A table row with the content of its cells as HTML."""

    columns: tuple[str, ...]
    cells: tuple[Markup, ...] = field(default=())


def is_markdown(path: str) -> bool:
    """Whether a document's text has Markdown's marks."""
    return path.lower().endswith(MARKDOWN)


def markdown_style(text: str) -> Style:
    """Find Markdown's marks in a text.

    >>> style = markdown_style("Hot *tea*, [cold](http://a.example) milk")
    >>> style.hidden, style.elements
    (((4, 5), (8, 9), (11, 12), (16, 35)), ((5, 8, 'em'),))
    """
    hidden: list[Span] = []
    elements: list[tuple[int, int, str]] = []
    for pattern, group, tag in _INLINE:
        for found in pattern.finditer(text):
            inside_code = any(
                start < found.end() and found.start() < end for start, end, tag in elements if tag == "code"
            )
            if inside_code:
                continue
            start, end = found.span(group)
            hidden += [(found.start(), start), (end, found.end())]
            if tag and start < end:
                elements.append((start, end, tag))
    return Style(hidden=tuple(sorted(span for span in hidden if span[0] < span[1])), elements=tuple(elements))


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
                f' {name}="{html(value)}"' for name, value in (("id", mark.id), ("class", mark.kind)) if value
            )
            marked = Style(hidden=style.hidden, elements=(*style.elements, *inside))
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
    if not style.edges:
        return html(text[start:end])
    edges = sorted({start, end} | {edge for edge in style.edges if start < edge < end})
    return Markup().join(_part(text, first, last, style) for first, last in pairwise(edges))


def _part(text: str, first: int, last: int, style: Style) -> Markup:
    if any(start <= first and last <= end for start, end in style.hidden):
        return Markup()
    content = html(text[first:last])
    tags = dict.fromkeys(tag for start, end, tag in style.elements if start <= first and last <= end)
    for tag in tags:
        content = Markup(f"<{tag}>{{}}</{tag}>").format(content)
    return content


def cells_of(text: str) -> list[Cell]:
    """Split the text of a table row into its cells: "Name: Ada; Room: 4" or "Ada | 4".

    >>> [(cell.column, cell.start, cell.end) for cell in cells_of("Name: Ada; Smith; Room: 4")]
    [('Name', 6, 16), ('Room', 24, 25)]
    >>> [(cell.column, cell.start, cell.end) for cell in cells_of("Ada | 4")]
    [('', 0, 3), ('', 6, 7)]
    """
    if re.search(r"(?<!\\)\|", text):
        return list(_piped(text))
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
        yield Cell(column="", start=start, end=max(start, offset + found.start() + len(value.rstrip())))


def _named(text: str) -> Iterator[Cell]:
    current: Cell | None = None
    position = 0
    for part in text.split("; "):
        column, colon, value = part.partition(": ")
        end = position + len(part)
        if colon and len(column) <= 80:
            if current:
                yield current
            current = Cell(column=column, start=end - len(value), end=end)
        elif current:
            current = Cell(column=current.column, start=current.start, end=end)
        else:
            current = Cell(column="", start=position, end=end)
        position = end + 2
    if current:
        yield current


def row_of(text: str, marks: Sequence[Mark] = (), matches: Sequence[Span] = (), style: Style = PLAIN) -> Row:
    """Show the text of a table row as cells, with the marks inside each."""
    cells = cells_of(text)
    shown = []
    for cell in cells:
        shift = cell.start
        inside = [
            Mark(start=max(mark.start - shift, 0), end=mark.end - shift, id=mark.id, kind=mark.kind)
            for mark in marks
            if mark.start < cell.end and cell.start < mark.end
        ]
        words = [(start - shift, end - shift) for start, end in matches if cell.start <= start and end <= cell.end]
        shown.append(highlight(text[cell.start : cell.end], inside, words, style.shifted(shift)))
    return Row(columns=tuple(cell.column for cell in cells), cells=tuple(shown))
