"""Compare ways to store token vectors: bytes, recall and sentences chosen.

    python tests/benchmarks/token_vectors.py SET ...

A SET is a file in SQuAD's layout, whose odd articles are asked about, or a folder with documents/ and
questions.jsonl. Each question is searched once, and its candidates are ranked again with each way.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from index.build import build
from index.embed import late_interaction
from index.embed.encoder import Encoder, load_encoder
from index.embed.late_interaction import (
    OUTSIDE,
    EncodedPassage,
    Floats,
    StoredTokens,
    compare,
    cosines,
    pack,
    project,
    unit,
)
from index.search import searcher as searching
from index.search.fusion import maxsims
from index.search.hit_scoring import scored_hit
from index.search.query import Query
from index.search.reranking import value
from index.search.searcher import Searcher
from index.store.store import Store
from index.text.analysis import is_function_word, words
from index.types import Hit, Passage, Span
from qa.answer.focus import focus
from qa.evaluation.calibration import CANDIDATES, NOT_SEARCHED, _holds_fact
from qa.evaluation.corpora import Corpus, read_corpora
from qa.evaluation.dataset import Question

BYTES_OF_PLACE = 2
Place = tuple[str, int]  # the path and start of a passage


def four_bits(rows: Floats) -> Floats:
    """Round to steps of a seventh of each row's largest number."""
    largest = np.maximum(np.abs(rows).max(axis=1, keepdims=True, initial=0), 1e-12)
    return np.asarray(np.rint(rows / largest * 7), dtype=np.float32)


