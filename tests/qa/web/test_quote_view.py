from index.types import Passage
from qa.web.quote_view import blocks_of, is_running_text, passage_html, table_rows
from qa.web.rich_text import Mark


def show(text, path="a.md", unit="page", marks=(), **more):
    passage = Passage(path=path, start=100, end=100 + len(text), text=text, unit=unit)
    return passage_html(passage, (100, 100 + len(text)), marks, **more).strip()


def test_a_list_is_shown_as_a_list_with_its_wrapped_lines():
    html = show("Bring:\n\n* a *cup*\n* a kettle\n  of steel\n1. Boil.\n")
    assert html == (
        '<p>Bring:</p><ul class="items"><li class="depth-0">a <em>cup</em></li><li class="depth-0">a kettle\n  of steel'
        '</li></ul><ol class="items"><li class="depth-0" value="1">Boil.</li></ol>'
    )


def test_code_and_tables_are_shown_as_such():
    assert "<pre>a * b * c</pre>" in show("```\na * b * c\n```")
    html = show("Day | Hours\n--- | ---\nMonday | 10")
    assert '<thead><tr><th scope="col">Day</th><th scope="col">Hours</th></tr></thead>' in html
    assert html.count("<tr>") == 2 and "<td>Monday</td><td>10</td>" in html and "---" not in html
    html = show("Name: Ada; Room: 4\nName: Bob; Room: 5", "a.csv", "row")
    assert '<th scope="col">Name</th><th scope="col">Room</th>' in html and "<td>Bob</td><td>5</td>" in html


def test_a_highlight_over_several_items_has_one_id():
    text = "* one\n* two"
    html = show(text, marks=[Mark(start=100, end=100 + len(text), id="quote-1")])
    assert html.count("<mark") == 2 and html.count(' id="quote-1"') == 1
    assert '<mark data-part-of="quote-1">two</mark>' in html
    rows = "| a | b |\n| c | d |"
    html = show(rows, marks=[Mark(start=100, end=100 + len(rows), id="quote-1")])
    assert html.count(' id="quote-1"') == 1 and html.count('data-part-of="quote-1"') == 3


def test_one_paragraph_or_item_is_running_text():
    passage = Passage(path="a.md", start=0, end=13, text="* one\n* two..")
    assert not is_running_text(blocks_of(passage, (0, 13), ()))
    assert is_running_text(blocks_of(passage, (2, 5), ()))
    assert blocks_of(passage, (2, 5), ())[0].texts == ("one",)


def test_other_documents_keep_their_stars():
    assert show("2 *3* 4", "a.txt") == "<p>2 *3* 4</p>"


def test_rows_know_the_header_above_them_in_their_passage():
    text = "| Day | Hours |\n|---|---|\n| Monday | 10 |"
    passage = Passage(path="a.md", start=0, end=len(text), text=text)
    start = text.index("| Monday")
    table = table_rows(passage, (start, len(text)))
    assert table.header.cells == ("Day", "Hours") and not table.has_header
    assert [row.cells for row in table.rows] == [("Monday", "10")]
    assert table_rows(passage, (0, 15)).rows == () and table_rows(passage, (0, 15)).has_header
    assert len(table_rows(passage, (0, len(text))).rows) == 1
    assert table_rows(Passage(path="a.md", start=0, end=4, text="Tea."), (0, 4)) is None


def test_items_that_all_have_the_number_one_count_on():
    text = "Increment the\n\n1. major version\n1. minor version\n   1. odd\n   1. even\n1. patch version\n"
    passage = Passage(path="semver.md", start=0, end=len(text), text=text)
    numbers = [number for block in blocks_of(passage, (0, len(text)), ()) for number in block.numbers]
    assert numbers == ["1.", "2.", "1.", "2.", "3."]
