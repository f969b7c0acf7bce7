"""Question files -> measures with confidence intervals.

Intervals are the 95 % percentile interval of a bootstrap over the questions, always with the same seed.
"""

import json
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.errors import FootnoteError
from index.types import Hit, Span
from qa.types import Answer, NoAnswer

_RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the strings of which a quote must hold one (none: the documents do not answer it), and where
    the right passage stands, if that is known."""

    question: str
    answers: tuple[str, ...]
    document: str = ""
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A mean over `count` questions with its 95 % interval."""

    value: float
    low: float
    high: float
    count: int


def read_questions(path: Path) -> tuple[list[Question], dict[str, str]]:
    """The questions of a file, and the documents that come with it (SQuAD's articles as Markdown texts, by path).

    Raises:
        FootnoteError: the file is missing, or neither of SQuAD's layout nor JSON lines of questions.
    """
    try:
        text = path.read_text("utf-8")
        if path.suffix == ".json":
            return _read_squad(json.loads(text))
        return [_read_line(json.loads(line)) for line in text.splitlines() if line.strip()], {}
    except OSError as error:
        raise FootnoteError(f"{path} cannot be opened ({error.strerror}): name a file of questions.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"{path} is neither of SQuAD's layout (.json) nor JSON lines of question and answers ({error!r})."
        raise FootnoteError(message) from error


def _read_line(entry: dict[str, object]) -> Question:
    answers = entry.get("answers", [])
    if not isinstance(answers, list):
        raise TypeError("answers is not a list")
    return Question(str(entry["question"]), tuple(map(str, answers)), str(entry.get("document", "")))


def _read_squad(data: dict[str, list[dict[str, list[dict[str, object]]]]]) -> tuple[list[Question], dict[str, str]]:
    questions, documents = [], {}
    for article in data["data"]:
        title = str(article["title"])
        path = title.replace("/", "_") + ".md"
        text = f"# {title.replace('_', ' ')}\n"
        for paragraph in article["paragraphs"]:
            context = " ".join(str(paragraph["context"]).splitlines())
            span = (len(text) + 1, len(text) + 1 + len(context))
            text += f"\n{context}\n"
            for entry in paragraph["qas"]:  # type: ignore[attr-defined]
                answers = [] if entry.get("is_impossible") else [answer["text"] for answer in entry["answers"]]
                questions.append(Question(entry["question"], tuple(answers), path, span))
        documents[path] = text
    return questions, documents


def evaluate(questions: Sequence[Question], ask: Callable[[str], Answer | NoAnswer]) -> dict[str, Measure]:
    """Measures of the answers to questions.

    `right_first` and `right_in_5` (the right passage's rank) are over the answerable questions whose place is known;
    `answered`, `expected_in_first_quote`, `expected_in_quotes` and `quotes` over the answerable ones; `declined` over
    those that the documents do not answer.
    """
    gathered: dict[str, list[float]] = {}
    for question in questions:
        reply = ask(question.question)
        for name, value in _outcomes(question, reply).items():
            gathered.setdefault(name, []).append(value)
    return {name: measure(values) for name, values in gathered.items()}


def measure(values: Sequence[float]) -> Measure:
    """The mean of some values and its bootstrap interval.

    >>> measure([1.0, 1.0])
    Measure(value=1.0, low=1.0, high=1.0, count=2)
    """
    chance = random.Random(0)
    means = sorted(sum(chance.choices(values, k=len(values))) / len(values) for _ in range(_RESAMPLES))
    low, high = means[int(0.025 * _RESAMPLES)], means[int(0.975 * _RESAMPLES)]
    return Measure(sum(values) / len(values), low, high, len(values))


def _outcomes(question: Question, reply: Answer | NoAnswer) -> dict[str, float]:
    if not question.answers:
        return {"declined": float(isinstance(reply, NoAnswer))}
    quotes = [citation.quote for citation in reply.citations] if isinstance(reply, Answer) else []
    outcomes = {
        "answered": float(bool(quotes)),
        "expected_in_first_quote": float(_holds_one(quotes[:1], question.answers)),
        "expected_in_quotes": float(_holds_one(quotes, question.answers)),
    }
    if quotes:
        outcomes["quotes"] = float(len(quotes))
    if question.span:
        ranks = [rank for rank, hit in enumerate(reply_hits(reply), 1) if _is_right(question, hit)]
        outcomes["right_first"] = float(ranks[:1] == [1])
        outcomes["right_in_5"] = float(bool(ranks) and ranks[0] <= 5)
    return outcomes


def reply_hits(reply: Answer | NoAnswer) -> Sequence[Hit]:
    """The hits behind a reply, best first."""
    return reply.hits if isinstance(reply, Answer) else reply.nearest


def _is_right(question: Question, hit: Hit) -> bool:
    assert question.span
    passage = hit.passage
    return passage.path == question.document and passage.start < question.span[1] and question.span[0] < passage.end


def _holds_one(quotes: Iterable[str], answers: Iterable[str]) -> bool:
    return any(answer.casefold() in quote.casefold() for quote in quotes for answer in answers)
