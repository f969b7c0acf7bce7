"""Combine signals into first-stage scores, and token matches into late-interaction scores. Pure.

Semantic similarity and BM25 are each scaled over the candidates (min-max) and added with weights. The weights were
tuned on every second article of a SQuAD file and on questions of conversations; the optimum is flat.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.embed.late_interaction import Floats, Match

MEANING_WEIGHT = 0.55
PASSAGE_SHARE = 0.3
TELLING_SCORE = 1.0  # of keywords, from which on they have their whole weight


def meaning(cosines: Floats, begins: NDArray[np.int64]) -> Floats:
    """Return the semantic similarity of each passage: its best sentence's cosine, and a share of the passage's cosine.

    `cosines` holds, from where each passage begins, its own cosine and then those of its sentences, one at least.

    >>> meaning(np.array([0.5, 0.2, 1.0, 0.0, 0.1], dtype=np.float32), np.array([0, 3])).round(2)
    array([0.85, 0.07], dtype=float32)
    """
    of_sentences = cosines.copy()
    of_sentences[begins] = -1
    best = np.maximum.reduceat(of_sentences, begins)
    return np.asarray((1 - PASSAGE_SHARE) * best + PASSAGE_SHARE * cosines[begins], dtype=np.float32)


def combine(near: Floats, said: Floats) -> Floats:
    """One score in [0, 1] for each candidate, of its similarities in meaning and its keyword score.

    Keywords that most passages hold, such as the name of the product that a folder is about, have low scores and count
    less.

    >>> combine(np.array([0.2, 0.8]), np.array([3.0, 0.0])).round(2).tolist()
    [0.45, 0.55]
    >>> combine(np.array([0.2, 0.8]), np.array([0.001, 0.0])).round(2).tolist()
    [0.0, 1.0]
    """
    keyword_weight = (1 - MEANING_WEIGHT) * min(1.0, float(said.max()) / TELLING_SCORE)
    return (1 - keyword_weight) * _min_max(near) + keyword_weight * _min_max(said)


def _min_max(scores: Floats) -> Floats:
    low, high = scores.min(), scores.max()
    return (scores - low) / (high - low) if high > low else np.ones_like(scores)


class MaxSims(NamedTuple):
    """Late-interaction scores of a passage: of the whole, of each sentence, and of each with the one before it."""

    whole: float
    sentences: Floats
    with_previous: Floats


def maxsims(match: Match, weights: Floats) -> MaxSims:
    """Return the late-interaction scores of a passage; `weights` are the shares of the question's tokens."""
    before = np.vstack([match.sentences[:1], match.sentences[:-1]])
    return MaxSims(
        whole=float(match.whole @ weights),
        sentences=match.sentences @ weights,
        with_previous=np.maximum(match.sentences, before) @ weights,
    )
