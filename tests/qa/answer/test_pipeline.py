from dataclasses import replace

import pytest

from index.types import ContextText, Hit, Passage, ScoredSentence, SearchResult
from qa.answer.confidence import UNRESOLVED_REFERENCE_PENALTY
from qa.answer.followup import WEIGHT
from qa.answer.pipeline import answer
from qa.types import Answer, NoAnswer, Turn, as_turn


class Retriever:
    """Finds the same hits for every question, and keeps what it was asked."""

    def __init__(self, *hits, question="why?"):
        self.found = SearchResult(question=question, generation=7, hits=hits)
        self.asked = []

    def search(self, question, k, said=()):
        self.asked.append((question, said))
        return self.found

    def similarities(self, question, texts):
        return [0.0 for _ in texts]


def hit(path, text, closeness, marks=()):
    """A hit on one sentence, as close by every signal."""
    sentence = ScoredSentence(
        start=0,
        end=len(text),
        similarity=closeness,
        term_coverage=closeness,
        maxsim=closeness,
        maxsim_with_previous=closeness,
    )
    passage = Passage(path=path, start=0, end=len(text), text=text, sentences=((0, len(text)),))
    return Hit(
        passage=passage,
        score=closeness,
        bm25_rank=None,
        semantic_rank=None,
        similarity=closeness,
        term_coverage=closeness,
        matched=(),
        maxsim=closeness,
        sentences=(sentence,),
        marks=marks,
    )


def test_what_is_close_is_quoted_and_cited_with_the_words_that_meet_the_question():
    reply = answer("why?", Retriever(hit("a.md", "Close by.", 0.9, marks=((0, 5),))))
    assert isinstance(reply, Answer)
    (citation,) = reply.citations
    assert (citation.number, citation.quote, citation.start, citation.end) == (1, "Close by.", 0, 9)
    assert (citation.marks, citation.sentences, reply.generation) == (((0, 5),), ["Close by."], 7)


def test_too_far_is_declined_with_the_nearest():
    far = hit("a.md", "Something else.", 0.3)
    reply = answer("why?", Retriever(far))
    assert isinstance(reply, NoAnswer)
    assert (reply.nearest, reply.generation) == ((far,), 7)
    assert reply.confidence < 0.1


def test_the_threshold_decides():
    retriever = Retriever(hit("a.md", "Close by.", 0.9))
    assert isinstance(answer("why?", retriever, threshold=1.0), NoAnswer)
    assert isinstance(answer("why?", Retriever(hit("a.md", "Far.", 0.1)), threshold=0.0), Answer)


def test_nothing_found_is_declined():
    assert answer("why?", Retriever()) == NoAnswer(
        question="why?", nearest=(), confidence=0.0, generation=7, searched="why?"
    )


def test_how_many_hits_are_listed_does_not_change_the_answer():
    hits = [hit(f"{number}.md", f"Sentence {number}.", 0.9) for number in range(6)]
    few, many = (answer("why?", Retriever(*hits), k) for k in (1, 6))
    assert (len(few.hits), len(many.hits)) == (1, 6)
    assert few.citations == many.citations


def test_a_changed_file_is_said_on_its_citation():
    reply = answer("why?", Retriever(hit("a.md", "Close by.", 0.9)), is_current=lambda passage: False)
    assert [citation.is_current for citation in reply.citations] == [False]


def test_the_question_as_it_was_searched_is_kept():
    reply = answer("whi?", Retriever(hit("a.md", "Close by.", 0.9), question="why?"))
    assert (reply.question, reply.searched) == ("whi?", "why?")


def test_a_follow_up_is_searched_with_what_it_leans_on_and_says_so():
    retriever = Retriever(hit("a.md", "Close by.", 0.9))
    reply = answer("why?", retriever, turns=[Turn("Where is it?", "Far away.")])
    assert retriever.asked == [("why?", ()), ("why?", (ContextText("Where is it? Far away.", WEIGHT),))]
    assert reply.follows == "Where is it?"
    assert answer("why?", retriever).follows == ""


def test_more_is_what_was_not_quoted_yet_and_where_is_what_was():
    retriever = Retriever(hit("a.md", "Close by.", 0.9), hit("b.md", "Rather near.", 0.8), hit("c.md", "Far off.", 0.3))
    first = answer("Where is it standing today?", retriever)
    turns = [as_turn(first)]
    more = answer("tell me more", retriever, turns=turns)
    assert {citation.quote for citation in more.citations} == {"Rather near."} - {c.quote for c in first.citations}
    assert isinstance(answer("tell me more", retriever, turns=[*turns, as_turn(more)]), NoAnswer)
    again = answer("where does it say that?", retriever, turns=[*turns, as_turn(more)])
    assert (again.question, again.citations) == ("where does it say that?", more.citations)


def test_a_question_that_says_too_little_gets_a_choice_of_what_is_answered():
    hits = [replace(hit(f"{name}.md", f"The {name}.", 0.5), term_coverage=1.0) for name in ("train", "boat")]
    reply = answer("How much does it cost?", Retriever(*hits))
    assert isinstance(reply, NoAnswer)
    assert reply.clarifications == ("train: how much does it cost?", "boat: how much does it cost?")
    assert isinstance(answer("How much does it cost?", Retriever(hits[0])), Answer)


def test_pointing_to_what_was_not_said_costs_confidence():
    retriever = Retriever(hit("a.md", "Close by.", 0.9))
    turns = [Turn("How hot is tea served in Japan?", "Very hot.")]
    plain, pointing, alone = (
        answer(question, retriever, turns=said).confidence
        for question, said in (
            ("Where is the bridge?", turns),
            ("Where is this bridge?", turns),
            ("Where is this?", ()),
        )
    )
    assert pointing == pytest.approx(plain * (1 - UNRESOLVED_REFERENCE_PENALTY))
    assert alone == plain
