import io
import zipfile

import pytest
from support.elements import left_out, with_text

from index.errors import ReadingError
from index.ingest.limits import Limits
from index.ingest.readers.elements import Element
from index.ingest.readers.opendocument.reader import read_sheets, read_slides, read_text

SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office",
        "style": "style",
        "text": "text",
        "table": "table",
        "draw": "drawing",
        "chart": "chart",
        "presentation": "presentation",
        "svg": "svg-compatible",
    }.items()
)
OTHERS = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'


def packed(body, styles="", **more):
    made = io.BytesIO()
    root = f"<office:document-content {SPACES} {OTHERS}>"
    content = f"{root}<office:automatic-styles>{styles}</office:automatic-styles><office:body>{body}</office:body>"
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("content.xml", f"{content}</office:document-content>")
        for name, xml in more.items():
            archive.writestr(name.replace("__", "/") + ".xml", f"<root {SPACES} {OTHERS}>{xml}</root>")
    return made.getvalue()


def text(body, styles="", **more):
    return list(read_text(packed(f"<office:text>{body}</office:text>", styles, **more), Limits()))


def texts(body, styles=""):
    return [element.text for element in text(body, styles)]


def p(words):
    return f"<text:p>{words}</text:p>"


def row(*cells):
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def cell(words, properties=""):
    return f"<table:table-cell {properties}>{p(words)}</table:table-cell>"


LEVELS = (
    '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="1" '
    'style:num-suffix="."/><text:list-level-style-number text:level="2" style:num-format="a" text:display-levels="2" '
    'style:num-prefix="(" style:num-suffix=")"/></text:list-style>'
    '<text:list-style style:name="B"><text:list-level-style-bullet text:level="1"/></text:list-style>'
)


def test_headings_paragraphs_and_numbered_lists_come_in_order():
    inner = f"<text:list><text:list-item>{p('deep')}</text:list-item></text:list>"
    items = f"<text:list-item>{p('one')}</text:list-item><text:list-item>{p('two')}{inner}</text:list-item>"
    body = (
        '<text:h text:outline-level="2">Green</text:h>'
        + p("Steep<text:s text:c='2'/>it.")
        + f'<text:list text:style-name="L">{items}</text:list>'
        + '<text:list text:style-name="L" text:continue-numbering="true">'
        + f"<text:list-item>{p('three')}</text:list-item></text:list>"
        + f'<text:list text:style-name="B"><text:list-item>{p("dot")}</text:list-item></text:list>'
    )
    assert text(body, LEVELS) == [
        Element("Green", level=2),
        Element("Steep  it."),
        Element("1. one", tight=True, kind="list_item"),
        Element("2. two", tight=True, kind="list_item"),
        Element("(2.a) deep", tight=True, kind="list_item"),
        Element("3. three", tight=True, kind="list_item"),
        Element("dot", tight=True, kind="list_item"),
    ]


def test_powers_and_indices_are_no_digits_of_the_number_before():
    styles = "".join(
        f'<style:style style:name="{name}"><style:text-properties style:text-position="{position} 58%"/></style:style>'
        for name, position in (("up", "super"), ("down", "-33%"))
    )
    words = '10<text:span text:style-name="up">6</text:span> H<text:span text:style-name="down">2</text:span>O'
    assert texts(p(words), styles) == ["10⁶ H₂O"]


def test_notes_comments_and_frames_follow_their_paragraph():
    note = f"<text:note-citation>1</text:note-citation><text:note-body>{p('From China.')}</text:note-body>"
    note = f"<text:note>{note}</text:note>"
    comment = f"<office:annotation><dc:creator>Ada</dc:creator>{p('Is it?')}</office:annotation>"
    frame = f"<draw:text-box>{p('In the box.')}</draw:text-box><svg:desc>A kettle on fire</svg:desc>"
    frame = f"<draw:frame>{frame}</draw:frame>"
    assert texts(p(f"Tea{note}{comment}{frame}.")) == [
        "Tea.",
        "From China.",
        "Comment by Ada: Is it?",
        "Picture: A kettle on fire",
        "In the box.",
    ]


def test_a_table_names_its_columns_in_two_rows_and_merged_cells_go_on():
    covered = "<table:covered-table-cell/>"
    rows = [
        row(cell("Zone", 'table:number-rows-spanned="2"'), cell("2023", 'table:number-columns-spanned="2"'), covered),
        row(covered, cell("Sales"), cell("Profit")),
        row(cell("NA", 'table:number-rows-spanned="2"'), cell("12"), cell("2")),
        row(covered, cell("10"), cell("1")),
    ]
    assert texts(f"<table:table>{''.join(rows)}</table:table>") == [
        "Zone: NA; 2023 Sales: 12; 2023 Profit: 2.",
        "Zone: NA; 2023 Sales: 10; 2023 Profit: 1.",
    ]


