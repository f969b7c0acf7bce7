"""Find the passages for a question, ranked.

Candidates are the passages best by semantic search and those best by BM25. The best of each way and of both together
are compared token by token with the question and ranked by one linear model.
"""

import math
import threading
from bisect import bisect_left
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.embed.late_interaction import EncodedQuestion, Floats, Match, StoredTokens, compare, cosines
from index.search import ranking
from index.search.fusion import combine, maxsims, meaning
from index.search.query import Query, join, prepare
from index.store.store import Store
from index.store.vector_cache import Derived, derive
from index.text.analysis import ENGLISH, compounds, content_stems, is_function_word, name_text, stems, words
from index.text.answer_type import matches_answer_type
from index.text.spelling import correct
from index.types import ContextText, Hit, Passage, RankSignals, ScoredSentence, SearchResult, Span

CANDIDATES = 60
ROWS = 150
AT_ONCE = 2  # one computes while the model works for the other; more would all be late together
RERANKED = 30
RERANKED_OF_EACH = 10
SAME_MEANING = 0.6
TEXTS_KEPT = 32


class QuestionEncoder(Protocol):
    """What searching needs of a model."""

    def knows(self, word: str) -> bool: ...
    def encode_question(self, question: str) -> EncodedQuestion: ...


@dataclass(slots=True)
class _Loaded:
    """One generation's vectors in memory, and its words, once they are needed."""

    derived: Derived
    axes: Floats
    languages: list[str]
    forms: dict[str, int] = field(default_factory=dict)

    def cosines(self, numbers: NDArray[np.int64], query: Floats) -> tuple[Floats, NDArray[np.int64]]:
        """Return the cosines of passages, of each its own and then its sentences', and where each one's begin."""
        firsts = np.searchsorted(self.derived.owners, numbers)
        sizes = np.searchsorted(self.derived.owners, numbers, side="right") - firsts
        begins = np.cumsum(sizes) - sizes
        rows = np.arange(sizes.sum()) + np.repeat(firsts - begins, sizes)
        return self.derived.vectors.cosines(rows, query), begins


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
        """Return the cosine of a question to each of some texts."""
        vector = self._encode(question).vector
        return [float(vector @ self._encode(text).vector) for text in texts]

    def search(self, question: str, k: int, context: Sequence[ContextText] = ()) -> SearchResult:
        """Return the k best passages for a question, searched together with earlier texts.

        Raises:
            IndexUnusableError: the index cannot be opened.
        """
        with self._turns, Store.open(self._index) as store, store.snapshot():
            loaded = self._load(store)
            derived = loaded.derived
            if not content_stems(question) or not len(derived.vectors):
                return SearchResult(question=question, generation=derived.generation, total_passages=derived.passages)
            language, held = _language(question, loaded, store)
            corrected = self._correct(question, language, held, loaded, store)
            if corrected != question:
                question = corrected
                language, held = _language(question, loaded, store)
            query = self._query(question, language, held, loaded)
            bm25 = dict(store.keyword_search(query.keywords, CANDIDATES))
            if context:
                earlier = [
                    (self._query(one.text, *_language(one.text, loaded, store), loaded), one.weight) for one in context
                ]
                for other, weight in earlier:
                    for number, found in store.keyword_search(other.keywords, CANDIDATES):
                        bm25[number] = bm25.get(number, 0.0) + weight * found
                bm25 = dict(sorted(bm25.items(), key=_best_first))
                query = join(query, earlier)
            hits = self._rank(query, bm25, k, loaded, store)
        return SearchResult(
            question=question,
            generation=derived.generation,
            hits=tuple(hits[:k]),
            total_passages=derived.passages,
            unknown=query.unknown,
        )

    def _rank(self, query: Query, bm25: Mapping[int, float], k: int, loaded: _Loaded, store: Store) -> list[Hit]:
        derived = loaded.derived
        near = [int(derived.owners[row]) for row, _ in derived.vectors.search(query.vector, ROWS)]
        numbers = np.unique([*near, *bm25])
        similar, begins = loaded.cosines(numbers, query.vector)
        ends = np.append(begins[1:], len(similar))
        semantic = meaning(similar, begins)
        keyword = np.array([bm25.get(number, 0.0) for number in numbers.tolist()])
        fused = combine(semantic, keyword)
        chosen = _union(
            np.argsort(-fused, kind="stable")[: max(k, RERANKED)],
            np.argsort(-semantic, kind="stable")[:RERANKED_OF_EACH],
            [at for at in np.argsort(-keyword, kind="stable")[:RERANKED_OF_EACH] if keyword[at] > 0],
        )
        ids = [int(numbers[at]) for at in chosen]
        passages, tokens, spans = store.passages(ids), store.tokens(ids), store.spans(ids)
        matches = compare(query.tokens, [tokens[number] for number in ids], [spans[number] for number in ids])
        by_keyword = {number: rank for rank, number in enumerate(bm25, 1)}
        most = max(bm25.values(), default=0.0) or 1.0
        hits = [
            _hit(
                passages[number],
                query,
                similar[begins[at] : ends[at]],
                match,
                tokens[number],
                fused=float(fused[at]),
                bm25=bm25.get(number, 0.0) / most,
                bm25_rank=by_keyword.get(number),
                semantic_rank=1 + int(np.count_nonzero(semantic > semantic[at])),
            )
            for number, at, match in zip(ids, chosen, matches, strict=True)
        ]
        return ranking.ranked(hits)

    def _correct(self, question: str, language: str, held: Container[str], loaded: _Loaded, store: Store) -> str:
        def is_known(word: str, stem: str) -> bool:
            return stem in held or is_function_word(word, language) or self._encoder.knows(word)

        def forms() -> dict[str, int]:
            loaded.forms = loaded.forms or store.forms()
            return loaded.forms

        return correct(question, is_known, forms, language)

    def _query(self, question: str, language: str, held: Mapping[str, int], loaded: _Loaded) -> Query:
        return prepare(
            question,
            self._encode(question),
            loaded.axes,
            language=language,
            held=held,
            passages=loaded.derived.passages,
            is_common=self._encoder.knows,
        )

    def _load(self, store: Store) -> _Loaded:
        with self._loading:
            held = self._loaded.derived if self._loaded else None
            derived = derive(store, held)
            if self._loaded is None or derived is not held:
                self._loaded = _Loaded(derived, store.token_axes(), store.languages())
            return self._loaded


