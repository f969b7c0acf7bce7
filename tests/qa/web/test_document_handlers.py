"""The handlers of the document view, without a browser."""

import pytest
from reportlab.pdfgen.canvas import Canvas


def build_now(library):
    library.start_build()
    library.wait()


def test_a_document_is_opened_at_its_quote_even_if_the_quote_has_moved(document_handlers, folder, library):
    request = {"document": "coffee.txt", "quote": "Coffee comes from Ethiopia.", "start": 0}
    got = document_handlers.open(request)
    assert ">Coffee comes from Ethiopia.</mark>" in got["html"] and (got["start"], got["end"]) == (0, 27)
    (folder / "coffee.txt").write_text("First this. Coffee comes from Ethiopia.")
    build_now(library)
    got = document_handlers.open(request)
    assert 'First this. <mark class="here">Coffee comes from Ethiopia.</mark>' in got["html"]
    assert (got["start"], got["end"]) == (12, 39)
    (folder / "coffee.txt").write_text("Coffee comes from Yemen.")
    build_now(library)
    got = document_handlers.open(request)
    assert "This document has changed since it was quoted." in got["html"]
    assert "Coffee comes from <del>Ethiopia.</del><ins>Yemen.</ins>" in got["html"]
    assert '<mark class="here">Coffee comes from Yemen.</mark>' in got["html"]


def test_a_document_that_changed_since_it_was_read_says_so(document_handlers, folder):
    request = {"document": "coffee.txt", "quote": "Coffee comes from Ethiopia.", "start": 0}
    assert "has changed since it was read" not in document_handlers.open(request)["html"]
    (folder / "coffee.txt").write_text("Coffee comes from Yemen.")
    html = document_handlers.open(request)["html"]
    assert "This document has changed since it was read. Update the library, then ask again." in html
    assert "Coffee comes from <del>Ethiopia.</del><ins>Yemen.</ins>" in html
    assert '<article class="document" dir="auto" tabindex="0" aria-label="coffee.txt"><p><mark class="here">' in html
    assert html.count("Ethiopia") == 1, "the old text is shown as current"
    (folder / "coffee.txt").write_text("Listen: Coffee comes from Ethiopia.")
    assert "has changed since it was read; the quote is still in it." in document_handlers.open(request)["html"]
    (folder / "coffee.txt").unlink()
    assert "can’t be read now. This is its text as it was." in document_handlers.open(request)["html"]


@pytest.fixture
def cocoa(folder, library):
    """A PDF file of three pages."""
    canvas = Canvas(str(folder / "cocoa.pdf"))
    for text in ("Cocoa is drunk sweet.", "Milk is cold.", "Water is wet."):
        canvas.drawString(72, 700, text)
        canvas.showPage()
    canvas.save()
    build_now(library)
    return folder / "cocoa.pdf"


def test_the_pages_of_a_pdf_are_drawn_with_the_quote_marked(document_handlers, cocoa):
    got = document_handlers.open({"document": "cocoa.pdf", "quote": "Milk is cold.", "start": 0})
    assert (got["pictures"], got["page"]) == (True, 2)
    for number, marks in ((1, 0), (2, 1), (3, 0)):
        page = document_handlers.page(
            {"document": "cocoa.pdf", "page": number, "start": got["start"], "end": got["end"]}
        )
        assert page["image"].startswith("data:image/png;base64,")
        assert (page["page"], page["pages"], len(page["marks"])) == (number, 3, marks)


def test_a_page_of_a_changed_file_is_not_drawn(document_handlers, cocoa):
    with cocoa.open("ab") as file:
        file.write(b"%")
    page = document_handlers.page({"document": "cocoa.pdf", "page": 1})
    assert "cocoa.pdf has changed since it was read" in page["problem"] and "image" not in page


def test_other_documents_have_no_pictures(document_handlers):
    assert document_handlers.open({"document": "tea.md"})["pictures"] is False
    assert "no pages" in document_handlers.page({"document": "tea.md", "page": 1})["problem"]


@pytest.mark.parametrize(
    "path", ["/etc/hostname", "../index/index.sqlite", "..\\x", "%2e%2e/x", "C:\\x", "tea.md\0", "x" * 4_000]
)
def test_a_path_outside_the_index_is_not_opened(document_handlers, path):
    gone = "This document is no longer in the index."
    assert document_handlers.open({"document": path})["html"] == f'<p class="stale">{gone}</p>'
    assert document_handlers.page({"document": path, "page": 1}) == {"problem": gone}
