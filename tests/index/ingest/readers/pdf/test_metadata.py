import io

import pytest
from reportlab.pdfgen.canvas import Canvas

from index.ingest.readers.pdf.metadata import page_labels


def pdf(*labels):
    """A PDF file with a page for each label: the style, the first number, and what comes before it."""
    content = io.BytesIO()
    canvas = Canvas(content)
    for number, (style, start, prefix) in enumerate(labels):
        canvas.addPageLabel(number, style, start, prefix)
        canvas.drawString(72, 720, "Green tea steeps for two minutes.")
        canvas.showPage()
    canvas.save()
    return content.getvalue()


def test_the_printed_numbers_of_pages_are_read():
    labels = pdf(("ROMAN_LOWER", 1, ""), ("ARABIC", 1, ""), ("ARABIC", 5, "A-"))
    assert page_labels(labels) == ("i", "1", "A-5")


@pytest.mark.parametrize("prefix", ["Page ", "page", "p. ", "Seite "])
def test_the_word_page_is_no_part_of_a_number(prefix):
    assert page_labels(pdf(("ARABIC", 7, prefix), ("ROMAN_LOWER", 2, prefix))) == ("7", "ii")
    assert page_labels(pdf(("ARABIC", 1, prefix), ("ARABIC", 2, prefix))) == ()


def test_a_word_that_begins_with_page_stays():
    assert page_labels(pdf((None, None, "Pagelet"), (None, None, "page of honour"))) == ("Pagelet", "page of honour")


def test_pages_without_labels_have_none():
    content = io.BytesIO()
    canvas = Canvas(content)
    canvas.drawString(72, 720, "Green tea.")
    canvas.save()
    assert page_labels(content.getvalue()) == ()
