"""Read the sheets of a workbook of any form with calamine, which gives numbers without their formats."""

import datetime
from collections.abc import Iterator
from io import BytesIO

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from index.ingest.readers.archive import damage
from index.ingest.readers.elements import Element
from index.ingest.readers.office.number_format import shown
from index.ingest.readers.sheet_header import SheetRow
from index.ingest.readers.sheet_tables import sheet_elements
from index.ingest.readers.table_rows import one_line


def plain_sheets(content: bytes) -> Iterator[Element]:
    """Yield each visible sheet's name as a heading and each row as a line; `page` is the row's number.

    A panic of the library, which is no Exception, means that the file is damaged.
    """
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
        numbered = (SheetRow(number=number, cells=[*map(_text, row)]) for number, row in enumerate(rows, start=1))
        yield from sheet_elements(sheet.name, numbered)


def _text(value: object) -> str:
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value.isoformat()
    return one_line(value if isinstance(value, str) else shown(value))
