import io

import pytest
import xlsxwriter

from index.errors import ReadingError
from index.ingest.limits import Limits
from index.ingest.readers.elements import Element
from index.ingest.readers.office import xls
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


class PanicException(BaseException):
    """How the library reports a fault of its own."""


def test_a_panic_of_the_library_is_damage(monkeypatch):
    def panic(_):
        raise PanicException("no entry found for key")

    monkeypatch.setattr(xls.CalamineWorkbook, "from_filelike", panic)
    with pytest.raises(ReadingError, match=r"^is damaged \(no entry found for key\): save it again\.$"):
        list(read_xls(b"", Limits()))


def test_what_is_no_workbook_is_damage():
    with pytest.raises(ReadingError, match=r"^is damaged \(.+\): save it again"):
        list(read_xls(b"tea", Limits()))


def test_pages_and_texts_that_are_exported_as_sheets_are_read():
    page = b"<html><table><tr><th>Lake<th>Ducks</tr><tr><td>Thun<td>4821</tr><tr><td>Zug<td>7</tr></table></html>"
    assert [one.text for one in read_xls(page, Limits())] == ["Lake: Thun; Ducks: 4821.", "Lake: Zug; Ducks: 7."]
    text = b"Lake\tDucks\nThun\t4821\nZug\t7\n"
    assert [one.text for one in read_xls(text, Limits())] == ["Lake: Thun; Ducks: 4821.", "Lake: Zug; Ducks: 7."]
