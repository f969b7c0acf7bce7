import io

import pytest
import xlsxwriter
from support.legacy_office import sheet, workbook

from index.errors import ReadingError
from index.ingest.limits import Limits
from index.ingest.readers.elements import Element
from index.ingest.readers.office import plain_sheets
from index.ingest.readers.office.xls import read_xls

STYLES = ["General", "0.0%", '"CHF" #,##0.00', "yyyy-mm-dd", "boldGeneral", "000"]
NAMES = ["Lake", "Share", "Cost", "Since", "Code"]


def book(*rows, **more):
    """Return a sheet whose first row is bold names; a value stands under its name in the style of its column."""
    cells = {(0, at): (name, 4) for at, name in enumerate(NAMES)}
    for number, row in enumerate(rows, 1):
        styles = (0, 1, 2, 3, 5)
        cells |= {(number, at): (value, styles[at]) for at, value in enumerate(row) if value is not None}
    return sheet(cells, **more)


def read(content):
    return [element.text for element in read_xls(content, Limits()) if element.text]


def test_values_of_an_old_workbook_are_shown_in_their_formats():
    rows = [["Thun", 0.125, 1234.5, 45413.0, 7.0], ["Zug", 0.5, 80.0, 45414.5, 12.0]]
    assert read(workbook({"Lakes": book(*rows)}, STYLES)) == [
        "Lakes",
        "Lake: Thun; Share: 12.5%; Cost: CHF 1,234.50; Since: 2024-05-01; Code: 007.",
        "Lake: Zug; Share: 50.0%; Cost: CHF 80.00; Since: 2024-05-02 12:00; Code: 012.",
    ]


def test_merged_cells_of_an_old_workbook_stand_in_each_row():
    content = book(["Thun", 0.1, 1.0], [None, 0.2, 2.0], merged=[(1, 2, 0, 0)])
    assert read(workbook({"Lakes": content}, STYLES))[1:] == [
        "Lake: Thun; Share: 10.0%; Cost: CHF 1.00.",
        "Lake: Thun; Share: 20.0%; Cost: CHF 2.00.",
    ]


def test_hidden_rows_columns_and_sheets_of_an_old_workbook_are_left_out_and_counted():
    content = book(["Thun", 0.1, 1.0], ["Zug", 0.2, 2.0], hidden_row=2, hidden_column=2)
    found = list(read_xls(workbook({"Lakes": content, "Notes": book()}, STYLES, hidden="Notes"), Limits()))
    assert [element.text for element in found if element.text] == ["Lakes", "Lake: Thun; Share: 10.0%."]
    assert sorted(element.left_out for element in found if element.left_out) == [
        "hidden column",
        "hidden row",
        "hidden sheet",
    ]


def test_an_encrypted_old_workbook_says_so():
    with pytest.raises(ReadingError, match=r"^is encrypted: save it without a password\.$"):
        read(workbook({"Lakes": book()}, STYLES, is_encrypted=True))


def test_a_new_workbook_under_the_old_suffix_keeps_its_formats():
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as new:
        lakes = new.add_worksheet("Lakes")
        lakes.write_row(0, 0, ["Lake", "Share"])
        lakes.write_row(1, 0, ["Thun", 0.125], new.add_format({"num_format": "0.0%"}))
    assert read(made.getvalue()) == ["Lakes", "Lake: Thun; Share: 12.5%."]


def test_sheets_of_other_forms_are_read_row_by_row():
    # The library reads every form of Excel; the newest is the one that can be made here.
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as new:
        lakes = new.add_worksheet("Lakes")
        lakes.write_row(1, 0, ["Lake", "Ducks"])
        lakes.write_row(2, 0, ["Thun", 4821])
        new.add_worksheet("Secret").hide()
    assert list(plain_sheets.plain_sheets(made.getvalue())) == [
        Element("Lakes", level=1, page=3),
        Element("Lake: Thun; Ducks: 4821.", page=3, tight=True, kind="table_row"),
    ]


class PanicException(BaseException):
    """How the library reports a fault of its own."""


def test_a_panic_of_the_library_is_damage(monkeypatch):
    def panic(_):
        raise PanicException("no entry found for key")

    monkeypatch.setattr(plain_sheets.CalamineWorkbook, "from_filelike", panic)
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
