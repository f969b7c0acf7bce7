import pytest

from qa.web.changed_quote import compare


def written(quote, text, near=0):
    """A comparison as one text: -words of the quote-, +words that took their place+."""
    signs = {"same": "", "old": "-", "new": "+"}
    found = compare(quote, text, near)
    return "".join(signs[one.kind] + one.text.strip() + signs[one.kind] + " " for one in found.words).strip()


@pytest.mark.parametrize(
    ("quote", "text", "words"),
    [
        ("It opened in 2013.", "Long ago. It opened in 2014. It rained.", "It opened in -2013.- +2014.+"),
        ("It opened in 2013.", "It opened late in 2013. It rained.", "It opened +late+ in 2013."),
        ("It opened late in 2013.", "It rained. It opened in 2013.", "It opened -late- in 2013."),
        ("Tea is hot and sweet.", "Coffee is hot and sweet.", "-Tea- +Coffee+ is hot and sweet."),
    ],
)
def test_words_that_were_changed_are_set_apart(quote, text, words):
    assert written(quote, text) == words


def test_the_range_is_what_took_the_place_of_the_quote():
    text = "Long ago. It opened in 2014. It rained."
    found = compare("It opened in 2013.", text)
    assert text[found.start : found.end] == "It opened in 2014."


def test_of_several_similar_places_the_nearest_is_meant():
    text = "Tea is hot now. Milk. Tea is hot now."
    assert [compare("Tea is hot.", text, near).start for near in (0, 30)] == [0, 22]


def test_a_quote_that_is_gone_has_no_place():
    assert compare("Coffee comes from Ethiopia.", "Tea is good for you.") is None
    assert compare("Coffee.", "") is None
