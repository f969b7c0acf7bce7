"""Token vectors: made small enough to keep, and compared word by word (late interaction, MaxSim as in ColBERT).

A token's vector is projected on the first 64 principal axes of the model's own tokens, brought to unit length and
rounded to 8 bits: 64 bytes a token. The axes come from the model's vocabulary, not from the documents, so that equal
passages have equal tokens whatever else is in the index.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.types import Span

KEPT = 64
_LEVELS = 127

Floats = NDArray[np.float32]
Tokens = NDArray[np.int8]


@dataclass(frozen=True, slots=True, eq=False)
class EncodedPassage:
    """A passage's unit vectors, shape (1 + sentences, width), row 0 the whole's; and its tokens', (tokens, width)."""

    vectors: Floats
    tokens: Floats


@dataclass(frozen=True, slots=True, eq=False)
class EncodedQuestion:
    """A question's unit vector, shape (width,); its tokens' vectors, (tokens, width), and where each token stands."""

    vector: Floats
    tokens: Floats
    spans: tuple[Span, ...]


def principal_axes(vectors: Floats) -> Floats:
    """The directions in which some vectors of shape (n, width) differ most: shape (width, at most 64)."""
    rows = _unit(vectors)
    _, axes = np.linalg.eigh(rows.T @ rows)
    return np.ascontiguousarray(axes[:, ::-1][:, :KEPT], dtype=np.float32)


def reduce(vectors: Floats, axes: Floats) -> Tokens:
    """Vectors of shape (n, width) as bytes of shape (n, axes)."""
    return np.rint(_unit(_unit(vectors) @ axes) * _LEVELS).astype(np.int8)


def match(question: Tokens, weights: Floats, passage: Tokens) -> float:
    """How well a passage's tokens meet a question's: the weighted mean of each one's best cosine, at most about 1.

    >>> tea = np.array([[127, 0]], dtype=np.int8)
    >>> match(tea, np.ones(1, dtype=np.float32), tea)
    1.0
    """
    if not len(passage) or not weights.sum():
        return 0.0
    cosines = passage.astype(np.float32) @ question.astype(np.float32).T / _LEVELS**2
    return float(cosines.max(axis=0) @ (weights / weights.sum()))


def _unit(rows: Floats) -> Floats:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-12), dtype=np.float32)
