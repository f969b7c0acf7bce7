import pytest

from index.ingest.readers.pdf.headings import Headings, key
from index.ingest.readers.pdf.layout import Row, Run

BODY = "Water is heated slowly until it boils, and the leaves wait in a pot."


def rows(*texts, size=14, bold=False):
    found = []
    for place, text in enumerate(texts):
        run = Run(text, 0, 5 * len(text), 400 - 16 * place, size, bold, False, place)
        found.append(Row((run,), (run,)))
    return found


def levels(*texts, size=14, bold=False, outline=None):
    """The levels of rows in a font of a size, in a document whose text is in one of 10 points."""
    headings = Headings(outline or {})
    headings.learn([Run(BODY * 10, 0, 400, 0, 10, False, False, 0)])
    return headings.levels(rows(*texts, size=size, bold=bold), 1)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("1.2 Green Tea", "greentea"),
        ("Chapter 4: Green-tea", "greentea"),
        ("A. Notes", "notes"),
        ("IV Notes", "notes"),
        ("the Town of Tea", "thetownoftea"),
        ("12", ""),
    ],
)
def test_the_key_of_a_heading_is_its_letters_without_its_number(title, expected):
    assert key(title) == expected


@pytest.mark.parametrize(("size", "level"), [(10, 0), (11.5, 3), (13, 2), (16, 1)])
def test_the_level_of_a_heading_follows_its_size(size, level):
    assert levels("Green tea", size=size) == [level]


def test_a_heading_of_two_lines_is_one():
    assert levels("The history of tea in Europe before", "the great war") == [2, 2]


def test_a_sentence_in_a_large_font_is_no_heading():
    assert levels(BODY) == [0]
    assert levels("Is tea healthy?") == [2]


def test_text_of_more_than_three_lines_in_a_large_font_is_no_heading():
    assert levels(*["tea is healthy and green"] * 4) == [0] * 4


def test_a_line_of_the_outline_is_a_heading_whatever_its_length():
    assert levels(BODY, outline={(1, key(BODY)): 3}) == [3]


def test_a_bold_sentence_over_two_lines_is_no_heading():
    sentence = ("A motion made by Anna to buy a new kettle and two pots for the kitchen was", "seconded and approved.")
    assert levels(*sentence, size=10, bold=True) == [0, 0]


def test_a_bold_heading_goes_on_with_a_small_letter():
    assert levels("4. Standards for Kettles, Pots", "and Other Vessels", size=10, bold=True) == [3, 3]
