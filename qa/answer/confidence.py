"""How sure an answer is, in [0, 1], by absolute signals (pure): how likely the documents are about what is asked, times
how likely the quotes then hold the answer, each a logistic model.

The constants are those that `python -m qa calibrate FILE --articles even --sample 2400` prints for a part of SQuAD 2.0,
asked of every second article, of ever fewer of them and of the first paragraphs of each, so that confidence is the
share of questions like these that are answered rightly. By chance alone the best of many passages comes nearer than the
best of few: hence the size of the index.
"""

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from index.types import Hit

RELEVANCE_BIAS = -15.07
RELEVANCE_WEIGHTS = (20.77, 11.00, 5.41, -0.97)
ANSWERABILITY_BIAS = -3.90
ANSWERABILITY_WEIGHTS = (4.52, 1.91)
EQUAL_ERRORS = 0.14  # as many answerable questions are refused as foreign ones answered
THRESHOLD = EQUAL_ERRORS
UNRESOLVED_REFERENCE_PENALTY = 0.7  # what pointing to something that was not said ("this river") takes away from it


@dataclass(frozen=True, slots=True)
class Signals:
    """How near the hits come to a question, each in [0, 1] but the last: the best word-by-word score, the best cosine
    of a sentence or passage, the largest share of the question's words that a passage holds, and that one sentence
    holds, rare words counting more; and the logarithm of the number of passages searched."""

    maxsim: float
    similarity: float
    coverage: float
    sentence_coverage: float
    size: float

    @property
    def of_relevance(self) -> tuple[float, float, float, float]:
        """Those that tell whether the documents are about what is asked."""
        return self.maxsim, self.similarity, self.coverage, self.size

    @property
    def of_answerability(self) -> tuple[float, float]:
        """Those that tell whether they then hold the answer."""
        return self.similarity, self.sentence_coverage


def signals(hits: Sequence[Hit], passages: int) -> Signals:
    """The signals of the hits found among some passages."""
    return Signals(
        max((hit.maxsim for hit in hits), default=0.0),
        max((hit.similarity for hit in hits), default=0.0),
        max((hit.term_coverage for hit in hits), default=0.0),
        max((sentence.term_coverage for hit in hits for sentence in hit.sentences), default=0.0),
        math.log(max(1, passages)),
    )


def confidence(found: Signals) -> float:
    """How likely the quotes hold the answer; 0 where nothing was found.

    >>> confidence(signals([], 100))
    0.0
    """
    if not any(astuple(found)[:-1]):
        return 0.0
    subject = logistic(RELEVANCE_BIAS, RELEVANCE_WEIGHTS, found.of_relevance)
    return subject * logistic(ANSWERABILITY_BIAS, ANSWERABILITY_WEIGHTS, found.of_answerability)


def logistic(bias: float, weights: Sequence[float], values: Sequence[float]) -> float:
    """A logistic model's probability.

    >>> logistic(-1.0, [2.0], [0.5])
    0.5
    """
    return 1 / (1 + math.exp(-bias - sum(weight * value for weight, value in zip(weights, values, strict=True))))
