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


def test_front_matter_is_passed_over():
    assert blocks("---\ntitle: x\n---\n\nBody.\n") == [(0, "Body.")]


def test_a_quotation_is_a_paragraph():
    assert blocks("> Steep it.\n") == [(0, "Steep it.")]
