"""How signals become the scores that order passages (pure).

First come nearness in meaning and BM25, each put on one scale over the candidates (min-max) and added with weights;
then the best of them gain what their words, token by token, have of the question's. The weights were tuned on every
second article of a SQuAD file and on questions of conversations; the optimum is flat.
"""

from collections.abc import Callable, Sequence

import numpy as np

from index.tokens import Floats, Match
from index.types import Span
from index.words import words

MEANING_WEIGHT = 0.55
PASSAGE_SHARE = 0.3


def meaning(cosines: Floats) -> float:
    """A passage's nearness in meaning, of the cosines of itself (first) and its sentences: its best sentence's, and a
    share of its own."""
    return float((1 - PASSAGE_SHARE) * cosines[1:].max() + PASSAGE_SHARE * cosines[0])


def combine(near: Sequence[float], said: Sequence[float]) -> list[float]:
    """One score in [0, 1] for each candidate, of its nearness in meaning and its keyword score.

    >>> [round(score, 2) for score in combine([0.2, 0.8], [3.0, 0.0])]
    [0.45, 0.55]
    """
    return [
        MEANING_WEIGHT * by_meaning + (1 - MEANING_WEIGHT) * by_words
        for by_meaning, by_words in zip(_min_max(near), _min_max(said), strict=True)
    ]


def _min_max(scores: Sequence[float]) -> list[float]:
    low, high = min(scores), max(scores)
    return [(score - low) / (high - low) if high > low else 1.0 for score in scores]


def token_weights(question: str, places: Sequence[Span], weigh: Callable[[str, str], float]) -> Floats:
    """The share of each of a question's tokens, as `weigh` weighs its word and stem; they add up to 1, or are all 0."""
    spoken = [(start, end, weigh(question[start:end], stem)) for start, end, stem in words(question)]

    def weight(start: int, end: int) -> float:
        return next((weight for first, last, weight in spoken if first < end and start < last), 0.0)

    weights = np.array([weight(*place) for place in places], dtype=np.float32)
    return np.asarray(weights / max(float(weights.sum()), 1e-12), dtype=np.float32)


def word_scores(match: Match, weights: Floats) -> tuple[float, Floats, Floats]:
    """How well a question's tokens are met: by the whole passage, by each sentence, and by each together with the one
    before it."""
    before = np.vstack([match.sentences[:1], match.sentences[:-1]])
    return float(match.whole @ weights), match.sentences @ weights, np.maximum(match.sentences, before) @ weights


def total(first: float, whole: float, own: Floats, context: Floats) -> float:
    """A passage's score in [0, 1]: the mean of its first score and of its word scores, of sentences the best."""
    return float(first + whole + own.max(initial=0) + context.max(initial=0)) / 4
