from dataclasses import replace

import pytest
from support.hits import hit

from index.types import ContextText, RankSignals, SearchResult
from qa.answer import pipeline
from qa.answer.confidence import FOLLOW_UP_THRESHOLD, RELATED_THRESHOLD, THRESHOLD, UNRESOLVED_REFERENCE_PENALTY
from qa.answer.followup import NO_SUBJECT_WEIGHT
from qa.answer.pipeline import answer
from qa.types import Answer, NoAnswer, Turn, as_turn


class Retriever:
    """Finds the same hits for every question, and keeps what it was asked."""

    def __init__(self, *hits, question="why?", unknown=()):
        self.found = SearchResult(question=question, generation=7, hits=hits, unknown=unknown)
        self.asked = []

    def search(self, question, k, context=()):
        self.asked.append((question, tuple(context)))
        return self.found

    def similarities(self, question, texts):
        return [0.0 for _ in texts]


def close(path, text, closeness, score=0.2, marks=()):
    """A hit on one sentence, as close by every signal, that holds the kind of thing asked for."""
    found = hit(path, (text, closeness), score=score, marks=marks)
    return replace(found, signals=RankSignals(answer_type=1.0))


@pytest.fixture
def confident(monkeypatch):
    """Make every search this confident."""
    return lambda value: monkeypatch.setattr(pipeline, "confidence", lambda signals: value)


def test_what_is_close_is_quoted_and_cited_with_the_words_that_match_the_question():
    reply = answer("why?", Retriever(close("a.md", "Close by.", 0.9, marks=((0, 5),))))
    assert isinstance(reply, Answer)
    (citation,) = reply.citations
    assert (citation.number, citation.quote, citation.start, citation.end) == (1, "Close by.", 0, 9)
    assert (citation.marks, citation.sentences, reply.generation) == (((0, 5),), ["Close by."], 7)


def test_too_far_is_declined_with_the_nearest():
    far = close("a.md", "Something else.", 0.3)
    reply = answer("why?", Retriever(far))
    assert isinstance(reply, NoAnswer)
    assert (reply.nearest, reply.generation) == ((far,), 7)
    assert reply.confidence < RELATED_THRESHOLD


def test_the_threshold_decides():
    retriever = Retriever(close("a.md", "Close by.", 0.9))
    assert isinstance(answer("why?", retriever, threshold=1.0), NoAnswer)
    assert isinstance(answer("why?", Retriever(close("a.md", "Far.", 0.1)), threshold=0.0), Answer)


def test_nothing_found_is_declined():
    assert answer("why?", Retriever()) == NoAnswer(
        question="why?", nearest=(), confidence=0.0, generation=7, searched="why?"
    )


def test_how_many_hits_are_listed_does_not_change_the_answer():
    hits = [close(f"{number}.md", f"Sentence {number}.", 0.9, score=0.6 / (number + 1)) for number in range(6)]
    few, many = (answer("why?", Retriever(*hits), k) for k in (1, 6))
    assert (len(few.hits), len(many.hits)) == (1, 6)
    assert few.citations == many.citations


def test_a_citation_of_a_changed_file_is_not_current():
    reply = answer("why?", Retriever(close("a.md", "Close by.", 0.9)), is_current=lambda passage: False)
    assert [citation.is_current for citation in reply.citations] == [False]


def test_the_question_as_it_was_searched_is_kept():
    reply = answer("whi?", Retriever(close("a.md", "Close by.", 0.9), question="why?"))
    assert (reply.question, reply.searched) == ("whi?", "why?")


def test_a_follow_up_is_searched_with_the_turn_that_it_follows():
    retriever = Retriever(close("a.md", "Close by.", 0.9))
    reply = answer("why?", retriever, turns=[Turn("Where is it?", "Far away.")])
    assert retriever.asked == [("why?", ()), ("why?", (ContextText("Where is it? Far away.", NO_SUBJECT_WEIGHT),))]
    assert reply.follows == "Where is it?"
    assert answer("why?", retriever).follows == ""


