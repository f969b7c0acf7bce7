"""Prepare a question for searching: its vector, its tokens and the terms that tell what it is about."""

import math
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from statistics import median

import numpy as np

from index.embed.late_interaction import EncodedQuestion, Floats, project, unit
from index.text.analysis import asking_verbs, compounds, is_function_word, query_words, words
from index.text.codes import Word
from index.text.compounds import COMPOUNDING, compounds_with, parts_of
from index.text.function_words import FRAME_WORDS, FUNCTION_WORDS
from index.text.stemming import ENGLISH, fold, stem

FUNCTION_SHARE = 1 / 8
MAX_MATCHES = 10_000


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Query:
    """A prepared question.

    `tokens` are its token vectors on the index's axes, shape (tokens, axes), and `token_shares` the share of the weight
    that each has. `terms` are its telling terms with their shares, together with those of earlier texts. `own_terms`
    are its own, and `telling` the vectors of their tokens. `keywords` are the terms to search by BM25. `unknown` are
    its codes and names that no document holds, as they are written. `variants` are other ways to hold a term.
    """

    text: str
    vector: Floats
    tokens: Floats
    token_shares: Floats
    terms: Mapping[str, float]
    own_terms: frozenset[str]
    telling: Floats
    keywords: tuple[str, ...]
    unknown: tuple[str, ...] = ()
    variants: Mapping[str, tuple[frozenset[str], ...]] = field(default_factory=dict)

    def holds(self, term: str, held: Set[str]) -> bool:
        """Say whether a text with some terms holds a term of the question, or one of its variants."""
        return term in held or any(variant <= held for variant in self.variants.get(term, ()))


def prepare(
    question: str,
    encoded: EncodedQuestion,
    axes: Floats,
    *,
    language: str,
    held: Mapping[str, int],
    passages: int,
    is_common: Callable[[str], bool],
    forms: Callable[[], Mapping[str, int]] = dict,
) -> Query:
    """Prepare a question.

    `held` has how many of the `passages` hold each of its terms. `is_common` says whether the model's vocabulary has a
    word. `forms` gives the words of the documents, for languages with compounds.
    """
    telling = query_words(question, language, held)
    asking = asking_verbs(question)
    variants = _variants(question, telling, language, forms)

    def idf(term: str) -> float:
        return math.log(1 + passages / (0.5 + held.get(term, 0)))

    usual = median([idf(word.term) for word in telling if word.term in held] or [idf("")])

    def weigh(word: Word) -> float:
        """A usual word that no document holds says little: it weighs no more than the median of the others."""
        typed = question[word.start : word.end].casefold()
        is_usual = is_common(typed) or word.term in variants
        return min(idf(word.term), usual) if word.term not in held and is_usual else idf(word.term)

    def weigh_any(word: Word) -> float:
        if (word.start, word.end) in asking or _is_frame(question[word.start : word.end].casefold(), language):
            return min(idf(word.term), idf("") * FUNCTION_SHARE)
        return weigh(word)

    weights = {word.term: weigh(word) for word in telling}
    whole = sum(weights.values())
    tokens = project(encoded.tokens, axes)
    is_telling = [any(word.start < end and start < word.end for word in telling) for start, end in encoded.spans]
    return Query(
        text=question,
        vector=encoded.vector,
        tokens=tokens,
        token_shares=_token_shares(words(question, language), encoded, weigh_any),
        terms={term: weight / whole for term, weight in weights.items()},
        own_terms=frozenset(weights),
        telling=tokens[np.array(is_telling, dtype=bool)],
        keywords=_bounded(
            [
                *weights,
                *compounds(question, language),
                *(one for sets in variants.values() for one in set().union(*sets)),
            ],
            held,
        ),
        unknown=_unknown(question, telling, held, language),
        variants=variants,
    )


def _is_frame(typed: str, language: str) -> bool:
    """Say whether a word of a question says nothing about its subject."""
    return typed in FUNCTION_WORDS or typed in FRAME_WORDS or is_function_word(typed, language)


def _variants(
    question: str, telling: Sequence[Word], language: str, forms: Callable[[], Mapping[str, int]]
) -> dict[str, tuple[frozenset[str], ...]]:
    """Return the compounds of the documents that hold a word, or the parts that a compound consists of.

    Each variant is a set of terms that a text must hold together.
    """
    if language not in COMPOUNDING:
        return {}
    known = forms()
    found: dict[str, tuple[frozenset[str], ...]] = {}
    for word in telling:
        typed = fold(question[word.start : word.end])
        parts = parts_of(typed, known)
        variants = [(compound,) for compound in compounds_with(typed, known)] + ([parts] if parts else [])
        if variants:
            found[word.term] = tuple(frozenset(stem(one, language) for one in variant) for variant in variants)
    return found


def _unknown(question: str, telling: Sequence[Word], held: Mapping[str, int], language: str) -> tuple[str, ...]:
    """Return the codes and names of a question that no document holds.

    A code holds a digit. A name is capitalised inside the question, unless its language or the question capitalises
    other words too.
    """
    typed = {word: question[word.start : word.end] for word in telling}
    capitalised = [word for word in telling if typed[word][0].isupper() and question[: word.start].strip(" \"'“(")]
    names = capitalised if language == ENGLISH and len(capitalised) <= len(telling) / 2 else []
    return tuple(
        text for word, text in typed.items() if word.term not in held and (any(map(str.isdigit, text)) or word in names)
    )


def _token_shares(found: Sequence[Word], encoded: EncodedQuestion, weigh: Callable[[Word], float]) -> Floats:
    """Return the share of each token, as `weigh` weighs its word; they add up to 1, or are all 0."""
    weighed = [(word.start, word.end, weigh(word)) for word in found]
    weights = np.array(
        [
            next((weight for first, last, weight in weighed if first < end and start < last), 0.0)
            for start, end in encoded.spans
        ],
        dtype=np.float32,
    )
    return np.asarray(weights / max(float(weights.sum()), 1e-12), dtype=np.float32)


def join(query: Query, context: Sequence[tuple[Query, float]]) -> Query:
    """Add earlier texts to a question, each with its weight where the question weighs 1.

    The words that are marked in passages stay the question's own.
    """
    parts = [(query, 1.0), *context]
    whole = sum(weight for _, weight in parts)
    terms: dict[str, float] = {}
    for part, weight in parts:
        for term, share in part.terms.items():
            terms[term] = max(terms.get(term, 0.0), weight * share)
    shared = sum(terms.values())
    return replace(
        query,
        vector=unit(np.sum([weight * part.vector for part, weight in parts], axis=0)),
        tokens=np.concatenate([part.tokens for part, _ in parts]),
        token_shares=np.concatenate([weight / whole * part.token_shares for part, weight in parts]).astype(np.float32),
        terms={term: weight / shared for term, weight in terms.items()},
    )


def _bounded(terms: Sequence[str], held: Mapping[str, int]) -> tuple[str, ...]:
    """Return the rarest terms, as many as not too many passages hold; BM25 gives the others little weight."""
    chosen: list[str] = []
    reached = 0
    for term in sorted(dict.fromkeys(terms), key=lambda term: held.get(term, 0)):
        reached += held.get(term, 0)
        if chosen and reached > MAX_MATCHES:
            break
        chosen.append(term)
    return tuple(chosen)
