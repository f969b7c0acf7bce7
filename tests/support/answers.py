"""Replies that are right, wrong and unsure, for measuring."""

from index.types import Hit, Passage
from qa.answer.confidence import THRESHOLD
from qa.types import Answer, Citation, NoAnswer

RIGHT = Passage(path="a.md", start=0, end=19, text="Tea hot. Milk cold.", sentences=((0, 8), (9, 19)))
WRONG = Passage(path="b.md", start=0, end=8, text="Ice raw.", sentences=((0, 8),))


def reply(question, turns=()):
    """Tea: right passage and quote first. Heat: the wrong ones first. Doubt: right, but not sure. Else nothing."""
    order = (WRONG, RIGHT) if question == "heat" else (RIGHT, WRONG)
    hits = tuple(Hit(passage=passage, score=1.0) for passage in order)
    if question == "unknown":
        return NoAnswer(question="unknown", nearest=hits)
    citations = tuple(Citation(number=n, quote=p.text, start=0, end=p.end, passage=p) for n, p in enumerate(order, 1))
    return Answer(
        question=question, citations=citations, confidence=THRESHOLD / 2 if question == "doubt" else 0.97, hits=hits
    )
