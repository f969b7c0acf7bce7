import json

import pytest
from pydantic import ValidationError

from index.types import Hit, Passage
from qa.formatting import place_name
from qa.types import Answer, Citation, Exchange, NoAnswer
from qa.web.messages import MAX_CONTEXT_TURNS, MAX_QUOTES, MAX_TURNS, Ask, Recheck, SavedConversation
from qa.web.session import dump, load

PASSAGE = Passage(
    path="a.pdf",
    start=5,
    end=14,
    text="One. Two.",
    sentences=((5, 9), (10, 14)),
    section=("Top", "Under"),
    pages=((5, 3), (10, 4)),
    copies=("b.pdf",),
)
OTHER = Passage(path="c.md", start=0, end=4, text="Tea.")
HITS = (
    Hit(passage=OTHER, score=0.6),
    Hit(
        passage=PASSAGE,
        score=0.5,
        bm25_rank=1,
        semantic_rank=2,
        similarity=0.3,
        term_coverage=0.4,
        matched=("two",),
        maxsim=0.7,
        marks=((10, 13),),
    ),
)
ANSWER = Answer(
    question="q?",
    citations=(Citation(number=1, quote="Two.", start=10, end=14, passage=PASSAGE, marks=((10, 13),)),),
    confidence=0.5,
    hits=HITS,
    generation=7,
    searched="q?",
)


def through_a_browser(turn):
    return load(json.loads(json.dumps(dump(turn) | {"key": "k1"}))).exchange


def test_an_answer_comes_back_with_its_quotes_and_their_passages_only():
    turn = through_a_browser(Exchange("q?", ANSWER))
    reply = turn.reply
    (citation,) = reply.citations
    assert (turn.question, citation.number, citation.quote, citation.marks) == ("q?", 1, "Two.", ((10, 13),))
    assert place_name(citation.passage, citation.start) == "a.pdf, page 4, Top › Under, also in b.pdf"
    (hit,) = reply.hits
    assert (hit.passage.text, hit.bm25_rank, hit.semantic_rank, hit.matched) == ("One. Two.", 1, 2, ("two",))
    assert (reply.confidence, reply.generation, reply.searched) == (0.5, 7, "q?")


def test_a_refusal_comes_back_with_its_three_nearest():
    turn = through_a_browser(Exchange("q?", NoAnswer(question="q?", nearest=HITS * 3, confidence=0.1)))
    assert [hit.passage.path for hit in turn.reply.nearest] == ["c.md", "a.pdf", "c.md"]


def test_what_was_followed_and_the_choices_come_back():
    exchange = through_a_browser(
        Exchange("q?", NoAnswer(question="q?", follows="before?", clarifications=("a?", "b?")))
    )
    assert (exchange.reply.follows, exchange.reply.clarifications) == ("before?", ("a?", "b?"))


def test_a_problem_comes_back():
    assert through_a_browser(Exchange("q?", problem="No.")) == Exchange("q?", problem="No.")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda saved: saved["reply"]["citations"][0].update(quote="Three."),
        lambda saved: saved["reply"]["citations"][0].update(start=900, end=904),
        lambda saved: saved["reply"]["hits"][0].update(text="short"),
        lambda saved: saved["reply"]["hits"][0].update(unit="<b>"),
        lambda saved: saved["reply"].update(hits=5),
        lambda saved: saved["reply"].update(citations=[]),
        lambda saved: saved.pop("question"),
        lambda saved: saved.update(reply=None),
        lambda saved: saved.update(key="<b>"),
    ],
)
def test_a_turn_that_was_changed_is_not_loaded(spoil):
    saved = dump(Exchange("q?", ANSWER))
    spoil(saved)
    assert load(saved) is None


@pytest.mark.parametrize("saved", [None, 5, "x", {}, [], [None]])
def test_what_is_no_turn_is_not_loaded(saved):
    assert load(saved) is None


def test_more_than_the_page_ever_saves_is_not_loaded():
    for spoil in (
        lambda reply: reply.update(hits=reply["hits"] * 51),
        lambda reply: reply.update(citations=reply["citations"] * 51),
        lambda reply: reply.update(question="q" * 20_001),
        lambda reply: reply.update(choices=["q"] * 101),
        lambda reply: reply.update(confidence=float("nan")),
    ):
        saved = dump(Exchange("q?", ANSWER))
        spoil(saved["reply"])
        assert load(saved) is None


def test_a_conversation_is_limited_in_turns_context_and_quotes():
    quote = {"document": "a.md", "quote": "q"}
    turn = {"question": "q?"}
    for message, most in (
        (lambda count: SavedConversation.model_validate({"turns": [{}] * count}), MAX_TURNS),
        (lambda count: Ask.model_validate({"key": "a", "question": "q", "context": [turn] * count}), MAX_CONTEXT_TURNS),
        (lambda count: Recheck.model_validate({"quotes": [quote] * count}), MAX_QUOTES),
    ):
        message(most)
        with pytest.raises(ValidationError, match="too_long"):
            message(most + 1)


def test_each_quote_of_a_page_is_checked_once(handlers, library, monkeypatch):
    checked = []
    monkeypatch.setattr(library, "still_says", lambda *quote: checked.append(quote) or True)
    quotes = [{"document": "a.md", "quote": "q"}] * 500 + [{"document": "b.md", "quote": "q"}]
    assert handlers.recheck({"quotes": quotes}) == {"current": [True] * 501}
    assert checked == [("a.md", "q"), ("b.md", "q")]
