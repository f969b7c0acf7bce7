"""An evaluation -> a part of the page: its measures, how far confidence can be relied on, what failed (pure)."""

from collections.abc import Callable, Iterable, Sequence

from qa.evaluation.metrics import DEPTH
from qa.evaluation.types import Bin, Evaluation, Measure, Outcome
from qa.formatting import line
from qa.web.html import action, html
from qa.web.reliability_plot import percent, reliability_svg

FEW = 30
MOST_SHOWN = 200
SHARES = {
    "expected_in_first_sentence": "The first sentence quoted holds the expected words",
    "expected_in_first_quote": "The first quote holds the expected words",
    "expected_in_quotes": "One of the quotes holds the expected words",
    "right_if_answered": "The same, of the questions that are answered",
    "answerable_refused": "Questions with an answer that are declined",
    "unanswerable_answered": "Questions without an answer that are answered",
    "off_topic_answered": "Questions about other documents that are answered",
    "recall@1": "A passage of the right document is found first",
    "recall@3": "A passage of the right document is among the first three",
    "recall@5": "A passage of the right document is among the first five",
    "recall@10": "A passage of the right document is among the first ten",
}
NUMBERS = {
    "MRR": "One divided by that passage's rank, on average",
    "AUROC_unanswerable": "How often a question with an answer is surer than one without",
    "AUROC_off_topic": "How often a question with an answer is surer than one about other documents",
    "quotes": "Quotes in an answer",
    "sentences_quoted": "Sentences in an answer",
    "words_quoted": "Words in an answer",
}
SECONDS = {"seconds_p50": "Half of the answers take at most", "seconds_p95": "Nineteen of twenty take at most"}


def evaluation_html(evaluation: Evaluation) -> str:
    """The measures with their intervals, the diagram with the same numbers in a table, and the questions that failed,
    each a button that asks it."""
    count = len(evaluation.outcomes)
    failed = [outcome for outcome in evaluation.outcomes if outcome.has_failed]
    asked = "1 question was asked" if count == 1 else f"{count} questions were asked"
    few = " These are few: the intervals say little." if count < FEW else ""
    return (
        f'<section class="evaluation" aria-label="Evaluation"><p role="status">{asked}, {len(failed)} failed.{few}</p>'
        f"{_measures(evaluation.measures)}{_reliability(evaluation.bins)}{_failures(failed)}</section>"
    )


def _measures(measures: dict[str, Measure]) -> str:
    rows = [
        *_rows(SHARES, measures, lambda value: percent(value, 1)),
        *_rows(NUMBERS, measures, lambda value: f"{value:.2f}"),
        *_rows(SECONDS, measures, lambda value: f"{value * 1000:.0f} ms"),
    ]
    head = "<tr><th>Measure</th><th>Value</th><th>95 % interval</th><th>Questions</th></tr>"
    return (
        '<table class="measures"><caption>An interval says how far chance in the choice of questions'
        f" may have moved the value.</caption><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>"
    )


def _rows(names: dict[str, str], measures: dict[str, Measure], written: Callable[[float], str]) -> Iterable[str]:
    for name, words in names.items():
        if measured := measures.get(name):
            low, high = written(measured.low), written(measured.high)
            yield (
                f'<tr><th scope="row">{words}</th><td>{written(measured.value)}</td>'
                f"<td>{low} to {high}</td><td>{measured.count}</td></tr>"
            )


def _reliability(bins: Sequence[Bin]) -> str:
    if not bins:
        return ""
    rows = "".join(
        f"<tr><td>{percent(found.low)} to {percent(found.high)}</td><td>{percent(found.confidence, 1)}</td>"
        f"<td>{percent(found.right, 1)}</td><td>{found.count}</td></tr>"
        for found in bins
    )
    head = "<tr><th>Confidence</th><th>Mean</th><th>Right</th><th>Questions</th></tr>"
    return (
        '<figure class="reliability">'
        f"{reliability_svg(bins)}<figcaption>On the line, answers are right as often as they are sure; above it, more"
        " often. The larger a dot, the more questions.</figcaption>"
        f"<details><summary>The same in numbers</summary><table>{head}{rows}</table></details></figure>"
    )


def _failures(failed: Sequence[Outcome]) -> str:
    if not failed:
        return '<p class="failures">No question failed.</p>'
    questions = "1 question failed" if len(failed) == 1 else f"{len(failed)} questions failed"
    more = f"<p>and {len(failed) - MOST_SHOWN} more</p>" if len(failed) > MOST_SHOWN else ""
    listed = "".join(map(_failure, failed[:MOST_SHOWN]))
    return f'<section class="failures"><h2>{questions}</h2><ol>{listed}</ol>{more}</section>'


def _failure(outcome: Outcome) -> str:
    question = line(outcome.question.question)
    said = " ".join(map(_quotation, outcome.quoted)) if outcome.quoted else "nothing, it was declined"
    return (
        f'<li dir="auto">{action("ask", question, question=question)}'
        f"<p>Expected: {_expected(outcome)}</p><p>Quoted: {said}, {percent(outcome.confidence)} sure</p></li>"
    )


def _expected(outcome: Outcome) -> str:
    question = outcome.question
    if question.answerability != "answerable":
        return "no answer"
    document = f" in {html(question.document)}" if question.document else ""
    wanted = " and ".join(" or ".join(map(_quotation, dict.fromkeys(fact))) for fact in question.facts) + document
    share = outcome.values.get("MRR")
    if share is None:
        return wanted
    return f"{wanted}, found at rank {round(1 / share)}" if share else f"{wanted}, not in the first {DEPTH} passages"


def _quotation(text: str) -> str:
    return f"<q>{html(line(text))}</q>"
