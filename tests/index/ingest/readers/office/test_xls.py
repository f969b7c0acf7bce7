import io

import pytest
import xlsxwriter

from index.errors import ReadingError
from index.ingest.limits import Limits
from index.ingest.readers.elements import Element
from index.ingest.readers.office.xls import read_xls


def test_sheets_are_read_row_by_row():
    # The library reads every form of Excel; the newest is the one that can be made here.
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet("Lakes")
        sheet.write_row(1, 0, ["Lake", "Ducks"])
        sheet.write_row(2, 0, ["Thun", 4821])
        book.add_worksheet("Secret").hide()
    assert list(read_xls(made.getvalue(), Limits())) == [
        Element("Lakes", level=1, page=3),
        Element("Lake: Thun; Ducks: 4821.", page=3, tight=True, kind="table_row"),
    ]


def test_what_is_no_workbook_is_damage():
    with pytest.raises(ReadingError, match=r"^is damaged \(.+\): save it again"):
        list(read_xls(b"tea", Limits()))
