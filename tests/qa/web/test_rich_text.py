import re

import pytest

from index.types import Passage
from qa.web.quote_view import is_running_text, passage_html
from qa.web.rich_text import Mark, cells_of, highlight, markdown_style, row_of


def plain(html):
    return re.sub("<[^>]+>", "", html)


def test_marks_that_overlap_or_leave_the_text_are_cut():
    marks = [Mark(start=-2, end=3), Mark(start=2, end=99, id="q", kind="here")]
    assert highlight("Hot tea.", marks) == '<mark>Hot</mark><mark id="q" class="here"> tea.</mark>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**Hot** tea", "<strong>Hot</strong> tea"),
        ("*hot* and _cold_ tea", "<em>hot</em> and <em>cold</em> tea"),
        ("run `dpkg --status`", "run <code>dpkg --status</code>"),
        ("see [the *guide*](https://a.example/x_(y)) now", "see the <em>guide</em> now"),
        ("see [the guide][ref]", "see the guide"),
        ("![a cup](cup.png) of tea", "a cup of tea"),
        ("`a*b*c` and 2 * 3 * 4", "<code>a*b*c</code> and 2 * 3 * 4"),
        ("snake_case_name and file*.txt", "snake_case_name and file*.txt"),
        (r"5 \* 3 and \[x\]", "5 * 3 and [x]"),
        ("[not a link] and (this)", "[not a link] and (this)"),
    ],
)
def test_the_marks_of_markdown_are_not_shown(text, html):
    assert highlight(text, style=markdown_style(text)) == html


def test_a_highlight_stays_where_it_is_when_marks_are_hidden():
    text = "Use [the kettle](http://a.example/b). **Boil** it."
    start = text.index("**Boil**")
    shown = highlight(text, [Mark(start=start, end=len(text))], style=markdown_style(text))
    assert shown == "Use the kettle. <mark><strong>Boil</strong> it.</mark>"


def test_hidden_marks_do_not_hide_hostile_text():
    text = "[<script>alert(1)</script>](javascript:alert(2)) `${x}`"
    shown = highlight(text, style=markdown_style(text))
    assert shown == "&lt;script&gt;alert(1)&lt;/script&gt; <code>&#36;&#123;x}</code>"


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("Name: Ada; Room: 4", [("Name", "Ada"), ("Room", "4")]),
        ("Name: Ada; Smith; Room: 4", [("Name", "Ada; Smith"), ("Room", "4")]),
        ("| Ada | 4 |", [("", "Ada"), ("", "4")]),
        ("Ada | | 4", [("", "Ada"), ("", ""), ("", "4")]),
        (r"a \| b | c", [("", r"a \| b"), ("", "c")]),
        ("Just text", [("", "Just text")]),
    ],
)
def test_a_table_row_is_split_into_cells(text, cells):
    assert [(cell.column, text[cell.start : cell.end]) for cell in cells_of(text)] == cells


def test_a_mark_in_a_row_is_in_its_cell():
    row = row_of("Name: Ada; Room: 4", [Mark(start=6, end=9)])
    assert row.columns == ("Name", "Room")
    assert row.cells == ("<mark>Ada</mark>", "4")


def show(text, path="a.md", unit="page", marks=(), **more):
    passage = Passage(path=path, start=100, end=100 + len(text), text=text, unit=unit)
    return passage_html(passage, (100, 100 + len(text)), marks, **more)


def test_a_list_is_shown_as_a_list_with_its_wrapped_lines():
    html = show("Bring:\n\n* a *cup*\n* a kettle\n  of steel\n1. Boil.\n")
    assert html == (
        '<p>Bring:</p><ul class="items"><li>a <em>cup</em></li><li>a kettle\n  of steel</li><li>Boil.</li></ul>'
    )


def test_code_and_tables_are_shown_as_such():
    assert "<pre>a * b * c</pre>" in show("```\na * b * c\n```")
    html = show("Day | Hours\n--- | ---\nMonday | 10")
    assert html.count("<tr>") == 2 and "<td>Monday</td><td>10</td>" in html and "---" not in html
    html = show("Name: Ada; Room: 4\nName: Bob; Room: 5", "a.csv", "row")
    assert '<th scope="col">Name</th><th scope="col">Room</th>' in html and "<td>Bob</td><td>5</td>" in html


def test_a_highlight_over_several_items_has_one_id():
    text = "* one\n* two"
    html = show(text, marks=[Mark(start=100, end=100 + len(text), id="quote-1")])
    assert html.count("<mark") == 2 and html.count('id="quote-1"') == 1


def test_one_line_can_be_shown_without_a_paragraph():
    assert show("Hot *tea*.", inline=True) == "Hot <em>tea</em>."
    passage = Passage(path="a.md", start=0, end=13, text="* one\n* two..")
    assert not is_running_text(passage, (0, 13)) and is_running_text(passage, (2, 5))


def test_other_documents_keep_their_stars():
    assert show("2 *3* 4", "a.txt", inline=True) == "2 *3* 4"
