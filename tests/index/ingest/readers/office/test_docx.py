import docx
import pytest
from docx.oxml import parse_xml
from support.elements import left_out, with_text
from support.office import OFFICE, WORD, cell, deck, document, paragraph, saved, table, with_part

from index.errors import ReadingError
from index.ingest.limits import Limits
from index.ingest.readers.elements import Element
from index.ingest.readers.office.reader import read_docx, read_pptx


def read(content, limits=None):
    return with_text(read_docx(content, limits or Limits()))


def texts(body):
    return [element.text for element in read(document(body))]


def test_headings_paragraphs_and_list_items_come_in_order():
    file = docx.Document()
    file.add_heading("Tea", 0)
    file.add_heading("Green", 2)
    file.add_paragraph("Steep it for two minutes.")
    file.add_paragraph("not too hot", "List Bullet")
    file.add_paragraph("")
    file.add_paragraph("Pour it.")
    assert read(saved(file)) == [
        Element("Tea", level=1),
        Element("Green", level=2),
        Element("Steep it for two minutes."),
        Element("not too hot", tight=True, kind="list_item"),
        Element("Pour it."),
    ]


def test_a_heading_is_known_by_its_outline_level_and_its_style_s_name_in_any_language():
    styles = (
        '<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="Own"/><w:basedOn w:val="Loop"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Loop"><w:name w:val="Loop"/><w:basedOn w:val="Own"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Part"><w:name w:val="Part"/><w:basedOn w:val="berschrift1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Deep"><w:name w:val="Deep"/>'
        '<w:pPr><w:outlineLvl w:val="3"/></w:pPr></w:style></w:styles>'
    )
    names = ("berschrift1", "Part", "Deep", "Own", "Unknown")
    body = "".join(paragraph(name, f'<w:pStyle w:val="{name}"/>') for name in names)
    body += paragraph("own level", '<w:outlineLvl w:val="1"/>')
    body += paragraph("body level", '<w:pStyle w:val="Part"/><w:outlineLvl w:val="9"/>')
    content = with_part(document(body), {"word/styles.xml": lambda xml: xml.replace("</w:styles>", styles)})
    assert [(element.level, element.text) for element in read(content)] == [
        (1, "berschrift1"),
        (1, "Part"),
        (4, "Deep"),
        (0, "Own"),
        (0, "Unknown"),
        (2, "own level"),
        (0, "body level"),
    ]


def test_a_whole_paragraph_in_a_heading_s_style_is_a_paragraph():
    long = "Tea is drunk. " * 20
    assert read(document(paragraph(long, '<w:pStyle w:val="Heading1"/>'))) == [Element(long.strip())]


def test_numbered_paragraphs_are_tight_and_those_without_a_number_are_not():
    number = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{}"/></w:numPr>'
    body = paragraph("one", number.format(1)) + paragraph("two", '<w:pStyle w:val="ListBullet"/>' + number.format(0))
    assert read(document(body)) == [Element("one", tight=True, kind="list_item"), Element("two")]


def test_what_was_inserted_is_read_and_what_was_deleted_or_hidden_is_not():
    runs = (
        "<w:r><w:t>Steep </w:t></w:r><w:ins><w:r><w:t>it </w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>them </w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>moved </w:t></w:r></w:moveFrom>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret </w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>for </w:t></w:r>'
        '<w:r><w:instrText>DATE</w:instrText></w:r><w:r><w:commentReference w:id="1"/></w:r>'
        "<w:hyperlink><w:r><w:t>two</w:t></w:r></w:hyperlink><w:r><w:tab/><w:t>minutes.</w:t></w:r>"
    )
    assert texts(f"<w:p>{runs}</w:p>") == ["Steep it for two minutes."]


def test_spaces_between_words_and_line_ends_are_kept():
    runs = "<w:r><w:t>green</w:t></w:r><w:r><w:t xml:space='preserve'> </w:t></w:r><w:r><w:t>tea</w:t></w:r>"
    runs += "<w:r><w:br/><w:t>well</w:t><w:noBreakHyphen/><w:t>known</w:t><w:softHyphen/></w:r>"
    assert texts(f"<w:p>{runs}</w:p>") == ["green tea\nwell-known"]


