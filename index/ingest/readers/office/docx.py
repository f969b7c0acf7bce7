"""A Word document's nodes -> elements, one by one.

python-docx's own paragraphs pass over what is in content controls, insertions, notes and text boxes.
"""

import re
from collections.abc import Iterator
from typing import Any

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsmap, qn

from index.ingest.readers.elements import Element
from index.ingest.readers.table_rows import one_line, span_lines

_WORD = f"{{{nsmap['w']}}}"
_PARAGRAPH, _RUN, _TABLE, _ROW, _CELL, _CONTROL = (f"{_WORD}{name}" for name in ("p", "r", "tbl", "tr", "tc", "sdt"))
_TEXT_BOX, _VALUE, _ID = f"{_WORD}txbxContent", f"{_WORD}val", f"{_WORD}id"
_TEXTS = (f"{_WORD}t", qn("m:t"))
_MARKS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_WRITTEN = {f"{_WORD}{name}": text for name, text in _MARKS.items()}
_NOTES = {f"{_WORD}footnoteReference": "footnotes", f"{_WORD}endnoteReference": "endnotes"}
_PROPERTIES = ("pPr", "rPr", "sdtPr", "sdtEndPr", "tblPr", "trPr", "tcPr", "sectPr")
_LEFT_OUT = {f"{_WORD}{name}" for name in (*_PROPERTIES, "del", "moveFrom", "rt")}
_LEFT_OUT.add("{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")  # the same for older programs
_LEVELS = {"title": 1} | {f"heading {level}": level for level in range(1, 10)}  # files say these in English always
_CONTENTS = re.compile(r"toc \d|table of figures")
_MAX_HEADING, _MAX_SPAN, _MAX_STYLES = 200, 100, 20


def word_elements(document: Document) -> Iterator[Element]:
    """The elements of a document's body; a table of contents, headers and footers are left out."""
    return _Word(document).blocks(document.element.body)


