import datetime
import time
import zipfile
from io import BytesIO

import openpyxl
import pytest
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from support.elements import left_out, with_text

from index.errors import ReadingError
from index.ingest.limits import Limits
from index.ingest.readers.elements import Element
from index.ingest.readers.office.xlsx import read_csv, read_xlsx

DAMAGED = r"^is damaged \(.+\): save it again\.$"


def written(write):
    """A workbook by another library than the one that reads it."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        write(book)
    return stream.getvalue()


def workbook(*rows, name="Members"):
    def write(book):
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)

    return written(write)


def with_sheet(xml, part="xl/worksheets/sheet1.xml"):
    """A workbook whose sheet, or another part, is this XML."""
    source, stream = zipfile.ZipFile(BytesIO(workbook(["tea"]))), BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            target.writestr(name, xml if name == part else source.read(name))
    return stream.getvalue()


def sheet_xml(rows, dimension="A1:B2"):
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{main}"><dimension ref="{dimension}"/><sheetData>{rows}</sheetData><oddity/></worksheet>'


def read(content, limits=None):
    return with_text(read_xlsx(content, limits or Limits()))


def texts(elements):
    return [element.text for element in elements]


def test_a_row_is_a_line_that_makes_sense_alone():
    rows = [["Paid in May"], [], ["Name", "City", "Amount"], ["Anna", "Bern", 12.5], [], ["Beat", None, 3]]
    assert read(workbook(*rows)) == [
        Element("Members", level=1, page=1),
        Element("Paid in May", page=1, tight=True, kind="table_row"),
        Element("Name: Anna; City: Bern; Amount: 12.5.", page=4, tight=True, kind="table_row"),
        Element("Name: Beat; Amount: 3.", page=6, tight=True, kind="table_row"),
    ]


def test_a_sheet_without_names_of_columns_is_cells_in_a_row():
    assert texts(read(workbook([1, 2.0], [3, 4.5]))) == ["Members", "1 | 2", "3 | 4.5"]


def test_values_are_shown_as_in_the_sheet():
    def write(book):
        sheet = book.add_worksheet("Shop")
        sheet.write_row(0, 0, ["Day", "Share", "Price", "Open", "Note"])
        sheet.write_datetime(1, 0, datetime.datetime(2024, 5, 1), book.add_format({"num_format": "d. mmm yyyy"}))
        sheet.write_number(1, 1, 0.125, book.add_format({"num_format": "0.0%"}))
        sheet.write_number(1, 2, 1234.5, book.add_format({"num_format": '#,##0.00 "CHF"'}))
        sheet.write_boolean(1, 3, True)
        sheet.write_string(1, 4, "two\nlines")

    line = "Day: 2024-05-01; Share: 12.5%; Price: 1,234.50 CHF; Open: TRUE; Note: two lines."
    assert texts(read(written(write))) == ["Shop", line]


def test_a_formula_is_its_last_value_and_an_error_is_nothing():
    def write(book):
        sheet = book.add_worksheet("Sums")
        sheet.write_row(0, 0, ["Name", "Sum"])
        sheet.write(1, 0, "Anna")
        sheet.write_formula(1, 1, "=1+2", value=3)
        sheet.write(2, 0, "Beat")
        sheet.write_formula(2, 1, "=1+2", value="")
        sheet.write(3, 0, "Carl")
        sheet.write_formula(3, 1, "=1/0", value="#DIV/0!")

    assert texts(read(written(write))) == [
        "Sums",
        "Name: Anna; Sum: 3.",
        "Name: Beat; Sum: =1+2 (not calculated).",
        "Carl",
    ]


def test_hidden_sheets_rows_and_columns_are_not_read():
    def write(book):
        sheet = book.add_worksheet("Seen")
        for number, row in enumerate([["Name", "Wage", "City"], ["Anna", 9, "Bern"], ["Beat", 8, "Basel"]]):
            sheet.write_row(number, 0, row)
        sheet.set_column(1, 1, None, None, {"hidden": True})
        sheet.set_row(1, None, None, {"hidden": True})
        hidden, very_hidden = book.add_worksheet("Hidden"), book.add_worksheet("Very")
        hidden.write(0, 0, "secret")
        hidden.hide()
        very_hidden.write(0, 0, "secret")
        very_hidden.very_hidden()

    assert read(written(write)) == [
        Element("Seen", level=1, page=3),
        Element("Name: Beat; City: Basel.", page=3, tight=True, kind="table_row"),
    ]
    assert left_out(read_xlsx(written(write), Limits())) == {"hidden row": 1, "hidden column": 1, "hidden sheet": 2}


def test_each_sheet_begins_with_its_name_and_an_empty_one_is_not_there():
    def write(book):
        book.add_worksheet("Empty")
        for name in ("One", "Two"):
            book.add_worksheet(name).write(4, 2, name.lower())

    assert read(written(write)) == [
        Element("One", level=1, page=5),
        Element("one", page=5, tight=True, kind="table_row"),
        Element("Two", level=1, page=5),
        Element("two", page=5, tight=True, kind="table_row"),
    ]


def test_comments_text_boxes_and_charts_are_read():
    def write(book):
        sheet = book.add_worksheet("Tea")
        sheet.write_column(0, 0, ["Lake", "Thun", "Biel"])
        sheet.write_column(0, 1, ["Ducks", 4821, 1177])
        sheet.write_comment(1, 1, "Counted on 3 May.", {"author": "Ada Amstutz"})
        sheet.insert_textbox(8, 0, "The counts are estimates.")
        chart = book.add_chart({"type": "column"})
        places = {"categories": "=Tea!$A$2:$A$3", "values": "=Tea!$B$2:$B$3"}
        chart.add_series({**places, "name": "Ducks", "categories_data": ["Thun", "Biel"], "values_data": [4821, 1177]})
        chart.set_title({"name": "Survey"})
        sheet.insert_chart(20, 0, chart)
        other = book.add_chart({"type": "pie"})
        other.add_series({**places, "name": "Share", "values_data": [4821, 1177]})
        book.add_chartsheet("Chart").set_chart(other)

    assert [(element.page, element.text) for element in read(written(write))] == [
        (2, "Tea"),
        (2, "Lake: Thun; Ducks: 4821."),
        (2, "Comment by Ada Amstutz: Counted on 3 May."),
        (3, "Lake: Biel; Ducks: 1177."),
        (9, "The counts are estimates."),
        (21, "Chart: Survey"),
        (21, "Thun; Ducks: 4821."),
        (21, "Biel; Ducks: 1177."),
        (1, "Thun; Share: 4821."),
        (1, "Biel; Share: 1177."),
    ]


def test_merged_cells_belong_to_all_their_rows_and_columns():
    def write(book):
        sheet = book.add_worksheet("Shops")
        sheet.merge_range(0, 1, 0, 2, "2023")
        sheet.merge_range(0, 3, 0, 4, "2022")
        sheet.write_row(1, 0, ["Region", "Sales", "Profit", "Sales", "Profit"])
        sheet.merge_range(2, 0, 3, 0, "North")
        sheet.write_row(2, 1, [12, 3, 10, 2])
        sheet.write_row(3, 1, [7, 1, 6, 1])

    assert texts(read(written(write))) == [
        "Shops",
        "Region: North; 2023 Sales: 12; 2023 Profit: 3; 2022 Sales: 10; 2022 Profit: 2.",
        "Region: North; 2023 Sales: 7; 2023 Profit: 1; 2022 Sales: 6; 2022 Profit: 1.",
    ]


def test_a_bold_row_of_words_below_a_gap_names_columns_of_words():
    def write(book):
        sheet, bold = book.add_worksheet("Lists"), book.add_format({"bold": True})
        sheet.write_row(0, 0, ["Name", "City"], bold)
        sheet.write_row(1, 0, ["Anna", "Bern"])
        sheet.write_row(3, 0, ["Beat", "Basel"])
        sheet.write_row(5, 0, ["Tea", "Land"], bold)
        sheet.write_row(6, 0, ["Sencha", "Japan"])

    assert texts(read(written(write))) == [
        "Lists",
        "Name: Anna; City: Bern.",
        "Name: Beat; City: Basel.",
        "Tea: Sencha; Land: Japan.",
    ]


def test_powers_in_a_cell_are_no_digits_of_the_number_before():
    def write(book):
        raised = book.add_format({"font_script": 1})
        book.add_worksheet("Units").write_rich_string(0, 0, "10", raised, "6", " per m", raised, "2", ", H2O")

    assert texts(read(written(write))) == ["Units", "10⁶ per m², H2O"]


def test_rich_text_is_read_whole():
    def write(book):
        book.add_worksheet("Tea").write_rich_string(0, 0, "green ", book.add_format({"bold": True}), "tea")

    assert texts(read(written(write))) == ["Tea", "green tea"]


def test_a_sheet_that_claims_a_million_rows_is_quick():
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    before = time.process_time()
    assert read(with_sheet(sheet_xml(rows, "A1:XFD1048576"))) == [
        Element("Members", level=1, page=1),
        Element("1", page=1, tight=True, kind="table_row"),
        Element("2", page=1_048_576, tight=True, kind="table_row"),
    ]
    assert time.process_time() - before < 1


def test_text_in_the_cell_itself_and_rows_without_numbers_are_read():
    rows = '<row><c t="inlineStr"><is><t>tea</t></is></c></row><row hidden="1"/><row><c><v>2</v></c></row>'
    assert read(with_sheet(sheet_xml(rows))) == [
        Element("Members", level=1, page=1),
        Element("tea", page=1, tight=True, kind="table_row"),
        Element("2", page=3, tight=True, kind="table_row"),
    ]


def test_a_date_beyond_all_calendars_is_nothing_and_no_warning(recwarn):
    def write(book):
        sheet = book.add_worksheet("Days")
        sheet.write_number(0, 0, 1e9, book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_number(0, 1, 45413, book.add_format({"num_format": "yyyy-mm-dd"}))

    assert texts(read(written(write))) == ["Days", "2024-05-01"]
    assert not recwarn.list


def test_too_many_rows_in_all_are_refused():
    content = workbook(["one"], ["two"], ["three"])
    assert len(read(content, Limits(pages=3))) == 4
    with pytest.raises(ReadingError, match=r"^has more than 2 rows: split it\.$"):
        read(content, Limits(pages=2))


def test_entities_are_refused():
    with pytest.raises(ReadingError, match=r"^declares a document type in its XML"):
        read(with_sheet('<!DOCTYPE a [<!ENTITY b "tea">]>' + sheet_xml("<row><c><v>&b;</v></c></row>")))


def test_an_encrypted_workbook_is_said():
    with pytest.raises(ReadingError, match=r"^is encrypted or in the old binary format: save it as \.xlsx without"):
        read(bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600))


def test_a_workbook_whose_styles_are_wrong_is_read_without_formats():
    wrong = '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fills><fill/></fills>'
    found = read(with_sheet(wrong + '<cellXfs><xf xfId="9"/></cellXfs></styleSheet>', part="xl/styles.xml"))
    assert [element.text for element in found] == ["Members", "tea"]


def test_a_style_that_the_workbook_does_not_have_is_the_usual_one():
    found = read(with_sheet(sheet_xml('<row r="1"><c r="A1" s="77"><v>3</v></c><c r="B1"><v>4</v></c></row>')))
    assert [element.text for element in found] == ["Members", "3 | 4"]


@pytest.mark.parametrize(
    "xml", ["<worksheet", "<a/>" * 2, sheet_xml('<row r="x"/>'), sheet_xml('<row><c t="s"><v>99</v></c></row>')]
)
def test_a_damaged_sheet_is_said(xml):
    with pytest.raises(ReadingError, match=DAMAGED):
        read(with_sheet(xml))


def test_what_is_no_workbook_is_damage():
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("tea.xml", "<tea/>")
    for content in (b"", b"tea", workbook(["tea"])[:-30], stream.getvalue()):
        with pytest.raises(ReadingError, match=DAMAGED):
            read(content)


def lines(text, encoding="utf-8"):
    return [(element.page, element.text) for element in read_csv(text.encode(encoding), Limits())]


@pytest.mark.parametrize("separator", ",;\t|")
def test_the_separator_is_found(separator):
    text = "Name,City,Amount\nAnna,Bern,12.5\n\nBeat,,3\n".replace(",", separator)
    assert lines(text) == [(2, "Name: Anna; City: Bern; Amount: 12.5."), (4, "Name: Beat; Amount: 3.")]


def test_each_row_of_a_csv_file_is_a_tight_piece():
    assert list(read_csv(b"1,2\n3,4\n", Limits())) == [
        Element("1 | 2", page=1, tight=True, kind="table_row"),
        Element("3 | 4", page=2, tight=True, kind="table_row"),
    ]


def test_quoted_cells_may_hold_separators_and_lines():
    text = 'Name,Note\r\nAnna,"late, ""again"""\r\nBeat,"two\r\nlines"\r\n'
    assert lines(text) == [(2, 'Name: Anna; Note: late, "again".'), (3, "Name: Beat; Note: two lines.")]


