"""A question -> an answer made of quoted sentences, or a refusal: the whole policy."""

from collections.abc import Callable, Sequence
from typing import Protocol

from index.types import Found, Hit, Passage, Said, ScoredSentence
from qa.choosing import choose
from qa.confidence import DANGLING_COST, THRESHOLD, confidence, signals
from qa.conversing import is_given, lean, understand
from qa.types import Answer, Citation, NoAnswer, Turn

PASSAGES = 5
MORE_PASSAGES = 20
ON_SUBJECT = 0.6  # more is given of passages that score so much of the best


class Retriever(Protocol):
    """What answering needs of an index: what it finds for a question, at most k hits, best first, together with what
    was said before; and how near in meaning a question is to some texts."""

    def search(self, question: str, k: int, said: Sequence[Said] = ()) -> Found: ...
    def nearness(self, question: str, texts: Sequence[str]) -> Sequence[float]: ...


def answer(
    question: str,
    retriever: Retriever,
    k: int = PASSAGES,
    is_current: Callable[[Passage], bool] = lambda passage: True,
    threshold: float = THRESHOLD,
    turns: Sequence[Turn] = (),
) -> Answer | NoAnswer:
    """The sentences that answer, each cited, or NoAnswer where they are less likely than `threshold` to do so.

    `turns` are what was asked and answered before; where the question leans on them, it is searched together with them.
    Whatever k, the number of hits listed, the answer is the same: it comes from the five best.
    """
    asked = understand(question, turns)

    def was_given(hit: Hit, sentence: ScoredSentence) -> bool:
        return is_given(hit, sentence, asked.given)

    def is_more(hit: Hit, best: Hit) -> bool:
        return hit.score >= ON_SUBJECT * best.score and not all(was_given(hit, one) for one in hit.sentences)

    most = max(k, MORE_PASSAGES if asked.given else PASSAGES)
    found = retriever.search(asked.question, most)
    leaning = lean(asked, confidence(signals(found.hits[:PASSAGES], found.passages)), retriever.nearness)
    if leaning.said:
        found = retriever.search(asked.question, most, leaning.said)
    sure = confidence(signals(found.hits[:PASSAGES], found.passages)) * (1 - DANGLING_COST * leaning.dangling)
    hits = [hit for hit in found.hits if not asked.given or is_more(hit, found.hits[0])]
    quotes = choose(found.question, hits[:PASSAGES], was_given) if sure >= threshold else []
    searched = question if found.question == asked.question else found.question
    about = (found.generation, searched, found.passages, leaning.follows)
    if not quotes:
        return NoAnswer(question, tuple(hits[:k]), sure, *about)
    citations = tuple(
        Citation.of(number, quote.hit, quote.start, quote.end, is_current(quote.hit.passage))
        for number, quote in enumerate(quotes, 1)
    )
    return Answer(question, citations, sure, tuple(hits[:k]), *about)
