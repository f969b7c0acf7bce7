"""How signals become the scores that order passages (pure).

First come similarities in meaning and BM25, each put on one scale over the candidates (min-max) and added with weights;
then the best of them gain what their words, token by token, have of the question's. The weights were tuned on every
second article of a SQuAD file and on questions of conversations; the optimum is flat.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from index.embed.late_interaction import Floats, Match
from index.text.analysis import words
from index.text.stemming import ENGLISH
from index.types import Span

MEANING_WEIGHT = 0.55
PASSAGE_SHARE = 0.3


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

    >>> combine(np.array([0.2, 0.8]), np.array([3.0, 0.0])).round(2).tolist()
    [0.45, 0.55]
    """
    return MEANING_WEIGHT * _min_max(near) + (1 - MEANING_WEIGHT) * _min_max(said)


def _min_max(scores: Floats) -> Floats:
    low, high = scores.min(), scores.max()
    return (scores - low) / (high - low) if high > low else np.ones_like(scores)


def token_weights(
    question: str, places: Sequence[Span], weigh: Callable[[str, str], float], language: str = ENGLISH
) -> Floats:
    """The share of each of a question's tokens, as `weigh` weighs its word and stem; they add up to 1, or are all 0."""
    spoken = [(start, end, weigh(question[start:end], stem)) for start, end, stem in words(question, language)]

    def weight(start: int, end: int) -> float:
        return next((weight for first, last, weight in spoken if first < end and start < last), 0.0)

    weights = np.array([weight(*place) for place in places], dtype=np.float32)
    return np.asarray(weights / max(float(weights.sum()), 1e-12), dtype=np.float32)


def maxsims(match: Match, weights: Floats) -> tuple[float, Floats, Floats]:
    """How well a question's tokens are met: by the whole passage, by each sentence, and by each together with the one
    before it."""
    before = np.vstack([match.sentences[:1], match.sentences[:-1]])
    return float(match.whole @ weights), match.sentences @ weights, np.maximum(match.sentences, before) @ weights


def total(first: float, whole: float, own: Floats, context: Floats) -> float:
    """A passage's score in [0, 1]: the mean of its first score and of its word scores, of sentences the best."""
    return float(first + whole + own.max(initial=0) + context.max(initial=0)) / 4
