"""A question -> an answer made of quoted sentences, or a refusal: the whole policy."""

from collections.abc import Callable
from typing import Protocol

from index.types import Found, Passage
from qa.choosing import choose
from qa.confidence import THRESHOLD, confidence, signals
from qa.types import Answer, Citation, NoAnswer

PASSAGES = 5


class Retriever(Protocol):
    """What answering needs of an index: what it finds for a question, at most k hits, best first."""

    def search(self, question: str, k: int) -> Found: ...


def answer(
    question: str,
    retriever: Retriever,
    k: int = PASSAGES,
    is_current: Callable[[Passage], bool] = lambda passage: True,
    threshold: float = THRESHOLD,
) -> Answer | NoAnswer:
    """The sentences that answer, each cited, or NoAnswer where they are less likely than `threshold` to do so.

    Whatever k, the number of hits listed, the answer is the same: it comes from the five best.
    """
    found = retriever.search(question, max(k, PASSAGES))
    best = list(found.hits[:PASSAGES])
    sure = confidence(signals(best, found.passages))
    quotes = choose(found.question, best) if sure >= threshold else []
    if not quotes:
        return NoAnswer(question, found.hits[:k], sure, found.generation, found.question, found.passages)
    citations = tuple(
        Citation.of(number, quote.hit, quote.start, quote.end, is_current(quote.hit.passage))
        for number, quote in enumerate(quotes, 1)
    )
    return Answer(question, citations, sure, found.hits[:k], found.generation, found.question, found.passages)
