import pytest

from index.types import Passage
from qa.lines import as_one_line, lines_of, plain_text, within


def passage(text, path="a.md", unit="page"):
    return Passage(path=path, start=100, end=100 + len(text), text=text, unit=unit)


def shown(text, path="a.md", unit="page"):
    """The lines of a text that are shown, each with its kind."""
    return [
        (line.kind, text[line.start : line.end]) for line in lines_of(passage(text, path, unit)) if line.kind != "none"
    ]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("One\ntwo.\n\nThree.", [("text", "One\ntwo."), ("text", "Three.")]),
        (
            "Bring:\n* a cup\n  of tin\n* milk\n\nThen go.",
            [("text", "Bring:"), ("item", "a cup\n  of tin"), ("item", "milk"), ("text", "Then go.")],
        ),
        ("a cup\n- milk", [("item", "a cup"), ("item", "milk")]),
        ("Bring this.\n- milk", [("text", "Bring this."), ("item", "milk")]),
        ("Boil it.\n2. Pour it.", [("item", "Boil it."), ("item", "Pour it.")]),
        ("```sh\nls | wc\n```\nDone.", [("code", "ls | wc"), ("text", "Done.")]),
        ("ls | wc\n```\nDone.", [("code", "ls | wc"), ("text", "Done.")]),
        (
            "Ground</a></td>\n<td><li>By noon</li><li>Or later</li></td>",
            [("text", "Ground</a></td>"), ("item", "By noon</li>"), ("item", "Or later</li>")],
        ),
        ("| a<br>b | c |", [("row", "| a<br>b | c |")]),
        ("Tea\n===\n\n***\n\n[ref]: http://a.example\n", [("text", "Tea")]),
        ("Use a|b or c || d", [("text", "Use a|b or c || d")]),
    ],
)
def test_markdown_is_divided_into_paragraphs_items_rows_and_code(text, lines):
    assert shown(text) == lines


def test_in_other_documents_each_line_begins_something_new():
    assert shown("Agenda:\nGoals\nDemo", "a.pptx") == [("text", "Agenda:"), ("item", "Goals"), ("item", "Demo")]
    assert shown("Session\nMonday, 4 pm", "a.docx") == [("text", "Session"), ("text", "Monday, 4 pm")]
    assert shown("Session\nMonday, 4 pm", "a.txt") == [("text", "Session\nMonday, 4 pm")]
    assert shown("def f():\n    return '| a |'\n", "a.py") == [("code", "def f():\n    return '| a |'")]
    assert shown("Name: Ada; Room: 4", "a.csv", "row") == [("row", "Name: Ada; Room: 4")]


def test_the_row_above_the_rule_is_the_header():
    lines = [line for line in lines_of(passage("| Day | Hours |\n|---|---|\n| Monday | 10 |")) if line.kind == "row"]
    assert [line.is_header for line in lines] == [True, False]


def test_items_have_their_depth_and_number():
    lines = lines_of(passage("1. Boil\n   - gently\n2. Pour"))
    assert [(line.depth, line.number) for line in lines] == [(0, "1."), (1, ""), (0, "2.")]


def test_lines_are_cut_to_a_range():
    lines = lines_of(passage("* one\n* two"))
    assert [(line.start, line.end) for line in within(lines, 3, 9)] == [(3, 5), (8, 9)]


@pytest.mark.parametrize(
    ("text", "path", "plain"),
    [
        ("Bring:\n* a *cup*\n* milk", "a.md", "Bring:\n- a cup\n- milk"),
        ("1. Boil\n2. Pour", "a.md", "1. Boil\n2. Pour"),
        ("| Day | **Hours** |\n|---|---|\n| Monday \\| 1 | 10 |", "a.md", "Day | Hours\nMonday | 1 | 10"),
        ("1. Boil\n   1. gently\n   1. long\n1. Pour", "a.md", "1. Boil\n  1. gently\n  2. long\n2. Pour"),
        ("Boil\n1. Pour\n1. Drink", "a.md", "1. Boil\n2. Pour\n3. Drink"),
        ("Do this:\n1. Pour\n1. Drink", "a.md", "Do this:\n1. Pour\n2. Drink"),
        ("1. Pour\n\nOr else:\n\n1. Drink", "a.md", "1. Pour\nOr else:\n1. Drink"),
        ("1. Boil\n1. Pour", "a.docx", "1. Boil\n1. Pour"),
        ("<tr><td>K1</td><td>10<sup>6</sup> m</td></tr>", "a.md", "K1 | 10⁶ m"),
        ("Hot\n*tea*.", "a.md", "Hot tea."),
        ("* alone", "a.md", "alone"),
        ("```\na  *b*\n```", "a.md", "a  *b*"),
    ],
)
def test_a_quote_is_written_without_marks(text, path, plain):
    assert plain_text(passage(text, path), (100, 100 + len(text))) == plain


def test_lines_that_a_mail_program_wrapped_are_one_and_short_lines_are_not():
    text = (
        "the offsite takes place from 3 to 6 March in Lisbon. We have booked rooms in\n"
        "the Hotel Avenida for everyone, breakfast included; please tell Ines by the end\n"
        "of November whether you come.\n\nKind regards\nAda"
    )
    passage = Passage(path="a.eml", start=0, end=len(text), text=text)
    assert plain_text(passage, (0, len(text))).splitlines() == [
        "the offsite takes place from 3 to 6 March in Lisbon. We have booked rooms in the Hotel Avenida for everyone, "
        "breakfast included; please tell Ines by the end of November whether you come.",
        "Kind regards",
        "Ada",
    ]


def test_a_list_in_one_line_has_no_bullets():
    text = "Bring:\n- a cup\n- milk - cold\n"
    assert as_one_line(Passage(path="a.md", start=0, end=len(text), text=text)) == "Bring: a cup milk - cold"
