import pytest

from index.types import ContextText
from qa.answer.focus import CONTEXT_WEIGHT, MAX_CONTEXT_CHARACTERS, MIN_WORDS, Focused, focus

STORY = "We moved into the house last May. The boiler was old then. It has been cold since Monday."
LONG = f"Hello there. {STORY} My neighbour has the same one."


def test_a_short_question_is_searched_as_it_is():
    question = "It is cold. Who mends the boiler?"
    assert len(question.split()) < MIN_WORDS
    assert focus(question) == Focused(question)


def test_the_sentence_that_asks_is_the_question_and_the_rest_is_context():
    found = focus(f"{LONG} Who mends the boiler? Thanks.")
    assert found == Focused("Who mends the boiler?", (ContextText(f"{LONG} Thanks.", CONTEXT_WEIGHT),))
    assert 0 < CONTEXT_WEIGHT < 0.5


def test_every_sentence_that_asks_is_searched():
    assert focus(f"Who mends the boiler? {LONG} And what does it cost?").question == (
        "Who mends the boiler? And what does it cost?"
    )


@pytest.mark.parametrize(
    "asks",
    [
        "Please tell me who mends it.",
        "I want to know who mends it.",
        "How do I mend it",
        "Explain how to mend the boiler.",
    ],
)
def test_without_a_question_mark_the_wording_shows_what_asks(asks):
    assert focus(f"{LONG} {asks}").question == asks


def test_a_message_that_asks_nothing_is_searched_whole():
    assert focus(f"{LONG} {STORY}") == Focused(f"{LONG} {STORY}")


def test_a_message_that_only_asks_has_no_context():
    message = f"Who mends the boiler that {'really ' * 30}leaks?"
    assert focus(message) == Focused(message)


def test_an_empty_phrase_is_not_the_question():
    message = f"{LONG} Any ideas?"
    assert focus(message) == Focused(message)


def test_a_line_ends_a_sentence():
    message = LONG.replace(". ", "\n") + "\nWho mends the boiler\n"
    assert focus(message).question == "Who mends the boiler"


def test_numbers_stay_whole():
    assert focus(f"{LONG} Is release 2.10.3 of the boiler newer than 4.2?").question == (
        "Is release 2.10.3 of the boiler newer than 4.2?"
    )


def test_a_very_long_message_keeps_the_context_nearest_to_its_end():
    found = focus(f"Who mends the boiler? {STORY * 100} The end.")
    assert found.question == "Who mends the boiler?"
    assert len(found.context[0].text) == MAX_CONTEXT_CHARACTERS
    assert found.context[0].text.endswith("The end.")
