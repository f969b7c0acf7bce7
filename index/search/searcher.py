"""A question -> the passages that bear on it, ranked, each with why.

Candidates are the passages whose sentences are nearest in meaning and those best by BM25; the best of them are ranked
again word by word.
"""

import math
import threading
from bisect import bisect_left
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.embed.late_interaction import EncodedQuestion, Floats, StoredTokens, compare, cosines, project, unit
from index.search.fusion import combine, maxsims, meaning, token_weights, total
from index.store.store import Store
from index.store.vector_cache import VectorSnapshot, load
from index.text.analysis import ENGLISH, FUNCTION_WORDS, compounds, content_stems, stems, words
from index.text.spelling import correct
from index.types import ContextText, Hit, Passage, ScoredSentence, SearchResult, Span

CANDIDATES = 60
ROWS = 150
MAX_ROWS_AT_ONCE = 50_000  # compared, if only some documents are searched
MOST_HELD = 10_000
AT_ONCE = 2  # one computes while the model works for the other; more would all be late together
RERANKED = 30
SAME_MEANING = 0.6
FUNCTION_SHARE = 1 / 8
TEXTS_KEPT = 32


class QuestionEncoder(Protocol):
    """What searching needs of a model."""

    def knows(self, word: str) -> bool: ...
    def encode_question(self, question: str) -> EncodedQuestion: ...


@dataclass(slots=True)
class _Loaded:
    """One generation's vectors in memory, and its words, once they are needed."""

    snapshot: VectorSnapshot
    axes: Floats
    languages: list[str]
    forms: dict[str, int] = field(default_factory=dict)

    def nearest(self, query: Floats, only: Sequence[int] | None) -> list[int]:
        """Return the passages of the rows nearest to a query. All rows of the passages `only` are compared."""
        if only is None:
            return [int(self.snapshot.owners[row]) for row, _ in self.snapshot.vectors.search(query, ROWS)]
        rows = np.flatnonzero(np.isin(self.snapshot.owners, only))
        parts = [rows[first : first + MAX_ROWS_AT_ONCE] for first in range(0, len(rows), MAX_ROWS_AT_ONCE)]
        scores = np.concatenate([np.empty(0), *(self.snapshot.vectors.cosines(part, query) for part in parts)])
        return [int(owner) for owner in self.snapshot.owners[rows[np.argsort(-scores, kind="stable")[:ROWS]]]]

    def cosines(self, numbers: NDArray[np.int64], query: Floats) -> tuple[Floats, NDArray[np.int64]]:
        """The cosines of passages, of each its own and then its sentences', and where each one's begin."""
        firsts = np.searchsorted(self.snapshot.owners, numbers)
        sizes = np.searchsorted(self.snapshot.owners, numbers, side="right") - firsts
        begins = np.cumsum(sizes) - sizes
        rows = np.arange(sizes.sum()) + np.repeat(firsts - begins, sizes)
        return self.snapshot.vectors.cosines(rows, query), begins


@dataclass(frozen=True, slots=True, eq=False)
class _Query:
    """A question made ready: its vector, its tokens on the index's axes with the share of each, and its telling stems
    with theirs; the passages best by keywords with their scores, best first; and what marks its words in passages, its
    own stems and the vectors of its telling tokens."""

    vector: Floats
    tokens: Floats
    shares: Floats
    asked: dict[str, float]
    keyword: dict[int, float]
    stems: frozenset[str]
    telling: Floats