def test_content_controls_are_read_and_a_table_of_contents_is_not():
    contents = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
    body = f"<w:sdt><w:sdtPr>{contents}</w:sdtPr><w:sdtContent>{paragraph('Tea 3')}</w:sdtContent></w:sdt>"
    body += f"<w:sdt><w:sdtContent>{paragraph('Tea.')}</w:sdtContent></w:sdt>"
    assert texts(body) == ["Tea."]
    assert left_out(read_docx(document(body), Limits())) == {"line of contents": 1}


def test_a_hidden_paragraph_is_counted_and_not_read():
    style = "<w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>"
    body = f"<w:p>{style}<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r></w:p>" + paragraph("Tea.")
    assert texts(body) == ["Tea."]


def test_a_text_box_follows_its_paragraph_and_is_read_once():
    box = f"<w:txbxContent>{paragraph('in the box')}</w:txbxContent>"
    choice = f'<mc:Choice Requires="wps"><w:drawing>{box}</w:drawing></mc:Choice>'
    both = f"<mc:AlternateContent>{choice}<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent>"
    assert texts(f"<w:p><w:r>{both}<w:t>beside it</w:t></w:r></w:p>") == ["beside it", "in the box"]


def test_formulas_are_read_as_text():
    assert texts("<w:p><m:oMath><m:r><m:t>a=b</m:t></m:r></m:oMath></w:p>") == ["a=b"]


@pytest.mark.parametrize("kind", ["footnote", "endnote"])
def test_a_note_follows_the_paragraph_that_refers_to_it(kind):
    note = f'<w:r><w:{kind}Reference w:id="2"/></w:r>'
    body = f"<w:p><w:r><w:t>Tea</w:t></w:r>{note}<w:r><w:t>.</w:t></w:r></w:p>{paragraph('Milk.')}<w:p>{note}</w:p>"
    part = (
        f'<w:{kind}s xmlns:w="{WORD}"><w:{kind} w:id="0" w:type="separator">{paragraph("---")}</w:{kind}>'
        f'<w:{kind} w:id="2">{paragraph(" From China.")}</w:{kind}></w:{kind}s>'
    )
    relation = f'<Relationship Id="rId99" Type="{OFFICE}/{kind}s" Target="{kind}s.xml"/></Relationships>'
    changes = {
        f"word/{kind}s.xml": lambda _: part,
        "word/_rels/document.xml.rels": lambda xml: xml.replace("</Relationships>", relation),
    }
    assert [element.text for element in read(with_part(document(body), changes))] == ["Tea.", "From China.", "Milk."]


def test_a_document_with_macros_is_read_and_another_kind_of_file_is_refused():
    plain, macros = "openxmlformats-officedocument.wordprocessingml.document", "ms-word.document.macroEnabled"
    changes = {"[Content_Types].xml": lambda xml: xml.replace(f"{plain}.main", f"{macros}.main")}
    assert read(with_part(document(paragraph("Tea.")), changes)) == [Element("Tea.")]
    with pytest.raises(ReadingError, match=r"^is not a Word document: correct its file name suffix\.$"):
        read(deck())
    with pytest.raises(ReadingError, match=r"^is not a PowerPoint file: correct its file name suffix\.$"):
        list(read_pptx(document("<w:p/>"), Limits()))


def test_headers_and_footers_are_read_once_and_numbers_of_pages_are_not():
    file = docx.Document()
    file.sections[0].header.paragraphs[0].text = "Contract 4711"
    field = f'<w:fldSimple xmlns:w="{WORD}" w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    foot = file.sections[0].footer.paragraphs[0]
    foot.text = "Page "
    foot._p.append(parse_xml(field))
    file.add_section()
    file.sections[1].header.is_linked_to_previous = False
    file.sections[1].header.paragraphs[0].text = "Contract 4711"
    file.add_paragraph("Tea.")
    assert [element.text for element in read(saved(file))] == ["Contract 4711", "Tea."]


