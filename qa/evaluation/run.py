"""Questions asked -> measures with confidence intervals.

Intervals are the 95 % percentile interval of a bootstrap over the questions, always with the same seed.
"""

import random
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from index.types import Hit
from qa.answer.confidence import THRESHOLD, Signals, confidence, signals
from qa.answer.pipeline import PASSAGES
from qa.evaluation.dataset import Question
from qa.types import Answer, Citation, NoAnswer, Turn

DEPTH = 10
BINS = 10
_RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure over `count` questions with its 95 % interval."""

    value: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Bin:
    """The questions whose confidence lies in [low, high): its mean, and the share that the quotes answer rightly."""

    low: float
    high: float
    confidence: float
    right: float
    count: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one question: whether its quotes hold the answer, or would have, the signals of its confidence, the
    `values` whose means are measures, and what was `quoted`, nothing where it was declined."""

    question: Question
    confidence: float
    is_right: bool
    signals: Signals
    seconds: float
    values: dict[str, float] = field(default_factory=dict)
    quoted: tuple[str, ...] = ()

    @property
    def has_failed(self) -> bool:
        """Whether it was declined or answered otherwise though there is an answer, or answered though there is none."""
        return not (self.quoted and self.is_right) if self.question.kind == "answerable" else bool(self.quoted)


Ask = Callable[[str, Sequence[Turn]], Answer | NoAnswer]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an evaluation is: questions asked of those to ask."""

    stage: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What came of questions, with the measures over them and the tenths of confidence."""

    outcomes: tuple[Outcome, ...]
    measures: dict[str, Measure]
    bins: tuple[Bin, ...]

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> Self:
        """Measure outcomes, which takes some seconds for thousands."""
        return cls(tuple(outcomes), measures(outcomes), tuple(reliability(outcomes)))


def evaluate(questions: Sequence[Question], ask: Ask) -> Iterator[Progress | Evaluation]:
    """Asks one question after the other, as `ask_each` does; yields how far it is and, last, the evaluation. Stopping
    the iteration cancels it."""
    outcomes = []
    yield Progress("Asking", 0, len(questions))
    for outcome in ask_each(questions, ask):
        outcomes.append(outcome)
        yield Progress("Asking", len(outcomes), len(questions))
    yield Progress("Measuring", len(outcomes), len(questions))
    yield Evaluation.of(outcomes)


def ask_each(questions: Iterable[Question], ask: Ask) -> Iterator[Outcome]:
    """The outcome of every question, in order. `ask` answers whatever its confidence: it is declined here, below the
    threshold, so that what would have been quoted is known."""
    for question in questions:
        started = time.perf_counter()
        reply = ask(question.question, question.turns)
        yield _outcome(question, reply, time.perf_counter() - started)


def _outcome(question: Question, reply: Answer | NoAnswer, seconds: float) -> Outcome:
    found = reply.citations if isinstance(reply, Answer) else ()
    is_right = _holds_one([citation.quote for citation in found], question.answers)
    citations = found if reply.confidence >= THRESHOLD else ()
    if question.kind == "answerable":
        values = _answer_values(question, citations)
    else:
        values = {f"{question.kind}_answered": float(bool(citations))}
    if question.kind == "answerable" or question.documents:
        values |= retrieval(question, reply_hits(reply))
    found_by = signals(reply_hits(reply)[:PASSAGES], reply.total_passages)
    quoted = tuple(citation.quote for citation in citations)
    return Outcome(question, reply.confidence, is_right, found_by, seconds, values, quoted)


def _answer_values(question: Question, citations: Sequence[Citation]) -> dict[str, float]:
    quotes = [citation.quote for citation in citations]
    sentences = [sentence for citation in citations for sentence in citation.sentences]
    values = {"answerable_refused": float(not quotes)}
    if question.answers:
        values |= {
            "expected_in_first_sentence": float(_holds_one(sentences[:1], question.answers)),
            "expected_in_first_quote": float(_holds_one(quotes[:1], question.answers)),
            "expected_in_quotes": float(_holds_one(quotes, question.answers)),
        }
    if quotes and question.answers:
        values["right_if_answered"] = values["expected_in_quotes"]
    if quotes:
        values |= {
            "quotes": float(len(quotes)),
            "sentences_quoted": float(len(sentences)),
            "words_quoted": float(sum(len(quote.split()) for quote in quotes)),
        }
    return values


def retrieval(question: Question, hits: Sequence[Hit]) -> dict[str, float]:
    """Recall at 1, 3, 5 and 10 and the reciprocal rank of a question whose right place is known."""
    if not question.document and not question.documents:
        return {}
    rank = next((rank for rank, hit in enumerate(hits[:DEPTH], 1) if _is_right(question, hit)), 0)
    recall = {f"recall@{depth}": float(0 < rank <= depth) for depth in (1, 3, 5, DEPTH)}
    return {**recall, "MRR": 1 / rank if rank else 0.0}