def _language(question: str, loaded: _Loaded, store: Store) -> tuple[str, dict[str, int]]:
    """Return the language of the documents that holds the most of a question's words, and how many passages hold each
    term."""
    frequencies = {
        language: store.frequencies([*stems(question, language), *compounds(question, language)])
        for language in loaded.languages
    }
    return max(frequencies.items(), key=lambda found: (len(found[1]), found[0] == ENGLISH))


def _union(*ways: Sequence[int] | NDArray[np.int64]) -> list[int]:
    return list(dict.fromkeys(int(at) for way in ways for at in way))


def _best_first(scored: tuple[int, float]) -> tuple[float, int]:
    return -scored[1], scored[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Terms:
    """The terms of a question that a passage with its headings holds, and the share of the question's weight that its
    text, its headings, its file's name and each sentence hold; and the ranges of the words that match."""

    matched: tuple[str, ...]
    coverage: float
    section: float
    name: float
    rest: float
    sentences: list[tuple[tuple[str, ...], float]]
    marks: tuple[Span, ...]


def _match_terms(passage: Passage, query: Query, tokens: StoredTokens) -> _Terms:
    found = words(passage.text, passage.language)
    alike = cosines(query.telling, tokens.packed).max(axis=1, initial=0) >= SAME_MEANING
    alike &= tokens.places[:, 0] < tokens.places[:, 1]
    starts = sorted(tokens.places[alike, 0].tolist())

    def share(inside: set[str]) -> tuple[tuple[str, ...], float]:
        matched = tuple(term for term in query.terms if term in inside)
        return matched, sum(query.terms[term] for term in matched)

    firsts = [word.start for word in found]
    sentences = [
        share({word.term for word in found[bisect_left(firsts, start) : bisect_left(firsts, end)]})
        for start, end in passage.spans
    ]
    marks = tuple(
        (passage.start + word.start, passage.start + word.end)
        for word in found
        if word.term in query.own_terms
        or (
            bisect_left(starts, word.start) < bisect_left(starts, word.end)
            and not is_function_word(passage.text[word.start : word.end], passage.language)
        )
    )
    above = set(stems(" ".join(passage.section), passage.language))
    named = set(stems(name_text(passage.path), passage.language))
    matched, coverage = share({*(word.term for word in found), *above})
    return _Terms(
        matched=matched,
        coverage=coverage,
        section=share(above)[1],
        name=share(named)[1],
        rest=sum(query.terms[t] for t in matched if t not in named)
        / max(1e-9, sum(w for t, w in query.terms.items() if t not in named)),
        sentences=sentences,
        marks=_outermost(marks),
    )


def _weakest(match, query, power):
    rare = query.token_shares >= 0.5 * query.token_shares.max()
    if power == 1:
        return float(match.whole[rare].min()) if rare.any() else 0.0
    w = query.token_shares**1
    return float(-np.log((w / w.sum()) @ np.exp(-8 * match.whole)) / 8) if w.sum() else 0.0


def _outermost(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the ranges that lie in no other, in order."""
    kept: list[Span] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or end > kept[-1][1]:
            kept.append((start, end))
    return tuple(kept)


def _hit(
    passage: Passage,
    query: Query,
    similar: Floats,
    match: Match,
    tokens: StoredTokens,
    *,
    fused: float,
    bm25: float,
    bm25_rank: int | None,
    semantic_rank: int,
) -> Hit:
    terms = _match_terms(passage, query, tokens)
    whole, own, context = maxsims(match, query.token_shares)
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
            passage.sentences, similar[1:], terms.sentences, own, context, strict=True
        )
    )
    signals = RankSignals(
        fused=fused,
        passage_similarity=float(similar[0]),
        sentence_similarity=float(similar[1:].max(initial=0)),
        maxsim=whole,
        sentence_maxsim=float(own.max(initial=0)),
        context_maxsim=float(context.max(initial=0)),
        coverage=terms.coverage,
        sentence_coverage=max((coverage for _, coverage in terms.sentences), default=0.0),
        name_coverage=terms.name,
        section_coverage=terms.section,
        answer_type=float(matches_answer_type(query.text, passage.text)),
        length=ranking.length_signal(passage.text),
        bm25=bm25,
        semantic_share=1 / semantic_rank,
        sentences=math.log(1 + len(sentences)),
        weakest=_weakest(match, query, 1),
        weakest2=_weakest(match, query, 2),
        rest=terms.rest,
    )
    return Hit(
        passage=passage,
        score=0.0,
        bm25_rank=bm25_rank,
        semantic_rank=semantic_rank,
        similarity=float(similar.max()),
        term_coverage=terms.coverage,
        matched=terms.matched,
        maxsim=whole,
        sentences=sentences,
        marks=terms.marks,
        signals=signals,
    )
