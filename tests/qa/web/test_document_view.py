from index.types import Block, Document
from qa.web.document_view import document_html, find_quote


def test_a_document_is_text_with_its_headings_and_one_mark():
    document = Document(path="a.md", text="Tea <x>\n\nHot ${x}. Sweet.", blocks=(Block(0, 7, 1), Block(9, 25)))
    html = document_html(document, (19, 25))
    assert '<h3 id="part-0" tabindex="-1">Tea &lt;x&gt;</h3>' in html
    assert "<p>Hot &#36;&#123;x}. <mark" in html
    assert ">Sweet.</mark></p>" in html


def test_a_document_shows_where_its_pages_begin():
    text = "One.\n\nMore.\n\nThree."
    blocks = (Block(0, 4), Block(6, 11), Block(13, 19))
    document = Document(path="a.pdf", text=text, blocks=blocks, pages=((0, 1), (11, 2), (13, 3)))
    html = document_html(document, (0, 4))
    assert html.index(">page 1</p>") < html.index("One.") < html.index("More.") < html.index(">page 3<")
    assert ">page 2<" not in html


def test_a_document_has_its_headings_as_contents():
    document = Document(path="a.md", text="Tea\n\nHot.\n\nIced", blocks=(Block(0, 3, 1), Block(5, 9), Block(11, 15, 2)))
    html = document_html(document, (5, 9))
    assert '<li class="level1"><a href="#part-0">Tea</a></li><li class="level2"><a href="#part-2">Iced</a></li>' in html
    assert '<h4 id="part-2" tabindex="-1">Iced</h4>' in html
    assert "Contents" not in document_html(Document(path="a.txt", text="Tea."), (0, 3))


def test_a_quote_is_found_where_it_stands_now():
    document = Document(path="a.md", text="Hot tea. Tea.")
    assert find_quote(document, "Tea.", 9) == (9, 13)
    assert find_quote(document, "Tea.", 2) == (9, 13)
    assert find_quote(document, "Coffee.", 0) is None


def test_a_quote_that_is_gone_is_shown_as_what_it_was():
    html = document_html(Document(path="a.md", text="Tea."), None, "Coffee.")
    assert "This document no longer contains the quote:" in html and '<del dir="auto">Coffee.</del>' in html
    assert "no longer" not in document_html(Document(path="a.md", text="Tea."), (0, 4), "Tea.")
    assert "no longer" not in document_html(Document(path="a.md", text="Tea."), None)


def test_only_a_document_with_pictures_has_two_views():
    document = Document(path="a.pdf", text="Tea.", pages=((0, 1),))
    html = document_html(document, None, has_pictures=True)
    assert 'data-view="pages"' in html and '<div class="pages"' in html and 'aria-label="a.pdf" hidden>' in html
    assert "data-view" not in document_html(document, None)
