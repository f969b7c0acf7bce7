"""Ask every question of a set, and judge each reply."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence

from index.types import Hit
from qa.answer.confidence import Signals, signals, threshold_for
from qa.answer.pipeline import PASSAGES
from qa.evaluation.dataset import Fact, Question
from qa.evaluation.metrics import evaluation_of, retrieval
from qa.evaluation.types import Evaluation, Outcome, Progress, Verdict
from qa.types import Answer, Citation, NoAnswer, Turn

Ask = Callable[[str, Sequence[Turn]], Answer | NoAnswer]


def evaluate(questions: Sequence[Question], ask: Ask) -> Iterator[Progress | Evaluation]:
    """Ask the questions like `ask_each`; yield the progress and, last, the evaluation.

    Stopping the iteration cancels it.
    """
    outcomes = []
    yield Progress(stage="Asking", done=0, total=len(questions))
    for outcome in ask_each(questions, ask):
        outcomes.append(outcome)
        yield Progress(stage="Asking", done=len(outcomes), total=len(questions))
    yield Progress(stage="Measuring", done=len(outcomes), total=len(questions))
    yield evaluation_of(outcomes)


def ask_each(questions: Iterable[Question], ask: Ask) -> Iterator[Outcome]:
    """Yield the outcome of every question, in order.

    `ask` answers at any confidence. Replies below the threshold count as declined here, so that what would have been
    quoted is known.
    """
    for question in questions:
        started = time.perf_counter()
        reply = ask(question.question, question.turns)
        yield _outcome(question, reply, time.perf_counter() - started)


def reply_hits(reply: Answer | NoAnswer) -> Sequence[Hit]:
    """Return the hits behind a reply, best first."""
    return reply.hits if isinstance(reply, Answer) else reply.nearest


def reply_signals(reply: Answer | NoAnswer) -> Signals:
    """Return the signals of the confidence of a reply."""
    return signals(
        reply.searched or reply.question,
        reply_hits(reply),
        passages=reply.total_passages,
        unknown=reply.unknown,
        follows=reply.follows,
    )


def _outcome(question: Question, reply: Answer | NoAnswer, seconds: float) -> Outcome:
    is_confident = reply.confidence >= threshold_for(reply.follows)
    answer = reply if isinstance(reply, Answer) and is_confident else None
    hits = reply_hits(reply)
    verdict = _verdict(question, answer)
    values = _values(question, answer, verdict, hits)
    if question.answerability == "answerable" or question.documents:
        values |= retrieval(question, hits)
    return Outcome(
        question=question,
        confidence=reply.confidence,
        is_right=_is_right(question, reply.citations if isinstance(reply, Answer) else ()),
        signals=reply_signals(reply),
        seconds=seconds,
        values=values,
        quoted=tuple(citation.quote for citation in answer.citations) if answer else (),
        verdict=verdict,
    )


def _verdict(question: Question, answer: Answer | None) -> Verdict:
    """Judge an answer, None if it was declined. Facts may be in the quotes or in the answer's own text."""
    if question.answerability in ("unanswerable", "underspecified", "off_topic"):
        return "invented" if answer else "no"
    if not question.facts:
        return ""
    if not answer:
        return "declined"
    texts = [answer.text, *(citation.quote for citation in answer.citations)]
    found = sum(holds(texts, fact) for fact in question.facts)
    return "right" if found == len(question.facts) else "partial" if found else "wrong"


def _values(question: Question, answer: Answer | None, verdict: Verdict, hits: Sequence[Hit]) -> dict[str, float]:
    if question.answerability == "unknown":
        return {}
    if question.answerability != "answerable":
        values = {f"{question.answerability}_answered": float(answer is not None)}
        return values | ({"invented": float(verdict == "invented")} if verdict else {})
    values = {name: float(verdict == name) for name in ("right", "partial", "wrong")} if question.facts else {}
    values["declined"] = float(answer is None)
    if question.facts:
        alternatives = tuple(text for fact in question.facts for text in fact)
        holding = [holds([hit.passage.text], alternatives) for hit in hits[:PASSAGES]]
        values |= {"passage@1": float(any(holding[:1])), f"passage@{PASSAGES}": float(any(holding))}
    return values | _quote_values(question, answer.citations if answer else ())


def _is_right(question: Question, citations: Sequence[Citation]) -> bool:
    """Check whether the quotes hold every fact or, if no facts are known, come from a right document."""
    if question.facts:
        return _hold_all([citation.quote for citation in citations], question.facts)
    is_answerable = question.answerability == "answerable"
    return is_answerable and any(citation.passage.path in question.expected_documents for citation in citations)


def _quote_values(question: Question, citations: Sequence[Citation]) -> dict[str, float]:
    quotes = [citation.quote for citation in citations]
    sentences = [sentence for citation in citations for sentence in citation.sentences]
    values: dict[str, float] = {}
    if question.facts:
        values |= {
            "expected_in_first_sentence": float(holds(sentences[:1], question.facts[0])),
            "expected_in_first_quote": float(holds(quotes[:1], question.facts[0])),
            "expected_in_quotes": float(_hold_all(quotes, question.facts)),
        }
    if quotes and question.facts:
        values["right_if_answered"] = values["expected_in_quotes"]
    if quotes:
        values |= {
            "quotes": float(len(quotes)),
            "sentences_quoted": float(len(sentences)),
            "words_per_answer": float(sum(len(quote.split()) for quote in quotes)),
        }
    return values


def _hold_all(texts: Sequence[str], facts: Sequence[Fact]) -> bool:
    return all(holds(texts, fact) for fact in facts)


def holds(texts: Sequence[str], fact: Fact) -> bool:
    """Check whether a text holds one of a fact's alternatives, whatever the case and white space."""
    normalised = [_normalised(text) for text in texts]
    return any(_normalised(alternative) in text for text in normalised for alternative in fact)


def _normalised(text: str) -> str:
    return " ".join(text.casefold().split())
