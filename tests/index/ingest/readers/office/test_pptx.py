import io

import pytest
from docx.oxml import parse_xml
from PIL import Image
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches
from support.elements import left_out, with_text
from support.office import OFFICE, box, deck, titled, with_part

from index.errors import ReadingError
from index.ingest.limits import Limits
from index.ingest.readers.elements import Element
from index.ingest.readers.office.reader import read_pptx


def read_deck(*slides, limits=None):
    return with_text(read_pptx(deck(*slides), limits or Limits()))


def test_a_slide_is_its_title_then_its_text():
    def fill(slide):
        slide.shapes.title.text = "Tea\vtime"
        slide.placeholders[1].text = "Steep it:\ntwo minutes\n\nnot too hot"

    assert read_deck(titled("One"), fill) == [
        Element("One", level=1, page=1),
        Element("Tea time", level=1, page=2),
        Element("Steep it:", page=2, kind="list_item"),
        Element("two minutes", page=2, tight=True, kind="list_item"),
        Element("not too hot", page=2, tight=True, kind="list_item"),
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
    assert left_out(read_pptx(deck(titled("Tea"), hide), Limits())) == {"hidden slide": 1}


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
    assert read_deck(fill) == [Element(line, page=1, tight=True, kind="table_row") for line in lines]


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


def chart(slide):
    data = CategoryChartData(number_format="0.0%")
    data.categories = ["North", "South"]
    data.add_series("Ducks", (0.125, 0.5))
    data.add_series("Geese", (0.25, None))
    shape = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, Inches(4), Inches(3), data)
    shape.chart.has_title = True
    shape.chart.chart_title.text_frame.text = "Survey of the lakes"


def test_a_chart_is_its_title_and_the_values_of_each_category():
    assert read_deck(chart) == [
        Element("Chart: Survey of the lakes", page=1),
        Element("North; Ducks: 12.5%; Geese: 25.0%.", page=1, tight=True, kind="table_row"),
        Element("South; Ducks: 50.0%.", page=1, tight=True, kind="table_row"),
    ]


def test_ink_and_unknown_shapes_do_not_keep_a_deck_from_being_read():
    names = (
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:x="urn:unknown"'
    )

    def fill(slide):
        slide.shapes.title.text = "Budget"
        tree = slide.shapes._spTree
        for content in ("<p:contentPart/>", "<x:shape/>"):
            choice = f'<mc:Choice Requires="p14">{content}</mc:Choice><mc:Fallback/>'
            tree.append(parse_xml(f"<mc:AlternateContent {names}>{choice}</mc:AlternateContent>"))
        tree.append(parse_xml(f"<p:contentPart {names}/>"))

    assert read_deck(fill) == [Element("Budget", level=1, page=1)]


def test_powers_are_no_digits_of_the_number_before():
    def fill(slide):
        slide.shapes.title.text = "Load of 10"
        for target, texts in (
            (slide.shapes.title, ("6",)),
            (slide.placeholders[1], ("The bridge bears 10", "5", " N per m", "2")),
        ):
            for number, text in enumerate(texts, start=len(texts) % 2):
                run = target.text_frame.paragraphs[0].add_run()
                run.text = text
                if number % 2:
                    run.font._element.set("baseline", "30000")

    assert [element.text for element in read_deck(fill)] == ["Load of 10⁶", "The bridge bears 10⁵ N per m²"]


def test_numbered_paragraphs_have_their_numbers():
    def fill(slide):
        frame = slide.placeholders[1].text_frame
        frame.text = "Open the lid.\nFirst the left side.\nClose it.\nRest."
        kinds = ('type="arabicPeriod" startAt="3"', 'type="alphaLcParenBoth"', 'type="arabicPeriod" startAt="3"')
        for paragraph, kind in zip(frame.paragraphs, kinds, strict=False):
            paragraph.level = int("alpha" in kind)
            names = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
            paragraph._p.get_or_add_pPr().append(parse_xml(f"<a:buAutoNum {names} {kind}/>"))

    assert [element.text for element in read_deck(fill)] == [
        "3. Open the lid.",
        "(a) First the left side.",
        "4. Close it.",
        "Rest.",
    ]


def test_the_alternative_text_of_a_picture_is_read():
    def fill(slide):
        picture = io.BytesIO()
        Image.new("RGB", (2, 2)).save(picture, "PNG")
        slide.shapes.add_picture(picture, 0, 0)._element.nvPicPr.cNvPr.set("descr", "Map of the two lakes")

    assert read_deck(fill) == [Element("Picture: Map of the two lakes", page=1)]


def test_a_comment_has_its_author():
    names = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    authors = f'<p:cmAuthorLst {names}><p:cmAuthor id="4" name="Ada Amstutz"/></p:cmAuthorLst>'
    comment = f'<p:cmLst {names}><p:cm authorId="4"><p:text>Is it?</p:text></p:cm></p:cmLst>'
    relation = '<Relationship Id="rId99" Type="{}/{}" Target="{}"/></Relationships>'

    def related(kind, target):
        return lambda xml: xml.replace("</Relationships>", relation.format(OFFICE, kind, target))

    content = with_part(
        deck(titled("Budget")),
        {
            "ppt/comments/comment1.xml": lambda _: comment,
            "ppt/commentAuthors.xml": lambda _: authors,
            "ppt/slides/_rels/slide1.xml.rels": related("comments", "../comments/comment1.xml"),
            "ppt/_rels/presentation.xml.rels": related("commentAuthors", "commentAuthors.xml"),
        },
    )
    found = list(read_pptx(content, Limits()))
    assert [element.text for element in found] == ["Budget", "Comment by Ada Amstutz: Is it?"]
