"""A question -> the passages that bear on it, ranked, each with why.

Candidates are the passages whose sentences are nearest in meaning and those best by BM25; the best of them are ranked
again word by word.
"""

import math
import threading
from bisect import bisect_left
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.derived import Derived, derive
from index.ranking import combine, meaning, token_weights, total, word_scores
from index.spelling import correct
from index.store import Store
from index.tokens import EncodedQuestion, Floats, KeptTokens, compare, cosines, project
from index.types import Found, Hit, Passage, ScoredSentence, Span
from index.words import FUNCTION_WORDS, compounds, content_stems, stems, words

CANDIDATES = 100
ROWS = 400
RERANKED = 30
SAME_MEANING = 0.6
FUNCTION_SHARE = 1 / 8


class QuestionEncoder(Protocol):
    """What searching needs of a model."""

    def knows(self, word: str) -> bool: ...
    def encode_question(self, question: str) -> EncodedQuestion: ...


@dataclass(slots=True)
class _Loaded:
    """One generation's vectors in memory, and its words, once they are needed."""

    derived: Derived
    axes: Floats
    forms: dict[str, int] = field(default_factory=dict)

    def cosines(self, numbers: list[int], query: Floats) -> dict[int, Floats]:
        """The cosines of passages by number, each of itself (first) and its sentences."""
        firsts = np.searchsorted(self.derived.owners, numbers)
        ends = np.searchsorted(self.derived.owners, numbers, side="right")
        rows = np.concatenate([np.arange(first, end) for first, end in zip(firsts, ends, strict=True)])
        found = np.split(self.derived.vectors.cosines(rows, query), np.cumsum(ends - firsts)[:-1])
        return dict(zip(numbers, found, strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class _Query:
    """A question made ready: its vector, its tokens on the index's axes with the share of each, and its telling stems
    with theirs."""

    vector: Floats
    tokens: Floats
    shares: Floats
    asked: dict[str, float]
    telling: NDArray[np.bool_]


class Searcher:
    """Finds passages in the last published generation of an index. Safe to share between threads."""

    def __init__(self, index: Path, encoder: QuestionEncoder) -> None:
        self._index = index
        self._encoder = encoder
        self._loading = threading.Lock()
        self._loaded: _Loaded | None = None

    def search(self, question: str, k: int) -> Found:
        """The k best passages for a question.

        Raises:
            IndexUnusableError: the index cannot be opened.
        """
        with Store.open(self._index) as store, store.snapshot():
            loaded = self._load(store)
            if not content_stems(question) or not len(loaded.derived.vectors):
                return Found(question, loaded.derived.generation, (), loaded.derived.passages)
            held = store.frequencies(stems(question))
            corrected = self._correct(question, held, loaded, store)
            if corrected != question:
                question, held = corrected, store.frequencies(stems(corrected))
            query = self._query(question, held, loaded)
            near = [int(loaded.derived.owners[row]) for row, _ in loaded.derived.vectors.search(query.vector, ROWS)]
            keyword = dict(store.keyword_search([*query.asked, *compounds(question)], CANDIDATES))
            numbers = list(dict.fromkeys([*near, *keyword]))
            similar = loaded.cosines(numbers, query.vector)
            means = {number: meaning(similar[number]) for number in numbers}
            scores = combine([means[number] for number in numbers], [keyword.get(number, 0.0) for number in numbers])
            first = dict(sorted(zip(numbers, scores, strict=True), key=_best_first)[: max(k, RERANKED)])
            kept, spans = store.tokens(first), store.spans(first)
            matches = compare(query.tokens, [kept[number] for number in first], [spans[number] for number in first])
            compared = {number: word_scores(match, query.shares) for number, match in zip(first, matches, strict=True)}
            totals = {number: total(score, *compared[number]) for number, score in first.items()}
            best = dict(sorted(totals.items(), key=_best_first)[:k])
            passages = store.passages(best)
        by_meaning = {number: rank for rank, (number, _) in enumerate(sorted(means.items(), key=_best_first), 1)}
        by_keyword = {number: rank for rank, number in enumerate(keyword, 1)}
        hits = [
            _hit(
                passages[number],
                score,
                (by_keyword.get(number), by_meaning[number]),
                similar[number],
                compared[number],
                _found_words(passages[number], query, kept[number]),
            )
            for number, score in best.items()
        ]
        return Found(question, loaded.derived.generation, tuple(hits), loaded.derived.passages)

    def _correct(self, question: str, held: Container[str], loaded: _Loaded, store: Store) -> str:
        def is_known(word: str, stem: str) -> bool:
            return stem in held or word in FUNCTION_WORDS or self._encoder.knows(word)

        def forms() -> dict[str, int]:
            loaded.forms = loaded.forms or store.forms()
            return loaded.forms

        return correct(question, is_known, forms)

    def _query(self, question: str, held: Mapping[str, int], loaded: _Loaded) -> _Query:
        """The question made ready; `held` tells how many passages hold each of its stems."""

        def weigh(stem: str) -> float:
            """A stem's inverse document frequency; a word that no passage holds weighs the most."""
            return math.log(1 + loaded.derived.passages / (0.5 + held.get(stem, 0)))

        def weigh_in_place(word: str, stem: str) -> float:
            """The same, but for a function word at most an eighth of the most: a small index lacks many of them."""
            most = weigh("") * FUNCTION_SHARE if word.casefold() in FUNCTION_WORDS else math.inf
            return min(weigh(stem), most)

        encoded = self._encoder.encode_question(question)
        asked = {stem: weigh(stem) for stem in content_stems(question)}
        whole = sum(asked.values())
        spans = [(start, end) for start, end, stem in words(question) if stem in asked]
        telling = [any(first < end and start < last for first, last in spans) for start, end in encoded.spans]
        return _Query(
            encoded.vector,
            project(encoded.tokens, loaded.axes),
            token_weights(question, encoded.spans, weigh_in_place),
            {stem: weight / whole for stem, weight in asked.items()},
            np.array(telling, dtype=bool),
        )

    def _load(self, store: Store) -> _Loaded:
        with self._loading:
            held = self._loaded.derived if self._loaded else None
            derived = derive(store, held)
            if self._loaded is None or derived is not held:
                self._loaded = _Loaded(derived, store.token_axes())
            return self._loaded


def _best_first(scored: tuple[int, float]) -> tuple[float, int]:
    return -scored[1], scored[0]


@dataclass(frozen=True, slots=True)
class _FoundWords:
    """The stems of a question that a passage or its headings hold, and their share of the question's weight; the same
    for each sentence; and the ranges of the words that meet the question's, the same or like in meaning."""

    matched: tuple[str, ...]
    coverage: float
    sentences: list[tuple[tuple[str, ...], float]]
    marks: tuple[Span, ...]


def _found_words(passage: Passage, query: _Query, kept: KeptTokens) -> _FoundWords:
    found = words(passage.text)
    alike = cosines(query.tokens[query.telling], kept.packed).max(axis=1, initial=0) >= SAME_MEANING
    alike &= kept.places[:, 0] < kept.places[:, 1]
    starts = sorted(kept.places[alike, 0].tolist())

    def share(inside: set[str]) -> tuple[tuple[str, ...], float]:
        matched = tuple(stem for stem in query.asked if stem in inside)
        return matched, sum(query.asked[stem] for stem in matched)

    sentences = [
        share({stem for first, last, stem in found if start <= first and last <= end}) for start, end in passage.spans
    ]
    marks = tuple(
        (passage.start + first, passage.start + last)
        for first, last, stem in found
        if stem in query.asked
        or (
            passage.text[first:last].casefold() not in FUNCTION_WORDS
            and bisect_left(starts, first) < bisect_left(starts, last)
        )
    )
    return _FoundWords(*share({stem for _, _, stem in [*found, *words(" ".join(passage.section))]}), sentences, marks)


def _hit(
    passage: Passage,
    score: float,
    ranks: tuple[int | None, int],
    similar: Floats,
    compared: tuple[float, Floats, Floats],
    found: _FoundWords,
) -> Hit:
    whole, own, context = compared
    sentences = tuple(
        ScoredSentence(*span, float(cosine), coverage, float(alone), float(together), matched)
        for span, cosine, (matched, coverage), alone, together in zip(
            passage.sentences, similar[1:], found.sentences, own, context, strict=True
        )
    )
    similarity = float(similar.max())
    return Hit(passage, score, *ranks, similarity, found.coverage, found.matched, whole, sentences, found.marks)
