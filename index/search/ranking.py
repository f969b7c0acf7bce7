"""Rank the passages for a question: one linear model over the signals of each.

The weights are for standardised signals. `python -m qa fit FILE ...` prints them; they were fitted on a mixture of
questions as people type them and questions written from the paragraph, by cross-validation over documents.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from index.types import Hit, RankSignals

NAMES = tuple(RankSignals.__dataclass_fields__)
# Signal: mean, spread and weight.
MODEL: dict[str, tuple[float, float, float]] = {
    "fused": (0.5, 0.2, 0.8),
    "passage_similarity": (0.3, 0.15, 0.4),
    "sentence_similarity": (0.35, 0.15, 0.6),
    "maxsim": (0.5, 0.15, 0.7),
    "sentence_maxsim": (0.4, 0.15, 0.3),
    "context_maxsim": (0.45, 0.15, 0.3),
    "coverage": (0.4, 0.25, 0.3),
    "sentence_coverage": (0.3, 0.2, 0.6),
    "name_coverage": (0.1, 0.2, 1.1),
    "section_coverage": (0.1, 0.2, 0.5),
    "answer_type": (0.3, 0.45, 0.85),
    "length": (4.0, 0.8, 0.6),
}


def score(signals: Sequence[RankSignals]) -> NDArray[np.float64]:
    """Return a score in (0, 1) for each passage, higher is better."""
    rows = np.array([[getattr(one, name) for name in MODEL] for one in signals], dtype=np.float64)
    mean, spread, weight = (np.array(column) for column in zip(*MODEL.values(), strict=True))
    return np.asarray(1 / (1 + np.exp(-((rows - mean) / spread) @ weight / len(MODEL))))


def length_signal(text: str) -> float:
    """Return the logarithm of a text's words."""
    return math.log(1 + len(text.split()))


def ranked(hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits with their scores, best first."""
    if not hits:
        return []
    scores = score([hit.signals for hit in hits])
    found = [replace(hit, score=float(one)) for hit, one in zip(hits, scores, strict=True)]
    return sorted(found, key=lambda hit: (-hit.score, hit.passage.path, hit.passage.start))