def test_more_is_what_was_not_quoted_yet_and_where_is_what_was():
    first_text, second_text = (f"{word} {'word ' * 148}end." for word in ("First", "Second"))
    retriever = Retriever(hit("a.md", (first_text, 0.9), (second_text, 0.8), score=0.9))
    first = answer("Where is it standing today?", retriever)
    turns = [as_turn(first)]
    more = answer("tell me more", retriever, turns=turns)
    assert [citation.quote for citation in (*first.citations, *more.citations)] == [first_text, second_text]
    assert isinstance(answer("tell me more", retriever, turns=[*turns, as_turn(more)]), NoAnswer)
    again = answer("where does it say that?", retriever, turns=[*turns, as_turn(more)])
    assert (again.question, again.citations) == ("where does it say that?", more.citations)


def test_more_is_about_the_same_subject():
    retriever = Retriever(close("a.md", "Close by.", 0.9), close("b.md", "Other.", 0.3))
    first = answer("Where is it standing today?", retriever)
    assert isinstance(answer("tell me more", retriever, turns=[as_turn(first)]), NoAnswer)


def test_a_question_that_says_too_little_gets_a_choice_of_what_is_answered():
    hits = [replace(close(f"{name}.md", f"The {name}.", 0.5), term_coverage=1.0) for name in ("train", "boat")]
    reply = answer("How much does it cost?", Retriever(*hits))
    assert isinstance(reply, NoAnswer)
    assert reply.clarifications == ("train: how much does it cost?", "boat: how much does it cost?")
    assert isinstance(answer("How much does it cost?", Retriever(hits[0])), Answer)


def test_a_reference_to_nothing_lowers_confidence():
    retriever = Retriever(close("a.md", "Close by.", 0.9))
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


def test_there_are_three_outcomes(confident):
    retriever = Retriever(close("a.md", "Close by.", 0.9), unknown=("S-187",))
    confident(THRESHOLD)
    sure = answer("why?", retriever)
    assert isinstance(sure, Answer)
    confident(THRESHOLD - 0.01)
    unsure = answer("why?", retriever)
    assert isinstance(unsure, NoAnswer)
    assert unsure.citations == sure.citations
    confident(RELATED_THRESHOLD - 0.01)
    unrelated = answer("why?", retriever)
    assert isinstance(unrelated, NoAnswer)
    assert (unrelated.citations, unrelated.nearest) == ((), unsure.nearest)
    assert [reply.unknown for reply in (sure, unsure, unrelated)] == [("S-187",)] * 3
    assert [reply.confidence for reply in (unsure, unrelated)] == [THRESHOLD - 0.01, RELATED_THRESHOLD - 0.01]


def test_the_closest_passages_are_no_turn_that_a_question_may_follow(confident):
    confident(THRESHOLD - 0.01)
    reply = answer("Where is it?", Retriever(close("a.md", "Close by.", 0.9)))
    assert reply.citations
    assert as_turn(reply) == Turn("Where is it?")


def test_a_follow_up_needs_less_confidence(confident):
    retriever = Retriever(close("a.md", "Close by.", 0.9))
    turns = [Turn("Where is it?", "Far away.")]
    confident(FOLLOW_UP_THRESHOLD)
    assert isinstance(answer("And why is it there?", retriever, turns=turns), Answer)
    assert isinstance(answer("And why is it there?", retriever), NoAnswer)
    confident(FOLLOW_UP_THRESHOLD - 0.01)
    assert isinstance(answer("And why is it there?", retriever, turns=turns), NoAnswer)


def test_a_lower_threshold_holds_for_follow_ups_too(confident):
    confident(0.05)
    retriever = Retriever(close("a.md", "Close by.", 0.9))
    turns = [Turn("Where is it?", "Far away.")]
    assert isinstance(answer("And why is it there?", retriever, turns=turns, threshold=0.0), Answer)


def test_names_that_no_document_holds_lower_confidence():
    found = close("a.md", "Close by.", 0.9)
    known, unknown = (answer("why?", Retriever(found, unknown=names)) for names in ((), ("S-187", "Mozart")))
    assert unknown.confidence < known.confidence


def test_a_citation_marks_the_sentence_that_answers_and_counts_what_is_left_out():
    items = [part for number in range(12) for part in ("\n- ", (f"Thing {number}.", 0.5))]
    (citation,) = answer("What are the steps?", Retriever(hit("a.md", ("You need:", 0.9), *items))).citations
    assert citation.passage.quote(*citation.lead) == "You need:"
    assert (citation.more, citation.sentences[-1]) == (3, "Thing 8.")


