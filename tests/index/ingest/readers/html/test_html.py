import pytest
from support.elements import with_text

from index.errors import ReadingError
from index.ingest.limits import Limits
from index.ingest.readers.elements import Element
from index.ingest.readers.html.page_tree import decode_as
from index.ingest.readers.html.reader import html_elements, read_html


def read(page, limits=None):
    content = page if isinstance(page, bytes) else page.encode()
    return with_text(read_html(content, limits or Limits()))


def texts(page):
    return [element.text for element in read(page)]


def test_headings_have_their_level_and_paragraphs_none():
    assert read("<h1>Tea</h1><p>Steep it.</p><h3>Green <i>tea</i></h3>Bare text.") == [
        Element("Tea", level=1),
        Element("Steep it."),
        Element("Green tea", level=3),
        Element("Bare text."),
    ]


def test_the_title_is_the_heading_of_a_page_without_any():
    assert read("<title>Tea\n notes</title><p>Steep it.") == [Element("Tea notes", level=1), Element("Steep it.")]
    assert read("<title>Tea notes</title><h2>Tea</h2>") == [Element("Tea", level=2)]


def test_blocks_part_words_and_inline_elements_do_not():
    assert texts("<div>One<div>two</div>three</div>") == ["One", "two", "three"]
    assert texts("<p>un<b>believ</b>able<span> tea</span>") == ["unbelievable tea"]
    assert texts("<p><a href=a>Green</a><a href=b>Black</a>, milk<img alt=jug>sugar") == ["Green Black, milk sugar"]


def test_blanks_collapse_and_line_breaks_stay():
    assert texts("<p> One\n\t two&nbsp; three <br>\n four <br><br> five") == ["One two three\nfour", "five"]


def test_characters_without_width_are_not_read():
    assert texts("<p>stee\u200bp&shy;ing \ufefftea&#8203;") == ["steeping tea"]


def test_items_are_tight_and_ordered_ones_keep_their_number():
    assert read("<ul><li>milk<ol start=3><li>eggs<li value=7><p>salt<p>and pepper<li>rice</ol>later</ul>") == [
        Element(text, tight=True, kind="list_item")
        for text in ("milk", "3. eggs", "7. salt", "and pepper", "8. rice", "later")
    ]


def test_lettered_and_reversed_lists_keep_their_marks():
    assert texts("<ol type=A start=2><li>x</ol><ol type=i><li>y<li>z</ol><ol reversed><li>p<li>q</ol>") == [
        "B. x",
        "i. y",
        "ii. z",
        "2. p",
        "1. q",
    ]


def test_a_term_stands_before_its_definition():
    assert read("<dl><dt>Oolong<dt>Wulong:<dd>Half green.<dt>Sencha<dd>Green.</dl>") == [
        Element("Oolong, Wulong: Half green.", tight=True, kind="list_item"),
        Element("Sencha: Green.", tight=True, kind="list_item"),
    ]


def test_a_term_stands_alone_before_more_than_a_paragraph():
    page = "<dl><dt>brew()<dd><p>Makes tea.<p>Slowly.<dt>pour()<dd><pre>pour(tea)</pre><dt>lone</dl>"
    assert read(page) == [
        Element("brew(): Makes tea."),
        Element("Slowly."),
        Element("pour()"),
        Element("pour(tea)", kind="code"),
        Element("lone"),
    ]


def test_terms_and_items_outside_of_lists_are_read():
    assert texts("<dt>Oolong<dd>Half green.</dd><li>milk</li>") == ["Oolong: Half green.", "milk"]


def test_code_keeps_its_lines_and_is_parted_where_a_line_begins_anew_after_a_blank_one():
    page = "<pre>\n  def brew():\n\n      <b>steep</b>()\n\n  brew()\n</pre>"
    assert texts(page) == ["def brew():\n\n    steep()", "brew()"]


def test_a_row_names_its_columns_and_a_caption_stands_above():
    page = (
        "<table><caption>Teas</caption><tr><th>Tea<th>Minutes<tr><td>Green<td>2<tr><td>Black<td><p>5</p>or more</table>"
    )
    assert read(page) == [
        Element("Teas"),
        Element("Tea: Green; Minutes: 2.", tight=True, kind="table_row"),
        Element("Tea: Black; Minutes: 5; or more.", tight=True, kind="table_row"),
    ]


def test_a_table_that_lays_out_a_page_is_read_cell_by_cell():
    assert read("<table><tr><td>Menu<td><h2>Tea</h2><p>Steep it.</table>") == [
        Element("Menu"),
        Element("Tea", level=2),
        Element("Steep it."),
    ]


