"""Read reStructuredText with docutils. Directives and roles that only Sphinx knows are read as the text in them."""

import io
from collections.abc import Iterator, Sequence
from typing import Any

from docutils import nodes
from docutils.core import publish_doctree

from index.ingest.limits import Limits
from index.ingest.readers.archive import guard
from index.ingest.readers.bugs import raise_bug
from index.ingest.readers.elements import Element
from index.ingest.readers.encoding import decode
from index.ingest.readers.parts import block_elements
from index.ingest.readers.plaintext import read_plaintext
from index.ingest.readers.rst_directives import known_or_read
from index.ingest.readers.scripts import subscript, superscript
from index.ingest.readers.table_rows import Cell, one_line, span_lines
from index.types import BlockKind

_SETTINGS = {
    "report_level": 5,
    "halt_level": 5,
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "_disable_config": True,
    "syntax_highlight": "none",
    "doctitle_xform": False,
    "docinfo_xform": False,
}
_SILENT = (nodes.Invisible, nodes.system_message, nodes.raw, nodes.topic)
_LABELLED = (nodes.definition_list_item, nodes.field, nodes.option_list_item, nodes.footnote, nodes.citation)
_SHOWN_AS_WRITTEN = (nodes.literal_block, nodes.doctest_block, nodes.math_block, nodes.image)
_ITEMS = (nodes.list_item, nodes.definition_list_item, nodes.field, nodes.option_list_item)
_KINDS: tuple[tuple[Any, BlockKind], ...] = ((_ITEMS, "list_item"), (nodes.block_quote, "quote"))
_TITLED = (nodes.sidebar, nodes.admonition)
_MAX_LEVEL = 9
_ROMAN = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx".split()


def read_rst(content: bytes, limits: Limits) -> Iterator[Element]:
    """Yield the headings, paragraphs, list items, table rows and lines of code of a reStructuredText.

    >>> [element.text for element in read_rst(b"Tea\\n===\\n\\n1. Steep *it*.\\n2. Pour.", Limits())]
    ['Tea', '1. Steep it.', '2. Pour.']
    """
    return guard(_elements(decode(content)), limits, "pages")


def _elements(text: str) -> Iterator[Element]:
    try:
        with known_or_read():
            tree = publish_doctree(text, settings_overrides={**_SETTINGS, "warning_stream": io.StringIO()})
    except Exception as error:  # docutils raises whatever a broken text leads it to; its words can still be read
        raise_bug(error)
        yield from block_elements(text, read_plaintext(text))
        return
    yield from _Walk().elements(tree)


class _Walk:
    """Yields the elements of a tree of nodes; `level` is that of the sections around them."""

    def __init__(self) -> None:
        self._level = 0
        self._kinds: list[BlockKind] = []
        self._mark = ""

    def elements(self, node: nodes.Node) -> Iterator[Element]:
        for child in node.children:
            yield from self._element(child)

    def _element(self, node: nodes.Node) -> Iterator[Element]:
        if isinstance(node, _SILENT):
            return
        if isinstance(node, nodes.section):
            self._level += 1
            yield from self.elements(node)
            self._level -= 1
        elif isinstance(node, nodes.title | nodes.rubric) and not isinstance(node.parent, nodes.table):
            level = self._level if isinstance(node, nodes.title) else self._level + 1
            yield Element(_line(node), level=max(1, min(level, _MAX_LEVEL)))
        elif isinstance(node, nodes.tgroup):
            yield from _table(node)
        elif isinstance(node, _SHOWN_AS_WRITTEN):
            yield from _as_written(node)
        elif isinstance(node, nodes.TextElement):
            yield from self._text(_line(node))
        else:
            yield from self._container(node)

    def _text(self, text: str) -> Iterator[Element]:
        mark, self._mark = self._mark, ""
        if text:
            kind: BlockKind = self._kinds[-1] if self._kinds else "paragraph"
            yield Element(mark + text, tight=kind == "list_item", kind=kind)

    def _container(self, node: nodes.Node) -> Iterator[Element]:
        """Yield the elements of a node that holds others, the first with the node's label in front."""
        label = _label(node)
        self._mark = label or self._mark
        kind = next((kind for types, kind in _KINDS if isinstance(node, types)), None)
        self._kinds += [kind] if kind else []
        has_label = isinstance(node, _LABELLED)
        for child in node.children[1:] if has_label else node.children:
            yield from self._element(child)
        if has_label and self._mark == label:  # a label without a text
            self._mark = ""
            yield from self._text(label.rstrip(": "))
        self._kinds = self._kinds[:-1] if kind else self._kinds


