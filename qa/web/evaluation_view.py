"""Show an evaluation as HTML: the result in one sentence, the questions that failed, the measures, the reliability."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from qa.evaluation.metrics import DEPTH
from qa.evaluation.types import Evaluation, Measure, Outcome
from qa.web.html import render
from qa.web.reliability_plot import percent, reliability_svg

HINT = """<p class="evaluate-hint">How well do these documents answer your own questions?
Upload a file with one question per line, for example
<code>&#123;"question": "When was the railway opened?", "answers": ["2013"], "document": "railways.pdf"}</code>.
Leave "answers" out for questions your documents can’t answer.</p>"""
MIN_QUESTIONS = 30  # with fewer, the intervals are too wide to compare
MAX_FAILURES = 200
SHOWN_FAILURES = 20  # the others are folded
SHARES = {
    "right": "Answers with every expected fact",
    "partial": "Answers with some of the expected facts",
    "wrong": "Answers with none of the expected facts",
    "expected_in_first_sentence": "First sentence contains the expected text",
    "expected_in_first_quote": "First quote contains the expected text",
    "expected_in_quotes": "Answer contains the expected text",
    "right_if_answered": "… counting only answered questions",
    "declined": "Answerable questions without an answer",
    "unanswerable_answered": "Unanswerable questions with an answer",
    "invented": "Questions with an answer that the documents do not contain",
    "off_topic_answered": "Questions about other documents with an answer",
    "passage@1": "First passage contains the expected text",
    "passage@5": "One of 5 passages contains the expected text",
    "recall@1": "Right document ranked first",
    "recall@3": "Right document in the first 3 passages",
    "recall@5": "Right document in the first 5 passages",
    "recall@10": "Right document in the first 10 passages",
}
NUMBERS = {
    "MRR": "Mean reciprocal rank",
    "AUROC_unanswerable": "Confidence separates answerable from unanswerable (AUROC)",
    "AUROC_off_topic": "Confidence separates answerable from other documents’ questions (AUROC)",
    "quotes": "Quotes per answer",
    "sentences_quoted": "Sentences per answer",
    "words_per_answer": "Words per answer",
}
SECONDS = {"seconds_p50": "Time to answer, median", "seconds_p95": "Time to answer, 95th percentile"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A measure as it is written in the table."""

    name: str
    value: str
    low: str
    high: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The questions that became correct, and those that became wrong, since another run."""

    fixed: tuple[str, ...]
    broken: tuple[str, ...]

    @classmethod
    def between(cls, before: Evaluation, now: Evaluation) -> Self:
        """Compare two evaluations by the questions that both have."""
        earlier = {outcome.question.question: outcome.has_failed for outcome in before.outcomes}
        both = [outcome for outcome in now.outcomes if outcome.question.question in earlier]
        changed = [outcome for outcome in both if outcome.has_failed != earlier[outcome.question.question]]
        return cls(
            fixed=tuple(outcome.question.question for outcome in changed if not outcome.has_failed),
            broken=tuple(outcome.question.question for outcome in changed if outcome.has_failed),
        )


def evaluation_html(evaluation: Evaluation, before: Evaluation | None = None) -> str:
    """Show the result first, the changes since another run, the failures, and the measures and reliability folded."""
    failed = [outcome for outcome in evaluation.outcomes if outcome.has_failed]
    measures = evaluation.measures
    return render(
        "evaluation.html",
        result=result_text(len(evaluation.outcomes), len(failed)),
        is_small=len(evaluation.outcomes) < MIN_QUESTIONS,
        change=Change.between(before, evaluation) if before else None,
        failed=failed[:MAX_FAILURES],
        failed_count=len(failed),
        shown=SHOWN_FAILURES,
        rows=[
            *_rows(SHARES, measures, lambda value: percent(value, 1)),
            *_rows(NUMBERS, measures, lambda value: f"{value:.2f}"),
            *_rows(SECONDS, measures, lambda value: f"{value * 1000:.0f} ms"),
        ],
        bins=evaluation.bins,
        plot=reliability_svg(evaluation.bins),
        percent=percent,
        expected=_expected,
        rank_text=_rank_text,
    )


def result_text(count: int, failed: int) -> str:
    """Say how many questions were answered correctly.

    >>> result_text(40, 4)
    '36 of 40 questions were answered correctly.'
    """
    questions = "1 question was" if count == 1 else f"{count} questions were"
    return f"{count - failed} of {questions} answered correctly."


def _rows(names: dict[str, str], measures: dict[str, Measure], write: Callable[[float], str]) -> Iterable[Row]:
    for key, name in names.items():
        if measure := measures.get(key):
            low, high = write(measure.low), write(measure.high)
            yield Row(name=name, value=write(measure.value), low=low, high=high, count=measure.count)


def _expected(outcome: Outcome) -> Sequence[Sequence[str]]:
    """List the facts of a right answer, each as its possible texts; empty if the documents contain no answer."""
    question = outcome.question
    return [list(dict.fromkeys(fact)) for fact in question.facts] if question.answerability == "answerable" else []


def _rank_text(outcome: Outcome) -> str:
    """Say at which rank the right document was found; empty if it is not known which is right."""
    reciprocal = outcome.values.get("MRR")
    if reciprocal is None or outcome.question.answerability != "answerable":
        return ""
    return f"found at rank {round(1 / reciprocal)}" if reciprocal else f"not in the first {DEPTH} passages"