def test_powers_are_not_glued_to_numbers_and_marks_of_notes_not_to_words():
    page = "<p>10<sup>6</sup> m<sup>2</sup> of tea<sup>1</sup>, milk<sup><a href=#n>[2]</a></sup> and H<sub>2</sub>O"
    assert texts(page) == ["10⁶ m² of tea ¹, milk and H₂O"]


def test_a_quotation_has_its_marks_and_a_formula_its_source():
    page = (
        "<p><q>Tea</q> is <math><mfrac><mn>1</mn><mn>2</mn></mfrac><annotation encoding=TeX-tex>1/2</annotation></math>"
    )
    assert texts(page) == ["“Tea” is 1/2"]


@pytest.mark.parametrize(
    "content",
    [
        "<p>Café “noir”".encode(),
        "<p>Café “noir”".encode("utf-16"),
        "<p>Café “noir”".encode("utf-8-sig"),
        "<meta charset=iso-8859-1><p>Café “noir”".encode("cp1252"),
        '<meta http-equiv=x content="text/html; charset=windows-1252"><p>Café “noir”'.encode("cp1252"),
        '<?xml version="1.0" encoding="windows-1252"?><p>Café “noir”</p>'.encode("cp1252"),
        "<meta charset=nonsense><p>Café “noir”".encode(),
    ],
)
def test_any_encoding_is_told(content):
    assert texts(content) == ["Café “noir”"]


def test_an_encoding_that_is_not_declared_is_guessed():
    assert texts("<p>Grüße aus Köln, schöne Mädchen hören früh".encode("cp1252")) == [
        "Grüße aus Köln, schöne Mädchen hören früh"
    ]


def test_one_broken_character_does_not_change_the_others():
    assert decode_as(b"caf\xc3\xa9 " * 1000 + b"\xff", "utf-8").count("café") == 1000


def test_a_page_of_xml_may_end_its_elements_as_xml_does():
    page = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script/></head><body><h1>Tea</h1>'
    assert texts(page + "<p>a&nbsp;b &lt; c</p></body></html>") == ["Tea", "a b < c"]


def test_entities_are_not_expanded():
    entities = '<!ENTITY a "boom"><!ENTITY f SYSTEM "file:///etc/hostname">'
    page = f'<?xml version="1.0"?><!DOCTYPE html [{entities}]><html xmlns="http://www.w3.org/1999/xhtml"><p>&a;&f;</p></html>'
    assert texts(page)[-1] == "&a;&f;"


def test_a_page_without_text_has_no_pieces():
    assert texts("") == texts("  ") == texts("<p><img src=a></p>") == []


def test_a_thousand_nested_elements_are_read():
    assert texts("<div>" * 1000 + "tea" + "</div>" * 1000 + "<p>more") == ["tea", "more"]


def test_a_hundred_thousand_nested_elements_are_an_error():
    with pytest.raises(ReadingError, match="nests its elements too deeply to be read: save it in another format"):
        read("<div>" * 100_000)


def test_more_text_than_the_limit_is_an_error():
    with pytest.raises(ReadingError, match="has more than 10 characters of text: split it"):
        read("<p>tea</p>" * 4, Limits(characters=10))


def test_a_file_that_is_no_text_is_an_error():
    with pytest.raises(ReadingError, match="is not text"):
        read(b"\x00\x01\x02" * 100)


def test_a_part_of_something_else_is_read_from_its_text_too():
    assert list(html_elements("<title>No</title><p>Café</p>")) == [Element("Café")]


def test_a_quotation_of_its_own_is_a_quote():
    assert read("<blockquote><p>Steep it.</blockquote><p>So she said.") == [
        Element("Steep it.", kind="quote"),
        Element("So she said."),
    ]


@pytest.mark.parametrize("page", ['<p>Tea.<ahref="b">More.</a>', '<pclass="x">Tea.</p><p>More.', "<p>Tea.<x{}>More."])
def test_a_slip_in_a_tag_does_not_cost_the_page(page):
    assert " ".join(texts(page)).replace(".More", ". More") == "Tea. More."


def test_a_picture_that_is_described_is_read_and_a_button_is_not():
    page = '<p>Tea.<img alt="A kettle on a stove"><img alt=kettle><a href=b><img alt="To the next page"></a>'
    assert texts(page) == ["Tea.", "Picture: A kettle on a stove"]
