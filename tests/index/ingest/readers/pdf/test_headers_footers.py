import pytest

from index.ingest.readers.pdf.headers_footers import PageRows, running
from index.ingest.readers.pdf.layout import Row, Run

BODY = tuple(f"Line {letter} of the text" for letter in "abcdefgh")
OTHER = tuple(f"Line {letter} of the text" for letter in "ijklmnop")


def page(number, *texts, size=10, bold=False, top=420, label="", titles=()):
    """A page with a row for each text, or each list of cells, from a height of 400; its margins are 8.5 % of `top`."""
    found, place = [], 0
    for line, text in enumerate(texts):
        runs = []
        for left, cell in zip((0, 300), [text] if isinstance(text, str) else text, strict=False):
            is_first = line == 0
            width = 5 * len(cell)
            style = (size if is_first else 10, bold and is_first)
            runs.append(Run(cell, left, left + width, 400 - 20 * line, *style, False, place))
            place += 1
        found.append(Row(tuple(runs), tuple(runs)))
    return PageRows(number=number, rows=found, label=label, bottom=0, top=top, titles=frozenset(titles))


def head(ours, theirs, on=1, **style):
    """Say whether the first row of page 7 is running, beside that of a page after it."""
    return running(page(7, ours, *BODY, **style), [page(7 + on, theirs, *OTHER, **style)], 10) != set()


def test_a_head_that_another_page_has_too_is_running():
    assert running(page(7, "Tea Board", *BODY), [page(8, "Tea Board", *OTHER)], 10) == {0}


def test_on_the_first_page_a_head_stays_and_the_number_goes():
    first = page(1, "Tea Board", "Page 1 of 3", *BODY)
    assert running(first, [page(2, "Tea Board", "Page 2 of 3", *OTHER)], 10) == {1}


@pytest.mark.parametrize(
    ("ours", "theirs", "on", "is_running"),
    [
        ("Page 7 of 90", "Page 8 of 90", 1, True),
        ("Page 7 of 90", "Page 9 of 90", 1, False),
        (["3 Early days", "17"], ["4 Late days", "18"], 1, True),
        (["16", "Tea"], ["18", "Milk"], 2, True),
        ("Tea Board 7", "Tea Board 8", 1, True),
        (["Tea Board", "7 / 90"], ["Tea Board", "8 / 90"], 1, True),
        ("The Tea Board 7/90", "The Tea Board 8/90", 1, True),
        ("The Tea Board 17/90", "The Tea Board 18/90", 1, False),
        ("xii", "xiii", 1, True),
        ("In 1850 tea came.", "In 1900 tea went.", 1, False),
        ("1. Scope", "2. Payment", 1, False),
        ("Chapter 7", "Chapter 8", 1, False),
        ("Reference: 4711", "Reference: 4712", 1, False),
        ("Invoice 4711", "Invoice 4712", 1, False),
    ],
)
def test_a_head_with_a_number_is_running_if_the_number_is_the_pages(ours, theirs, on, is_running):
    assert head(ours, theirs, on) == is_running


@pytest.mark.parametrize("text", ["Please pay 40 francs within 30 days.", "Name: Anna Gerber"])
def test_a_sentence_and_a_value_that_recur_are_running_only_in_the_margin(text):
    assert [head(text, text, top=420), head(text, text, top=500)] == [True, False]


@pytest.mark.parametrize("style", [{"size": 14}, {"bold": True}])
def test_a_heading_that_recurs_is_running_only_in_the_margin(style):
    assert [head("Results", "Results", top=top, **style) for top in (420, 500)] == [True, False]


def test_a_heading_of_the_outline_stays():
    assert not head("Tea Board", "Tea Board", titles=["Tea Board"])


@pytest.mark.parametrize(("text", "found"), [("- 3 -", {8}), ("- 4 -", set()), ("iv", {8})])
def test_the_number_or_label_of_the_page_alone_is_running(text, found):
    assert running(page(3, *BODY, text, label="iv"), [], 10) == found


def test_a_row_at_another_height_is_not_running():
    assert running(page(3, "Tea Board", *BODY), [page(4, "Green", "Tea Board", *OTHER)], 10) == set()


def test_a_page_that_another_equals_is_not_emptied():
    ours, theirs = (page(number, "Memo", "No tea", str(number), top=500) for number in (2, 1))
    assert running(ours, [theirs], 10) == {2}


def test_a_number_that_is_as_much_higher_as_on_other_pages_is_running():
    assert running(page(1, "47698", *BODY), [page(2, ["Tea Board", "47699"], *OTHER)], 10) == {0}
    assert running(page(1, "47698", *BODY), [page(2, ["Tea Board", "47700"], *OTHER)], 10) == set()


def test_a_value_next_to_the_page_number_is_running():
    def foot(number, words):
        return page(number, *words, "Name: Rules of Tea", f"Rules of Tea Page {number} of 9", top=1000)

    ours, theirs = foot(7, BODY), foot(8, OTHER)
    assert running(ours, [theirs], 10) == {8, 9}


def test_a_value_elsewhere_is_not():
    ours, theirs = (page(number, *words, "Name: Rules of Tea", top=1000) for number, words in ((7, BODY), (8, OTHER)))
    assert running(ours, [theirs], 10) == set()
