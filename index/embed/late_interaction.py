"""Pack token vectors, and compare them by late interaction (MaxSim, as in ColBERT).

A token's vector is projected on the first 128 principal axes of the model's own tokens and rounded to 2 bits an axis:
32 bytes a token, and 2 for where it begins. Punctuation is left out. The axes come from the model's vocabulary, not
from the documents, so that equal passages have equal tokens in every index.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.types import Span

MAX_AXES = 128
CODES_PER_BYTE = 4
OUTSIDE = 2**16 - 1  # where a token of the headings, or a special one, begins
# The numbers that stand for those of a normal distribution with the least square error (Lloyd and Max), and the bound
# between two of them. What is rounded to them keeps 0.94 of its length in its own direction.
_LEVELS = np.array([-1.5104, -0.4528, 0.4528, 1.5104], dtype=np.float32)
_BOUND = 0.9816
_LENGTH_KEPT = 0.94
_PASSAGE_STRIDE = 2**20  # larger than any offset, which has 16 bits

Floats = NDArray[np.float32]
Packed = NDArray[np.uint8]
Offsets = NDArray[np.uint16]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class EncodedPassage:
    """Hold the vectors of a passage.

    `vectors` are unit vectors, shape (1 + sentences, width): the passage, then its sentences. `tokens` has the shape
    (tokens, width). `offsets` has the range of each token in the text, shape (tokens, 2), empty for special tokens.
    `is_punctuation` marks the tokens that are nothing else, shape (tokens,).
    """

    vectors: Floats
    tokens: Floats
    offsets: Offsets
    is_punctuation: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class EncodedQuestion:
    """Hold a question's unit vector, shape (width,), its tokens' vectors, (tokens, width), and each token's range."""

    vector: Floats
    tokens: Floats
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class StoredTokens:
    """Hold a passage's tokens as the index stores them, shape (tokens, axes / 4), and where each begins in the text,
    shape (tokens,)."""

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
    """Return the directions in which vectors of shape (n, width) differ most: (width, axes), axes a multiple of 4."""
    rows = unit(vectors)
    _, axes = np.linalg.eigh(rows.T @ rows)
    count = min(MAX_AXES, axes.shape[1]) // CODES_PER_BYTE * CODES_PER_BYTE
    return np.ascontiguousarray(axes[:, ::-1][:, :count], dtype=np.float32)


def project(vectors: Floats, axes: Floats) -> Floats:
    """Project vectors of shape (n, width) to unit vectors of shape (n, axes)."""
    return unit(unit(vectors) @ axes)


def store_tokens(passage: EncodedPassage, axes: Floats) -> StoredTokens:
    """Return what the index stores of a passage's tokens."""
    kept = ~passage.is_punctuation
    starts, ends = passage.offsets[kept].T
    return StoredTokens(
        packed=pack(passage.tokens[kept], axes), offsets=np.where(starts < ends, starts, OUTSIDE).astype(np.uint16)
    )


def pack(vectors: Floats, axes: Floats) -> Packed:
    """Pack vectors of shape (n, width) into bytes of shape (n, axes / 4), two bits for each axis.

    >>> pack(np.array([[0.9, -0.2, 0.1, -0.4]], dtype=np.float32), np.eye(4, dtype=np.float32)).tolist()
    [[217]]
    """
    rows = project(vectors, axes)
    codes = np.digitize(rows * np.sqrt(rows.shape[1]), [-_BOUND, 0, _BOUND]).astype(np.uint8)
    first, second, third, fourth = np.moveaxis(codes.reshape(len(codes), -1, CODES_PER_BYTE), 2, 0)
    return np.asarray(first << 6 | second << 4 | third << 2 | fourth)


_BYTES = np.arange(256)
_UNPACKED = _LEVELS[np.stack([_BYTES >> shift & 3 for shift in (6, 4, 2, 0)], axis=1)]  # (bytes, 4)


def cosines(question: Floats, packed: Packed) -> Floats:
    """Return the cosine of each packed token, (n, axes / 4), to each token of a question, (m, axes): shape (n, m)."""
    rows = unit(_UNPACKED[packed].reshape(len(packed), question.shape[1]))
    return np.asarray(np.minimum(rows @ question.T / _LENGTH_KEPT, 1), dtype=np.float32)


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
        owners = np.searchsorted(spans[:, 0], offsets, side="right") - 1
        inside = (owners >= 0) & (offsets < spans[owners, 1])
        owned = np.flatnonzero(inside)
        if len(owned):
            begins = np.flatnonzero(np.diff(owners[owned], prepend=-1))
            best[owners[owned[begins]]] = np.maximum.reduceat(found[owned], begins, axis=0)
    bounds = np.cumsum([0, *map(len, sentences)])
    return [
        Match(whole=whole[number], sentences=best[bounds[number] : bounds[number + 1]])
        for number in range(len(passages))
    ]
