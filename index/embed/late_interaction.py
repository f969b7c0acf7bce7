"""Pack token vectors, and compare them by late interaction (MaxSim, as in ColBERT).

A token's vector is projected on the first 128 principal axes of the model's own tokens and rounded to 4 bits an axis:
64 bytes a token. The axes come from the model's vocabulary, not from the documents, so that equal passages have equal
tokens in every index.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.types import Span

MAX_AXES = 128
_MAX_STEP = 7  # 4 bits: from -7 to 7
_PASSAGE_STRIDE = 2**20  # larger than any offset, which has 16 bits

Floats = NDArray[np.float32]
Packed = NDArray[np.uint8]
Offsets = NDArray[np.uint16]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class EncodedPassage:
    """Hold the vectors of a passage.

    `vectors` are unit vectors, shape (1 + sentences, width): the passage, then its sentences. `tokens` has the shape
    (tokens, width). `offsets` has the range of each token in the text, shape (tokens, 2), empty for special tokens.
    """

    vectors: Floats
    tokens: Floats
    offsets: Offsets


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class EncodedQuestion:
    """Hold a question's unit vector, shape (width,), its tokens' vectors, (tokens, width), and each token's range."""

    vector: Floats
    tokens: Floats
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class StoredTokens:
    """Hold a passage's tokens as the index stores them, shape (tokens, axes / 2), and their ranges, (tokens, 2)."""

    packed: Packed
    offsets: Offsets


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Match:
    """Hold the best cosine for each token of a question.

    `whole` is over all tokens of the passage, shape (question tokens,), and `sentences` over those of each sentence,
    shape (sentences, question tokens).
    """

    whole: Floats
    sentences: Floats


def unit(rows: Floats) -> Floats:
    """Scale vectors of shape (..., width) to length 1. A zero vector stays zero."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-12), dtype=np.float32)


def principal_axes(vectors: Floats) -> Floats:
    """Return the directions in which vectors of shape (n, width) differ most: (width, axes), an even number of axes."""
    rows = unit(vectors)
    _, axes = np.linalg.eigh(rows.T @ rows)
    count = min(MAX_AXES, axes.shape[1]) // 2 * 2
    return np.ascontiguousarray(axes[:, ::-1][:, :count], dtype=np.float32)


def project(vectors: Floats, axes: Floats) -> Floats:
    """Project vectors of shape (n, width) to unit vectors of shape (n, axes)."""
    return unit(unit(vectors) @ axes)


def pack(vectors: Floats, axes: Floats) -> Packed:
    """Pack vectors of shape (n, width) into bytes of shape (n, axes / 2), in steps of a seventh of the largest number.

    The high four bits of the bytes have the first half of the axes, the low four bits the second.

    >>> pack(np.array([[7, -7, 0, 1]], dtype=np.float32), np.eye(4, dtype=np.float32)).tolist()
    [[248, 25]]
    """
    rows = project(vectors, axes)
    largest = np.maximum(np.abs(rows).max(axis=1, keepdims=True, initial=0), 1e-12)
    steps = (np.rint(rows / largest * _MAX_STEP) + _MAX_STEP + 1).astype(np.uint8)
    half = steps.shape[1] // 2
    return np.asarray(steps[:, :half] << 4 | steps[:, half:])


def cosines(question: Floats, packed: Packed) -> Floats:
    """Return the cosine of each packed token, (n, axes / 2), to each token of a question, (m, axes): shape (n, m)."""
    half = packed.shape[1]
    steps = np.empty((len(packed), 2 * half), dtype=np.float32)
    steps[:, :half], steps[:, half:] = packed >> 4, packed & 15
    steps -= _MAX_STEP + 1
    lengths = np.sqrt(np.einsum("ij,ij->i", steps, steps))
    return np.asarray(steps @ question.T / np.maximum(lengths, 1e-12)[:, None], dtype=np.float32)


def compare(question: Floats, passages: Sequence[StoredTokens], sentences: Sequence[Sequence[Span]]) -> list[Match]:
    """Match each passage with a question of shape (tokens, axes). `sentences` are ranges of each passage's text."""
    if not passages:
        return []
    found = cosines(question, np.concatenate([passage.packed for passage in passages]))
    firsts = np.cumsum([0, *(len(passage.packed) for passage in passages)])
    whole = np.maximum.reduceat(found, firsts[:-1], axis=0)
    # Shift each passage's offsets, so that one search finds the sentence of every token.
    shifts = np.arange(len(passages)) * _PASSAGE_STRIDE
    offsets = np.concatenate([passage.offsets + shift for passage, shift in zip(passages, shifts, strict=True)])
    spans = np.array([(a + shift, b + shift) for of, shift in zip(sentences, shifts, strict=True) for a, b in of])
    best = np.zeros((len(spans), len(question)), dtype=np.float32)
    if len(spans):
        owners = np.searchsorted(spans[:, 0], offsets[:, 0], side="right") - 1
        inside = (owners >= 0) & (offsets[:, 0] < offsets[:, 1]) & (offsets[:, 0] < spans[owners, 1])
        owned = np.flatnonzero(inside)
        if len(owned):
            begins = np.flatnonzero(np.diff(owners[owned], prepend=-1))
            best[owners[owned[begins]]] = np.maximum.reduceat(found[owned], begins, axis=0)
    bounds = np.cumsum([0, *map(len, sentences)])
    return [
        Match(whole=whole[number], sentences=best[bounds[number] : bounds[number + 1]])
        for number in range(len(passages))
    ]