def two_bits(rows: Floats) -> Floats:
    """Round as the index does."""
    count = rows.shape[1]
    return cosines(np.eye(count, dtype=np.float32), pack(rows, np.eye(count, dtype=np.float32)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way to store tokens: how many axes, bits for each, and which tokens."""

    axes: int
    bits: int
    rounding: Callable[[Floats], Floats]
    tokens: str = "all"

    @property
    def name(self) -> str:
        return f"{self.axes} axes of {self.bits} bits, {self.tokens}"


WITHOUT_PUNCTUATION, WITHOUT_FUNCTION_WORDS, POOLED = "no punctuation", "no function words", "pooled in pairs"
WAYS = (
    Way(axes=128, bits=32, rounding=lambda rows: rows),
    Way(axes=128, bits=4, rounding=four_bits),
    Way(axes=128, bits=4, rounding=four_bits, tokens=WITHOUT_PUNCTUATION),
    Way(axes=128, bits=4, rounding=four_bits, tokens=WITHOUT_FUNCTION_WORDS),
    Way(axes=128, bits=4, rounding=four_bits, tokens=POOLED),
    Way(axes=64, bits=4, rounding=four_bits, tokens=WITHOUT_PUNCTUATION),
    Way(axes=128, bits=2, rounding=two_bits),
    Way(axes=128, bits=2, rounding=two_bits, tokens=WITHOUT_PUNCTUATION),
    Way(axes=96, bits=2, rounding=two_bits, tokens=WITHOUT_PUNCTUATION),
    Way(axes=128, bits=2, rounding=two_bits, tokens=WITHOUT_FUNCTION_WORDS),
    Way(axes=128, bits=2, rounding=two_bits, tokens=POOLED),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A candidate as a way ranks it."""

    hit: Hit
    value: float
    best_sentence: int

    @property
    def place(self) -> Place:
        return self.hit.passage.path, self.hit.passage.start


class Result(NamedTuple):
    """What a way makes of one question."""

    is_first: bool
    is_among_five: bool
    has_same_sentence: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("sets", nargs="+", type=Path, metavar="SET")
    parser.add_argument("--sample", type=int, default=2000, help="ask at most N questions of a set (2000)")
    options = parser.parse_args()
    encoder = load_encoder()
    for path in options.sets:
        corpus = read_corpora([path], "odd", options.sample)[0]
        with tempfile.TemporaryDirectory() as scratch:
            measure(corpus, Path(scratch), encoder)


def measure(corpus: Corpus, scratch: Path, encoder: Encoder) -> None:
    """Print the table of a set."""
    for _ in build(corpus.sources(scratch), scratch / "index", encoder):
        pass
    with Store.open(scratch / "index") as store, store.snapshot():
        passages = [passage for path in store.files() for passage in store.passages_of(path)]
        axes = store.token_axes()
    passages.sort(key=lambda passage: -len(passage.text))
    stored: dict[Way, dict[Place, StoredTokens]] = {way: {} for way in WAYS}
    for passage, encoded in zip(passages, encoder.encode_passages(passages), strict=True):
        for way in WAYS:
            stored[way][passage.path, passage.start] = store_as(way, passage, encoded, axes)
    results: dict[Way, list[Result]] = {way: [] for way in WAYS}
    for question, candidates in search_each(corpus, Searcher(scratch / "index", encoder)):
        ranked = {way: rank(candidates, way, stored[way]) for way in WAYS}
        best = {one.place: one.best_sentence for one in ranked[WAYS[0]]}
        for way in WAYS:
            holds = [_holds_fact(one.hit, question) for one in ranked[way][:5]]
            first = ranked[way][0]
            results[way].append(Result(any(holds[:1]), any(holds), first.best_sentence == best[first.place]))
    print(f"\n{corpus.name}: {len(passages)} passages, {len(results[WAYS[0]])} questions\n")
    print("| way | tokens a passage | bytes a passage | right passage first | among five | same best sentence |")
    print("|---|---|---|---|---|---|")
    for way in WAYS:
        count = sum(len(tokens.packed) for tokens in stored[way].values()) / len(passages)
        size = count * (way.axes * way.bits / 8 + BYTES_OF_PLACE)
        shares = " | ".join(f"{share:.4f}" for share in np.mean(results[way], axis=0))
        print(f"| {way.name} | {count:.0f} | {size:.0f} | {shares} |")


def store_as(way: Way, passage: Passage, encoded: EncodedPassage, axes: Floats) -> StoredTokens:
    """Return the tokens of a passage as a way stores them, unpacked: unit vectors in place of bytes."""
    kept = np.ones(len(encoded.tokens), dtype=bool)
    if way.tokens in (WITHOUT_PUNCTUATION, WITHOUT_FUNCTION_WORDS):
        kept &= ~encoded.is_punctuation
    if way.tokens == WITHOUT_FUNCTION_WORDS:
        kept &= ~of_function_words(passage, encoded)
    starts, ends = encoded.offsets[kept].T
    offsets = np.where(starts < ends, starts, OUTSIDE)
    rows = project(encoded.tokens[kept], axes[:, : way.axes])
    if way.tokens == POOLED:
        firsts, groups = np.unique(pairs(rows, offsets, passage.spans), return_inverse=True)
        pooled = np.zeros((len(firsts), way.axes), dtype=np.float32)
        np.add.at(pooled, groups, rows)
        rows, offsets = unit(pooled), offsets[firsts]
    return StoredTokens(packed=unit(way.rounding(rows)).astype(np.float16), offsets=offsets)  # type: ignore[arg-type]


def of_function_words(passage: Passage, encoded: EncodedPassage) -> np.ndarray:
    """Return which tokens belong to a function word."""
    text = passage.text
    spans = [(a, b) for a, b, _ in words(text, passage.language) if is_function_word(text[a:b], passage.language)]
    starts, ends = np.array(spans, dtype=int).reshape(-1, 2).T
    at = np.searchsorted(starts, encoded.offsets[:, 0], side="right") - 1
    is_inside = (at >= 0) & (encoded.offsets[:, 0] < encoded.offsets[:, 1])
    return is_inside & (encoded.offsets[:, 0] < np.append(ends, 0)[at])


def pairs(rows: Floats, offsets: np.ndarray, sentences: Sequence[Span]) -> np.ndarray:
    """Join the most alike tokens of each sentence in pairs, and return the first token of each token's pair."""
    owners = np.searchsorted([start for start, _ in sentences], offsets, side="right")
    owners[offsets == OUTSIDE] = -1
    alike = rows @ rows.T
    alike[owners[:, None] != owners[None, :]] = -2
    one, two = np.triu_indices(len(rows), 1)
    firsts = np.arange(len(rows))
    is_free = np.ones(len(rows), dtype=bool)
    for at in np.argsort(-alike[one, two], kind="stable"):
        first, second = one[at], two[at]
        if alike[first, second] < -1:
            break
        if is_free[first] and is_free[second]:
            is_free[[first, second]] = False
            firsts[second] = first
    return firsts


class Candidate(NamedTuple):
    """A hit, and the wording of the question that it was compared with."""

    hit: Hit
    query: Query


def search_each(corpus: Corpus, searcher: Searcher) -> Iterator[tuple[Question, list[Candidate]]]:
    """Search the answerable questions, and yield the candidates of each."""
    found: list[Candidate] = []

    def noting(passage: Passage, query: Query, **values: Any) -> Hit:
        found.append(Candidate(scored_hit(passage, query, **values), query))
        return found[-1].hit

    with patch.object(searching, "scored_hit", noting):
        for question in corpus.questions:
            if question.facts and not question.turns and question.kind not in NOT_SEARCHED:
                found.clear()
                focused = focus(question.question)
                searcher.search(focused.question, CANDIDATES, focused.context)
                if found:
                    yield question, list(found)


def rank(candidates: Sequence[Candidate], way: Way, stored: dict[Place, StoredTokens]) -> list[Ranked]:
    """Rank candidates by the tokens of a way, best first."""
    best: dict[Place, Ranked] = {}
    for query in {id(one.query): one.query for one in candidates}.values():
        hits = [one.hit for one in candidates if one.query is query]
        tokens = [stored[hit.passage.path, hit.passage.start] for hit in hits]
        with patch.object(late_interaction, "cosines", lambda asked, rows: rows.astype(np.float32) @ asked.T):
            matches = compare(unit(query.tokens[:, : way.axes]), tokens, [hit.passage.spans for hit in hits])
        for hit, match in zip(hits, matches, strict=True):
            maxsim, own, _ = maxsims(match, query.token_shares)
            signals = replace(hit.signals, maxsim=maxsim, sentence_maxsim=float(own.max(initial=0)))
            one = Ranked(hit=hit, value=value(signals), best_sentence=int(np.argmax(own)))
            if one.place not in best or one.value > best[one.place].value:
                best[one.place] = one
    return sorted(best.values(), key=lambda one: (-one.value, one.place))


if __name__ == "__main__":
    main()
