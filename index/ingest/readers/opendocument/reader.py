"""Open OpenDocument files: texts (.odt), sheets (.ods) and slides (.odp)."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import repeat
from typing import Any

from lxml import etree

from index.errors import ReadingError
from index.ingest.limits import Limits
from index.ingest.readers.archive import damage, guard, open_zip
from index.ingest.readers.elements import Element
from index.ingest.readers.opendocument.styles import DRAW, OFFICE, STYLE, TABLE, Styles
from index.ingest.readers.opendocument.text import (
    ANNOTATION,
    CELL,
    COVERED,
    FRAME,
    PARAGRAPH,
    TextReader,
    own_rows,
)
from index.ingest.readers.sheet_header import SheetRow
from index.ingest.readers.sheet_tables import sheet_lines
from index.ingest.readers.table_rows import one_line

_PRESENTATION = "{urn:oasis:names:tc:opendocument:xmlns:presentation:1.0}"
_FURNITURE = frozenset({"header", "footer", "date-time", "page-number"})
_LETTERS = re.compile(r"[^\W\d_]{3,}")
_MAX_COLUMNS, _MAX_REPEATED = 16_384, 1_000


def read_text(content: bytes, limits: Limits) -> Iterator[Element]:
    """Yield the headings, paragraphs, list items, table rows, notes and comments of a text. It has no pages."""
    return guard(_text(content, limits), limits, "pages")


def read_slides(content: bytes, limits: Limits) -> Iterator[Element]:
    """Yield the titles, texts, table rows and notes of slides; `page` is the slide's number."""
    return guard(_slides(content, limits), limits, "slides")


def read_sheets(content: bytes, limits: Limits) -> Iterator[Element]:
    """Yield each visible sheet's name as a heading and each visible row as a line; `page` is the row's number."""
    return guard(_sheets(content, limits), limits, "rows")


class _File:
    """The parts of an OpenDocument file."""

    def __init__(self, content: bytes, limits: Limits) -> None:
        self._archive = open_zip(content, limits)
        manifest = self._xml("META-INF/manifest.xml")
        if manifest is not None and next(manifest.iter("{*}encryption-data"), None) is not None:
            raise ReadingError("is encrypted: save it without a password.")
        root = self._xml("content.xml")
        if root is None:
            raise damage(ValueError("it has no content"))
        styles = self._xml("styles.xml")
        self.styles = Styles([root, *([styles] if styles is not None else [])])
        self.body = next(iter(root.find(f"{OFFICE}body")))
        self._pages = [] if styles is None else list(styles.iter(f"{STYLE}master-page"))
        self.text = TextReader(self.styles, self._object)

    def _object(self, link: str) -> Any:
        return self._xml(posixpath.normpath(f"{link}/content.xml")) if link else None

    def _xml(self, path: str) -> Any:
        try:
            content = self._archive.read(path)
        except KeyError:
            return None
        return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))

    def margins(self, name: str) -> Iterator[Element]:
        """Yield what the headers or the footers say, once, without numbers of pages."""
        seen = {""}
        for page in self._pages:
            for margin in page.iterchildren(f"{STYLE}{name}"):
                for element in self.text.elements(margin):
                    if element.text not in seen and len(_LETTERS.findall(element.text)) > 1:
                        seen.add(element.text)
                        yield replace(element, level=0)

    def close(self) -> None:
        self._archive.close()


def _text(content: bytes, limits: Limits) -> Iterator[Element]:
    file = _File(content, limits)
    yield from file.margins("header")
    yield from file.text.elements(file.body)
    yield from file.margins("footer")
    file.close()


def _slides(content: bytes, limits: Limits) -> Iterator[Element]:
    file = _File(content, limits)
    for number, slide in enumerate(file.body.iterchildren(f"{DRAW}page"), start=1):
        elements = [element for element in _slide(slide, file.text) if element.text]
        yield from (replace(element, page=number) for element in elements or [Element("")])
    file.close()


