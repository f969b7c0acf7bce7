import pytest

from index.text.abbreviations import written_out


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("max speed of the robot", "maximum speed of the robot"),
        ("Min order", "minimum order"),
        ("where does the xmas tree go", "where does the Christmas tree go"),
        ("how many mins, and how many yrs?", "how many minutes, and how many years?"),
    ],
)
def test_an_abbreviation_is_written_out(question, expected):
    assert written_out(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "Who is Max?",
        "bake for 30 min",
        "what does MAX mean",
        "open config.yaml",
        "what is --max for",
        "the `max` option",
        "a minimal kit",
    ],
)
def test_units_names_and_code_stay_as_they_are(question):
    assert written_out(question) == question