def test_each_row_of_a_table_stands_where_it_is_and_names_its_columns():
    file = docx.Document()
    file.add_paragraph("Before.")
    grid = file.add_table(2, 2)
    for place, text in zip(grid._cells, ["Name", "Amount", "Anna", "12.5"], strict=True):
        place.text = text
    file.add_paragraph("After.")
    assert read(saved(file)) == [
        Element("Before."),
        Element("Name: Anna; Amount: 12.5.", tight=True, kind="table_row"),
        Element("After."),
    ]


def test_a_row_that_is_marked_or_bold_names_the_columns():
    marked = f"<w:tr><w:trPr><w:tblHeader/></w:trPr>{cell('Term')}{cell('Sense')}</w:tr>"
    rows = f"<w:tr>{cell('tea')}{cell('a drink')}</w:tr>"
    bold = marked.replace("<w:trPr><w:tblHeader/></w:trPr>", "").replace("<w:r>", "<w:r><w:rPr><w:b/></w:rPr>")
    for first in (marked, bold):
        assert texts(f"<w:tbl>{first}{rows}</w:tbl>") == ["Term: tea; Sense: a drink."]
    assert texts(table([cell("Term"), cell("Sense")], [cell("tea"), cell("a drink")])) == [
        "Term | Sense",
        "tea | a drink",
    ]


def test_a_merged_cell_is_named_once_in_each_row():
    wide, down, on = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = [
        [cell("Land"), cell("Tea"), cell("Tons")],
        [cell("China", down), cell("green"), cell("3")],
        [cell("ignored", on), cell("black"), cell("4")],
        [cell("Both", wide), cell("7")],
    ]
    assert texts(table(*rows)) == [
        "Land: China; Tea: green; Tons: 3.",
        "Land: China; Tea: black; Tons: 4.",
        "Both; Tons: 7.",
    ]


def test_a_table_in_a_cell_follows_its_row_and_a_box_is_its_paragraphs():
    inner = table([cell("one"), cell("two")])
    outer = f"<w:tc>{paragraph('left')}{inner}</w:tc>"
    assert texts(table([outer, cell("right")], [cell("a"), cell("b")])) == ["left | right", "one | two", "a | b"]
    assert read(document(table([cell("Note")], [cell("Mind the heat.")]))) == [
        Element("Note"),
        Element("Mind the heat."),
    ]


def test_a_deleted_row_is_not_read():
    gone = f"<w:tr><w:trPr><w:del/></w:trPr>{cell('a')}{cell('b')}</w:tr>"
    assert texts(f"<w:tbl>{gone}<w:tr>{cell('c')}{cell('d')}</w:tr></w:tbl>") == ["c | d"]


def test_two_header_rows_name_a_column_together():
    wide, down, on = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = [
        [cell("Zone", down), cell("2023", wide), cell("2022", wide)],
        [cell("", on), *(cell(text) for text in ("Sales", "Profit", "Sales", "Profit"))],
        [cell(text) for text in ("NA", "12553", "2713", "12138", "2284")],
    ]
    assert texts(table(*rows)) == [
        "Zone: NA; 2023 Sales: 12553; 2023 Profit: 2713; 2022 Sales: 12138; 2022 Profit: 2284."
    ]


def test_all_header_rows_that_are_marked_name_the_columns():
    mark = "<w:trPr><w:tblHeader/></w:trPr>"
    head = f"<w:tr>{mark}{cell('Tea')}{cell('Time')}</w:tr><w:tr>{mark}{cell('kind')}{cell('min')}</w:tr>"
    assert texts(f"<w:tbl>{head}<w:tr>{cell('green')}{cell('2')}</w:tr></w:tbl>") == ["Tea kind: green; Time min: 2."]


def test_a_row_that_begins_late_keeps_its_columns():
    late = f'<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{cell("4")}{cell("5")}</w:tr>'
    rows = "".join(f"<w:tr>{''.join(map(cell, row))}</w:tr>" for row in (["Name", "Sold", "Left"], ["Tea", "2", "3"]))
    assert texts(f"<w:tbl>{rows}{late}</w:tbl>") == ["Name: Tea; Sold: 2; Left: 3.", "Sold: 4; Left: 5."]
