import pytest

from index.ingest.readers.pdf.numbered_headings import NumberedHeadings


def levels(*texts):
    headings = NumberedHeadings()
    return [headings.level(text) for text in texts]


def test_sections_in_capitals_and_their_parts_are_headings_in_their_sequence():
    texts = [
        "I. INTRODUCTION",
        "II. RELATED WORK",
        "A. Kinds of Tea",
        "B. Two-Pass Steeping",
        "III. METHOD",
        "A. Water",
    ]
    assert levels(*texts, "ACKNOWLEDGMENT", "REFERENCES") == [2, 2, 3, 3, 2, 3, 2, 2]
    assert levels("1. INTRODUCTION", "2 MATERIALS AND METHODS") == [2, 2]


@pytest.mark.parametrize(
    "text", ["III. METHOD", "A. Kinds of Tea", "I. Introduction", "REFERENCES", "1. TEA", "I. A B C D", "X. MEN"]
)
def test_what_is_out_of_sequence_or_not_in_capitals_is_no_heading(text):
    assert levels(text) == [0]


@pytest.mark.parametrize("text", ["A. the pot is warmed", "A. Warm the pot first.", "B. Two Pots", "II. METHOD |  TEA"])
def test_items_of_a_list_are_no_parts_of_a_section(text):
    assert levels("I. INTRODUCTION", text) == [2, 0]
