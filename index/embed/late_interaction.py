"""Token vectors: made small enough to keep, and compared word by word (late interaction, MaxSim as in ColBERT).

A token's vector is projected on the first 128 principal axes of the model's own tokens and rounded to 4 bits an axis:
64 bytes a token. The axes come from the model's vocabulary, not from the documents, so that equal passages have equal
tokens whatever else is in the index.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.types import Span

MOST_AXES = 128
_LEVELS = 7
_APART = 2**20  # farther than any place: places are 16 bits

Floats = NDArray[np.float32]
Packed = NDArray[np.uint8]
Places = NDArray[np.uint16]


@dataclass(frozen=True, slots=True, eq=False)
class EncodedPassage:
    """A passage's unit vectors, shape (1 + sentences, width), row 0 the whole's; its tokens', (tokens, width); and
    where in its text each token stands, (tokens, 2), the empty range for one that is not of the text."""

    vectors: Floats
    tokens: Floats
    places: Places


@dataclass(frozen=True, slots=True, eq=False)
class EncodedQuestion:
    """A question's unit vector, shape (width,); its tokens' vectors, (tokens, width), and where each token stands."""

    vector: Floats
    tokens: Floats
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, eq=False)
class StoredTokens:
    """A passage's tokens as an index keeps them: packed, shape (tokens, axes / 2), and their places, (tokens, 2)."""

    packed: Packed
    places: Places


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """How a passage's tokens meet a question's: the best cosine for each token of the question, shape (question
    tokens,), of all the passage's and of each sentence's, (sentences, question tokens)."""

    whole: Floats
    sentences: Floats


def unit(rows: Floats) -> Floats:
    """Vectors of shape (..., width) brought to length 1; a null vector stays null."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-12), dtype=np.float32)


def principal_axes(vectors: Floats) -> Floats:
    """The directions in which some vectors of shape (n, width) differ most: (width, axes), an even number of axes."""
    rows = unit(vectors)
    _, axes = np.linalg.eigh(rows.T @ rows)
    kept = min(MOST_AXES, axes.shape[1]) // 2 * 2
    return np.ascontiguousarray(axes[:, ::-1][:, :kept], dtype=np.float32)


def project(vectors: Floats, axes: Floats) -> Floats:
    """Vectors of shape (n, width) as unit vectors of shape (n, axes)."""
    return unit(unit(vectors) @ axes)


def pack(vectors: Floats, axes: Floats) -> Packed:
    """Vectors of shape (n, width) as bytes of shape (n, axes / 2): each axis in steps of a seventh of the largest.

    The first half of the axes is in the high four bits of the bytes, the second in the low ones.

    >>> pack(np.array([[7, -7, 0, 1]], dtype=np.float32), np.eye(4, dtype=np.float32)).tolist()
    [[248, 25]]
    """
    rows = project(vectors, axes)
    largest = np.maximum(np.abs(rows).max(axis=1, keepdims=True, initial=0), 1e-12)
    steps = (np.rint(rows / largest * _LEVELS) + _LEVELS + 1).astype(np.uint8)
    half = steps.shape[1] // 2
    return np.asarray(steps[:, :half] << 4 | steps[:, half:])


def cosines(question: Floats, packed: Packed) -> Floats:
    """The cosine of each packed token, (n, axes / 2), to each of a question's, (m, axes): shape (n, m)."""
    half = packed.shape[1]
    steps = np.empty((len(packed), 2 * half), dtype=np.float32)
    steps[:, :half], steps[:, half:] = packed >> 4, packed & 15
    steps -= _LEVELS + 1
    lengths = np.sqrt(np.einsum("ij,ij->i", steps, steps))
    return np.asarray(steps @ question.T / np.maximum(lengths, 1e-12)[:, None], dtype=np.float32)


def compare(question: Floats, passages: Sequence[StoredTokens], sentences: Sequence[Sequence[Span]]) -> list[Match]:
    """How each passage meets a question of shape (tokens, axes); `sentences` are ranges of each passage's text."""
    if not passages:
        return []
    found = cosines(question, np.concatenate([passage.packed for passage in passages]))
    firsts = np.cumsum([0, *(len(passage.packed) for passage in passages)])
    whole = np.maximum.reduceat(found, firsts[:-1], axis=0)
    # All passages are laid on one line, so that one search tells which sentence each token begins in.
    shifts = np.arange(len(passages)) * _APART
    places = np.concatenate([passage.places + shift for passage, shift in zip(passages, shifts, strict=True)])
    spans = np.array([(a + shift, b + shift) for of, shift in zip(sentences, shifts, strict=True) for a, b in of])
    best = np.zeros((len(spans), len(question)), dtype=np.float32)
    if len(spans):
        owners = np.searchsorted(spans[:, 0], places[:, 0], side="right") - 1
        inside = (owners >= 0) & (places[:, 0] < places[:, 1]) & (places[:, 0] < spans[owners, 1])
        owned = np.flatnonzero(inside)
        if len(owned):
            begins = np.flatnonzero(np.diff(owners[owned], prepend=-1))
            best[owners[owned[begins]]] = np.maximum.reduceat(found[owned], begins, axis=0)
    bounds = np.cumsum([0, *map(len, sentences)])
    return [Match(whole[n], best[bounds[n] : bounds[n + 1]]) for n in range(len(passages))]
