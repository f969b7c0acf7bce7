"""Answer a question with quoted sentences, or decline: the whole policy."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Protocol, TypedDict

from index.types import ContextText, Hit, Passage, ScoredSentence, SearchResult
from qa.answer.clarification import clarifying_questions
from qa.answer.confidence import (
    THRESHOLD,
    UNRESOLVED_REFERENCE_PENALTY,
    confidence,
    is_related,
    signals,
    threshold_for,
)
from qa.answer.extraction import WORDS, QuoteSpan, contradicted, select_quotes
from qa.answer.focus import focus
from qa.answer.followup import ResolvedQuestion, resolve_follow_up, resolve_wording, was_quoted
from qa.answer.part_quotes import are_better_apart
from qa.answer.subquestions import split
from qa.types import Answer, Citation, NoAnswer, Turn

PASSAGES = 5
MORE_PASSAGES = 20
SAME_SUBJECT = 0.75  # "tell me more" quotes passages with this share of the best maxsim


class _About(TypedDict):
    """What every reply says of its question."""

    generation: int
    searched: str
    total_passages: int
    follows: str
    unknown: tuple[str, ...]


IsCurrent = Callable[[Passage], bool]


class Retriever(Protocol):
    """What answering needs of an index."""

    def search(self, question: str, k: int, context: Sequence[ContextText] = ()) -> SearchResult: ...
    def similarities(self, question: str, texts: Sequence[str]) -> Sequence[float]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What was found for a question, with the confidence and the earlier question that it follows."""

    result: SearchResult
    hits: tuple[Hit, ...]
    confidence: float
    follows: str = ""
    clarifications: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """The quotes for the parts of a question, and the confidence that the less sure part is answered."""

    quotes: Sequence[QuoteSpan] = ()
    confidence: float = 0.0


def answer(
    question: str,
    retriever: Retriever,
    k: int = PASSAGES,
    is_current: IsCurrent = lambda passage: True,
    threshold: float = THRESHOLD,
    turns: Sequence[Turn] = (),
) -> Answer | NoAnswer:
    """Return the sentences that answer, each cited, or NoAnswer if they do so with less confidence than `threshold`.

    `turns` were asked before; a follow-up is searched together with them. An underspecified question gets clarifying
    questions. The reply lists `k` hits; the quotes do not depend on k.
    """
    asked = resolve_wording(question, turns)
    most = max(k, MORE_PASSAGES if asked.quoted_turns else PASSAGES)
    found = _search(asked, retriever, most, threshold)
    whole = _select(asked, found)
    parts = _select_parts(found, whole, retriever, most, threshold)
    quotes = parts.quotes or whole
    found = replace(found, confidence=max(found.confidence, parts.confidence))
    if found.clarifications or not quotes or found.confidence < threshold_for(found.follows, threshold):
        shown = quotes if is_related(found.confidence) and not found.clarifications else []
        return NoAnswer(
            question=question,
            nearest=found.hits[:k],
            confidence=found.confidence,
            citations=_cite(shown, is_current),
            clarifications=found.clarifications,
            **_about(question, asked, found),
        )
    return Answer(
        question=question,
        citations=_cite(quotes, is_current),
        confidence=found.confidence,
        hits=found.hits[:k],
        **_about(question, asked, found),
    )


def _search(asked: ResolvedQuestion, retriever: Retriever, most: int, threshold: float) -> _Found:
    """Search a question alone and, if it is a follow-up, together with the turns that it follows."""
    focused = focus(asked.question)
    result = retriever.search(focused.question, most, focused.context)
    sure = _confidence(result)
    follow_up = resolve_follow_up(asked, sure, retriever.similarities)
    if follow_up.context:
        together = retriever.search(focused.question, most, [*focused.context, *follow_up.context])
        confidence_together = _confidence(together, follow_up.follows)
        if not follow_up.is_standalone or confidence_together > sure:
            result, sure = together, confidence_together
    sure *= 1 - UNRESOLVED_REFERENCE_PENALTY * follow_up.unresolved_reference
    hits = _unquoted(result.hits, asked.quoted_turns) if asked.quoted_turns else result.hits
    clarifications: tuple[str, ...] = ()
    if not follow_up.context:
        meant = clarifying_questions(asked.question, follow_up.is_underspecified, hits[:PASSAGES])
        answered = tuple(one for one in meant if _is_answered(one, retriever, threshold))
        clarifications = answered if len(answered) > 1 else ()
    return _Found(result=result, hits=hits, confidence=sure, follows=follow_up.follows, clarifications=clarifications)


def _select(asked: ResolvedQuestion, found: _Found) -> list[QuoteSpan]:
    def is_repeated(hit: Hit, sentence: ScoredSentence) -> bool:
        return was_quoted(hit, sentence, asked.quoted_turns)

    return select_quotes(found.result.question, found.hits[:PASSAGES], is_repeated)


def _select_parts(
    found: _Found, whole: Sequence[QuoteSpan], retriever: Retriever, most: int, threshold: float
) -> _Parts:
    """Return the quotes for both parts of a question; none unless another passage answers each.

    The sides of a comparison are quoted apart if the quotes for the `whole` question lack one.
    """
    parts = split(found.result.question)
    results = [retriever.search(part.question, most, part.context) for part in parts]
    confidences = [_confidence(result, found.result.question) for result in results]
    if not parts or min(confidences) < threshold:
        return _Parts()
    quotes = [select_quotes(result.question, result.hits[:PASSAGES], words=WORDS // 2) for result in results]
    if not are_better_apart(parts, [one[0] for one in quotes if one], whole):
        return _Parts()
    chosen: list[QuoteSpan] = []
    for quote in chain.from_iterable(quotes):
        if not any(quote.overlaps(one) for one in chosen):
            chosen.append(quote)
    return _Parts(quotes=chosen, confidence=min(confidences))


def _confidence(found: SearchResult, follows: str = "") -> float:
    return confidence(
        signals(found.question, found.hits, passages=found.total_passages, unknown=found.unknown, follows=follows)
    )


def _cite(quotes: Sequence[QuoteSpan], is_current: IsCurrent) -> tuple[Citation, ...]:
    citations = []
    for number, quote in enumerate(quotes, 1):
        other = contradicted(quote, quotes[: number - 1])
        citations.append(
            Citation.of(
                number,
                quote.hit,
                quote.start,
                quote.end,
                is_current(quote.hit.passage),
                lead=quote.lead_span,
                more=quote.more,
                differs_from=None if other is None else other + 1,
            )
        )
    return tuple(citations)


def _about(question: str, asked: ResolvedQuestion, found: _Found) -> _About:
    result = found.result
    return {
        "generation": result.generation,
        "searched": question if result.question == asked.question else result.question,
        "total_passages": result.total_passages,
        "follows": found.follows,
        "unknown": result.unknown,
    }


def _unquoted(hits: Sequence[Hit], turns: Sequence[Turn]) -> tuple[Hit, ...]:
    """Return the hits on the same subject that hold a sentence which was not quoted in some turns."""
    least = SAME_SUBJECT * max((hit.maxsim for hit in hits), default=0.0)
    return tuple(
        hit for hit in hits if hit.maxsim >= least and not all(was_quoted(hit, one, turns) for one in hit.sentences)
    )


def _is_answered(question: str, retriever: Retriever, threshold: float) -> bool:
    return _confidence(retriever.search(question, PASSAGES)) >= threshold
