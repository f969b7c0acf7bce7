"""Compare a passage with a question: its terms, its sentences and its signals."""

import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from functools import lru_cache

from index.embed.late_interaction import Floats, Match, StoredTokens, cosines
from index.search.fusion import maxsims
from index.search.query import Query
from index.search.reranking import weakest_match
from index.text.analysis import is_function_word, stems, words
from index.text.answer_type import matches_answer_type
from index.text.codes import Word
from index.types import Hit, Passage, RankSignals, ScoredSentence, Span

SAME_MEANING = 0.6
MAX_HEADING_COVERAGE = 0.3  # a heading can hold all of a short question, which says no more than a part of a long one
# A link to another site that stands alone, as in a list of further reading, with the name of its site at most.
_LINK = re.compile(
    r"[-*+•\s]*\[[^\]]*\]\(https?:[^\s]*\)(?:\{[^}]*\})?(?:[\s(–—-]*(?:on |at |in )?[\w.-]+\)?)?[\s.,;]*"
)
_AFTER_QUESTION_MARK = " \n\t\"'”’)*_:|"


def scored_hit(
    passage: Passage,
    query: Query,
    *,
    similarities: Floats,
    match: Match,
    fused: float,
    bm25_rank: int | None,
    semantic_rank: int,
) -> Hit:
    """Return a passage with all that its rank is computed from; its score is set by ranking.

    `similarities` are the cosines of the passage and of its sentences, shape (1 + sentences,).
    """
    maxsim, own, together = maxsims(match, query.token_shares)
    sentences = tuple(
        ScoredSentence(
            start=start,
            end=end,
            similarity=float(similarity),
            term_coverage=0.0,
            maxsim=float(alone),
            maxsim_with_previous=float(with_previous),
        )
        for (start, end), similarity, alone, with_previous in zip(
            passage.sentences, similarities[1:], own, together, strict=True
        )
    )
    section = _share(query, _terms(" ".join(passage.section), passage.language))
    signals = RankSignals(
        fused=fused,
        maxsim=maxsim,
        sentence_maxsim=float(own.max(initial=0)),
        section_coverage=min(section.coverage, MAX_HEADING_COVERAGE),
        answer_type=float(matches_answer_type(query.text, passage.text)),
        length=math.log(1 + len(passage.text.split())),
        sentences=math.log(1 + len(sentences)),
        questions=_question_share(passage),
    )
    return Hit(
        passage=passage,
        score=0.0,
        bm25_rank=bm25_rank,
        semantic_rank=semantic_rank,
        similarity=float(similarities.max()),
        maxsim=maxsim,
        passage_similarity=float(similarities[0]),
        weakest_match=weakest_match(match.whole.tolist(), query.token_shares.tolist()),
        sentences=sentences,
        signals=signals,
    )


def with_terms(hit: Hit, query: Query, tokens: StoredTokens) -> Hit:
    """Add the terms that a hit and its sentences have in common with the question, and the words to mark.

    This takes most of the time of a comparison, so it is done for the hits that are returned only.
    """
    passage = hit.passage
    found = words(passage.text, passage.language)
    section = _share(query, _terms(" ".join(passage.section), passage.language))
    whole = _share(query, {*(word.term for word in found), *section.matched})
    sentences = tuple(
        replace(sentence, term_coverage=held.coverage, matched=held.matched)
        for sentence, held in zip(hit.sentences, _sentence_shares(passage, query, found), strict=True)
    )
    marks = _marks(passage, query, found, tokens)
    return replace(hit, term_coverage=whole.coverage, matched=whole.matched, sentences=sentences, marks=marks)


def _question_share(passage: Passage) -> float:
    """Return the share of a passage's sentences that ask, and that no statement follows: it may be the answer.

    A passage that only links to other sites answers as little: its share is 1.
    """
    texts = [passage.text[start:end] for start, end in passage.spans]
    if texts and all(map(_LINK.fullmatch, texts)):
        return 1.0
    asks = [text.rstrip(_AFTER_QUESTION_MARK).endswith("?") for text in texts]
    unanswered = [asked and asks_next for asked, asks_next in zip(asks, [*asks[1:], True], strict=True)]
    return sum(unanswered) / max(1, len(asks))


@lru_cache(maxsize=10_000)
def _terms(text: str, language: str) -> frozenset[str]:
    """Return the terms of headings or a name; many passages share them."""
    return frozenset(stems(text, language))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Share:
    """The terms of a question that a text holds, and their share of the question's weight."""

    matched: tuple[str, ...]
    coverage: float


def _share(query: Query, held: Set[str]) -> _Share:
    matched = tuple(term for term in query.terms if query.holds(term, held))
    return _Share(matched=matched, coverage=sum(query.terms[term] for term in matched))


def _sentence_shares(passage: Passage, query: Query, found: list[Word]) -> list[_Share]:
    firsts = [word.start for word in found]
    return [
        _share(query, {word.term for word in found[bisect_left(firsts, start) : bisect_left(firsts, end)]})
        for start, end in passage.spans
    ]


def _marks(passage: Passage, query: Query, found: list[Word], tokens: StoredTokens) -> tuple[Span, ...]:
    """Return the ranges of the words that match the question's: the same term, or a token of like meaning."""
    alike = cosines(query.telling, tokens.packed).max(axis=1, initial=0) >= SAME_MEANING
    starts = sorted(tokens.offsets[alike].tolist())
    marks = [
        (passage.start + word.start, passage.start + word.end)
        for word in found
        if word.term in query.own_terms
        or (
            bisect_left(starts, word.start) < bisect_left(starts, word.end)
            and not is_function_word(passage.text[word.start : word.end], passage.language)
        )
    ]
    return _outermost(marks)


def _outermost(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the ranges that lie in no other, in order."""
    kept: list[Span] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or end > kept[-1][1]:
            kept.append((start, end))
    return tuple(kept)
