"""Estimate how likely the quotes answer a question, and choose the outcome.

One logistic model says whether the documents answer the question at all. Its value is then scaled, so that the
confidence is the share of questions like it that are answered with every fact. `python -m qa calibrate` prints the
constants.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from index.text.answer_type import asks_for_kind, asks_for_price
from index.types import Hit

_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d.,]?\d)")
TOP = 5  # the hits that count
# Fitted on questions as people type them (counted three times), small folders of hard cases, a part of SQuAD, and
# questions asked of folders on other subjects; cross-validated over documents.
BIAS = -10.192
WEIGHTS = {
    "weakest_match": 6.152,
    "similarity": 10.801,
    "coverage": 3.485,
    "lead": 0.165,
    "unknown": -1.863,
    "missing": -2.838,
    "words": 1.912,
    "passages": -0.485,
}
# From the model's value to the share of answers with every fact, on questions as people type them only.
SCALE, SHIFT = 0.372, -0.393
THRESHOLD = 0.45
FOLLOW_UP_THRESHOLD = 0.29  # a follow-up is seldom about another subject
RELATED_THRESHOLD = 0.19
UNRESOLVED_REFERENCE_PENALTY = 0.7  # for a demonstrative ("this river") without an antecedent


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What confidence is computed from.

    `weakest_match` is that of the first hit. `similarity` and `coverage` are the best of the first five hits: the
    cosine of a whole passage, and the share of the question's terms. `lead` is the logarithm of how much more probable
    the first hit is than the fifth. `unknown` counts the codes and names that no document holds, and the year that is
    asked about if the hits are of earlier or of later years only. `missing` is 1 if the question asks for a kind of
    thing, such as a time, and none of the hits holds one; 2 if it is a price, since only an amount answers. `words`
    and `passages` are the logarithms of the question's words and of the passages searched: among many, one comes close
    by chance.
    """

    weakest_match: float = 0.0
    similarity: float = 0.0
    coverage: float = 0.0
    lead: float = 0.0
    unknown: float = 0.0
    missing: float = 0.0
    words: float = 0.0
    passages: float = 0.0


def signals(
    question: str, hits: Sequence[Hit], *, passages: int, unknown: Sequence[str] = (), follows: str = ""
) -> Signals:
    """Return the signals of the hits for a question among some passages.

    A follow-up says as much as together with the question that it `follows`.
    """
    hits = hits[:TOP]
    if not hits:
        return Signals()
    return Signals(
        weakest_match=hits[0].weakest_match,
        similarity=max(hit.passage_similarity for hit in hits),
        coverage=max(hit.term_coverage for hit in hits),
        lead=math.log(max(hits[0].score, 1e-9) / max(hits[-1].score, 1e-9)),
        unknown=float(len(unknown) + _asks_of_other_year(question, hits)),
        missing=0.0 if any(hit.signals.answer_type for hit in hits) else _missing(question),
        words=math.log(max(1, len(question.split()) + len(follows.split()))),
        passages=math.log(max(1, passages)),
    )


def _missing(question: str) -> float:
    """Return what it says against the hits that none holds the kind of thing that is asked for."""
    return 2.0 if asks_for_price(question) else float(asks_for_kind(question))


def _asks_of_other_year(question: str, hits: Sequence[Hit]) -> bool:
    """Say whether a question is about years before or after all those of the hits."""
    asked = [int(year) for year in _YEAR.findall(question)]
    held = [int(year) for hit in hits for year in _YEAR.findall(f"{hit.passage.path} {hit.passage.text}")]
    return bool(asked and held) and (max(asked) < min(held) or min(asked) > max(held))


def confidence(found: Signals) -> float:
    """Return the probability that the quotes answer the question; 0 if nothing was found.

    >>> confidence(Signals())
    0.0
    """
    values = asdict(found)
    if not any(values.values()):
        return 0.0
    value = BIAS + sum(weight * values[name] for name, weight in WEIGHTS.items())
    return logistic(SCALE * value + SHIFT)


def logistic(value: float) -> float:
    """Return the probability of a log-odds value.

    >>> logistic(0.0)
    0.5
    """
    return 1 / (1 + math.exp(-max(-500.0, min(500.0, value))))


def threshold_for(follows: str, threshold: float = THRESHOLD) -> float:
    """Return the confidence that an answer needs: less if it follows an earlier question."""
    return min(threshold, FOLLOW_UP_THRESHOLD) if follows else threshold


def is_related(confidence: float) -> bool:
    """Say whether the closest passages are worth showing although they may not answer the question."""
    return confidence >= RELATED_THRESHOLD