def test_a_line_may_name_the_separator():
    assert lines("sep=;\r\nName;Sum\r\nAnna, Beat;1,5\r\n") == [(2, "Name: Anna, Beat; Sum: 1,5.")]


def test_one_column_is_lines():
    assert lines("Tea\nGreen tea, hot\nBlack tea\n") == [(1, "Tea"), (2, "Green tea | hot"), (3, "Black tea")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_the_encoding_is_found(encoding):
    rows = [f"Zürich,Müller,Bäckerei für Brötchen und Käse,{number}\n" for number in range(20)]
    found = lines("Ort,Name,Geschäft,Straße\n" + "".join(rows), encoding)
    assert found[-1] == (21, "Ort: Zürich; Name: Müller; Geschäft: Bäckerei für Brötchen und Käse; Straße: 19.")


@pytest.mark.parametrize("content", [b"\xef\xbb\xbfa\xff", b"\x00\xff\x00\xfe\x9d"])
def test_what_is_no_text_is_said(content):
    with pytest.raises(ReadingError, match=r"^is not text: save it as UTF-8 text, or leave it out\.$"):
        list(read_csv(content, Limits()))


def test_too_many_rows_of_a_csv_file_are_refused():
    with pytest.raises(ReadingError, match=r"^has more than 2 rows: split it\.$"):
        list(read_csv(b"a\nb\nc\n", Limits(pages=2)))


def test_a_quotation_mark_that_is_never_closed_is_damage():
    with pytest.raises(ReadingError, match=r"^is damaged \(field larger than field limit"):
        list(read_csv(b'a,"b\n' + b"tea,milk\n" * 500_000, Limits()))


def test_an_empty_file_has_no_pieces():
    assert list(read_csv(b"", Limits())) == []


def test_a_big_cell_is_read():
    text = "Tea. " * 40_000
    assert lines(f"Name,Note\nAnna,{text}\n") == [(2, f"Name: Anna; Note: {text.strip()}")]


def test_powers_in_a_cell_that_holds_its_own_text_are_read():
    book = openpyxl.Workbook()
    raised = TextBlock(InlineFont(vertAlign="superscript"), "6")
    for row in (["Load", "Share"], [CellRichText("10", raised, " N"), 4]):
        book.active.append(row)
    made = BytesIO()
    book.save(made)
    assert [element.text for element in read_xlsx(made.getvalue(), Limits())][1:] == ["Load: 10\u2076 N; Share: 4."]


def test_the_first_of_labels_with_values_of_many_kinds_names_no_columns():
    book = openpyxl.Workbook()
    for row in (["Name", "Tea Board"], ["Founded", 1987], ["Weight", "12 kg"], ["Seat", "Thun"]):
        book.active.append(row)
    made = BytesIO()
    book.save(made)
    assert [element.text for element in read_xlsx(made.getvalue(), Limits())][1:] == [
        "Name | Tea Board",
        "Founded | 1987",
        "Weight | 12 kg",
        "Seat | Thun",
    ]


@pytest.mark.parametrize("sign", ["^", "~", ":"])
def test_a_rare_separator_is_one_if_all_lines_have_it_equally_often(sign):
    rows = [["Lake", "Ducks"], ["Thun", "4821"], ["Zug", "7"]]
    text = "\n".join(sign.join(row) for row in rows)
    assert [one.text for one in read_csv(text.encode(), Limits())] == [
        "Lake: Thun; Ducks: 4821.",
        "Lake: Zug; Ducks: 7.",
    ]
    prose = "Lakes: a list\nThun\nZug: at 12:30\n"
    assert [one.text for one in read_csv(prose.encode(), Limits())] == ["Lakes: a list", "Thun", "Zug: at 12:30"]
