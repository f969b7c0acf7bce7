import pytest

from index.text.spelling import closest, correct

FORMS = {"railway": 4, "railways": 1, "inauguration": 2, "kettle": 1, "rattle": 9}


@pytest.mark.parametrize(
    ("typo", "meant"),
    [
        ("railwya", "railway"),
        ("ralway", "railway"),
        ("raillway", "railway"),
        ("reilway", "railway"),
        ("inaugruatoin", "inauguration"),
        ("kottle", "kettle"),
    ],
)
def test_a_typo_is_corrected(typo, meant):
    assert closest(typo, FORMS) == meant


@pytest.mark.parametrize("word", ["zebra", "kttl", "relways", "battle"])
def test_what_is_farther_is_left(word):
    assert closest(word, FORMS) is None


@pytest.mark.parametrize(("typo", "meant"), [("taem", "team"), ("tams", "teams"), ("tems", "teams")])
def test_a_short_word_with_a_letter_too_few_or_two_swapped_is_corrected(typo, meant):
    assert closest(typo, {"team": 2, "teams": 1}) == meant


def test_a_short_word_that_differs_in_a_letter_is_another_word():
    assert closest("poop", {"pool": 3, "pops": 1}) is None


def test_two_words_written_as_one_are_parted():
    assert closest("railwaykettle", FORMS) == "railway kettle"


def test_of_two_as_near_the_one_in_more_documents_is_meant():
    assert closest("railwayy", {"railway": 1, "railways": 5}) == "railways"


def test_only_unknown_words_change_and_the_rest_keeps_its_place():
    asked = []

    def forms():
        asked.append(1)
        return FORMS

    question = "WHEN was the Railwya (kettle) opened?"
    assert correct(question, lambda word, stem: word != "railwya", forms) == "WHEN was the Railway (kettle) opened?"
    assert correct(question, lambda word, stem: True, forms) == question
    assert len(asked) == 1


def test_numbers_and_short_words_are_never_typos():
    assert correct("1911 cat x2000", lambda word, stem: False, lambda: {"1912": 1, "cats": 1}) == "1911 cat x2000"
