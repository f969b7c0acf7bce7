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
    "fused": Weight(mean=0.444, spread=0.181, weight=2.06),
    "maxsim": Weight(mean=0.462, spread=0.123, weight=0.35),
    "sentence_maxsim": Weight(mean=0.410, spread=0.118, weight=0.70),
    "section_coverage": Weight(mean=0.068, spread=0.104, weight=0.55),
    "answer_type": Weight(mean=0.439, spread=0.496, weight=1.02),
    "length": Weight(mean=4.296, spread=0.703, weight=0.28),
    "sentences": Weight(mean=1.590, spread=0.461, weight=0.30),
    "questions": Weight(mean=0.008, spread=0.065, weight=-0.75),
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