class Searcher:
    """Finds passages in the last published generation of an index. Safe to share between threads."""

    def __init__(self, index: Path, encoder: QuestionEncoder) -> None:
        self._index = index
        self._encoder = encoder
        self._encode = lru_cache(TEXTS_KEPT)(encoder.encode_question)  # the texts of a conversation come again
        self._loading = threading.Lock()
        self._turns = threading.Semaphore(AT_ONCE)
        self._loaded: _Loaded | None = None

    def similarities(self, question: str, texts: Sequence[str]) -> list[float]:
        """How near in meaning a question is to each of some texts: cosines."""
        vector = self._encode(question).vector
        return [float(vector @ self._encode(text).vector) for text in texts]

    def search(
        self, question: str, k: int, context: Sequence[ContextText] = (), only: frozenset[str] | None = None
    ) -> SearchResult:
        """The k best passages for a question, together with what was said before, each text with its weight.

        `only` are the paths of the documents to search: nothing of others is found, and nothing of theirs is missed.

        Raises:
            IndexUnusableError: the index cannot be opened.
        """
        with self._turns, Store.open(self._index) as store, store.snapshot():
            loaded = self._load(store)
            if not content_stems(question) or not len(loaded.snapshot.vectors):
                return SearchResult(
                    question=question,
                    generation=loaded.snapshot.generation,
                    hits=(),
                    total_passages=loaded.snapshot.passages,
                )
            language, held = _language(question, loaded, store)
            corrected = self._correct(question, language, held, loaded, store)
            if corrected != question:
                question = corrected
                language, held = _language(question, loaded, store)
            allowed = None if only is None else store.numbers_of(only)
            query = self._query(question, language, held, loaded, store, allowed)
            if context:
                earlier = [(self._made_ready(one.text, loaded, store, allowed), one.weight) for one in context]
                query = _joined(query, earlier)
            near = loaded.nearest(query.vector, allowed)
            keyword = query.keyword
            numbers = np.unique(np.array([*near, *keyword], dtype=np.int64))
            if not len(numbers):
                return SearchResult(
                    question=question,
                    generation=loaded.snapshot.generation,
                    hits=(),
                    total_passages=loaded.snapshot.passages,
                )
            similar, begins = loaded.cosines(numbers, query.vector)
            means = meaning(similar, begins)
            scores = combine(means, np.array([keyword.get(number, 0.0) for number in numbers.tolist()]))
            first = {int(numbers[at]): int(at) for at in np.argsort(-scores, kind="stable")[: max(k, RERANKED)]}
            kept, spans = store.tokens(first), store.spans(first)
            matches = compare(query.tokens, [kept[number] for number in first], [spans[number] for number in first])
            compared = {number: maxsims(match, query.shares) for number, match in zip(first, matches, strict=True)}
            totals = {number: total(float(scores[at]), *compared[number]) for number, at in first.items()}
            best = dict(sorted(totals.items(), key=_best_first)[:k])
            passages = store.passages(best)
        by_keyword = {number: rank for rank, number in enumerate(keyword, 1)}
        ends = np.append(begins[1:], len(similar))
        hits = [
            _hit(
                passages[number],
                score,
                (by_keyword.get(number), 1 + int(np.count_nonzero(means > means[first[number]]))),
                similar[begins[first[number]] : ends[first[number]]],
                compared[number],
                _found_words(passages[number], query, kept[number]),
            )
            for number, score in best.items()
        ]
        return SearchResult(
            question=question,
            generation=loaded.snapshot.generation,
            hits=tuple(hits),
            total_passages=loaded.snapshot.passages,
        )

    def _correct(self, question: str, language: str, held: Container[str], loaded: _Loaded, store: Store) -> str:
        def is_known(word: str, stem: str) -> bool:
            return stem in held or word in FUNCTION_WORDS or self._encoder.knows(word)

        def forms() -> dict[str, int]:
            loaded.forms = loaded.forms or store.word_counts()
            return loaded.forms

        return correct(question, is_known, forms, language)

    def _made_ready(self, text: str, loaded: _Loaded, store: Store, only: Sequence[int] | None) -> _Query:
        return self._query(text, *_language(text, loaded, store), loaded, store, only)

    def _query(
        self,
        question: str,
        language: str,
        held: Mapping[str, int],
        loaded: _Loaded,
        store: Store,
        only: Sequence[int] | None,
    ) -> _Query:
        """The question made ready; `held` tells how many passages hold each of its stems."""

        def weigh(stem: str) -> float:
            """A stem's inverse document frequency; a word that no passage holds weighs the most."""
            return math.log(1 + loaded.snapshot.passages / (0.5 + held.get(stem, 0)))

        def weigh_in_place(word: str, stem: str) -> float:
            """The same, but for a function word at most an eighth of the most: a small index lacks many of them."""
            most = weigh("") * FUNCTION_SHARE if word.casefold() in FUNCTION_WORDS else math.inf
            return min(weigh(stem), most)

        encoded = self._encode(question)
        asked = {stem: weigh(stem) for stem in content_stems(question, language)}
        whole = sum(asked.values())
        spans = [(start, end) for start, end, stem in words(question, language) if stem in asked]
        telling = [any(first < end and start < last for first, last in spans) for start, end in encoded.spans]
        tokens = project(encoded.tokens, loaded.axes)
        return _Query(
            encoded.vector,
            tokens,
            token_weights(question, encoded.spans, weigh_in_place, language),
            {stem: weight / whole for stem, weight in asked.items()},
            dict(store.keyword_search(_bounded([*asked, *compounds(question, language)], held), CANDIDATES, only)),
            frozenset(asked),
            tokens[np.array(telling, dtype=bool)],
        )

    def _load(self, store: Store) -> _Loaded:
        with self._loading:
            previous = self._loaded.snapshot if self._loaded else None
            snapshot = load(store, previous)
            if self._loaded is None or snapshot is not previous:
                self._loaded = _Loaded(snapshot, store.token_axes(), store.languages())
            return self._loaded


