"""A question -> the passages that bear on it, ranked, each with why.

Candidates are the passages whose sentences are nearest in meaning and those best by BM25. Both scores are put on one
scale over the candidates (min-max) and added with weights; the best of them are ranked again word by word.
"""

import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.store import Store
from index.tokens import EncodedQuestion, Tokens, match, reduce
from index.types import Hit, Passage, ScoredSentence
from index.vectors import VectorIndex
from index.words import content_stems, stems, words

MEANING_WEIGHT = 0.55
PASSAGE_SHARE = 0.3
CANDIDATES = 100
ROWS = 400
RERANKED = 30
WORD_WEIGHT = 3.0


class QuestionEncoder(Protocol):
    """What searching needs of a model."""

    def encode_question(self, question: str) -> EncodedQuestion: ...


@dataclass(frozen=True, slots=True)
class _Loaded:
    """One generation's vectors in memory, and the passage that each row belongs to."""

    generation: int
    vectors: VectorIndex
    owners: NDArray[np.int64]
    passages: int
    axes: NDArray[np.float32]


class Searcher:
    """Finds passages in the last published generation of an index. Safe to share between threads."""

    def __init__(self, index: Path, encoder: QuestionEncoder) -> None:
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
        encoded = self._encoder.encode_question(question)
        with Store.open(self._index) as store, store.snapshot():
            loaded = self._load(store)
            if not asked or not len(loaded.vectors):
                return loaded.generation, []
            near = [int(loaded.owners[row]) for row, _ in loaded.vectors.search(encoded.vector, ROWS)]
            keyword = dict(store.keyword_search(asked, CANDIDATES))
            numbers = list(dict.fromkeys([*near, *keyword]))
            cosines = {number: rows @ encoded.vector for number, rows in store.vectors(numbers).items()}
            meaning = {number: _meaning(cosines[number]) for number in numbers}
            scores = _combine(numbers, meaning, keyword)
            first = sorted(numbers, key=lambda number: (-scores[number], number))[: max(k, RERANKED)]
            frequencies = store.frequencies(stems(question))
            weigh = partial(_weight, frequencies, loaded.passages)
            word_scores = _word_scores(question, encoded, weigh, loaded.axes, store.tokens(first))
            total = {number: scores[number] + WORD_WEIGHT * word_scores[number] for number in first}
            best = sorted(first, key=lambda number: (-total[number], number))[:k]
            passages = store.passages(best)
        keyword_ranks = {number: rank for rank, number in enumerate(keyword, 1)}
        by_meaning = sorted(numbers, key=lambda number: (-meaning[number], number))
        meaning_ranks = {number: rank for rank, number in enumerate(by_meaning, 1)}
        weights = {stem: weigh(stem) for stem in asked}
        hits = []
        for number in best:
            sentences, matched, coverage = _found_words(passages[number], cosines[number], weights)
            hits.append(
                Hit(
                    passages[number],
                    total[number] / (1 + WORD_WEIGHT),
                    keyword_ranks.get(number),
                    meaning_ranks[number],
                    float(cosines[number].max()),
                    coverage,
                    matched,
                    word_scores[number],
                    sentences,
                )
            )
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
    return _Loaded(generation, vectors, np.array(owners, dtype=np.int64), len(set(owners)), store.token_axes())


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


def _weight(frequencies: dict[str, int], passages: int, stem: str) -> float:
    """A stem's inverse document frequency; a word that no passage holds weighs the most."""
    return math.log(1 + passages / (0.5 + frequencies.get(stem, 0)))


def _word_scores(
    question: str,
    encoded: EncodedQuestion,
    weigh: Callable[[str], float],
    axes: NDArray[np.float32],
    passages: dict[int, Tokens],
) -> dict[int, float]:
    """How well each passage's tokens meet the question's; a token weighs what its word does."""
    spoken = [(first, last, weigh(stem)) for first, last, stem in words(question)]

    def weight(start: int, end: int) -> float:
        return next((weight for first, last, weight in spoken if first < end and start < last), 0.0)

    weights = np.array([weight(*span) for span in encoded.spans], dtype=np.float32)
    tokens = reduce(encoded.tokens, axes)
    return {number: match(tokens, weights, passage) for number, passage in passages.items()}


def _found_words(
    passage: Passage, cosines: NDArray[np.float32], weights: dict[str, float]
) -> tuple[tuple[ScoredSentence, ...], tuple[str, ...], float]:
    """A passage's scored sentences, the stems found in it or its headings, and their share of the weight."""
    total = sum(weights.values())
    found = words(passage.text)

    def share(inside: set[str]) -> tuple[tuple[str, ...], float]:
        matched = tuple(stem for stem in weights if stem in inside)
        return matched, sum(weights[stem] for stem in matched) / total

    sentences = []
    for (start, end), cosine in zip(passage.sentences, cosines[1:], strict=True):
        inside = {stem for first, last, stem in found if start <= first + passage.start and last + passage.start <= end}
        matched, coverage = share(inside)
        sentences.append(ScoredSentence(start, end, float(cosine), coverage, matched))
    matched, coverage = share({stem for _, _, stem in [*found, *words(" ".join(passage.section))]})
    return tuple(sentences), matched, coverage