def _slide(slide: Any, reader: TextReader) -> Iterator[Element]:
    """Yield the title of a slide, then its other shapes, then its notes."""
    shapes = [node for node in slide if node.get(f"{_PRESENTATION}placeholder") != "true"]
    for shape in shapes:
        if shape.get(f"{_PRESENTATION}class") == "title" and (title := reader.line(shape)):
            yield Element(title, level=1)
    for shape in shapes:
        kind = shape.get(f"{_PRESENTATION}class")
        if shape.tag == f"{_PRESENTATION}notes":
            for frame in shape.iterchildren(FRAME):
                if text := reader.line(frame):
                    yield Element(f"Notes: {text}")
        elif kind != "title" and kind not in _FURNITURE:
            yield from reader.elements([shape])


def _sheets(content: bytes, limits: Limits) -> Iterator[Element]:
    file = _File(content, limits)
    for sheet in file.body.iterchildren(f"{TABLE}table"):
        if file.styles.is_hidden(sheet.get(f"{TABLE}style-name")):
            yield Element("", left_out="hidden sheet")
            continue
        notes: dict[int, list[Element]] = {}
        hidden: list[int] = []
        title = sheet.get(f"{TABLE}name") or ""
        for line in sheet_lines(_rows(sheet, file.text, notes, hidden)):
            if title:
                yield Element(title, level=1, page=line.number)
                title = ""
            yield Element(line.text, page=line.number, tight=True, kind="table_row")
            for note in notes.pop(line.number, ()):
                yield replace(note, page=line.number, tight=True)
        yield from repeat(Element("", left_out="hidden row"), sum(hidden))
        for shapes in sheet.iterchildren(f"{TABLE}shapes"):
            yield from (replace(element, page=1) for element in file.text.elements(shapes))
    file.close()


def _rows(sheet: Any, reader: TextReader, notes: dict[int, list[Element]], hidden: list[int]) -> Iterator[SheetRow]:
    """Yield the visible rows; what hangs on their cells is added to `notes`, and the number of others to `hidden`."""
    number = 0
    above: dict[int, tuple[int, str]] = {}
    for row in own_rows(sheet):
        times = int(row.get(f"{TABLE}number-rows-repeated") or 1)
        spans: dict[int, int] = {}
        cells = _cells(row, reader, spans, above)
        hanging = [node for cell in row.iterchildren(CELL) for node in cell.iterchildren(ANNOTATION, FRAME)]
        if hanging:
            notes[number + 1] = [element for node in hanging for element in reader.elements([node])]
        if row.get(f"{TABLE}visibility") in ("collapse", "filter"):
            hidden.append(min(times, _MAX_REPEATED) if any(cells) else 0)
        elif any(cells):
            for repeated in range(min(times, _MAX_REPEATED)):
                yield SheetRow(number=number + 1 + repeated, cells=cells, spans=spans)
        number += times


def _cells(row: Any, reader: TextReader, spans: dict[int, int], above: dict[int, tuple[int, str]]) -> list[str]:
    """Return the texts of a row as they are shown; `above` has cells that reach down, with how many rows."""
    cells: list[str] = []
    for node in row.iterchildren(CELL, COVERED):
        times = min(int(node.get(f"{TABLE}number-columns-repeated") or 1), _MAX_COLUMNS - len(cells))
        text = one_line(" ".join(reader.line([part]) for part in node.iterchildren(PARAGRAPH)))
        left, kept = above.pop(len(cells), (0, ""))
        if left and not text:
            text = kept
            above[len(cells)] = left - 1, kept
        elif (rows := int(node.get(f"{TABLE}number-rows-spanned") or 1)) > 1:
            above[len(cells)] = rows - 1, text
        if (columns := int(node.get(f"{TABLE}number-columns-spanned") or 1)) > 1:
            spans[len(cells)] = columns
        cells += [text] * times if text or times < _MAX_COLUMNS // 2 else []
    return cells
