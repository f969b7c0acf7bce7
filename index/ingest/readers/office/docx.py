"""A Word document's elements -> pieces, one by one.

python-docx's own paragraphs pass over what is in content controls, insertions, notes and text boxes.
"""

import re
from collections.abc import Iterator
from typing import Any

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsmap, qn

from index.ingest.readers.elements import Piece
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
_LONGEST_HEADING, _WIDEST_SPAN, _MOST_STYLES = 200, 100, 20


def word_pieces(document: Document) -> Iterator[Piece]:
    """The pieces of a document's body; a table of contents, headers and footers are left out."""
    return _Word(document).blocks(document.element.body)


class _Word:
    """A document's styles and its notes, each until it is read, and the walk through its elements."""

    def __init__(self, document: Document) -> None:
        styles = document.styles.element.iterchildren(f"{_WORD}style")
        self.styles = {style.get(f"{_WORD}styleId"): style for style in styles}
        self.notes = {
            (kind, note.get(_ID)): note
            for relation in document.part.rels.values()
            if (kind := relation.reltype.rpartition("/")[2]) in _NOTES.values()
            for note in parse_xml(relation.target_part.blob)
        }

    def blocks(self, container: Any, tables: list[Any] | None = None) -> Iterator[Piece]:
        """The pieces of what stands in a container; its tables are put into `tables` where that is given."""
        for child in container:
            if child.tag == _PARAGRAPH:
                yield from self.paragraph(child)
            elif child.tag == _TABLE and tables is None:
                yield from self.table(child)
            elif child.tag == _TABLE and tables is not None:
                tables.append(child)
            elif child.tag not in _LEFT_OUT and not _is_contents(child):
                yield from self.blocks(child, tables)

    def paragraph(self, paragraph: Any) -> Iterator[Piece]:
        """A paragraph, and after it the notes that it refers to and the text boxes that hang on it."""
        styles = self.style(_value(paragraph, "pPr", "pStyle"))
        names = [_value(style, "name").lower() for style in styles]
        if any(map(_CONTENTS.fullmatch, names)) or _is_on(styles, "rPr", "vanish"):
            return
        apart: list[Any] = []
        text = self.text(paragraph, apart).strip()
        level = _level([paragraph, *styles], names) if len(text) <= _LONGEST_HEADING else 0
        listed = _first([paragraph, *styles], "pPr", "numPr", "numId") not in ("", "0")
        if text:
            yield Piece(one_line(text) if level else text, level, tight=listed and not level)
        for element in apart:
            yield from self.blocks(element)

    def style(self, identity: str) -> list[Any]:
        """A style and those that it is based on."""
        styles: list[Any] = []
        while identity in self.styles and len(styles) < _MOST_STYLES:
            styles.append(self.styles[identity])
            identity = _value(styles[-1], "basedOn")
        return styles

    def text(self, element: Any, apart: list[Any]) -> str:
        """The words of an element; its notes and text boxes are put into `apart`."""
        parts = []
        for child in element:
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

    def table(self, table: Any) -> Iterator[Piece]:
        """A line for each row and after it the tables in its cells; of a box, what stands in it."""
        rows = [row for row in _parts(table, _ROW) if not _is_on([row], "trPr", "del")]
        rows = [row for row in rows if not _is_on([row], "trPr", "hidden")]
        cells = [list(_parts(row, _CELL)) for row in rows]
        if all(len(row) < 2 for row in cells):
            yield from (piece for row in cells for cell in row for piece in self.blocks(cell))
            return
        nested: list[list[Any]] = [[] for _ in rows]
        spans = [[self.cell(cell, inner) for cell in row] for row, inner in zip(cells, nested, strict=True)]
        marked = _is_on(rows[:1], "trPr", "tblHeader") or [_is_bold(row) for row in rows[:2]] == [True, False]
        for line, inner in zip(span_lines(spans, marked), nested, strict=True):
            if line:
                yield Piece(line, tight=True)
            for found in inner:
                yield from self.table(found)

    def cell(self, cell: Any, tables: list[Any]) -> tuple[int, str | None]:
        """How many columns a cell spans, and its text; None where it goes on from the row above."""
        span = min(int(_value(cell, "tcPr", "gridSpan") or 1), _WIDEST_SPAN)
        merged = _below(cell, "tcPr", "vMerge")
        if merged is not None and merged.get(_VALUE) != "restart":
            return span, None
        return span, one_line(" ".join(piece.text for piece in self.blocks(cell, tables)))


def _below(element: Any, *names: str) -> Any:
    """The element that these names lead to, or None."""
    for name in names:
        element = None if element is None else element.find(f"{_WORD}{name}")
    return element


def _value(element: Any, *names: str) -> str:
    return _first([element], *names)


def _first(elements: list[Any], *names: str) -> str:
    """The value that the first of the elements gives what these names lead to."""
    found = (_below(element, *names) for element in elements)
    return next((str(value.get(_VALUE, "")) for value in found if value is not None), "")


def _is_on(elements: list[Any], *names: str) -> bool:
    found = next((value for element in elements if (value := _below(element, *names)) is not None), None)
    return found is not None and found.get(_VALUE, "1") not in ("0", "false", "off")


def _is_bold(row: Any) -> bool:
    runs = [run for run in row.iter(_RUN) if _below(run, "t") is not None]
    return bool(runs) and all(_is_on([run], "rPr", "b") for run in runs)


def _is_contents(element: Any) -> bool:
    gallery = _value(element, "sdtPr", "docPartObj", "docPartGallery") if element.tag == _CONTROL else ""
    return gallery == "Table of Contents"


def _parts(element: Any, tag: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, those in content controls too."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag not in _LEFT_OUT:
            yield from _parts(child, tag)


def _level(elements: list[Any], names: list[str]) -> int:
    """The level of a heading by its own outline level, else by its style's or by that style's name; else 0."""
    for element, name in zip(elements, ["", *names], strict=True):
        outline = _value(element, "pPr", "outlineLvl")
        if outline:
            return (int(outline) + 1) % 10  # the tenth is the level of body text
        if name in _LEVELS:
            return _LEVELS[name]
    return 0
