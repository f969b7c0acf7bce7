from index.types import Block, Document
from qa.web.document_view import QuotePlace, document_html, find_place


def test_a_document_is_text_with_its_headings_and_one_mark():
    document = Document(path="a.md", text="Tea <x>\n\nHot ${x}. Sweet.", blocks=(Block(0, 7, 1), Block(9, 25)))
    html = document_html(document, QuotePlace(quote="Sweet.", span=(19, 25)))
    assert '<h3 id="part-0" tabindex="-1">Tea &lt;x&gt;</h3>' in html
    assert "<p>Hot &#36;&#123;x}. <mark" in html
    assert ">Sweet.</mark></p>" in html


def test_a_document_shows_where_its_pages_begin():
    text = "One.\n\nMore.\n\nThree."
    blocks = (Block(0, 4), Block(6, 11), Block(13, 19))
    document = Document(path="a.pdf", text=text, blocks=blocks, pages=((0, 1), (11, 2), (13, 3)))
    html = document_html(document, QuotePlace(quote="One.", span=(0, 4)))
    assert html.index(">page 1</p>") < html.index("One.") < html.index("More.") < html.index(">page 3<")
    assert ">page 2<" not in html


def test_a_document_has_its_headings_as_contents():
    document = Document(path="a.md", text="Tea\n\nHot.\n\nIced", blocks=(Block(0, 3, 1), Block(5, 9), Block(11, 15, 2)))
    html = document_html(document, QuotePlace(quote="Hot.", span=(5, 9)))
    assert '<li class="level1"><a href="#part-0">Tea</a></li><li class="level2"><a href="#part-2">Iced</a></li>' in html
    assert '<h4 id="part-2" tabindex="-1">Iced</h4>' in html
    assert "Contents" not in document_html(Document(path="a.txt", text="Tea."), QuotePlace())


def test_a_quote_is_found_where_it_stands_now():
    document = Document(path="a.md", text="Hot tea. Tea.")
    assert find_place(document, "Tea.", 9).span == (9, 13)
    assert find_place(document, "Tea.", 2).span == (9, 13)
    assert find_place(document, "Coffee.", 0) == QuotePlace(quote="Coffee.")
    assert find_place(document, "", 0) == QuotePlace()


def test_a_quote_that_is_gone_is_shown_as_what_it_was():
    document = Document(path="a.md", text="Tea.")
    html = document_html(document, find_place(document, "Coffee.", 0))
    assert "This document no longer contains the quote:" in html and "<del>Coffee.</del>" in html
    assert "no longer" not in document_html(document, find_place(document, "Tea.", 0))
    assert "no longer" not in document_html(document, QuotePlace())


def test_an_edited_quote_is_shown_then_and_now_and_its_new_text_is_highlighted():
    document = Document(path="a.md", text="One. The *line* opened in 2014. Two.")
    html = document_html(document, find_place(document, "The *line* opened in 2013.", 5))
    assert "This document has changed since it was quoted. The quote, then and now:" in html
    assert '<p class="compared" dir="auto">The line opened in <del>2013.</del><ins>2014. </ins></p>' in html
    assert '<mark class="here">The <em>line</em> opened in 2014.</mark> Two.' in html


def test_the_header_of_a_table_names_its_columns_and_numbers_stay():
    text = "| Day | Hours |\n|---|---|\n| Monday | 10 |\n\n3. Go."
    blocks = (Block(2, 13, 0, "table_row"), Block(28, 39, 0, "table_row"), Block(46, 49, 0, "list_item"))
    html = document_html(Document(path="a.md", text=text, blocks=blocks), QuotePlace())
    assert '<th scope="col">Day</th><th scope="col">Hours</th>' in html and "<td>Monday</td>" in html
    assert '<li value="3">Go.</li>' in html


def test_only_a_document_with_pictures_has_two_views():
    document = Document(path="a.pdf", text="Tea.", pages=((0, 1),))
    html = document_html(document, QuotePlace(), has_pictures=True)
    assert 'data-view="pages"' in html and '<div class="pages"' in html and 'aria-label="a.pdf" hidden>' in html
    assert "data-view" not in document_html(document, QuotePlace())
