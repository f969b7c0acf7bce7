"""A question -> the passages that bear on it, ranked, each with why.

Candidates are the passages whose sentences are nearest in meaning and those best by BM25. Both scores are put on one
scale over the candidates (min-max) and added with weights.
"""

import math
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.store import Store
from index.types import Hit, Passage, ScoredSentence
from index.vectors import VectorIndex
from index.words import content_stems, words

MEANING_WEIGHT = 0.55
PASSAGE_SHARE = 0.3
CANDIDATES = 100
ROWS = 400


class QueryEncoder(Protocol):
    """What searching needs of a model."""

    def encode_query(self, question: str) -> NDArray[np.float32]: ...


@dataclass(frozen=True, slots=True)
class _Loaded:
    """One generation's vectors in memory, and the passage that each row belongs to."""

    generation: int
    vectors: VectorIndex
    owners: NDArray[np.int64]


class Searcher:
    """Finds passages in the last published generation of an index. Safe to share between threads."""

    def __init__(self, index: Path, encoder: QueryEncoder) -> None:
        self._index = index
        self._encoder = encoder
        self._loading = threading.Lock()
        self._loaded: _Loaded | None = None

    def search(self, question: str, k: int) -> tuple[int, list[Hit]]:
        """The generation that answered, and its k best passages, best first.

        Raises:
            IndexUnusableError: the index cannot be opened.
        """
        asked = content_stems(question)
        query = self._encoder.encode_query(question)
        with Store.open(self._index) as store, store.snapshot():
            loaded = self._load(store)
            if not asked or not len(loaded.vectors):
                return loaded.generation, []
            near = [int(loaded.owners[row]) for row, _ in loaded.vectors.search(query, ROWS)]
            keyword = dict(store.keyword_search(asked, CANDIDATES))
            numbers = list(dict.fromkeys([*near[:ROWS], *keyword]))
            cosines = {number: rows @ query for number, rows in store.vectors(numbers).items()}
            meaning = {number: _meaning(cosines[number]) for number in numbers}
            scores = _combine(numbers, meaning, keyword)
            best = sorted(numbers, key=lambda number: (-scores[number], number))[:k]
            passages = store.passages(best)
            weights = _weights(asked, store.frequencies(asked), len(set(loaded.owners.tolist())))
        keyword_ranks = {number: rank for rank, number in enumerate(keyword, 1)}
        by_meaning = sorted(numbers, key=lambda number: (-meaning[number], number))
        meaning_ranks = {number: rank for rank, number in enumerate(by_meaning, 1)}
        hits = [
            _hit(
                passages[number],
                scores[number],
                cosines[number],
                weights,
                keyword_ranks.get(number),
                meaning_ranks[number],
            )
            for number in best
        ]
        return loaded.generation, hits

    def _load(self, store: Store) -> _Loaded:
        generation = store.generation()
        with self._loading:
            if self._loaded is None or self._loaded.generation != generation:
                self._loaded = _read_vectors(store, generation)
            return self._loaded


def _read_vectors(store: Store, generation: int) -> _Loaded:
    vectors = VectorIndex(store.describe().width)
    owners: list[int] = []
    for number, rows in store.passage_ids():
        vectors.add(rows)
        owners += [number] * len(rows)
    return _Loaded(generation, vectors, np.array(owners, dtype=np.int64))


def _meaning(cosines: NDArray[np.float32]) -> float:
    """A passage's nearness in meaning: its best sentence's, and a share of its own."""
    return float((1 - PASSAGE_SHARE) * cosines[1:].max() + PASSAGE_SHARE * cosines[0])


def _combine(numbers: Sequence[int], meaning: dict[int, float], keyword: dict[int, float]) -> dict[int, float]:
    near = _min_max([meaning[number] for number in numbers])
    said = _min_max([keyword.get(number, 0.0) for number in numbers])
    return {
        number: MEANING_WEIGHT * by_meaning + (1 - MEANING_WEIGHT) * by_words
        for number, by_meaning, by_words in zip(numbers, near, said, strict=True)
    }


def _min_max(scores: Sequence[float]) -> list[float]:
    low, high = min(scores), max(scores)
    return [(score - low) / (high - low) if high > low else 1.0 for score in scores]


def _weights(asked: Iterable[str], frequencies: dict[str, int], passages: int) -> dict[str, float]:
    """Each stem's inverse document frequency; a word that no passage holds weighs the most."""
    return {stem: math.log(1 + passages / (0.5 + frequencies.get(stem, 0))) for stem in asked}


def _hit(
    passage: Passage,
    score: float,
    cosines: NDArray[np.float32],
    weights: dict[str, float],
    keyword_rank: int | None,
    meaning_rank: int,
) -> Hit:
    found = words(passage.text)
    total = sum(weights.values())
    sentences = []
    for (start, end), cosine in zip(passage.sentences, cosines[1:], strict=True):
        inside = {stem for first, last, stem in found if start <= first + passage.start and last + passage.start <= end}
        matched = tuple(stem for stem in weights if stem in inside)
        share = sum(weights[stem] for stem in matched) / total
        sentences.append(ScoredSentence(start, end, float(cosine), share, matched))
    inside = {stem for _, _, stem in [*found, *words(" ".join(passage.section))]}
    matched = tuple(stem for stem in weights if stem in inside)
    coverage = sum(weights[stem] for stem in matched) / total
    similarity = float(cosines.max())
    return Hit(passage, score, keyword_rank, meaning_rank, similarity, coverage, matched, tuple(sentences))
