"""Outcomes -> measures with confidence intervals, and the reliability of the confidence (pure).

Intervals are the 95 % percentile interval of a bootstrap over the questions, always with the same seed.
"""

import random
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from index.types import Hit
from qa.answer.confidence import confidence
from qa.evaluation.dataset import Question
from qa.evaluation.types import Bin, Evaluation, Measure, Outcome

DEPTH = 10
BINS = 10
_RESAMPLES = 1000


def evaluation_of(outcomes: Sequence[Outcome]) -> Evaluation:
    """Measure outcomes. This takes some seconds for thousands of them."""
    return Evaluation(outcomes=tuple(outcomes), measures=measures(outcomes), bins=tuple(reliability(outcomes)))


def by_kind(outcomes: Sequence[Outcome]) -> dict[str, dict[str, Measure]]:
    """Measure the outcomes of each kind of question. Return nothing if the questions name no kind."""
    kinds = sorted({outcome.question.kind for outcome in outcomes})
    if not any(kinds):
        return {}
    return {kind: measures([one for one in outcomes if one.question.kind == kind]) for kind in kinds}


def retrieval(question: Question, hits: Sequence[Hit]) -> dict[str, float]:
    """Compute recall at 1, 3, 5 and 10 and the reciprocal rank, if the right document is known."""
    if not question.expected_documents:
        return {}
    rank = next((rank for rank, hit in enumerate(hits[:DEPTH], 1) if _is_right(question, hit)), 0)
    recall = {f"recall@{depth}": float(0 < rank <= depth) for depth in (1, 3, 5, DEPTH)}
    return {**recall, "MRR": 1 / rank if rank else 0.0}


def _is_right(question: Question, hit: Hit) -> bool:
    start, end = question.span or (0, hit.passage.end)
    is_overlapping = hit.passage.start < end and start < hit.passage.end
    return hit.passage.path in question.expected_documents and is_overlapping


def measures(outcomes: Sequence[Outcome]) -> dict[str, Measure]:
    """Compute all measures: means over the questions that each concerns, AUROC and latency.

    AUROC is how well the confidence separates questions without an answer, by answerability, from those with one.
    """
    found = means([outcome.values for outcome in outcomes])
    groups: dict[str, list[float]] = {}
    for outcome in outcomes:
        groups.setdefault(outcome.question.answerability, []).append(outcome.confidence)
    answerable = groups.pop("answerable", [])
    groups.pop("unknown", None)
    if {"unanswerable", "underspecified"} <= groups.keys():
        groups["unanswerable_or_underspecified"] = groups["unanswerable"] + groups["underspecified"]
    for name in groups if answerable else ():
        found[f"AUROC_{name}"] = auroc(answerable, groups[name])
    seconds = sorted(outcome.seconds for outcome in outcomes)
    for share in (0.5, 0.95) if seconds else ():
        found[f"seconds_p{share * 100:.0f}"] = _quantile(seconds, share)
    return found


def without_conversation(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Give each outcome the confidence of a question outside a conversation."""
    return [replace(outcome, confidence=confidence(outcome.signals)) for outcome in outcomes]


def gains(ahead: Sequence[Outcome], behind: Sequence[Outcome]) -> dict[str, Measure]:
    """Compute how much greater each mean is, in pairs of the same question asked in two ways."""
    pairs = zip(ahead, behind, strict=True)
    return means(
        [
            {name: value - low.values[name] for name, value in high.values.items() if name in low.values}
            for high, low in pairs
        ]
    )


def means(rows: Sequence[dict[str, float]]) -> dict[str, Measure]:
    """Compute the mean of each number over the rows that have it.

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
    """Compute how often a positive number is above a negative one. Equal ones count half.

    The shares of each number are needed for the bootstrap, so scikit-learn's value alone would not do.

    >>> auroc([0.9, 0.8], [0.1, 0.8]).value
    0.875
    """
    order = sorted(negative)
    wins = [(bisect_left(order, value) + bisect_right(order, value)) / 2 / len(order) for value in positive]
    rising = sorted(positive)
    losses = [1 - (bisect_left(rising, v) + bisect_right(rising, v)) / 2 / len(rising) for v in negative]
    value = sum(wins) / len(wins)
    # The two-sample bootstrap to first order: each sample's part is resampled independently.
    draws = (
        sum(map(wins.__getitem__, chosen)) / len(wins) + sum(map(losses.__getitem__, others)) / len(losses) - value
        for chosen, others in zip(_resamples(len(wins)), _resamples(len(losses), seed=1), strict=True)
    )
    return _measure(value, draws, len(wins) + len(losses))


def reliability(outcomes: Sequence[Outcome]) -> list[Bin]:
    """Group the questions by tenths of confidence, declined or not, with the share answered rightly."""
    judged = [outcome for outcome in outcomes if outcome.question.answerability != "unknown"]
    bins = []
    for number in range(BINS):
        low, high = number / BINS, (number + 1) / BINS
        inside = [outcome for outcome in judged if low <= outcome.confidence < high + (number == BINS - 1)]
        if inside:
            mean = sum(outcome.confidence for outcome in inside) / len(inside)
            right = sum(outcome.is_right for outcome in inside) / len(inside)
            bins.append(Bin(low=low, high=high, confidence=mean, right=right, count=len(inside)))
    return bins


def _quantile(rising: Sequence[float], share: float) -> Measure:
    at = int(share * (len(rising) - 1))
    draws = (rising[sorted(chosen)[at]] for chosen in _resamples(len(rising)))
    return _measure(rising[at], draws, len(rising))


def _resamples(count: int, seed: int = 0) -> Iterable[list[int]]:
    chance = random.Random(seed)
    return (chance.choices(range(count), k=count) for _ in range(_RESAMPLES))


def _measure(value: float, draws: Iterable[float], count: int) -> Measure:
    rising = sorted(draws)
    low, high = rising[int(0.025 * _RESAMPLES)], rising[int(0.975 * _RESAMPLES)]
    return Measure(value=value, low=low, high=high, count=count)