def test_a_quote_is_exactly_its_range():
    found = [
        hit(f"{name}.md", (f"The {name} is old.", 0.4), ("It was built in 1911.", 0.9), "\n\n", ("Is it so?", 0.2))
        for name in ("bridge", "harbour", "tower")
    ]
    reply = answer("When was it built?", Retriever(*found))
    assert [citation.number for citation in reply.citations] == list(range(1, 1 + len(reply.citations)))
    for citation in reply.citations:
        assert citation.passage.text[citation.start : citation.end] == citation.quote
        assert citation.start <= citation.lead[0] < citation.lead[1] <= citation.end


def test_a_long_message_is_searched_by_the_sentence_that_asks():
    story = "We moved into the house last May. The boiler was old then. It has been cold here since Monday morning."
    retriever = Retriever(close("a.md", "Close by.", 0.9))
    reply = answer(f"{story} My neighbour has one too. Who mends the boiler?", retriever)
    question, context = retriever.asked[0]
    assert question == "Who mends the boiler?"
    assert [text.text for text in context] == [f"{story} My neighbour has one too."]
    assert reply.question.startswith("We moved")


def test_a_choice_of_questions_comes_without_quotes():
    hits = [replace(close(f"{name}.md", f"The {name}.", 0.5), term_coverage=1.0) for name in ("train", "boat")]
    reply = answer("How much does it cost?", Retriever(*hits))
    assert (len(reply.clarifications), reply.citations) == (2, ())
    assert reply.confidence >= RELATED_THRESHOLD


class ByQuestion(Retriever):
    """Finds other hits for some questions."""

    def __init__(self, whole, **parts):
        super().__init__(*whole)
        self.parts = parts

    def search(self, question, k, context=()):
        words = question.split()
        named = [hits for name, hits in self.parts.items() if name in words]
        hits = named[0] if len(named) == 1 else self.found.hits
        return SearchResult(question=question, generation=7, hits=hits)


def row(text, start=0, section=()):
    found = close("cards.csv", text, 0.9, score=0.9)
    passage = replace(
        found.passage, section=section, start=start, end=start + len(text), sentences=((start, start + len(text)),)
    )
    return replace(
        found,
        passage=passage,
        sentences=tuple(replace(one, start=start, end=start + len(text)) for one in found.sentences),
    )


@pytest.mark.parametrize(
    ("whole", "section", "quoted"),
    [
        ("Card: alpha; Memory: 8.", ((), ()), ["Card: alpha; Memory: 8.", "Card: beta; Memory: 16."]),
        ("Compare alpha and beta.", ((), ()), ["Compare alpha and beta."]),
        ("Compare alpha and beta.", (("Alpha",), ("Beta",)), ["Card: alpha; Memory: 8.", "Card: beta; Memory: 16."]),
    ],
)
def test_the_sides_of_a_comparison_are_quoted_apart_if_one_is_missing_or_each_has_a_heading(
    confident, whole, section, quoted
):
    confident(0.8)
    alpha, beta = row("Card: alpha; Memory: 8.", section=section[0]), row("Card: beta; Memory: 16.", 40, section[1])
    first = alpha if whole == alpha.passage.text else row(whole, 90)
    reply = answer("memory of alpha vs beta", ByQuestion([first], alpha=[alpha], beta=[beta]))
    assert [citation.quote for citation in reply.citations] == quoted


def test_a_comparison_is_as_sure_as_its_less_sure_side(monkeypatch):
    alpha, beta = row("Card: alpha; Memory: 8."), row("Card: beta; Memory: 16.", 40)
    sure = {"alpha": 0.9, "beta": 0.6}
    monkeypatch.setattr(pipeline, "signals", lambda question, hits, **rest: question)
    monkeypatch.setattr(
        pipeline,
        "confidence",
        lambda question: min(value for name, value in sure.items() if name in question) - 0.3 * (" vs " in question),
    )
    reply = answer("memory of alpha vs beta", ByQuestion([alpha], alpha=[alpha], beta=[beta]))
    assert isinstance(reply, Answer)
    assert reply.confidence == 0.6
