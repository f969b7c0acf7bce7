import pytest

from index.ingest.readers.markdown import read_markdown


def blocks(text):
    return [(block.level, text[block.start : block.end]) for block in read_markdown(text)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_headings_paragraphs_and_items_without_their_marks(end):
    text = "# Tea #\n\nSteep\nit.\n\nKinds\n-----\n\n* green\n* [ ] black\n\n1. first\n".replace("\n", end)
    steep = f"Steep{end}it."
    expected = [(1, "Tea"), (0, steep), (2, "Kinds"), (0, "green"), (0, "black"), (0, "first")]
    assert blocks(text) == expected


def test_each_row_of_a_table_is_a_block_and_its_rule_is_none():
    assert blocks("| tea | minutes |\n|---|---|\n| green | 2 |\n") == [(0, "tea | minutes"), (0, "green | 2")]


def test_each_line_of_code_is_a_block_and_its_fence_is_none():
    assert blocks("```sh\nmake tea\n  # wait\n```\n") == [(0, "make tea"), (0, "# wait")]


def test_a_hash_in_code_is_no_heading():
    assert [level for level, _ in blocks("```\n# not a heading\n```\n")] == [0]


def test_front_matter_is_left_out():
    assert blocks("---\ntitle: x\n---\n\nBody.\n") == [(0, "Body.")]


def test_a_quotation_is_a_paragraph():
    assert blocks("> Steep it.\n") == [(0, "Steep it.")]


def test_blocks_say_what_they_are():
    text = (
        "# Tea\n\nSteep.\n\n- green\n\n  loose\n\n> Quoted.\n\n| a | b |\n|---|---|\n| c | d |\n\n"
        "```\ncode\n```\n\nEnd."
    )
    assert [(text[block.start : block.end], block.kind) for block in read_markdown(text)] == [
        ("Tea", "heading"),
        ("Steep.", "paragraph"),
        ("green", "list_item"),
        ("loose", "list_item"),
        ("Quoted.", "quote"),
        ("a | b", "table_row"),
        ("c | d", "table_row"),
        ("code", "code"),
        ("End.", "paragraph"),
    ]


HTML = """# K1

<p align="center">
  Made in <b>1971</b>.
</p>

<details><summary>Voltage</summary>It runs on 230 volts.</details>

<table>
<tr><th>Model</th><th>Litres</th></tr>
<tr><td>K1</td><td>1.7</td></tr>
</table>

<!-- no -->

<script>
let no
</script>

<h2>Care</h2>
<ul><li>Rinse it.</li></ul>
"""


def test_html_blocks_are_read_without_their_tags():
    assert [(HTML[block.start : block.end], block.level, block.kind) for block in read_markdown(HTML)] == [
        ("K1", 1, "heading"),
        ("Made in <b>1971</b>.", 0, "paragraph"),
        ("Voltage", 0, "paragraph"),
        ("It runs on 230 volts.", 0, "paragraph"),
        ("Model</th><th>Litres", 0, "table_row"),
        ("K1</td><td>1.7", 0, "table_row"),
        ("Care", 2, "heading"),
        ("Rinse it.", 0, "list_item"),
    ]


@pytest.mark.parametrize("html", ["<div " + "<" * 50_000, "<!--" * 50_000, "<div>" + " " * 50_000 + "<" * 50_000 + "a"])
def test_html_that_never_ends_does_not_hang(html):
    assert len(blocks(html)) <= 1