def _as_written(node: nodes.Node) -> Iterator[Element]:
    """Yield a block of code, a formula, or the alternative text of a picture."""
    kind: BlockKind
    if isinstance(node, nodes.image):
        kind, text = "paragraph", one_line(node.get("alt", ""))
        text = f"Picture: {text}" if text else ""
    elif isinstance(node, nodes.math_block):
        kind, text = "formula", one_line(node.astext())
    else:
        kind, text = "code", node.astext().strip("\n")
    if text:
        yield Element(text, kind=kind)


def _label(node: nodes.Node) -> str:
    """Return what stands before the text of an item, a note or a definition."""
    if isinstance(node, nodes.list_item):
        return _item_mark(node)
    if isinstance(node, nodes.footnote | nodes.citation):
        return f"[{_line(node.children[0])}] "
    if isinstance(node, _LABELLED):
        return f"{_line(node.children[0]).rstrip(':')}: "
    if isinstance(node, nodes.Admonition) and not isinstance(node, _TITLED):
        return f"{node.tagname.capitalize()}: "
    return ""


def _item_mark(item: nodes.list_item) -> str:
    """Return the number of an item of a numbered list."""
    parent = item.parent
    if not isinstance(parent, nodes.enumerated_list):
        return ""
    number = int(parent.get("start", 1)) + parent.index(item)
    kind = parent.get("enumtype", "arabic")
    name = str(number)
    if kind.endswith("alpha") and number <= 26:
        name = chr(ord("a") + number - 1)
    elif kind.endswith("roman"):
        name = _ROMAN[number - 1] if number <= len(_ROMAN) else str(number)
    name = name.upper() if kind.startswith("upper") else name
    return f"{parent.get('prefix', '')}{name}{parent.get('suffix', '.')} "


def _line(node: nodes.Node) -> str:
    return one_line(_written(node))


def _written(node: nodes.Node) -> str:
    """Return the text of a node, with powers and indices as Unicode and without marks of notes."""
    text = ""
    for child in node.children:
        if isinstance(child, nodes.superscript | nodes.subscript):
            text += (superscript if isinstance(child, nodes.superscript) else subscript)(child.astext(), text)
        elif isinstance(child, nodes.Text):
            text += child.astext()
        elif not isinstance(child, nodes.footnote_reference | nodes.system_message | nodes.image):
            text += _written(child)
    return text


def _table(group: nodes.tgroup) -> Iterator[Element]:
    rows: list[list[Cell]] = []
    header_rows = 0
    for part in group.children:
        if isinstance(part, nodes.thead | nodes.tbody):
            found = _rows(part)
            header_rows += len(found) if isinstance(part, nodes.thead) else 0
            rows += found
    for line in span_lines(rows, header_rows):
        if line:
            yield Element(line, tight=True, kind="table_row")


def _rows(part: nodes.Element) -> list[list[Cell]]:
    """Return the cells of the rows; one that goes on from the row above has no text."""
    open_cells: dict[int, tuple[int, int]] = {}
    rows = []
    for row in part.children:
        cells: list[Cell] = []
        column = 0
        entries: Sequence[nodes.Node] = list(row.children)
        while entries or column in open_cells:
            if column in open_cells:
                left, span = open_cells.pop(column)
                cells.append(Cell(text=None, span=span))
            else:
                entry, *entries = entries
                left, span = entry.get("morerows", 0) + 1, entry.get("morecols", 0) + 1
                cells.append(Cell(text="; ".join(filter(None, map(_line, entry.children))), span=span))
            if left > 1:
                open_cells[column] = (left - 1, span)
            column += span
        rows.append(cells)
    return rows