class _Word:
    """A document's styles and its notes, each until it is read, and the walk through its nodes."""

    def __init__(self, document: Document) -> None:
        styles = document.styles.element.iterchildren(f"{_WORD}style")
        self.styles = {style.get(f"{_WORD}styleId"): style for style in styles}
        self.notes = {
            (kind, note.get(_ID)): note
            for relation in document.part.rels.values()
            if (kind := relation.reltype.rpartition("/")[2]) in _NOTES.values()
            for note in parse_xml(relation.target_part.blob)
        }

    def blocks(self, container: Any, tables: list[Any] | None = None) -> Iterator[Element]:
        """The elements of what stands in a container; its tables are put into `tables` where that is given."""
        for child in container:
            if child.tag == _PARAGRAPH:
                yield from self.paragraph(child)
            elif child.tag == _TABLE and tables is None:
                yield from self.table(child)
            elif child.tag == _TABLE and tables is not None:
                tables.append(child)
            elif child.tag not in _LEFT_OUT and not _is_contents(child):
                yield from self.blocks(child, tables)

    def paragraph(self, paragraph: Any) -> Iterator[Element]:
        """A paragraph, and after it the notes that it refers to and the text boxes that hang on it."""
        styles = self.style(_value(paragraph, "pPr", "pStyle"))
        names = [_value(style, "name").lower() for style in styles]
        if any(map(_CONTENTS.fullmatch, names)) or _is_on(styles, "rPr", "vanish"):
            return
        apart: list[Any] = []
        text = self.text(paragraph, apart).strip()
        level = _level([paragraph, *styles], names) if len(text) <= _MAX_HEADING else 0
        listed = _first([paragraph, *styles], "pPr", "numPr", "numId") not in ("", "0")
        if text:
            yield Element(one_line(text) if level else text, level=level, tight=listed and not level)
        for node in apart:
            yield from self.blocks(node)

    def style(self, identity: str) -> list[Any]:
        """A style and those that it is based on."""
        styles: list[Any] = []
        while identity in self.styles and len(styles) < _MAX_STYLES:
            styles.append(self.styles[identity])
            identity = _value(styles[-1], "basedOn")
        return styles

    def text(self, node: Any, apart: list[Any]) -> str:
        """The words of an node; its notes and text boxes are put into `apart`."""
        parts = []
        for child in node:
            if child.tag in _TEXTS:
                parts.append(child.text or "")
            elif child.tag in _WRITTEN:
                parts.append(_WRITTEN[child.tag])
            elif child.tag == _TEXT_BOX:
                apart.append(child)
            elif child.tag in _NOTES:
                apart.append(self.notes.pop((_NOTES[child.tag], child.get(_ID)), ()))
            elif child.tag not in _LEFT_OUT and not (child.tag == _RUN and _is_on([child], "rPr", "vanish")):
                parts.append(self.text(child, apart))
        return "".join(parts)

    def table(self, table: Any) -> Iterator[Element]:
        """A line for each row and after it the tables in its cells; of a box, what stands in it."""
        rows = [row for row in _parts(table, _ROW) if not _is_on([row], "trPr", "del")]
        rows = [row for row in rows if not _is_on([row], "trPr", "hidden")]
        cells = [list(_parts(row, _CELL)) for row in rows]
        if all(len(row) < 2 for row in cells):
            yield from (element for row in cells for cell in row for element in self.blocks(cell))
            return
        nested: list[list[Any]] = [[] for _ in rows]
        spans = [[self.cell(cell, inner) for cell in row] for row, inner in zip(cells, nested, strict=True)]
        marked = _is_on(rows[:1], "trPr", "tblHeader") or [_is_bold(row) for row in rows[:2]] == [True, False]
        for line, inner in zip(span_lines(spans, marked), nested, strict=True):
            if line:
                yield Element(line, tight=True)
            for found in inner:
                yield from self.table(found)

    def cell(self, cell: Any, tables: list[Any]) -> tuple[int, str | None]:
        """How many columns a cell spans, and its text; None where it goes on from the row above."""
        span = min(int(_value(cell, "tcPr", "gridSpan") or 1), _MAX_SPAN)
        merged = _below(cell, "tcPr", "vMerge")
        if merged is not None and merged.get(_VALUE) != "restart":
            return span, None
        return span, one_line(" ".join(element.text for element in self.blocks(cell, tables)))


def _below(node: Any, *names: str) -> Any:
    """The node that these names lead to, or None."""
    for name in names:
        node = None if node is None else node.find(f"{_WORD}{name}")
    return node


def _value(node: Any, *names: str) -> str:
    return _first([node], *names)


def _first(nodes: list[Any], *names: str) -> str:
    """The value that the first of the nodes gives what these names lead to."""
    found = (_below(node, *names) for node in nodes)
    return next((str(value.get(_VALUE, "")) for value in found if value is not None), "")


def _is_on(nodes: list[Any], *names: str) -> bool:
    found = next((value for node in nodes if (value := _below(node, *names)) is not None), None)
    return found is not None and found.get(_VALUE, "1") not in ("0", "false", "off")


def _is_bold(row: Any) -> bool:
    runs = [run for run in row.iter(_RUN) if _below(run, "t") is not None]
    return bool(runs) and all(_is_on([run], "rPr", "b") for run in runs)


def _is_contents(node: Any) -> bool:
    gallery = _value(node, "sdtPr", "docPartObj", "docPartGallery") if node.tag == _CONTROL else ""
    return gallery == "Table of Contents"


def _parts(node: Any, tag: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, those in content controls too."""
    for child in node:
        if child.tag == tag:
            yield child
        elif child.tag not in _LEFT_OUT:
            yield from _parts(child, tag)


def _level(nodes: list[Any], names: list[str]) -> int:
    """The level of a heading by its own outline level, else by its style's or by that style's name; else 0."""
    for node, name in zip(nodes, ["", *names], strict=True):
        outline = _value(node, "pPr", "outlineLvl")
        if outline:
            return (int(outline) + 1) % 10  # the tenth is the level of body text
        if name in _LEVELS:
            return _LEVELS[name]
    return 0
