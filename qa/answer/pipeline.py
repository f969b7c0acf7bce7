"""A question -> an answer made of quoted sentences, or a refusal: the whole policy."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from index.types import ContextText, Hit, Passage, ScoredSentence, SearchResult
from qa.answer.clarification import clarifying_questions
from qa.answer.confidence import THRESHOLD, UNRESOLVED_REFERENCE_PENALTY, confidence, signals
from qa.answer.extraction import select_quotes
from qa.answer.followup import resolve_follow_up, resolve_wording, was_quoted
from qa.types import Answer, Citation, NoAnswer, Turn

PASSAGES = 5
MORE_PASSAGES = 20
ON_SUBJECT = 0.6  # more is given of passages that score so much of the best


class Retriever(Protocol):
    """What answering needs of an index: what it finds for a question, at most k hits, best first, together with what
    was said before; and how near in meaning a question is to some texts."""

    def search(self, question: str, k: int, context: Sequence[ContextText] = ()) -> SearchResult: ...
    def similarities(self, question: str, texts: Sequence[str]) -> Sequence[float]: ...


def answer(
    question: str,
    retriever: Retriever,
    k: int = PASSAGES,
    is_current: Callable[[Passage], bool] = lambda passage: True,
    threshold: float = THRESHOLD,
    turns: Sequence[Turn] = (),
) -> Answer | NoAnswer:
    """The sentences that answer, each cited, or NoAnswer where they are less likely than `threshold` to do so.

    `turns` are what was asked and answered before; where the question leans on them, it is searched together with them.
    A question that says too little gets a choice of what it could mean. Whatever k, the number of hits listed, the
    answer is the same: it comes from the five best.
    """
    asked = resolve_wording(question, turns)
    most = max(k, MORE_PASSAGES if asked.given else PASSAGES)
    found = retriever.search(asked.question, most)
    alone = sure = confidence(signals(found.hits[:PASSAGES], found.total_passages))
    leaning = resolve_follow_up(asked, alone, retriever.similarities)
    if leaning.said:
        found = retriever.search(asked.question, most, leaning.said)
        together = confidence(signals(found.hits[:PASSAGES], found.total_passages))
        sure = max(alone, together) if leaning.is_standalone else together
    sure *= 1 - UNRESOLVED_REFERENCE_PENALTY * leaning.unresolved_reference
    hits = _more(found.hits, asked.given) if asked.given else found.hits
    searched = question if found.question == asked.question else found.question
    about: Any = {
        "generation": found.generation,
        "searched": searched,
        "total_passages": found.total_passages,
        "follows": leaning.follows,
    }
    if not leaning.said:
        meant = clarifying_questions(asked.question, leaning.is_underspecified, hits[:PASSAGES])
        clarifications = tuple(one for one in meant if _is_answered(one, retriever, threshold))
        if len(clarifications) > 1:
            return NoAnswer(
                question=question, nearest=hits[:k], confidence=sure, clarifications=clarifications, **about
            )

    def was_given(hit: Hit, sentence: ScoredSentence) -> bool:
        return was_quoted(hit, sentence, asked.given)

    quotes = select_quotes(found.question, list(hits[:PASSAGES]), was_given) if sure >= threshold else []
    if not quotes:
        return NoAnswer(question=question, nearest=hits[:k], confidence=sure, **about)
    citations = tuple(
        Citation.of(number, quote.hit, quote.start, quote.end, is_current(quote.hit.passage))
        for number, quote in enumerate(quotes, 1)
    )
    return Answer(question=question, citations=citations, confidence=sure, hits=hits[:k], **about)


def _more(hits: Sequence[Hit], given: Sequence[Turn]) -> tuple[Hit, ...]:
    """The hits on the same subject of which not every sentence was given."""
    return tuple(
        hit
        for hit in hits
        if hit.score >= ON_SUBJECT * hits[0].score and not all(was_quoted(hit, one, given) for one in hit.sentences)
    )


def _is_answered(question: str, retriever: Retriever, threshold: float) -> bool:
    found = retriever.search(question, PASSAGES)
    return confidence(signals(found.hits, found.total_passages)) >= threshold
