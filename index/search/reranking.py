"""Rank the passages for a question: one linear model over the signals of each.

The score of a passage is its share in a softmax over the candidates: the probability that it holds the answer, if
one of them does. `python -m qa calibrate` prints the weights.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.types import Hit, RankSignals


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """The weight of a signal after it is standardised by its mean and spread."""

    mean: float
    spread: float
    weight: float


# Fitted by a conditional logistic model on the questions as people type them (counted three times), on every second
# article of a part of SQuAD and on small folders of hard cases; cross-validated over documents.
MODEL = {
    "fused": Weight(mean=0.439, spread=0.183, weight=2.16),
    "maxsim": Weight(mean=0.455, spread=0.127, weight=0.12),
    "sentence_maxsim": Weight(mean=0.405, spread=0.120, weight=0.82),
    "name_coverage": Weight(mean=0.093, spread=0.150, weight=0.08),
    "section_coverage": Weight(mean=0.080, spread=0.138, weight=0.56),
    "answer_type": Weight(mean=0.431, spread=0.495, weight=0.89),
    "length": Weight(mean=4.289, spread=0.711, weight=0.32),
    "sentences": Weight(mean=1.586, spread=0.459, weight=0.32),
    "questions": Weight(mean=0.009, spread=0.068, weight=-0.82),
}

MIN_FOLDED = 4  # passages that differ in numbers only; of fewer each is shown, since a number may be the answer
SHARPNESS = 8.0  # of the soft minimum
_DIGITS = re.compile(r"\d+")


def ranked(hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits with their scores, best first."""
    hits = _folded(sorted(hits, key=lambda hit: (-value(hit.signals), hit.passage.path, hit.passage.start)))
    values = [value(hit.signals) for hit in hits]
    powers = [math.exp(value - max(values)) for value in values]
    return [replace(hit, score=power / sum(powers)) for hit, power in zip(hits, powers, strict=True)]


def _folded(hits: Sequence[Hit]) -> list[Hit]:
    """Keep the best of many passages that differ in numbers only, and count the others in `similar`."""
    groups: dict[str, list[int]] = {}
    for at, hit in enumerate(hits):
        groups.setdefault(_DIGITS.sub("0", hit.passage.text), []).append(at)
    many = [group for group in groups.values() if len(group) >= MIN_FOLDED]
    left_out = {at for group in many for at in group[1:]}
    similar = {group[0]: len(group) - 1 for group in many}
    return [replace(hit, similar=similar.get(at, 0)) for at, hit in enumerate(hits) if at not in left_out]


def value(signals: RankSignals) -> float:
    """Return the log-odds of a passage: more for a better one."""
    return sum(one.weight * (float(getattr(signals, name)) - one.mean) / one.spread for name, one in MODEL.items())


def weakest_match(cosines: Sequence[float], shares: Sequence[float]) -> float:
    """Return how well a passage matches the question's worst matched words: a soft minimum of its token cosines, each
    token with its share of the weight.

    >>> round(weakest_match([0.9, 0.9], [0.5, 0.5]), 2), round(weakest_match([0.9, 0.1], [0.5, 0.5]), 2)
    (0.9, 0.19)
    """
    total = sum(shares)
    if not total:
        return 0.0
    mean = sum(share * math.exp(-SHARPNESS * cosine) for cosine, share in zip(cosines, shares, strict=True)) / total
    return -math.log(mean) / SHARPNESS
