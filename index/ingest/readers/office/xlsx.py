"""Read spreadsheets row by row: .xlsx with openpyxl, .csv and .tsv with the standard library."""

import csv
import io
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from itertools import repeat
from typing import IO, Any

import openpyxl
from lxml import etree
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.worksheet._reader import COL_TAG, DATA_TAG, FORMULA_TAG, INLINE_STRING, ROW_TAG, WorkSheetParser

from index.ingest.limits import Limits
from index.ingest.readers.archive import guard, office_file
from index.ingest.readers.bugs import raise_bug
from index.ingest.readers.elements import Element
from index.ingest.readers.encoding import decode
from index.ingest.readers.office.number_format import shown
from index.ingest.readers.office.plain_sheets import plain_sheets
from index.ingest.readers.office.xlsx_parts import (
    Merges,
    Package,
    comments,
    drawn_elements,
    merges,
    rich_string,
    rich_strings,
)
from index.ingest.readers.sheet_header import SheetRow
from index.ingest.readers.sheet_tables import sheet_elements, sheet_lines
from index.ingest.readers.table_rows import one_line

_SAMPLE = 2**13
_MAX_CELL = 2**22  # more is a quotation mark that is never closed
_SEPARATOR = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_SEPARATORS = ",;\t|"
_RARE_SEPARATORS = "^~:"
_MAX_COLUMNS = 16_384


def read_xlsx(content: bytes, limits: Limits) -> Iterator[Element]:
    """Yield each visible sheet's name as a heading and each visible row as a line; `page` is the row's number."""
    return guard(_xlsx(content, limits), limits, "rows")


def read_csv(content: bytes, limits: Limits) -> Iterator[Element]:
    """Yield each row as a line; `page` is the row's number."""
    return guard(_csv(content), limits, "rows")


def _xlsx(content: bytes, limits: Limits) -> Iterator[Element]:
    content = office_file(content, limits, ".xlsx")
    try:
        with warnings.catch_warnings(action="ignore"), redirect_stdout(io.StringIO()):  # oddities are printed
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # of styles, for example, that other programs write wrongly
        raise_bug(error)
        rescued = list(plain_sheets(content))
        if not rescued:
            raise
        yield from rescued
        return
    package = Package(content)
    strings = package.read("xl/sharedStrings.xml")
    shared = rich_strings(strings) if b"vertAlign" in strings else None
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            if shared is not None:
                sheet._shared_strings = shared
            yield from _headed(sheet.title, _sheet(sheet, package))
        else:
            yield Element("", left_out="hidden sheet")
    for kind, path in package.related("xl/workbook.xml").values():
        if kind == "chartsheet":
            yield from _headed("", drawn_elements(package, path))


def _headed(title: str, elements: Iterator[Element]) -> Iterator[Element]:
    """Yield a sheet's title as a heading, and its elements; nothing if it has no elements."""
    for element in elements:
        if title and element.text:
            yield Element(title, level=1, page=element.page)
            title = ""
        yield element


def _sheet(sheet: Any, package: Package) -> Iterator[Element]:
    """Yield the rows of a sheet, each followed by the comments on its cells, then what is drawn on the sheet."""
    path = sheet._worksheet_path.lstrip("/")
    notes = comments(package, path)
    with sheet._get_source() as stream:
        reading = _Cells(sheet, merges(package.read(path)))
        for line in sheet_lines(_rows(sheet, stream, reading)):
            yield Element(line.text, page=line.number, tight=True, kind="table_row")
            for text in notes.pop(line.number, ()):
                yield Element(text, page=line.number, tight=True)
    yield from repeat(Element("", left_out="hidden row"), reading.hidden_rows)
    yield from repeat(Element("", left_out="hidden column"), len(reading.hidden_with_text))
    for row in sorted(notes):
        yield from (Element(text, page=row) for text in notes[row])
    yield from drawn_elements(package, path)


