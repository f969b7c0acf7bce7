import pytest

from index.errors import FootnoteError
from index.types import ContextText, Hit, Passage, ScoredSentence
from qa.answer.confidence import THRESHOLD
from qa.answer.followup import (
    COMPLETE_WEIGHT,
    DECAY,
    NO_SUBJECT_WEIGHT,
    WEIGHT,
    resolve_follow_up,
    resolve_wording,
    was_quoted,
)
from qa.history import read_history
from qa.types import Turn

RAILWAY = Turn("When was the railway opened?", "It was opened in 1911.", (("a.md", 0, 22),), ("Railway",))
TEXT = "When was the railway opened? Railway It was opened in 1911."


def follow_up(question, *turns, confidence=0.0, similarity=0.0):
    """Resolve a question to which every earlier text is as similar."""
    asked = resolve_wording(question, turns)
    return resolve_follow_up(asked, confidence, lambda question, texts: [similarity] * len(texts))


@pytest.mark.parametrize(
    "question",
    [
        "And who built it?",
        "what about the port?",
        "Who built it?",
        "The price",
        "When did they collapse?",
    ],
)
def test_a_question_that_is_worded_as_a_follow_up_is_one_whatever_it_is_about(question):
    found = follow_up(question, RAILWAY)
    assert (found.context, found.follows) == ((ContextText(TEXT, WEIGHT),), RAILWAY.question)


@pytest.mark.parametrize("question", ["why?", "what about 2013?", "How do I make one?", "how far ahead"])
def test_the_context_weighs_more_for_a_follow_up_that_names_no_subject(question):
    found = follow_up(question, RAILWAY)
    assert (found.context, found.follows) == ((ContextText(TEXT, NO_SUBJECT_WEIGHT),), RAILWAY.question)


@pytest.mark.parametrize("similarity", [0.0, 0.9])
def test_a_complete_question_is_not_a_follow_up(similarity):
    for question in ("How tall is the Eiffel Tower?", "When did Genghis Khan leave his tents?"):
        assert follow_up(question, RAILWAY, similarity=similarity).follows == ""


def test_a_fragment_that_names_another_subject_follows_nothing_if_it_is_answered():
    question = "how many sick days at clef"
    assert follow_up(question, RAILWAY, confidence=THRESHOLD, similarity=0.1).follows == ""
    assert follow_up(question, RAILWAY, confidence=THRESHOLD - 0.1, similarity=0.1).follows == RAILWAY.question
    assert follow_up(question, RAILWAY, confidence=THRESHOLD, similarity=0.4).follows == RAILWAY.question
    assert follow_up("how long for?", RAILWAY, confidence=THRESHOLD, similarity=0.1).follows == RAILWAY.question


def test_without_earlier_turns_there_is_no_context():
    assert follow_up("And who paid for it?").context == ()


def test_a_complete_question_uses_a_similar_turn_only_if_it_is_not_answered():
    question = "Which company was chosen to build the northern line?"
    unsure = follow_up(question, RAILWAY, confidence=THRESHOLD - 0.01, similarity=0.5)
    assert (unsure.context, unsure.follows) == ((ContextText(TEXT, COMPLETE_WEIGHT),), "")
    assert unsure.is_standalone
    assert follow_up(question, RAILWAY, confidence=THRESHOLD, similarity=0.5).context == ()
    assert follow_up(question, RAILWAY, confidence=0.0, similarity=0.2).context == ()


def test_a_pronoun_counts_less_on_the_context_the_more_confidently_it_is_answered():
    weights = [follow_up("Who built it?", RAILWAY, confidence=value).context[0].weight for value in (0.0, 0.5, 1.0)]
    assert weights == [WEIGHT, WEIGHT * 0.75, WEIGHT * 0.5]


def test_a_topic_that_is_answered_is_not_a_follow_up():
    assert follow_up("Black tea", RAILWAY, confidence=THRESHOLD).follows == ""
    assert follow_up("Black tea", RAILWAY, confidence=THRESHOLD - 0.01).follows == RAILWAY.question
    assert follow_up("and tea", RAILWAY, confidence=THRESHOLD).follows == RAILWAY.question


def test_earlier_turns_count_less_and_less():
    port = Turn("And the port?", "The port is old.")
    found = follow_up("And the ships?", RAILWAY, port)
    assert found.context == (ContextText(port.text, WEIGHT), ContextText(TEXT, pytest.approx(WEIGHT * DECAY)))
    assert found.follows == RAILWAY.question


def test_a_turn_before_a_change_of_subject_is_not_used():
    tower = Turn("How tall is the Eiffel Tower?", "It is 330 metres tall.")
    found = follow_up("who built it?", RAILWAY, tower)
    assert (found.context, found.follows) == ((ContextText(tower.text, WEIGHT),), tower.question)


def test_a_declined_turn_and_small_talk_are_not_followed():
    for turn in (
        Turn("How tall is the Eiffel Tower?"),
        Turn("And who paid for it?"),
        Turn("thanks", "You're welcome."),
    ):
        found = follow_up("why?", RAILWAY, turn)
        assert (found.context, found.follows) == ((ContextText(TEXT, NO_SUBJECT_WEIGHT),), RAILWAY.question)
    assert follow_up("why?", Turn("How tall is the Eiffel Tower?")) == follow_up("why?")


def test_small_talk_follows_nothing():
    assert follow_up("great, thank you", RAILWAY).follows == ""


