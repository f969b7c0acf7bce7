"""A question -> an answer made of quoted sentences, or a refusal: the whole policy."""

from collections.abc import Callable, Iterable
from typing import Protocol

from index.types import Hit, Passage, ScoredSentence
from qa.types import Answer, Citation, NoAnswer

PASSAGES = 5
MOST_QUOTES = 3
KEEP_WITHIN = 0.85
COVERAGE_WEIGHT = 0.5
PASSAGE_WEIGHT = 0.5
SIMILARITY_SHARE = 0.7
THRESHOLD = 0.45
SAME_WORDS = 0.8


class Retriever(Protocol):
    """What answering needs of an index: its generation, and its k best hits for a question, best first."""

    def search(self, question: str, k: int) -> tuple[int, list[Hit]]: ...


def answer(
    question: str, retriever: Retriever, k: int = PASSAGES, is_current: Callable[[Passage], bool] = lambda passage: True
) -> Answer | NoAnswer:
    """The sentences that answer, each cited, or NoAnswer where nothing found is close enough to the question."""
    generation, hits = retriever.search(question, k)
    sure = confidence(hits)
    chosen = choose(hits[:PASSAGES]) if sure >= THRESHOLD else []
    if not chosen:
        return NoAnswer(question, tuple(hits), sure, generation)
    citations = tuple(
        Citation(number, _quote(hit, sentence), sentence.start, sentence.end, hit.passage, is_current(hit.passage))
        for number, (hit, sentence) in enumerate(chosen, 1)
    )
    return Answer(question, citations, sure, tuple(hits), generation)


def confidence(hits: Iterable[Hit]) -> float:
    """How close the hits come to the question, in [0, 1]: of the closest, its cosine and the words found in it.

    Absolute, so that it compares between questions; not yet a probability.
    """
    close = (SIMILARITY_SHARE * hit.similarity + (1 - SIMILARITY_SHARE) * hit.coverage for hit in hits)
    return min(1.0, max((0.0, *close)))


def choose(hits: list[Hit]) -> list[tuple[Hit, ScoredSentence]]:
    """One to three sentences: the best, and those nearly as good that say something else.

    Sentences of one passage keep its order; passages come in the order of their best sentence.
    """
    scored = sorted(
        ((_score(hit, sentence), -rank, hit, sentence) for rank, hit in enumerate(hits) for sentence in hit.sentences),
        key=lambda entry: entry[:2],
        reverse=True,
    )
    chosen: list[tuple[Hit, ScoredSentence]] = []
    for score, _, hit, sentence in scored:
        if len(chosen) == MOST_QUOTES or score < KEEP_WITHIN * scored[0][0]:
            break
        if not any(_says_the_same(_quote(hit, sentence), _quote(*other)) for other in chosen):
            chosen.append((hit, sentence))
    order = list(dict.fromkeys(id(hit) for hit, _ in chosen))
    return sorted(chosen, key=lambda pair: (order.index(id(pair[0])), pair[1].start))


def _score(hit: Hit, sentence: ScoredSentence) -> float:
    return sentence.similarity + COVERAGE_WEIGHT * sentence.coverage + PASSAGE_WEIGHT * hit.score


def _says_the_same(quote: str, other: str) -> bool:
    words, others = set(quote.casefold().split()), set(other.casefold().split())
    return len(words & others) >= SAME_WORDS * min(len(words), len(others))


def _quote(hit: Hit, sentence: ScoredSentence) -> str:
    return hit.passage.text[sentence.start - hit.passage.start : sentence.end - hit.passage.start]
