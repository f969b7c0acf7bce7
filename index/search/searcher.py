"""Find the passages for a question, ranked.

Candidates are the passages best by semantic search and those best by BM25. The best of each way and of both together
are compared token by token with the question and ranked by one linear model.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.embed.late_interaction import EncodedQuestion, Floats, StoredTokens, compare
from index.search.fusion import combine, meaning
from index.search.hit_scoring import scored_hit, with_terms
from index.search.query import Query, join, prepare
from index.search.reranking import ranked, value
from index.store.embedded import index_of
from index.store.protocols import Index, SearchStore
from index.text.abbreviations import written_out
from index.text.acronyms import definitions, other_form
from index.text.analysis import compounds, content_stems, function_words_in, is_function_word, stems
from index.text.spelling import correct
from index.text.stemming import ENGLISH
from index.types import ContextText, Hit, SearchResult

CANDIDATES = 60
ROWS = 150
AT_ONCE = 2  # one computes while the model works for the other; more would all be late together
RERANKED = 30
RERANKED_OF_EACH = 10
WIDER = 8  # times as many candidates if those found differ in numbers only
TEXTS_KEPT = 32


class QuestionEncoder(Protocol):
    """What searching needs of a model."""

    def knows(self, word: str) -> bool: ...
    def encode_question(self, question: str) -> EncodedQuestion: ...


@dataclass(slots=True)
class _Loaded:
    """What searching keeps of one generation. Words and acronyms are read once they are needed."""

    origin: int
    generation: int
    passages: int
    axes: Floats
    languages: list[str]
    forms: dict[str, int] = field(default_factory=dict)
    acronyms: dict[str, str] | None = None

    def words_of(self, store: SearchStore) -> dict[str, int]:
        """Return the words of the documents, with how many documents hold each."""
        self.forms = self.forms or store.word_counts()
        return self.forms

    def acronyms_of(self, store: SearchStore) -> dict[str, str]:
        """Return the acronyms that the documents define, each with its long form."""
        if self.acronyms is None:
            found = [defined for text in store.acronym_texts() if (defined := definitions(text))]
            self.acronyms = {short: long for one in reversed(found) for short, long in one.items()}
        return self.acronyms


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """A question's language, and how many passages hold each of its terms."""

    language: str
    held: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """The candidates for one wording of a question by their numbers, and the tokens of each."""

    query: Query
    hits: Mapping[int, Hit] = field(default_factory=dict)
    tokens: Mapping[int, StoredTokens] = field(default_factory=dict)


