import pytest

from index.ingest.readers.pdf.dehyphenation import Joiner, is_divided


@pytest.mark.parametrize(
    ("above", "below", "joined"),
    [
        ("the kettle", "is hot", "the kettle is hot"),
        ("the admini-", "stration", "the administration"),
        ("it is well-", "known", "it is well-known"),
        ("the time-", "table", "the timetable"),
        ("a leaf\u2010", "shop", "a leaf\u2010shop"),
        ("COVID-", "19 came", "COVID-19 came"),
        ("Jean-", "Paul came", "Jean-Paul came"),
        ("pages 3 \u2013", "and 4", "pages 3 \u2013 and 4"),
        ("http://tea.org/", "green", "http://tea.org/green"),
        ("\u8336\u306f", "\u3067\u3059", "\u8336\u306f\u3067\u3059"),
    ],
)
def test_what_a_line_end_divides_is_joined(above, below, joined):
    joiner = Joiner()
    joiner.learn("All is well-known of the timetable, and of time at the table; a shop has a leaf.")
    assert joiner.join(above, below) == joined


def test_parts_of_a_divided_word_are_not_learned_as_words():
    joiner = Joiner()
    for line in ("some bugs need debug-", "ging now"):
        joiner.learn(line)
    assert joiner.join("of debug-", "ging") == "of debugging"


def test_a_dash_divides_no_word():
    assert [is_divided("tea-", "pot"), is_divided("tea -", "pot"), is_divided("tea-", "(pot)")] == [True, False, False]