def test_a_formula_is_as_it_was_written_and_a_chart_has_its_values():
    body = "".join(p(f'<draw:frame><draw:object xlink:href="./O{number}"/></draw:frame>') for number in (1, 2))
    math = '<math xmlns="http://www.w3.org/1998/Math/MathML"><annotation>a over b</annotation></math>'
    values = row(cell("Lake"), cell("Ducks")) + row(cell("Thun"), cell("4821"))
    chart = f"<chart:chart><chart:title>{p('Survey')}</chart:title><table:table>{values}</table:table></chart:chart>"
    content = packed(f"<office:text>{body}</office:text>", O2__content=chart)
    with zipfile.ZipFile(stream := io.BytesIO(content), "a") as archive:
        archive.writestr("O1/content.xml", math)
    assert [(element.text, element.kind) for element in read_text(stream.getvalue(), Limits())] == [
        ("a over b", "formula"),
        ("Chart: Survey", "paragraph"),
        ("Lake: Thun; Ducks: 4821.", "table_row"),
    ]


def test_headers_and_footers_are_read_once():
    pages = f"<style:master-page><style:header>{p('Contract 4711, Tea Board')}</style:header></style:master-page>" * 2
    content = packed(f"<office:text>{p('Tea.')}</office:text>")
    with zipfile.ZipFile(stream := io.BytesIO(content), "a") as archive:
        archive.writestr("styles.xml", f"<root {SPACES}>{pages}</root>")
    assert [element.text for element in read_text(stream.getvalue(), Limits())] == ["Contract 4711, Tea Board", "Tea."]


def test_sheets_are_read_as_they_are_shown():
    rows = [
        row(cell("Region"), cell("Sold")),
        row(cell("North", 'table:number-rows-spanned="2"'), cell("1’200")),
        row("<table:covered-table-cell/>", cell("7")),
        '<table:table-row table:visibility="collapse">' + cell("secret") + cell("9") + "</table:table-row>",
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell/></table:table-row>',
    ]
    sheets = f'<table:table table:name="Tea">{"".join(rows)}</table:table>'
    hidden = '<style:style style:name="h"><style:table-properties table:display="false"/></style:style>'
    sheets += f'<table:table table:name="No" table:style-name="h">{row(cell("secret"))}</table:table>'
    content = packed(f"<office:spreadsheet>{sheets}</office:spreadsheet>", hidden)
    assert left_out(read_sheets(content, Limits())) == {"hidden row": 1, "hidden sheet": 1}
    assert with_text(read_sheets(content, Limits())) == [
        Element("Tea", level=1, page=2),
        Element("Region: North; Sold: 1’200.", page=2, tight=True, kind="table_row"),
        Element("Region: North; Sold: 7.", page=3, tight=True, kind="table_row"),
    ]


def test_slides_have_a_title_texts_and_notes():
    def frame(words, of):
        return f'<draw:frame presentation:class="{of}"><draw:text-box>{p(words)}</draw:text-box></draw:frame>'

    notes = f"<presentation:notes>{frame('Speak slowly.', 'notes')}</presentation:notes>"
    shapes = frame("Steep it.", "outline") + frame("Tea", "title") + frame("7", "page-number")
    pages = f"<draw:page>{shapes}{notes}</draw:page>"
    content = packed(f"<office:presentation>{pages}<draw:page/></office:presentation>")
    assert list(read_slides(content, Limits())) == [
        Element("Tea", level=1, page=1),
        Element("Steep it.", page=1),
        Element("Notes: Speak slowly.", page=1),
        Element("", page=2),
    ]


def test_an_encrypted_file_is_refused():
    content = packed("<office:text/>")
    with zipfile.ZipFile(stream := io.BytesIO(content), "a") as archive:
        archive.writestr("META-INF/manifest.xml", "<manifest><encryption-data/></manifest>")
    with pytest.raises(ReadingError, match=r"^is encrypted: save it without a password\.$"):
        list(read_text(stream.getvalue(), Limits()))


@pytest.mark.parametrize("content", [b"", b"tea", packed("")[:-30], packed("")])
def test_what_is_broken_is_damage(content):
    with pytest.raises(ReadingError, match=r"^is damaged \(.*\): save it again\.$"):
        list(read_text(content, Limits()))