class Searcher:
    """Finds passages in the last published generation of an index. Safe to share between threads."""

    def __init__(self, index: Path | Index, encoder: QuestionEncoder) -> None:
        self._index = index_of(index)
        self._encoder = encoder
        self._encode = lru_cache(TEXTS_KEPT)(encoder.encode_question)  # the texts of a conversation come again
        self._loading = threading.Lock()
        self._turns = threading.Semaphore(AT_ONCE)
        self._loaded: _Loaded | None = None

    def similarities(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return the cosine of a question to each of some texts."""
        vector = self._encode(question).vector
        return [float(vector @ self._encode(text).vector) for text in texts]

    def search(
        self,
        question: str,
        k: int,
        context: Sequence[ContextText] = (),
        only: frozenset[str] | None = None,
        corrects_spelling: bool = True,
    ) -> SearchResult:
        """Return the k best passages for a question, searched together with earlier texts.

        `only` are the paths of the documents to search: nothing of others is found, and nothing of theirs is missed.

        Raises:
            IndexUnusableError: the index cannot be opened.
        """
        with self._turns, self._index.open() as store, store.snapshot():
            loaded = self._load(store)
            if not content_stems(question) or not loaded.passages:
                return SearchResult(question=question, generation=loaded.generation, total_passages=loaded.passages)
            reading = _read(question, loaded, store)
            corrected = self._correct(question, reading, loaded, store) if corrects_spelling else question
            if corrected != question:
                question, reading = corrected, _read(corrected, loaded, store)
            readings = {question: reading}
            if other := _other_wording(question, reading, loaded, store):
                readings[other] = _read(other, loaded, store)
            only_numbers = None if only is None else store.numbers_of(only)
            for width in (1, WIDER):
                found = [
                    self._search(text, read, k, context, loaded, store, only_numbers, width)
                    for text, read in readings.items()
                ]
                hits = self._best(found, k)
                if len(hits) >= k or not any(hit.similar for hit in hits):
                    break  # else passages that differ in numbers only took the places of others
        return SearchResult(
            question=question,
            generation=loaded.generation,
            hits=tuple(hits),
            total_passages=loaded.passages,
            unknown=found[0].query.unknown,
        )

    def _search(
        self,
        question: str,
        reading: _Reading,
        k: int,
        context: Sequence[ContextText],
        loaded: _Loaded,
        store: SearchStore,
        only: Sequence[int] | None,
        width: int,
    ) -> _Found:
        """Return the candidates for one wording of a question, not yet ranked; `width` times as many as usual."""
        query = self._query(question, reading, loaded, store)
        bm25 = dict(store.keyword_search(query.keywords, CANDIDATES * width, only))
        if context:
            earlier = [
                (self._query(one.text, _read(one.text, loaded, store), loaded, store), one.weight) for one in context
            ]
            for other, weight in earlier:
                for number, found in store.keyword_search(other.keywords, CANDIDATES * width, only):
                    bm25[number] = bm25.get(number, 0.0) + weight * found
            bm25 = dict(sorted(bm25.items(), key=_best_first))
            query = join(query, earlier)
        return self._candidates(query, bm25, max(k, RERANKED * width), loaded, store, only)

    def _candidates(
        self,
        query: Query,
        bm25: Mapping[int, float],
        count: int,
        loaded: _Loaded,
        store: SearchStore,
        only: Sequence[int] | None,
    ) -> _Found:
        numbers = np.unique(
            np.array([*store.nearest(query.vector, ROWS * count // RERANKED, only), *bm25], dtype=np.int64)
        )
        if not len(numbers):
            return _Found(query=query)
        similar, begins = store.cosines(numbers.tolist(), query.vector)
        ends = np.append(begins[1:], len(similar))
        semantic = meaning(similar, begins)
        keyword = np.array([bm25.get(number, 0.0) for number in numbers.tolist()])
        fused = combine(semantic, keyword)
        chosen = _union(
            np.argsort(-fused, kind="stable")[:count],
            np.argsort(-semantic, kind="stable")[:RERANKED_OF_EACH],
            [at for at in np.argsort(-keyword, kind="stable")[:RERANKED_OF_EACH] if keyword[at] > 0],
        )
        ids = [int(numbers[at]) for at in chosen]
        passages, tokens = store.passages(ids), store.tokens(ids)
        matches = compare(query.tokens, [tokens[number] for number in ids], [passages[number].spans for number in ids])
        by_keyword = {number: rank for rank, number in enumerate(bm25, 1)}
        hits = {
            number: scored_hit(
                passages[number],
                query,
                similarities=similar[begins[at] : ends[at]],
                match=match,
                fused=float(fused[at]),
                bm25_rank=by_keyword.get(number),
                semantic_rank=1 + int(np.count_nonzero(semantic > semantic[at])),
            )
            for number, at, match in zip(ids, chosen, matches, strict=True)
        }
        return _Found(query=query, hits=hits, tokens=tokens)

    def _best(self, found: Sequence[_Found], k: int) -> list[Hit]:
        """Return the k best hits. Each passage is compared with the wording that it fits better."""
        best: dict[int, _Found] = {}
        for one in found:
            for number, hit in one.hits.items():
                if number not in best or value(hit.signals) > value(best[number].hits[number].signals):
                    best[number] = one
        numbers = {id(one.hits[number].passage): number for number, one in best.items()}
        hits = []
        for hit in ranked([one.hits[number] for number, one in best.items()])[:k]:
            number = numbers[id(hit.passage)]
            hits.append(with_terms(hit, best[number].query, best[number].tokens[number]))
        return hits

    def _correct(self, question: str, reading: _Reading, loaded: _Loaded, store: SearchStore) -> str:
        def is_known(word: str, stem: str) -> bool:
            return stem in reading.held or is_function_word(word, reading.language) or self._encoder.knows(word)

        return correct(question, is_known, lambda: loaded.words_of(store), reading.language)

    def _query(self, question: str, reading: _Reading, loaded: _Loaded, store: SearchStore) -> Query:
        return prepare(
            question,
            self._encode(question),
            loaded.axes,
            language=reading.language,
            held=reading.held,
            passages=loaded.passages,
            is_common=self._encoder.knows,
            forms=lambda: loaded.words_of(store),
        )

    def _load(self, store: SearchStore) -> _Loaded:
        """Return what is kept of the store's generation."""
        with self._loading:
            origin, generation = store.origin(), store.generation()
            loaded = self._loaded
            if loaded is None or (loaded.origin, loaded.generation) != (origin, generation):
                passages = store.describe().passages
                loaded = _Loaded(origin, generation, passages, store.token_axes(), store.languages())
                self._loaded = loaded
            return loaded


def _read(question: str, loaded: _Loaded, store: SearchStore) -> _Reading:
    """Read a question in the language of the documents that holds the most of its words."""
    typed = question.split()

    def fit(reading: _Reading) -> tuple[int, int, bool]:
        language = reading.language
        return len(reading.held), function_words_in(typed, language), language == ENGLISH

    return max(
        (
            _Reading(
                language=language,
                held=store.passage_counts([*stems(question, language), *compounds(question, language)]),
            )
            for language in loaded.languages
        ),
        key=fit,
    )


def _other_wording(question: str, reading: _Reading, loaded: _Loaded, store: SearchStore) -> str:
    """Return the question with abbreviations written out and the other form of acronyms; "" if it has none."""
    whole = written_out(question) if reading.language == ENGLISH else question
    other = other_form(whole, loaded.acronyms_of(store)) or whole
    return other if other != question else ""


def _union(*ways: Sequence[int] | NDArray[np.int64]) -> list[int]:
    return list(dict.fromkeys(int(at) for way in ways for at in way))


def _best_first(scored: tuple[int, float]) -> tuple[float, int]:
    return -scored[1], scored[0]
