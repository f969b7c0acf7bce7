import zipfile
from io import BytesIO

import docx
import pptx
import pytest
from docx.oxml import parse_xml
from pptx.util import Inches

from index.errors import ReadingError
from index.ingest.limits import Limits
from index.ingest.readers.elements import Element
from index.ingest.readers.office.reader import read_docx, read_pptx

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DAMAGED = r"^is damaged \(.+\): save it again\.$"


def saved(file):
    stream = BytesIO()
    file.save(stream)
    return stream.getvalue()


def with_part(content, changes):
    """The same archive with some of its parts changed or added."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in {*source.namelist(), *changes}:
            before = (
                source.read(name).decode("utf-8", "replace") if name in changes and name in source.namelist() else ""
            )
            target.writestr(name, changes[name](before) if name in changes else source.read(name))
    return stream.getvalue()


def document(body):
    """A document whose body is this XML."""
    names = (
        f'xmlns:w="{WORD}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    )
    file = docx.Document()
    old = file.element.body
    old.getparent().replace(old, parse_xml(f"<w:body {names}>{body}</w:body>"))
    return saved(file)


def paragraph(text, properties=""):
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def table(*rows):
    return "<w:tbl>" + "".join(f"<w:tr>{''.join(cells)}</w:tr>" for cells in rows) + "</w:tbl>"


def cell(text, properties=""):
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


def read(content, limits=None):
    return list(read_docx(content, limits or Limits()))


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
        Element("not too hot", tight=True),
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
    assert read(document(body)) == [Element("one", tight=True), Element("two")]


def test_what_was_inserted_is_read_and_what_was_deleted_hidden_or_said_aside_is_not():
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


def test_a_document_with_macros_is_read_and_another_kind_of_file_is_said():
    plain, macros = "openxmlformats-officedocument.wordprocessingml.document", "ms-word.document.macroEnabled"
    changes = {"[Content_Types].xml": lambda xml: xml.replace(f"{plain}.main", f"{macros}.main")}
    assert read(with_part(document(paragraph("Tea.")), changes)) == [Element("Tea.")]
    with pytest.raises(ReadingError, match=r"^is not a Word document: correct its file name suffix\.$"):
        read(deck())
    with pytest.raises(ReadingError, match=r"^is damaged \(file it is not a PowerPoint file"):
        list(read_pptx(document("<w:p/>"), Limits()))


def test_headers_and_footers_are_not_read():
    file = docx.Document()
    file.sections[0].header.paragraphs[0].text = "head"
    file.sections[0].footer.paragraphs[0].text = "foot"
    file.add_paragraph("Tea.")
    assert read(saved(file)) == [Element("Tea.")]


def test_each_row_of_a_table_stands_where_it_is_and_names_its_columns():
    file = docx.Document()
    file.add_paragraph("Before.")
    grid = file.add_table(2, 2)
    for place, text in zip(grid._cells, ["Name", "Amount", "Anna", "12.5"], strict=True):
        place.text = text
    file.add_paragraph("After.")
    assert read(saved(file)) == [
        Element("Before."),
        Element("Name: Anna; Amount: 12.5.", tight=True),
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


def test_a_merged_cell_is_said_once_in_each_row():
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


def deck(*slides):
    """A deck of slides of a title and content, each by a function that fills it."""
    file = pptx.Presentation()
    for fill in slides:
        fill(file.slides.add_slide(file.slide_layouts[1]))
    return saved(file)


def read_deck(*slides, limits=None):
    return list(read_pptx(deck(*slides), limits or Limits()))


def box(slide, text, left, top):
    slide.shapes.add_textbox(Inches(left), Inches(top), Inches(1), Inches(1)).text_frame.text = text


def titled(text):
    def fill(slide):
        slide.shapes.title.text = text

    return fill


def test_a_slide_is_its_title_then_its_text():
    def fill(slide):
        slide.shapes.title.text = "Tea\vtime"
        slide.placeholders[1].text = "Steep it:\ntwo minutes\n\nnot too hot"

    assert read_deck(titled("One"), fill) == [
        Element("One", level=1, page=1),
        Element("Tea time", level=1, page=2),
        Element("Steep it:", page=2),
        Element("two minutes", page=2, tight=True),
        Element("not too hot", page=2, tight=True),
    ]


def test_texts_are_read_from_top_to_bottom_and_from_left_to_right():
    def fill(slide):
        box(slide, "bottom", 0, 6)
        box(slide, "right", 5, 4)
        box(slide, "left", 1, 4.1)
        group = slide.shapes.add_group_shape()
        box(group, "in a group below", 1, 3)
        box(group, "in a group", 1, 2)

    assert [element.text for element in read_deck(fill)] == [
        "in a group",
        "in a group below",
        "left",
        "right",
        "bottom",
    ]


def test_a_slide_without_text_is_an_empty_piece_and_a_hidden_one_nothing():
    def hide(slide):
        slide.shapes.title.text = "secret"
        slide.element.set("show", "0")

    assert read_deck(titled(""), hide, titled("Tea")) == [Element("", page=1), Element("Tea", level=1, page=3)]


def test_a_text_that_older_programs_see_as_a_picture_is_read():
    names = (
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    )

    def fill(slide):
        box(slide, "area:", 0, 0)
        shape = slide.shapes[-1].element
        both = parse_xml(
            f'<mc:AlternateContent {names}><mc:Choice Requires="a14"/><mc:Fallback/></mc:AlternateContent>'
        )
        shape.addprevious(both)
        both[0].append(shape)
        formula = parse_xml(f"<m:oMath {names}><m:r><m:t> a=b</m:t></m:r></m:oMath>")
        shape.txBody.p_lst[0].append(formula)

    assert read_deck(fill) == [Element("area: a=b", page=1)]


def test_notes_say_that_they_are_notes():
    def fill(slide):
        slide.notes_slide.notes_text_frame.text = "Speak slowly.\nSmile."

    assert read_deck(fill) == [Element("Notes: Speak slowly.", page=1), Element("Notes: Smile.", page=1)]


def test_a_table_on_a_slide_names_its_columns():
    def fill(slide):
        grid = slide.shapes.add_table(4, 2, 0, 0, Inches(4), Inches(2)).table
        for place, text in zip(
            grid.iter_cells(), ["Land", "Tea", "China", "green", "", "black", "Both", ""], strict=True
        ):
            place.text = text
        grid.cell(1, 0).merge(grid.cell(2, 0))
        grid.cell(3, 0).merge(grid.cell(3, 1))

    lines = ["Land: China; Tea: green.", "Land: China; Tea: black.", "Both."]
    assert read_deck(fill) == [Element(line, page=1, tight=True) for line in lines]


def test_what_is_hidden_and_the_foot_of_a_slide_are_not_read():
    def fill(slide):
        box(slide, "secret", 0, 0)
        slide.shapes[-1].element.nvSpPr.cNvPr.set("hidden", "1")
        slide.placeholders[1].text = "12"
        slide.placeholders[1].element.nvSpPr.nvPr.ph.set("type", "sldNum")
        box(slide, "seen", 0, 0)

    assert read_deck(fill) == [Element("seen", page=1)]


def test_too_many_slides_are_refused():
    with pytest.raises(ReadingError, match=r"^has more than 1 slides: split it\.$"):
        read_deck(titled("One"), titled("Two"), limits=Limits(pages=1))


READERS = [
    (read_docx, "word/document.xml", document("<w:p/>")),
    (read_pptx, "ppt/presentation.xml", deck(titled("Tea"))),
]


@pytest.mark.parametrize(("reader", "part", "content"), READERS)
def test_what_is_broken_is_damage(reader, part, content):
    broken = [lambda xml: xml[:-30], lambda xml: "<a/>", lambda xml: ""]
    for bad in (b"", b"tea", content[:-30], *(with_part(content, {part: change}) for change in broken)):
        with pytest.raises(ReadingError, match=DAMAGED):
            list(reader(bad, Limits()))


@pytest.mark.parametrize(("reader", "part", "content"), READERS)
def test_entities_bombs_and_passwords_are_refused(reader, part, content):
    declared = with_part(content, {part: lambda xml: '<!DOCTYPE a [<!ENTITY b "c">]>' + xml[xml.index("?>") + 2 :]})
    with pytest.raises(ReadingError, match=r"^declares a document type in its XML"):
        list(reader(declared, Limits()))
    with pytest.raises(ReadingError, match=r"^unpacks to more than 10,000 bytes: split it\.$"):
        list(reader(content, Limits(unpacked_bytes=10_000)))
    with pytest.raises(
        ReadingError, match=r"^is encrypted or in the old binary format: save it as \.(docx|pptx) without"
    ):
        list(reader(bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600), Limits()))


def test_elements_within_elements_without_end_are_damage():
    deep = "<w:sdt>" * 300 + "</w:sdt>" * 300
    content = with_part(document("<w:p/>"), {"word/document.xml": lambda xml: xml.replace("<w:p/>", deep)})
    with pytest.raises(ReadingError, match=DAMAGED):
        read(content)
