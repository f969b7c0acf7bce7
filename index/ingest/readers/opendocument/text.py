"""Read the headings, paragraphs, lists, tables, notes and frames of an OpenDocument text or slide."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from index.ingest.readers.elements import Element
from index.ingest.readers.office.drawings import description
from index.ingest.readers.opendocument.styles import CHART, DRAW, OFFICE, TABLE, TEXT, Counter, Styles
from index.ingest.readers.scripts import subscript, superscript
from index.ingest.readers.table_rows import Cell, one_line, span_lines
from index.types import BlockKind

_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
_MATH = "{http://www.w3.org/1998/Math/MathML}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
HEADING, PARAGRAPH, LIST, ITEM, HEADER_ITEM = (
    f"{TEXT}{name}" for name in ("h", "p", "list", "list-item", "list-header")
)
NOTE, ANNOTATION, FRAME = f"{TEXT}note", f"{OFFICE}annotation", f"{DRAW}frame"
TABLE_NODE, ROW, CELL, COVERED = (
    f"{TABLE}{name}" for name in ("table", "table-row", "table-cell", "covered-table-cell")
)
_WRITTEN = {f"{TEXT}tab": " ", f"{TEXT}line-break": "\n"}
_UNREAD = "tracked-changes ruby-text note-citation table-of-content page-number page-count sequence-decls".split()
_LEFT_OUT = {*(f"{TEXT}{name}" for name in _UNREAD), f"{OFFICE}forms"}
_APART = {NOTE, ANNOTATION, FRAME, f"{DRAW}custom-shape", f"{DRAW}g"}
_CODE, _QUOTE = re.compile("preformatted|source code", re.I), re.compile("quotation", re.I)
_MAX_HEADING, MAX_SPAN = 200, 100

# The root of an object in the file, such as a chart or a formula, by its path; None if there is none.
ObjectRoot = Callable[[str], Any]


@dataclass(slots=True)
class _Found:
    """A paragraph's text in segments of one script, and the nodes that hang on it."""

    segments: list[tuple[str, str]] = field(default_factory=list)
    apart: list[Any] = field(default_factory=list)

    @property
    def text(self) -> str:
        text = ""
        for script, group in groupby(self.segments, key=lambda segment: segment[0]):
            joined = "".join(part for _, part in group)
            write = {"superscript": superscript, "subscript": subscript}.get(script)
            text += write(joined, text) if write else joined
        return text.strip()