def _language(question: str, loaded: _Loaded, store: Store) -> tuple[str, dict[str, int]]:
    """The language of the documents that holds the most of a question's words, and how many passages hold each stem."""
    frequencies = {
        language: store.passage_counts([*stems(question, language), *compounds(question, language)])
        for language in loaded.languages
    }
    return max(frequencies.items(), key=lambda found: (len(found[1]), found[0] == ENGLISH))


def _joined(query: _Query, earlier: Sequence[tuple[_Query, float]]) -> _Query:
    """A question together with earlier texts, each counting by its weight where the question counts 1; the words that
    are marked are the question's own."""
    parts = [(query, 1.0), *earlier]
    whole = sum(weight for _, weight in parts)
    asked: dict[str, float] = {}
    keyword: dict[int, float] = {}
    for part, weight in parts:
        for stem, share in part.asked.items():
            asked[stem] = max(asked.get(stem, 0.0), weight * share)
        for number, score in part.keyword.items():
            keyword[number] = keyword.get(number, 0.0) + weight * score
    shared = sum(asked.values())
    return replace(
        query,
        vector=unit(np.sum([weight * part.vector for part, weight in parts], axis=0)),
        tokens=np.concatenate([part.tokens for part, _ in parts]),
        shares=np.concatenate([weight / whole * part.shares for part, weight in parts]).astype(np.float32),
        asked={stem: weight / shared for stem, weight in asked.items()},
        keyword=dict(sorted(keyword.items(), key=_best_first)),
    )


def _bounded(asked: list[str], held: Mapping[str, int]) -> list[str]:
    """The rarest stems, as many as not too many passages hold; BM25 gives the others little weight."""
    chosen: list[str] = []
    reached = 0
    for stem in sorted(asked, key=lambda stem: held.get(stem, 0)):
        reached += held.get(stem, 0)
        if chosen and reached > MOST_HELD:
            break
        chosen.append(stem)
    return chosen


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


def _found_words(passage: Passage, query: _Query, kept: StoredTokens) -> _FoundWords:
    found = words(passage.text, passage.language)
    alike = cosines(query.telling, kept.packed).max(axis=1, initial=0) >= SAME_MEANING
    alike &= kept.offsets[:, 0] < kept.offsets[:, 1]
    starts = sorted(kept.offsets[alike, 0].tolist())

    def share(inside: set[str]) -> tuple[tuple[str, ...], float]:
        matched = tuple(stem for stem in query.asked if stem in inside)
        return matched, sum(query.asked[stem] for stem in matched)

    firsts = [first for first, _, _ in found]
    sentences = [
        share({stem for _, _, stem in found[bisect_left(firsts, start) : bisect_left(firsts, end)]})
        for start, end in passage.spans
    ]
    marks = tuple(
        (passage.start + first, passage.start + last)
        for first, last, stem in found
        if stem in query.stems
        or (
            passage.text[first:last].casefold() not in FUNCTION_WORDS
            and bisect_left(starts, first) < bisect_left(starts, last)
        )
    )
    above = stems(" ".join(passage.section), passage.language)
    return _FoundWords(*share({*(stem for _, _, stem in found), *above}), sentences, marks)


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
        ScoredSentence(
            start=start,
            end=end,
            similarity=float(cosine),
            term_coverage=coverage,
            maxsim=float(alone),
            maxsim_with_previous=float(together),
            matched=matched,
        )
        for (start, end), cosine, (matched, coverage), alone, together in zip(
            passage.sentences, similar[1:], found.sentences, own, context, strict=True
        )
    )
    bm25_rank, semantic_rank = ranks
    return Hit(
        passage=passage,
        score=score,
        bm25_rank=bm25_rank,
        semantic_rank=semantic_rank,
        similarity=float(similar.max()),
        term_coverage=found.coverage,
        matched=found.matched,
        maxsim=whole,
        sentences=sentences,
        marks=found.marks,
    )
