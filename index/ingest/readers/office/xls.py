"""Read spreadsheets in the old and the binary form of Excel (.xls, .xlsb) with calamine."""

import datetime
import re
from collections.abc import Iterator
from io import BytesIO

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from index.ingest.limits import Limits
from index.ingest.readers.archive import damage, guard
from index.ingest.readers.elements import Element
from index.ingest.readers.html.reader import read_html
from index.ingest.readers.office.number_format import shown
from index.ingest.readers.office.xlsx import read_csv
from index.ingest.readers.sheet_header import SheetRow
from index.ingest.readers.sheet_tables import sheet_lines
from index.ingest.readers.table_rows import one_line

_SAMPLE = 4096
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body|table|meta|style)\b", re.IGNORECASE)
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1f]")


def read_xls(content: bytes, limits: Limits) -> Iterator[Element]:
    """Yield each visible sheet's name as a heading and each row as a line; `page` is the row's number.

    Numbers are shown without their formats, which the library does not give. Web pages and texts with tabs, as many
    programs export them under this suffix, are read as what they are.
    """
    start = content[:_SAMPLE]
    if _PAGE.match(start):
        return read_html(content, limits)
    if b"\t" in start and not _BINARY.search(start):
        return read_csv(content, limits)
    return guard(_without_panic(content), limits, "rows")


def _without_panic(content: bytes) -> Iterator[Element]:
    """Yield the sheets; a panic of the library, which is no Exception, means that the file is damaged."""
    try:
        yield from _sheets(content)
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise damage(ValueError(str(error))) from error
        raise


def _sheets(content: bytes) -> Iterator[Element]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    for sheet in book.sheets_metadata:
        if sheet.typ != SheetTypeEnum.WorkSheet or sheet.visible != SheetVisibleEnum.Visible:
            continue
        rows = book.get_sheet_by_name(sheet.name).iter_rows()
        title = sheet.name
        numbered = (SheetRow(number=number, cells=[*map(_text, row)]) for number, row in enumerate(rows, start=1))
        for line in sheet_lines(numbered):
            if title:
                yield Element(title, level=1, page=line.number)
                title = ""
            yield Element(line.text, page=line.number, tight=True, kind="table_row")


def _text(value: object) -> str:
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value.isoformat()
    return one_line(value if isinstance(value, str) else shown(value))