class TextReader:
    """Walks through the nodes of a text or of slides."""

    def __init__(self, styles: Styles, object_root: ObjectRoot) -> None:
        self._styles, self._object_root = styles, object_root
        self._outline = Counter(styles.outline)
        self._lists: dict[str, Counter] = {}

    def elements(self, container: Any, tables: list[Any] | None = None) -> Iterator[Element]:
        """Yield what is in a container; its tables are added to `tables` instead if that is given."""
        for node in container:
            if node.tag in (HEADING, PARAGRAPH):
                yield from self._paragraph(node)
            elif node.tag == LIST:
                yield from self._list(node, "", 1)
            elif node.tag == TABLE_NODE and tables is None:
                yield from self.table(node)
            elif node.tag == TABLE_NODE and tables is not None:
                tables.append(node)
            elif node.tag in _APART:
                yield from self._hanging(node)
            elif isinstance(node.tag, str) and node.tag not in _LEFT_OUT:
                yield from self.elements(node, tables)

    def line(self, container: Any) -> str:
        """Return what is in a container as one line."""
        return one_line(" ".join(element.text for element in self.elements(container)))

    def _paragraph(self, node: Any, label: str = "", is_item: bool = False) -> Iterator[Element]:
        found = _Found()
        self._gather(node, "", found)
        style = self._styles.named(node.get(f"{TEXT}style-name"))
        if text := found.text:
            level = _heading_level(node, text, style)
            if node.tag == HEADING and len(text) <= _MAX_HEADING:
                label = label or self._outline.label(level, node.get(f"{TEXT}start-value"))
            kind: BlockKind = "list_item" if is_item else _kind(style)
            yield Element(
                label + (one_line(text) if level else text),
                level=level,
                tight=is_item and not level,
                kind="paragraph" if level else kind,
            )
        for hanging in found.apart:
            yield from self._hanging(hanging)

    def _gather(self, node: Any, script: str, found: _Found) -> None:
        found.segments.append((script, re.sub(r"[ \t\r\n]+", " ", node.text or "")))
        for child in node:
            if child.tag in _WRITTEN:
                found.segments.append((script, _WRITTEN[child.tag]))
            elif child.tag == f"{TEXT}s":
                found.segments.append((script, " " * min(int(child.get(f"{TEXT}c") or 1), MAX_SPAN)))
            elif child.tag in _APART:
                found.apart.append(child)
            elif isinstance(child.tag, str) and child.tag not in _LEFT_OUT:
                own = self._styles.script(child.get(f"{TEXT}style-name")) if child.tag == f"{TEXT}span" else ""
                self._gather(child, own or script, found)
            found.segments.append((script, re.sub(r"[ \t\r\n]+", " ", child.tail or "")))

    def _list(self, node: Any, style: str, level: int) -> Iterator[Element]:
        """Yield the items of a list with their numbers; inner lists count on their own."""
        name = node.get(f"{TEXT}style-name") or style
        goes_on = node.get(f"{TEXT}continue-numbering") == "true" or node.get(f"{TEXT}continue-list")
        if name not in self._lists or (level == 1 and not goes_on):
            self._lists[name] = Counter(self._styles.list_levels(name))
        for item in node.iterchildren(ITEM, HEADER_ITEM):
            first = True
            for child in item:
                if child.tag == LIST:
                    yield from self._list(child, name, level + 1)
                elif child.tag in (HEADING, PARAGRAPH):
                    counted = first and item.tag == ITEM
                    label = self._lists[name].label(level, item.get(f"{TEXT}start-value")) if counted else ""
                    first = False
                    yield from self._paragraph(child, label, is_item=True)

    def _hanging(self, node: Any) -> Iterator[Element]:
        """Yield a note, a comment, or what is in a frame."""
        if node.tag == NOTE:
            yield from self.elements(node.find(f"{TEXT}note-body"))
        elif node.tag == ANNOTATION:
            author = one_line(node.findtext(_CREATOR) or "")
            if text := one_line(" ".join("".join(part.itertext()) for part in node.iter(PARAGRAPH))):
                yield Element(f"Comment by {author}: {text}" if author else f"Comment: {text}")
        elif node.tag == FRAME:
            yield from self._frame(node)
        else:
            yield from self.elements(node)

    def _frame(self, frame: Any) -> Iterator[Element]:
        described = frame.find(f"{_SVG}desc")
        if described is not None and (text := description({"descr": described.text})):
            yield Element(f"Picture: {text}")
        for node in frame:
            if node.tag == f"{DRAW}object":
                root = self._object_root(node.get(_LINK, ""))
                if root is not None:
                    yield from self._object(root)
                    return  # a picture of the object for older programs follows
            elif node.tag != f"{_SVG}desc":
                yield from self.elements([node])

    def _object(self, root: Any) -> Iterator[Element]:
        """Yield a formula as its author wrote it, or a chart's title and values."""
        if root.tag == f"{_MATH}math":
            written = next((one_line(node.text or "") for node in root.iter(f"{_MATH}annotation")), "")
            yield Element(written or one_line(" ".join(root.itertext())), kind="formula")
        for chart in root.iter(f"{CHART}chart"):
            title = chart.find(f"{CHART}title")
            if title is not None and (text := one_line(" ".join(title.itertext()))):
                yield Element(f"Chart: {text}")
            for table in chart.iter(TABLE_NODE):
                yield from self.table(table)

    def table(self, table: Any) -> Iterator[Element]:
        """Yield a line for each row and after it the tables in its cells."""
        rows, nested = [], []
        below: dict[int, Cell] = {}
        left: dict[int, int] = {}
        for row in own_rows(table):
            inner: list[Any] = []
            rows.append(list(self._cells(row, inner, below, left)))
            nested.append(inner)
        marked = sum(1 for group in table.iterchildren(f"{TABLE}table-header-rows") for _ in group.iter(ROW))
        if not marked and table.get(f"{TABLE}use-first-row-styles") == "true":
            marked = 1
        for line, inner in zip(span_lines(rows, marked), nested, strict=True):
            if line:
                yield Element(line, tight=True, kind="table_row")
            for found in inner:
                yield from self.table(found)

    def _cells(self, row: Any, tables: list[Any], below: dict[int, Cell], left: dict[int, int]) -> Iterator[Cell]:
        """Yield the cells of a row; `below` and `left` hold cells of rows above that reach into it, by column."""
        column = 0
        skipped = 0
        for node in row.iterchildren(CELL, COVERED):
            for _ in range(min(int(node.get(f"{TABLE}number-columns-repeated") or 1), MAX_SPAN)):
                if skipped:
                    skipped -= 1
                elif left.get(column):
                    left[column] -= 1
                    skipped = below[column].span - 1
                    yield below[column]
                else:
                    span = min(int(node.get(f"{TABLE}number-columns-spanned") or 1), MAX_SPAN)
                    skipped = span - 1
                    left[column] = int(node.get(f"{TABLE}number-rows-spanned") or 1) - 1
                    below[column] = Cell(text=None, span=span)
                    text = one_line(" ".join(element.text for element in self.elements(node, tables)))
                    yield Cell(text=text, span=span)
                column += 1


def own_rows(table: Any) -> Iterator[Any]:
    """Yield the rows of a table, also those in groups, but not those of tables in its cells."""
    for node in table:
        if node.tag == ROW:
            yield node
        elif node.tag in (f"{TABLE}table-rows", f"{TABLE}table-header-rows", f"{TABLE}table-row-group"):
            yield from own_rows(node)


def _heading_level(node: Any, text: str, style: str) -> int:
    """Return the level of a heading or a title; 0 for another paragraph or a long one."""
    if len(text) > _MAX_HEADING:
        return 0
    return int(node.get(f"{TEXT}outline-level") or 1) if node.tag == HEADING else int(style == "Title")


def _kind(style: str) -> BlockKind:
    return "code" if _CODE.search(style) else "quote" if _QUOTE.search(style) else "paragraph"
