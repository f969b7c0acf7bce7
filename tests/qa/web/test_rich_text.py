import pytest

from qa.markup import style_of
from qa.web.rich_text import Mark, cells_of, highlight, row_of


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
    assert highlight(text, style=style_of(text, "a.md")) == html


def test_a_highlight_stays_where_it_is_when_marks_are_hidden():
    text = "Use [the kettle](http://a.example/b). **Boil** it."
    start = text.index("**Boil**")
    shown = highlight(text, [Mark(start=start, end=len(text))], style=style_of(text, "a.md"))
    assert shown == "Use the kettle. <mark><strong>Boil</strong> it.</mark>"


def test_hidden_marks_do_not_hide_hostile_text():
    text = "[<script>alert(1)</script>](javascript:alert(2)) `${x}`"
    shown = highlight(text, style=style_of(text, "a.md"))
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
        ("Address: http://a.example/x|y; Room: 4", [("Address", "http://a.example/x|y"), ("Room", "4")]),
        ("<tr><td>Ada</td>\n<td> 4</td></tr>", [("", "Ada"), ("", "4")]),
        ("Ada</a></td><td>4", [("", "Ada</a>"), ("", "4")]),
        ("Ada\t4", [("", "Ada"), ("", "4")]),
    ],
)
def test_a_table_row_is_split_into_cells(text, cells):
    assert [(cell.column, text[cell.start : cell.end]) for cell in cells_of(text)] == cells


def test_a_mark_in_a_row_is_in_its_cell():
    row = row_of("Name: Ada; Room: 4", [Mark(start=6, end=9)])
    assert row.columns == ("Name", "Room")
    assert row.cells == ("<mark>Ada</mark>", "4")


def test_a_row_says_which_cells_match_in_their_value_or_in_the_name_of_their_column():
    assert row_of("Name: Ada; Room: 4; Floor: 2", matches=[(6, 9), (20, 25)]).matches == (True, False, True)


def test_entities_of_markdown_are_characters_and_stay_escaped():
    text = "Tea &amp; milk &lt;b&gt;"
    assert highlight(text, style=style_of(text, "a.md")) == "Tea &amp; milk &lt;b&gt;"
    assert highlight(text, style=style_of(text, "a.txt")) == "Tea &amp;amp; milk &amp;lt;b&amp;gt;"
