"""Read the sheets of a workbook in Excel's old form (.xls) with xlrd, which knows the formats of its cells."""

import datetime
import io
from collections.abc import Iterator
from itertools import repeat

import xlrd
from xlrd.book import Book
from xlrd.sheet import Cell, Sheet

from index.errors import ReadingError
from index.ingest.readers.elements import Element
from index.ingest.readers.office.number_format import shown
from index.ingest.readers.office.xlsx_parts import Merges
from index.ingest.readers.sheet_header import SheetRow
from index.ingest.readers.sheet_tables import sheet_elements
from index.ingest.readers.table_rows import one_line

_VISIBLE = 0
_BOLD = 700  # the weight of a bold font


def book_elements(content: bytes) -> Iterator[Element]:
    """Yield each visible sheet's name as a heading and each visible row as a line; `page` is the row's number.

    Raises:
        ReadingError: the workbook is encrypted.
        Exception: the library cannot read it.
    """
    try:
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, ragged_rows=True, logfile=io.StringIO())
    except xlrd.XLRDError as error:
        if "encrypted" in str(error):
            raise ReadingError("is encrypted: save it without a password.") from error
        raise
    for sheet in book.sheets():
        if sheet.visibility == _VISIBLE:
            yield from _sheet(book, sheet)
        else:
            yield Element("", left_out="hidden sheet")


def _sheet(book: Book, sheet: Sheet) -> Iterator[Element]:
    rows = _Rows(book, sheet)
    yield from sheet_elements(sheet.name, rows.visible())
    yield from repeat(Element("", left_out="hidden row"), rows.hidden_rows)
    yield from repeat(Element("", left_out="hidden column"), len(rows.hidden_columns))


class _Rows:
    """Writes the cells of a sheet as a person sees them, and counts the hidden rows and columns that have text."""

    def __init__(self, book: Book, sheet: Sheet) -> None:
        self.hidden_rows = 0
        self.hidden_columns: set[int] = set()
        self._book, self._sheet = book, sheet
        self._merged = Merges()
        for top, below, left, right in sheet.merged_cells:
            self._merged.add(left, top, right - 1, below - 1)

    def visible(self) -> Iterator[SheetRow]:
        """Yield the visible rows; the texts of merged cells stand in each row that they cover."""
        for at in range(self._sheet.nrows):
            cells = dict(enumerate(self._sheet.row(at)))
            info = self._sheet.rowinfo_map.get(at)
            if info is not None and info.hidden:
                self.hidden_rows += any(map(self._text, cells.values()))
            else:
                yield self._row(at, cells)

    def _row(self, at: int, cells: dict[int, Cell]) -> SheetRow:
        texts = {column: text for column, cell in cells.items() if (text := self._text(cell))}
        bold = [self._is_bold(cells[column]) for column in texts]
        for column in [column for column in texts if self._is_hidden(column)]:
            self.hidden_columns.add(column)
            del texts[column]
        self._merged.repeat(at, texts)
        found = [texts.get(column, "") for column in range(max(texts, default=-1) + 1)]
        spans = self._merged.spans.get(at, {})
        return SheetRow(number=at + 1, cells=found, spans=spans, is_bold=bool(bold) and all(bold))

    def _is_hidden(self, column: int) -> bool:
        info = self._sheet.colinfo_map.get(column)
        return info is not None and bool(info.hidden)

    def _is_bold(self, cell: Cell) -> bool:
        return bool(self._book.font_list[self._book.xf_list[cell.xf_index].font_index].weight >= _BOLD)

    def _text(self, cell: Cell) -> str:
        if cell.ctype == xlrd.XL_CELL_TEXT:
            return one_line(cell.value)
        if cell.ctype == xlrd.XL_CELL_BOOLEAN:
            return shown(bool(cell.value))
        if cell.ctype not in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
            return ""
        number_format = self._book.format_map[self._book.xf_list[cell.xf_index].format_key].format_str
        value = (
            _moment(cell.value, number_format, self._book.datemode) if cell.ctype == xlrd.XL_CELL_DATE else cell.value
        )
        return one_line(shown(value, number_format))


def _moment(
    value: float, number_format: str, mode: int
) -> datetime.datetime | datetime.time | datetime.timedelta | float:
    """Return the moment, the time of day or the time span that a number stands for."""
    if "[h" in number_format.lower() or "[m" in number_format.lower():
        return datetime.timedelta(days=value)
    try:
        moment: datetime.datetime = xlrd.xldate_as_datetime(value, mode)
    except (ValueError, OverflowError, xlrd.xldate.XLDateError):
        return value
    return moment.time() if 0 <= value < 1 else moment
