import pytest

from index.ingest.readers.pdf.headers_footers import running, without_contents
from index.ingest.readers.pdf.layout import Row, Run


def page(*texts, start=0):
    """A row for each text, from the top, its runs counted from `start`."""
    found = []
    for place, text in enumerate(texts):
        run = Run(text, 0, 5 * len(text), 400 - 20 * place, 10, False, False, start + place)
        found.append(Row((run,), (run,)))
    return found


def kept(*texts):
    return [row.text for row in without_contents(page(*texts))]


BODY = tuple(f"Line {letter} of the text." for letter in "abcdefgh")
OTHER = tuple(f"Line {letter} of the text." for letter in "ijklmnop")


def test_a_head_that_another_page_has_too_is_running():
    assert running(page("Tea Board", *BODY), 7, [(1, page("Tea Board", *OTHER))]) == {0}


@pytest.mark.parametrize(
    ("foot", "other", "found"),
    [
        ("Page 7 of 90", "Page 8 of 90", {8}),
        ("Page 7 of 90", "Page 9 of 90", set()),
        ("3 Early days | 17", "4 Late days | 18", {8}),
        ("xii", "xiii", {8}),
        ("In 1850 tea came.", "In 1900 tea went.", set()),
    ],
)
def test_a_foot_whose_number_grows_with_the_page_is_running(foot, other, found):
    assert running(page(*BODY, foot), 3, [(1, page(*OTHER, other))]) == found


def test_the_number_of_the_page_alone_is_running():
    assert running(page(*BODY, "- 3 -"), 3, []) == {8}
    assert running(page(*BODY, "- 4 -"), 3, []) == set()


def test_a_row_at_another_height_is_not_running():
    assert running(page("Tea Board", *BODY), 3, [(1, page("Green", "Tea Board", *OTHER))]) == set()


def test_rows_that_end_in_dots_and_a_number_are_left_out_with_what_stands_among_them():
    assert kept(
        "Contents", "1 Tea | 2", "Green . . . . . 3", "A very", "long . . . . . 4", "Black ..... 5", "Tea."
    ) == [
        "Contents",
        "Tea.",
    ]


def test_dots_alone_make_no_table_of_contents():
    assert kept("Tea ... and 5", "Green", "Name ........", "Tea") == ["Tea ... and 5", "Green", "Tea"]
