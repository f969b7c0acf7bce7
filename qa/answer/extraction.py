"""Which sentences answer a question (pure): as few of the best hits' as are likely enough to hold the answer.

How likely each is, among them all, is a conditional logistic model of its signals, fitted on every second article of a
part of SQuAD and rounded.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from index.text.answer_type import matches_answer_type
from index.types import Hit, ScoredSentence

MOST_SENTENCES = 3
ENOUGH = 0.95
TEMPERATURE = 0.1
CONTEXT_WEIGHT = 1.0
WORD_WEIGHT = 0.5
PASSAGE_WEIGHT = 2.0
SIMILARITY_WEIGHT = 0.5
COVERAGE_WEIGHT = 0.25
KIND_WEIGHT = 0.1
SAME_WORDS = 0.8
_LEANS = re.compile(
    r"[\"“'(\[]*(?:it|they|he|she|this|that|these|those|such|its|their|his|her|however|but|also|both|another|others?)\b"
    r"|[\"“'(\[]*the (?:former|latter|same)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quote:
    """Neighbouring sentences of one hit: those from number `first` to number `last`."""

    hit: Hit
    first: int
    last: int

    @property
    def start(self) -> int:
        """Where the quote begins in its document."""
        return self.hit.sentences[self.first].start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.hit.sentences[self.last].end


def select_quotes(
    question: str, hits: list[Hit], was_quoted: Callable[[Hit, ScoredSentence], bool] = lambda hit, sentence: False
) -> list[Quote]:
    """One to three sentences as quotes, the passage of the best one first; sentences of one passage keep its order.

    A sentence that leans on another brings it along. Sentences are added, best first, until they are likely enough to
    hold the answer. One that says what is quoted already, that would stand before the best without running into it, or
    that only leads in to others, is passed over, and so is one that was given before. A question answers nothing: it is
    quoted only with what follows it.
    """
    scores = {
        (rank, number): _score(question, hit, sentence)
        for rank, hit in enumerate(hits)
        for number, sentence in enumerate(hit.sentences)
        if not _text(hit, sentence).endswith("?") and not was_quoted(hit, sentence)
    }
    if not scores:
        return []
    best = max(scores.values())
    odds = {place: math.exp((score - best) / TEMPERATURE) for place, score in scores.items()}
    left = sum(odds.values())
    chosen: list[tuple[int, int]] = []
    for rank, number in sorted(scores, key=lambda place: (-scores[place], place)):
        if len(chosen) >= MOST_SENTENCES or sum(odds.get(place, 0.0) for place in chosen) >= ENOUGH * left:
            break
        if (rank, number) in chosen:
            continue
        beside = [other for of, other in chosen if of == rank]
        stands_before = bool(beside) and number < min(beside) - 1
        leads_in = bool(chosen) and _text(hits[rank], hits[rank].sentences[number]).endswith(":")
        if stands_before or leads_in or _is_said(hits, (rank, number), chosen):
            left -= odds[rank, number]
            continue
        room = MOST_SENTENCES - len(chosen) - 1
        leaned_on = [
            other for other in _leans_on(hits[rank], number) if not was_quoted(hits[rank], hits[rank].sentences[other])
        ]
        brought = [(rank, other) for other in leaned_on]
        chosen += [(rank, number), *[place for place in brought if place not in chosen][:room]]
    return _as_quotes(hits, chosen)


def _as_quotes(hits: list[Hit], chosen: list[tuple[int, int]]) -> list[Quote]:
    """The sentences of each hit in its order, neighbours as one quote; hits in the order of their first choice."""
    order = list(dict.fromkeys(rank for rank, _ in chosen))
    quotes: list[Quote] = []
    for rank, number in sorted(chosen, key=lambda place: (order.index(place[0]), place[1])):
        if quotes and quotes[-1].hit is hits[rank] and quotes[-1].last == number - 1:
            quotes[-1] = Quote(hits[rank], quotes[-1].first, number)
        else:
            quotes.append(Quote(hits[rank], number, number))
    return quotes


def _score(question: str, hit: Hit, sentence: ScoredSentence) -> float:
    return (
        CONTEXT_WEIGHT * sentence.maxsim_with_previous
        + WORD_WEIGHT * sentence.maxsim
        + PASSAGE_WEIGHT * hit.score
        + SIMILARITY_WEIGHT * sentence.similarity
        + COVERAGE_WEIGHT * sentence.term_coverage
        + KIND_WEIGHT * matches_answer_type(question, _text(hit, sentence))
    )


def _leans_on(hit: Hit, number: int) -> list[int]:
    """The sentences without which one does not make sense: a table row's header; what a colon introduces, or the
    colon's own and the next; the question before it; and what a word such as "it" or "however" points back to."""
    texts = [_text(hit, sentence) for sentence in hit.sentences]
    if " | " in texts[number]:
        first = number
        while first and " | " in texts[first - 1]:
            first -= 1
        return [first] if first < number else []
    if texts[number].endswith(":"):
        return [other for other in (number + 1, number + 2) if other < len(texts)]
    if number and texts[number - 1].endswith(":"):
        return [other for other in (number - 1, number + 1) if other < len(texts)]
    if number and (texts[number - 1].endswith("?") or _LEANS.match(texts[number])):
        return [number - 1]
    return []


def _is_said(hits: list[Hit], place: tuple[int, int], chosen: list[tuple[int, int]]) -> bool:
    """Whether what is chosen already has most of a sentence's words."""
    words, *others = (
        set(_text(hits[rank], hits[rank].sentences[number]).casefold().split()) for rank, number in [place, *chosen]
    )
    return any(len(words & other) >= SAME_WORDS * min(len(words), len(other)) for other in others)


def _text(hit: Hit, sentence: ScoredSentence) -> str:
    return hit.passage.quote(sentence.start, sentence.end)