def _rows(sheet: Any, stream: IO[bytes], reading: "_Cells") -> Iterator[SheetRow]:
    """Yield the visible rows without hidden columns.

    The library's own loop over rows does not say which are hidden, fills up to the row at which a file claims to end,
    and fails on what stands after the rows.
    """
    book = sheet.parent
    known = (sheet._shared_strings, True, book.epoch, book._date_formats, book._timedelta_formats)
    reader = WorkSheetParser(None, *known)
    tags = (COL_TAG, ROW_TAG, DATA_TAG)
    for _, node in etree.iterparse(stream, tag=tags, resolve_entities=False, no_network=True, huge_tree=False):
        unseen = node.get("hidden") in ("1", "true")
        if node.tag == DATA_TAG:
            return
        if node.tag == ROW_TAG:
            with warnings.catch_warnings(action="ignore"):
                number, found = reader.parse_row(node)
            if unseen:
                reading.hidden_rows += any(values["value"] is not None for values in found)
            else:
                yield reading.row(number, found, node)
            node.clear()
        elif unseen:
            reading.hidden.update(range(int(node.get("min")), min(int(node.get("max")), _MAX_COLUMNS) + 1))


class _Cells:
    """Writes the cells of a sheet's rows as a person sees them."""

    def __init__(self, sheet: Any, merged: Merges) -> None:
        self.hidden: set[int] = set()
        self.hidden_with_text: set[int] = set()
        self.hidden_rows = 0
        self._sheet, self._merged = sheet, merged
        self._bold: dict[int, bool] = {}

    def row(self, number: int, found: list[dict[str, Any]], node: Any) -> SheetRow:
        """Return a row, with the text of cells that are merged with one above."""
        texts, bold = {}, []
        for values, child in zip(found, node, strict=True):
            column = values["column"]
            values["style_id"] = self._style(values["style_id"])
            if column in self.hidden:
                self.hidden_with_text |= {column} if values["value"] is not None else set()
            elif text := self._text(values, child):
                texts[column] = text
                bold.append(self._is_bold(values["style_id"]))
        self._merged.repeat(number, texts)
        cells = [texts.get(column, "") for column in range(1, max(texts, default=0) + 1)]
        spans = {column - 1: span for column, span in self._merged.spans.get(number, {}).items()}
        return SheetRow(number=number, cells=cells, spans=spans, is_bold=bool(bold) and all(bold))

    def _text(self, values: dict[str, Any], node: Any) -> str:
        if (inner := node.find(INLINE_STRING)) is not None:
            return one_line(rich_string(inner))
        cell = ReadOnlyCell(self._sheet, **values)
        if cell.value is None:
            formula = node.findtext(FORMULA_TAG)
            # A program that does not compute leaves the value out; an empty text is a value.
            return f"={formula} (not calculated)" if formula and node.get("t") != "str" else ""
        if cell.data_type == "e":
            return ""
        return one_line(cell.value if isinstance(cell.value, str) else shown(cell.value, cell.number_format))

    def _style(self, style: int) -> int:
        """Return the number of a cell's style; the usual one if the workbook does not have it."""
        return style if 0 <= style < len(self._sheet.parent._cell_styles) else 0

    def _is_bold(self, style: int) -> bool:
        if style not in self._bold:
            book = self._sheet.parent
            self._bold[style] = bool(book._fonts[book._cell_styles[style].fontId].b)
        return self._bold[style]


def _csv(content: bytes) -> Iterator[Element]:
    text = decode(content).lstrip("\ufeff")
    declared = _SEPARATOR.match(text)
    if declared:
        text = text[declared.end() :]
    csv.field_size_limit(_MAX_CELL)
    records = csv.reader(io.StringIO(text, newline=""), delimiter=declared[1] if declared else _separator(text))
    rows = (
        SheetRow(number=number, cells=[one_line(cell) for cell in record]) for number, record in enumerate(records, 1)
    )
    yield from sheet_elements("", rows)


def _separator(text: str) -> str:
    sample = text[:_SAMPLE].rpartition("\n")[0] or text[:_SAMPLE]
    try:
        return csv.Sniffer().sniff(sample, _SEPARATORS).delimiter
    except csv.Error:
        likeliest = max(_SEPARATORS, key=sample.count)
        return likeliest if likeliest in sample else _rare_separator(sample.splitlines()) or likeliest


def _rare_separator(lines: Sequence[str]) -> str | None:
    """Return a sign that all lines have equally often."""
    return next(
        (
            sign
            for sign in _RARE_SEPARATORS
            if len({line.count(sign) for line in lines} - {0}) == 1 and all(sign in line for line in lines)
        ),
        None,
    )
