import pytest

from index.errors import FootnoteError
from index.types import ContextText, Hit, Passage, ScoredSentence
from qa.answer.followup import FADING, WEIGHT, resolve_follow_up, resolve_wording, was_quoted
from qa.history import read_history
from qa.types import Turn

RAILWAY = Turn("When was the railway opened?", "It was opened in 1911.", (("a.md", 0, 22),), ("Railway",))
TEXT = "When was the railway opened? Railway It was opened in 1911."


def leaning(question, *turns, sure=0.0, near=0.0):
    """What a question leans on where every earlier text is as near."""
    return resolve_follow_up(resolve_wording(question, turns), sure, lambda asked, texts: [near] * len(texts))


@pytest.mark.parametrize(
    "question",
    [
        "And who paid for it?",
        "why?",
        "what about 2013?",
        "Who paid for it?",
        "The cost",
        "When did they leave?",
        "How do I make one?",
    ],
)
def test_a_question_that_is_worded_as_a_follow_up_is_one_whatever_it_is_about(question):
    found = leaning(question, RAILWAY)
    assert (found.said, found.follows) == ((ContextText(TEXT, WEIGHT),), RAILWAY.question)


def test_a_question_that_stands_alone_is_not_touched():
    for question in ("How tall is the Eiffel Tower?", "When did Genghis Khan leave his tents?"):
        assert leaning(question, RAILWAY).said == ()
        assert leaning(question, RAILWAY).follows == ""


def test_without_earlier_turns_nothing_is_leaned_on():
    assert leaning("And who paid for it?").said == ()


def test_a_related_question_leans_the_more_the_less_surely_it_is_answered_alone():
    question = "Which company was chosen to build the northern line?"
    unsure, surer, sure = (leaning(question, RAILWAY, sure=sure, near=0.5).said for sure in (0.0, 0.25, 0.9))
    assert unsure == (ContextText(TEXT, WEIGHT),)
    assert 0 < surer[0].weight < WEIGHT
    assert sure == ()


def test_earlier_turns_count_less_and_less():
    port = Turn("And the port?", "The port is old.")
    found = leaning("And the ships?", RAILWAY, port)
    assert found.said == (ContextText(port.text, WEIGHT), ContextText(TEXT, pytest.approx(WEIGHT * FADING)))
    assert found.follows == RAILWAY.question


def test_what_was_declined_and_only_leaned_itself_is_passed_over():
    found = leaning("why?", RAILWAY, Turn("And who paid for it?"))
    assert (found.said, found.follows) == ((ContextText(TEXT, WEIGHT),), RAILWAY.question)


def test_more_asks_the_last_question_again_and_gives_nothing_twice():
    turns = [RAILWAY, Turn("tell me more", "It is long.", (("a.md", 23, 34),))]
    for question in ("Tell me more!", "more, please", "go on", "What else?", "Can you tell me more about it?"):
        found = resolve_wording(question, turns)
        assert (found.question, found.given, found.follows) == (RAILWAY.question, tuple(turns), RAILWAY.question)
    many = [RAILWAY, *[Turn("tell me more", "More.")] * 5_000]
    assert resolve_wording("tell me more", many).given == tuple(many)
    assert resolve_wording("Tell me more about the port", turns).question == "Tell me more about the port"
    assert resolve_wording("Tell me more", []).question == "Tell me more"


def test_where_does_it_say_that_asks_the_last_question_again_as_it_was_asked():
    assert resolve_wording("Where is it?", [RAILWAY]).question == "Where is it?"
    more = Turn("tell me more", "It is long.", (("a.md", 23, 34),))
    for question in ("Where does it say that?", "where is that written", "Source?", "Which document is that from?"):
        assert resolve_wording(question, [RAILWAY]).question == RAILWAY.question
        assert resolve_wording(question, [RAILWAY]).given == ()
        assert resolve_wording(question, [RAILWAY, more]).given == (RAILWAY,)


def test_a_correction_takes_the_place_of_the_last_question_without_its_answer():
    found = resolve_wording("No, I meant the port", [RAILWAY])
    assert (found.question, found.turns, found.follows) == ("the port", (Turn(RAILWAY.question),), RAILWAY.question)
    assert leaning("No, I meant the port", RAILWAY).said == (ContextText(RAILWAY.question, WEIGHT),)
    whole = resolve_wording("sorry, I meant: when was the port opened?", [RAILWAY])
    assert (whole.question, whole.turns) == ("when was the port opened?", (RAILWAY,))


def test_pointing_to_what_was_not_said_says_too_little():
    question = "In which country is this language spoken?"
    nowhere, said = leaning(question, RAILWAY, near=0.0), leaning(question, RAILWAY, near=0.6)
    assert (nowhere.is_underspecified, nowhere.unresolved_reference, nowhere.said) == (True, 1.0, ())
    assert (said.is_underspecified, said.unresolved_reference) == (False, 0.0)
    assert leaning("How much does it cost?").is_underspecified
    assert not leaning("How much does the ticket cost?").is_underspecified
    assert not leaning("Is it true that tea is hot?").is_underspecified
    assert not leaning("How long does it take to steep tea?").is_underspecified
    assert leaning("What is said about it in this document?").unresolved_reference == 0.0


def test_a_sentence_was_given_if_its_place_or_its_words_were():
    passage = Passage(path="a.md", start=0, end=34, text="It was opened in 1911. It is long.\n"[:34])
    first, second = (
        ScoredSentence(start=0, end=22, similarity=0, term_coverage=0),
        ScoredSentence(start=23, end=34, similarity=0, term_coverage=0),
    )
    hit = Hit(passage=passage, score=1.0)
    assert [was_quoted(hit, sentence, [RAILWAY]) for sentence in (first, second)] == [True, False]
    assert was_quoted(hit, second, [Turn("?", "As it says:  It is\nlong.")])


def test_a_history_becomes_turns_with_what_was_cited():
    citation = {"document": "a.md", "start": 0, "end": 22, "section": "Railway", "quote": "It was opened in 1911."}
    history = [
        {"role": "user", "content": RAILWAY.question},
        {"role": "assistant", "content": RAILWAY.answer, "citations": [citation]},
        {"role": "user", "content": "why?"},
        {"role": "assistant", "content": "The documents do not answer this."},
    ]
    assert read_history(history) == (RAILWAY, Turn("why?"))


@pytest.mark.parametrize(
    ("history", "message"),
    [
        ("hello", "The history is not a list"),
        ([{"role": "user", "content": "a"}, {"role": "robot", "content": "b"}], "Entry 2 of the history must be an"),
        ([{"role": "user"}], "Entry 1 of the history must be an object"),
        (["hello"], "Entry 1 of the history must be an object"),
        (
            [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b", "citations": [{"start": 1}]}],
            "The citations of entry 2 of the history must be a list",
        ),
    ],
)
def test_an_invalid_history_is_one_clear_sentence(history, message):
    with pytest.raises(FootnoteError, match=message):
        read_history(history)


def test_where_that_is_said_is_asked_of_the_last_answer():
    turns = [Turn("When was it built?", "In 1911."), Turn("Tell me more")]
    assert resolve_wording("Where does it say that?", turns).question == "When was it built?"
