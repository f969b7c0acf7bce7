import io

import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from index.build import build
from index.errors import ReadingError
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
