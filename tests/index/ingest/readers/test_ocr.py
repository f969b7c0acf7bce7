import io

import docx
import pptx
import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from index.build import build
from index.errors import ReadingError
from index.ingest.formats import read
from index.ingest.limits import Limits
from index.ingest.readers.ocr import program
from index.ingest.sandbox import Parser
from index.search.searcher import Searcher
from qa.answer.pipeline import answer
from qa.formatting import place_name
from qa.web.evidence_view import evidence_html

needs_tesseract = pytest.mark.skipif(program() is None, reason="needs tesseract")
SAID = "Green tea steeps for two minutes."


def scanned(*pages):
    """A PDF whose pages are pictures of text, as a scanner makes them."""
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(595, 842))
    for text in pages:
        picture = Image.new("L", (2480, 3508), 255)
        ImageDraw.Draw(picture).text((300, 400), text, fill=0, font=ImageFont.load_default(80))
        canvas.drawImage(ImageReader(picture), 0, 0, 595, 842)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def test_a_scanned_file_is_never_read_as_an_empty_one():
    with (
        Parser() as parser,
        pytest.raises(ReadingError, match=r"^scan\.pdf holds no text, only pictures or nothing: build"),
    ):
        parser.read("scan.pdf", scanned(SAID))


@needs_tesseract
def test_a_scanned_page_is_read_if_asked_for_and_marked(folder, index, model):
    (folder / "scan.pdf").write_bytes(scanned("", SAID))
    (folder / "tea.md").unlink()
    *_, report = build(folder, index, model, limits=Limits(ocr=True))
    assert report.partial == {"scan.pdf": "scan.pdf is only partly read: page 1 has no text, only pictures or nothing."}
    reply = answer("How long does green tea steep?", Searcher(index, model))
    (citation,) = reply.citations
    assert citation.quote == SAID
    assert place_name(citation.passage, citation.start) == "scan.pdf, page 2 (recognised)"
    assert "may contain errors" in evidence_html(reply, 0)


def table_picture():
    """A picture of a heading line and a table."""
    picture = Image.new("L", (1800, 700), 255)
    font, pen = ImageFont.load_default(48), ImageDraw.Draw(picture)
    pen.text((60, 60), "Values of the blood test in the morning.", fill=0, font=font)
    rows = [("Test", "Result", "Range"), ("Heart rate", "78", "60-100"), ("Glucose", "126", "70-100")]
    for place, row in enumerate(rows):
        for at, text in enumerate(row):
            pen.text((60 + 600 * at, 240 + 110 * place), text, fill=0, font=font)
    return picture


TABLE_LINES = [
    ("paragraph", "Values of the blood test in the morning."),
    ("table_row", "Test: Heart rate; Result: 78; Range: 60-100."),
    ("table_row", "Test: Glucose; Result: 126; Range: 70-100."),
]


def kinds(document):
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


@needs_tesseract
@pytest.mark.parametrize("turned", [0, 180])
def test_the_rows_of_a_scanned_table_are_rows_whichever_way_up_the_page_is(turned):
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(595, 842))
    page = Image.new("L", (2000, 2830), 255)
    page.paste(table_picture(), (100, 200))
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(48)
    for line in range(8):
        pen.text((160, 1100 + 110 * line), "The doctor reads all of the values with care.", 0, font)
    canvas.drawImage(ImageReader(page.rotate(turned)), 0, 0, 595, 842)
    canvas.save()
    document = read("scan.pdf", made.getvalue(), Limits(ocr=True))
    assert (kinds(document)[:3], document.ocr_pages) == (TABLE_LINES, (1,))


@needs_tesseract
def test_pictures_in_documents_and_slides_are_recognised():
    picture, word, deck = io.BytesIO(), io.BytesIO(), io.BytesIO()
    table_picture().save(picture, "PNG")
    letter, slides = docx.Document(), pptx.Presentation()
    letter.add_picture(picture)
    letter.save(word)
    slides.slides.add_slide(slides.slide_layouts[6]).shapes.add_picture(picture, 0, 0)
    slides.save(deck)
    assert kinds(read("letter.docx", word.getvalue(), Limits(ocr=True))) == TABLE_LINES
    document = read("deck.pptx", deck.getvalue(), Limits(ocr=True))
    assert (kinds(document), document.ocr_pages) == (TABLE_LINES, (1,))
    with pytest.raises(ReadingError, match=r"^deck\.pptx holds no text, only pictures or nothing: build with --ocr"):
        read("deck.pptx", deck.getvalue())


@needs_tesseract
def test_a_picture_on_a_page_with_text_is_recognised():
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(595, 842))
    canvas.drawString(70, 780, "The doctor reads all of the values.")
    canvas.drawImage(ImageReader(table_picture()), 70, 400, 450, 175)
    canvas.save()
    text = ("paragraph", "The doctor reads all of the values.")
    document = read("letter.pdf", made.getvalue(), Limits(ocr=True))
    assert (kinds(document), document.ocr_pages) == ([text, *TABLE_LINES], (1,))
    assert kinds(read("letter.pdf", made.getvalue())) == [text]
