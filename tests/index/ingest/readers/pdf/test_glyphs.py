import io

import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from index.errors import ReadingError
from index.ingest.readers.pdf.glyphs import words


def page(draw):
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(400, 400))
    draw(canvas)
    canvas.save()
    return pypdfium2.PdfDocument(buffer.getvalue())[0]


def read(draw):
    return list(words(page(draw), 1000))


def test_words_have_their_place_size_and_style():
    def draw(canvas):
        canvas.setFont("Courier-Bold", 10)
        canvas.drawString(50, 300, "hot tea")

    (_, hot), (turns, tea) = read(draw)
    assert (hot.text, hot.left, hot.base, hot.size, hot.bold, hot.fixed) == ("hot", 50, 300, 10, True, True)
    assert (turns, tea.text, tea.left, tea.right) == (0, "tea", 74, 92)


def test_a_scaled_font_has_the_size_that_it_shows():
    def draw(canvas):
        canvas.scale(2, 2)
        canvas.setFont("Helvetica", 10)
        canvas.drawString(20, 100, "tea")

    assert [(word.base, word.size) for _, word in read(draw)] == [(200, 20)]


def test_a_raised_letter_is_a_word_that_is_glued():
    def draw(canvas):
        text = canvas.beginText(50, 300)
        text.setFont("Courier", 10)
        text.textOut("tea")
        text.setFont("Courier", 6)
        text.setRise(4)
        text.textOut("1")
        canvas.drawText(text)

    assert [(word.text, word.size, word.glued) for _, word in read(draw)] == [("tea", 10, False), ("1", 6, True)]


def test_text_that_runs_upwards_is_turned_and_slanting_text_is_left_out():
    def draw(canvas):
        canvas.rotate(90)
        canvas.drawString(50, -100, "up")
        canvas.rotate(-45)
        canvas.drawString(150, 0, "DRAFT")

    ((turns, word),) = read(draw)
    assert (turns, word.text, round(word.left), round(word.base)) == (1, "up", 50, -100)


def test_a_gap_that_shows_parts_words():
    def draw(canvas):
        canvas.setFont("Courier", 10)
        canvas.drawString(50, 300, "they")
        canvas.drawString(76.4, 300, "are")

    assert [word.text for _, word in read(draw)] == ["they", "are"]


def test_more_characters_than_allowed_are_refused():
    with pytest.raises(ReadingError, match=r"^has more than 2 characters of text: split it\.$"):
        list(words(page(lambda canvas: canvas.drawString(50, 300, "tea")), 2))
