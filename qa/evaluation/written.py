"""Measure answers that a language model writes."""

import time
from collections.abc import Callable, Iterator, Sequence

from qa.evaluation.dataset import Question
from qa.evaluation.metrics import means
from qa.evaluation.run import holds
from qa.evaluation.types import Measure
from qa.types import Answer, NoAnswer, Turn

AskInSteps = Callable[[str, Sequence[Turn]], Iterator[Answer | NoAnswer]]


def measure_written(questions: Sequence[Question], ask: AskInSteps, asked: Callable[[int], None]) -> dict[str, Measure]:
    """Ask every question and return the means. `asked` gets the number that is done.

    Times are in seconds; `seconds_to_first_sentence` ends when the first sentence has been checked.
    """
    rows = []
    for number, question in enumerate(questions, 1):
        started = time.perf_counter()
        first = None
        reply: Answer | NoAnswer | None = None
        for reply in ask(question.question, question.turns):
            if first is None and isinstance(reply, Answer) and reply.statements:
                first = time.perf_counter() - started
        assert reply is not None
        row = written_values(question, reply)
        if row["written"] and first is not None:
            row["seconds_to_first_sentence"] = first
        rows.append(row | {"seconds": time.perf_counter() - started})
        asked(number)
    return means(rows)


def written_values(question: Question, reply: Answer | NoAnswer) -> dict[str, float]:
    """Return the numbers of one reply whose means are the measures.

    `written` and `declined` count replies; a reply that is neither is quoted. Of a written one: `facts_held` is the
    share of the known facts that its supported sentences hold, `citation_precision` the share of its quotes that a
    supported sentence cites, and `citation_recall` the share of the facts that it states which its quotes hold.
    """
    is_written = isinstance(reply, Answer) and bool(reply.statements)
    values = {"written": float(is_written), "declined": float(isinstance(reply, NoAnswer))}
    if not isinstance(reply, Answer) or not is_written:
        return values
    supported = [one for one in reply.statements if one.support == "supported"]
    values |= {
        "sentences": float(len(reply.statements)),
        "sentences_supported": len(supported) / len(reply.statements),
        "words": float(len(reply.text.split())),
        "confidence": reply.confidence,
    }
    if reply.tokens:
        values["tokens"] = float(reply.tokens)
    if reply.citations:
        cited = {number for one in supported for number in one.citations}
        values["citation_precision"] = len(cited) / len(reply.citations)
    return values | _fact_values(question, reply, " ".join(one.text for one in supported))


def _fact_values(question: Question, reply: Answer, supported: str) -> dict[str, float]:
    if not question.facts:
        return {}
    values = {"facts_held": sum(holds([supported], fact) for fact in question.facts) / len(question.facts)}
    stated = [fact for fact in question.facts if holds([reply.text], fact)]
    if stated:
        quotes = [citation.quote for citation in reply.citations]
        values["citation_recall"] = sum(holds(quotes, fact) for fact in stated) / len(stated)
    return values
