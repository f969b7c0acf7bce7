import pytest

from index.ingest.readers.scripts import subscript, superscript


@pytest.mark.parametrize(
    ("before", "raised", "text"),
    [
        ("10", "6", "⁶"),
        ("10", "-3", "⁻³"),
        ("m", "2", "²"),
        ("x", "n", "ⁿ"),
        ("22", "nd", "nd"),
        ("1", "er", "er"),
        ("x", "T", "^T"),
        ("x", "2k+1", "^(2k+1)"),
        ("tea", "1", " ¹"),
        ("tea", "*", "*"),
        ("Sales ", "(a)", "(a)"),
        ("tea", "®", "®"),
        ("10", " 6 ", " ⁶ "),
        ("a", "", ""),
    ],
)
def test_raised_text_is_no_longer_read_as_a_part_of_the_number(before, raised, text):
    assert superscript(raised, before) == text


@pytest.mark.parametrize(
    ("before", "lowered", "text"),
    [
        ("H", "2", "₂"),
        ("x", "i", "ᵢ"),
        ("V", "max", "max"),
        ("x", "n+1", "_(n+1)"),
        ("A", "B", "_B"),
        ("a", "1,2", "_(1,2)"),
    ],
)
def test_lowered_text_is_an_index(before, lowered, text):
    assert subscript(lowered, before) == text