def reply_hits(reply: Answer | NoAnswer) -> Sequence[Hit]:
    """The hits behind a reply, best first."""
    return reply.hits if isinstance(reply, Answer) else reply.nearest


def _is_right(question: Question, hit: Hit) -> bool:
    if question.documents:
        return hit.passage.path in question.documents
    start, end = question.span or (0, hit.passage.end)
    return hit.passage.path == question.document and hit.passage.start < end and start < hit.passage.end


def _holds_one(quotes: Iterable[str], answers: Iterable[str]) -> bool:
    return any(answer.casefold() in quote.casefold() for quote in quotes for answer in answers)


def measures(outcomes: Sequence[Outcome]) -> dict[str, Measure]:
    """Means over the questions that they concern; AUROC, how well confidence tells questions that the documents do not
    answer (unanswerable ones about their subject, foreign ones) from answerable ones; latency's p50 and p95."""
    found = means([outcome.values for outcome in outcomes])
    groups: dict[str, list[float]] = {}
    for outcome in outcomes:
        groups.setdefault(outcome.question.kind, []).append(outcome.confidence)
    answerable = groups.pop("answerable", [])
    if {"unanswerable", "underspecified"} <= groups.keys():
        groups["unanswerable_or_underspecified"] = groups["unanswerable"] + groups["underspecified"]
    for kind in groups if answerable else ():
        found[f"AUROC_{kind}"] = auroc(answerable, groups[kind])
    seconds = sorted(outcome.seconds for outcome in outcomes)
    for share in (0.5, 0.95) if seconds else ():
        found[f"seconds_p{share * 100:.0f}"] = _quantile(seconds, share)
    return found


def asked_alone(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The same with the confidence of a question that is not asked in a conversation."""
    return [replace(outcome, confidence=confidence(outcome.signals)) for outcome in outcomes]


def gains(ahead: Sequence[Outcome], behind: Sequence[Outcome]) -> dict[str, Measure]:
    """How much greater each mean is over the same questions asked another way, in pairs."""
    pairs = zip(ahead, behind, strict=True)
    return means(
        [
            {name: value - low.values[name] for name, value in high.values.items() if name in low.values}
            for high, low in pairs
        ]
    )


def means(rows: Sequence[dict[str, float]]) -> dict[str, Measure]:
    """The mean of each number over the rows that have it.

    >>> means([{"hit": 1.0}, {"hit": 1.0}, {}])
    {'hit': Measure(value=1.0, low=1.0, high=1.0, count=2)}
    """
    names = dict.fromkeys(name for row in rows for name in row)
    found = {}
    for name in names:
        values = [row[name] for row in rows if name in row]
        draws = (sum(map(values.__getitem__, chosen)) / len(values) for chosen in _resamples(len(values)))
        found[name] = _measure(sum(values) / len(values), draws, len(values))
    return found


def auroc(positive: Sequence[float], negative: Sequence[float]) -> Measure:
    """How often a number of the first kind is above one of the second, equal ones counting half.

    >>> auroc([0.9, 0.8], [0.1, 0.8]).value
    0.875
    """
    order = sorted(negative)
    wins = [(bisect_left(order, value) + bisect_right(order, value)) / 2 / len(order) for value in positive]
    rising = sorted(positive)
    losses = [1 - (bisect_left(rising, v) + bisect_right(rising, v)) / 2 / len(rising) for v in negative]
    value = sum(wins) / len(wins)
    # The two-sample bootstrap to first order: each sample's part of the figure is drawn by itself.
    draws = (
        sum(map(wins.__getitem__, chosen)) / len(wins) + sum(map(losses.__getitem__, others)) / len(losses) - value
        for chosen, others in zip(_resamples(len(wins)), _resamples(len(losses), seed=1), strict=True)
    )
    return _measure(value, draws, len(wins) + len(losses))


def _quantile(rising: Sequence[float], share: float) -> Measure:
    at = int(share * (len(rising) - 1))
    draws = (rising[sorted(chosen)[at]] for chosen in _resamples(len(rising)))
    return _measure(rising[at], draws, len(rising))


def _resamples(count: int, seed: int = 0) -> Iterable[list[int]]:
    chance = random.Random(seed)
    return (chance.choices(range(count), k=count) for _ in range(_RESAMPLES))


def _measure(value: float, draws: Iterable[float], count: int) -> Measure:
    rising = sorted(draws)
    return Measure(value, rising[int(0.025 * _RESAMPLES)], rising[int(0.975 * _RESAMPLES)], count)


def reliability(outcomes: Sequence[Outcome]) -> list[Bin]:
    """The questions in tenths of confidence, each with how sure and how right it is, declined or not."""
    bins = []
    for number in range(BINS):
        low, high = number / BINS, (number + 1) / BINS
        inside = [outcome for outcome in outcomes if low <= outcome.confidence < high + (number == BINS - 1)]
        if inside:
            sure = sum(outcome.confidence for outcome in inside) / len(inside)
            bins.append(Bin(low, high, sure, sum(outcome.is_right for outcome in inside) / len(inside), len(inside)))
    return bins