def test_a_new_subject_that_is_announced_follows_nothing():
    asked = resolve_wording("ok different thing: where is it?", [RAILWAY])
    assert (asked.question, asked.turns) == ("where is it?", ())


def test_a_return_follows_the_most_similar_turn():
    tower = Turn("How tall is the Eiffel Tower?", "It is 330 metres tall.")
    asked = resolve_wording("back to the railway, who paid?", [RAILWAY, tower])
    found = resolve_follow_up(asked, 0.0, lambda question, texts: [float("railway" in text) for text in texts])
    assert (found.context, found.follows) == ((ContextText(TEXT, WEIGHT),), RAILWAY.question)


def test_more_asks_the_last_question_again_and_repeats_no_quote():
    turns = [RAILWAY, Turn("tell me more", "It is long.", (("a.md", 23, 34),))]
    for question in ("Tell me more!", "more, please", "go on", "What else?", "Can you tell me more about it?"):
        found = resolve_wording(question, turns)
        assert (found.question, found.quoted_turns, found.follows) == (RAILWAY.question, tuple(turns), RAILWAY.question)
    many = [RAILWAY, *[Turn("tell me more", "More.")] * 5_000]
    assert resolve_wording("tell me more", many).quoted_turns == tuple(many)
    assert resolve_wording("Tell me more about the port", turns).question == "Tell me more about the port"
    assert resolve_wording("Tell me more", []).question == "Tell me more"


def test_where_does_it_say_that_asks_the_last_question_again_as_it_was_asked():
    assert resolve_wording("Where is it?", [RAILWAY]).question == "Where is it?"
    more = Turn("tell me more", "It is long.", (("a.md", 23, 34),))
    for question in ("Where does it say that?", "where is that written", "Source?", "Which document is that from?"):
        assert resolve_wording(question, [RAILWAY]).question == RAILWAY.question
        assert resolve_wording(question, [RAILWAY]).quoted_turns == ()
        assert resolve_wording(question, [RAILWAY, more]).quoted_turns == (RAILWAY,)


def test_a_correction_takes_the_place_of_the_last_question_without_its_answer():
    found = resolve_wording("No, I meant the port", [RAILWAY])
    assert (found.question, found.turns, found.follows) == ("the port", (Turn(RAILWAY.question),), RAILWAY.question)
    assert follow_up("No, I meant the port", RAILWAY).context == (ContextText(RAILWAY.question, WEIGHT),)
    whole = resolve_wording("sorry, I meant: when was the port opened?", [RAILWAY])
    assert (whole.question, whole.turns) == ("when was the port opened?", (RAILWAY,))


def test_a_demonstrative_without_an_antecedent_is_underspecified():
    question = "In which country is this language spoken?"
    missing, present = follow_up(question, RAILWAY, similarity=0.0), follow_up(question, RAILWAY, similarity=0.6)
    assert (missing.is_underspecified, missing.unresolved_reference, missing.context) == (True, 1.0, ())
    assert (present.is_underspecified, present.unresolved_reference) == (False, 0.0)
    assert follow_up("What is said about it in this document?").unresolved_reference == 0.0


@pytest.mark.parametrize(
    ("question", "is_underspecified"),
    [
        ("How much does it cost?", True),
        ("How much does the ticket cost?", False),
        ("Is it true that tea is hot?", False),
        ("How long does it take to steep tea?", False),
        ("Can they fire me without notice?", False),
        ("Can they open it for me?", True),
        ("Why does it use so much memory at night?", False),
        ("Does this machine use much memory at night?", True),
    ],
)
def test_a_pronoun_without_an_antecedent_is_underspecified(question, is_underspecified):
    assert follow_up(question, confidence=0.5).is_underspecified == is_underspecified


def test_a_sentence_was_quoted_if_its_place_or_its_words_were():
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
    "text",
    [
        "The documents may not answer this. These passages come closest. They do not mention Kandji.",
        "Limited to: tea.md\n\nThe documents do not answer this.",
        "Hello! I answer questions from the 6 documents in this folder, in their own words and with their sources.",
        "I can't translate. Ask a question in the language of the documents, and I quote them word for word.",
        "lease.md has no section 7. lease.md has section 1 and 2.",
        "There are no documents after 2030.",
    ],
)
def test_a_reply_of_footnotes_own_that_is_no_answer_is_none_in_a_history(text):
    history = [{"role": "user", "content": "why?"}, {"role": "assistant", "content": text}]
    assert read_history(history) == (Turn("why?"),)


def test_an_answer_as_the_command_prints_it_is_read_without_its_footnotes():
    text = "Searched for: bridge\n\nIt was opened in 1911.[^1] It is long.[^2]\n\n[^1]: a.md, Railway\n[^2]: b.md\n"
    history = [{"role": "user", "content": "When?"}, {"role": "assistant", "content": text}]
    assert read_history(history) == (Turn("When?", "It was opened in 1911. It is long."),)


@pytest.mark.parametrize(
    ("notes", "text"),
    [
        ("Written in part: localhost:1 closed the connection.\n\nWritten by small at localhost:1.\n\n", "It is long."),
        ("Not written: localhost:1 failed with status 500.\n\n", "It is long."),
        ("", "Written by Ada in 1911."),
        ("", "Written by Ada at home.\nIt is long."),
    ],
)
def test_what_is_printed_about_the_writing_is_no_part_of_the_answer(notes, text):
    history = [{"role": "user", "content": "When?"}, {"role": "assistant", "content": f"{notes}{text}"}]
    assert read_history(history) == (Turn("When?", text),)


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
