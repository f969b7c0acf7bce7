"""Read spreadsheets row by row: .xlsx with openpyxl, .csv and .tsv with the standard library."""

import csv
import io
import re
import warnings
from collections.abc import Iterator
from contextlib import redirect_stdout
from typing import IO, Any

import openpyxl
from lxml import etree
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.worksheet._reader import COL_TAG, DATA_TAG, ROW_TAG, WorkSheetParser

from index.ingest.limits import Limits
from index.ingest.readers.archive import guard, office_file
from index.ingest.readers.elements import Element
from index.ingest.readers.encoding import decode
from index.ingest.readers.office.number_format import shown
from index.ingest.readers.table_rows import one_line, row_lines

_SAMPLE = 2**13
_SEPARATOR = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_SEPARATORS = ",;\t|"
_MAX_COLUMNS = 16_384


def read_xlsx(content: bytes, limits: Limits) -> Iterator[Element]:
    """Yield each visible sheet's name as a heading and each visible row as a line; `page` is the row's number."""
    return guard(_xlsx(content, limits), limits, "rows")


def read_csv(content: bytes, limits: Limits) -> Iterator[Element]:
    """Yield each row as a line; `page` is the row's number."""
    return guard(_csv(content), limits, "rows")


def _xlsx(content: bytes, limits: Limits) -> Iterator[Element]:
    content = office_file(content, limits, ".xlsx")
    with warnings.catch_warnings(action="ignore"), redirect_stdout(io.StringIO()):  # oddities are printed
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            heading = Element(sheet.title, level=1)
            with sheet._get_source() as stream:
                for number, line in row_lines(_rows(sheet, stream)):
                    if heading.page is None:
                        heading = Element(sheet.title, level=1, page=number)
                        yield heading
                    yield Element(line, page=number, tight=True)


def _rows(sheet: Any, stream: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    """The visible rows with their numbers, without hidden columns.

    The library's own loop over rows does not tell which are hidden, fills up to the row that a file claims to end at,
    and trips over what stands behind the rows.
    """
    book = sheet.parent
    known = (sheet._shared_strings, True, book.epoch, book._date_formats, book._timedelta_formats)
    reader = WorkSheetParser(None, *known)
    hidden: set[int] = set()
    tags = (COL_TAG, ROW_TAG, DATA_TAG)
    for _, node in etree.iterparse(stream, tag=tags, resolve_entities=False, no_network=True, huge_tree=False):
        unseen = node.get("hidden") in ("1", "true")
        if node.tag == DATA_TAG:
            return
        if node.tag == ROW_TAG:
            with warnings.catch_warnings(action="ignore"):
                number, found = reader.parse_row(node)
            if not unseen:
                yield number, _texts(sheet, found, hidden)
            node.clear()
        elif unseen:
            hidden.update(range(int(node.get("min")), min(int(node.get("max")), _MAX_COLUMNS) + 1))


def _texts(sheet: Any, found: list[dict[str, Any]], hidden: set[int]) -> list[str]:
    cells: list[str] = []
    for values in found:
        cell = ReadOnlyCell(sheet, **values)
        if cell.value is not None and cell.data_type != "e" and cell.column not in hidden:
            cells += [""] * (cell.column - len(cells))
            text = cell.value if isinstance(cell.value, str) else shown(cell.value, cell.number_format)
            cells[cell.column - 1] = one_line(text)
    return cells


def _csv(content: bytes) -> Iterator[Element]:
    text = decode(content).lstrip("\ufeff")
    told = _SEPARATOR.match(text)
    if told:
        text = text[told.end() :]
    records = csv.reader(io.StringIO(text, newline=""), delimiter=told[1] if told else _separator(text))
    for number, line in row_lines(enumerate(([one_line(cell) for cell in record] for record in records), start=1)):
        yield Element(line, page=number, tight=True)


def _separator(text: str) -> str:
    sample = text[:_SAMPLE].rpartition("\n")[0] or text[:_SAMPLE]
    try:
        return csv.Sniffer().sniff(sample, _SEPARATORS).delimiter
    except csv.Error:
        return max(_SEPARATORS, key=sample.count)
