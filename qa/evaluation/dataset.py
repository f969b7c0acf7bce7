"""Read files of questions, and change questions to test how robust the answers are.

A file is either JSON lines, one question a line for documents that are there, or SQuAD's layout, which brings its
documents along.
"""

import json
import random
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError
from pydantic.types import StringConstraints

from index.types import Span
from qa.errors import DatasetError, HistoryError
from qa.history import read_history
from qa.types import Turn

MIN_TYPO_LETTERS = 4
SQUAD = ".json"
_EXAMPLE = 'write {"question": "…", "answers": ["…"], "document": "…"} on each line; the last two are optional'
_ANSWERABLE = ("answerable", "partial")

Answerability = Literal["answerable", "unanswerable", "underspecified", "off_topic", "unknown"]
Fact = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question with what a good answer to it holds, as far as that is known.

    `facts` must all be found in the answer. Each is a list of alternative strings. `document` and `documents` hold the
    answer, and `span` is its paragraph. `turns` were asked before it. `kind` is the name that its file gives to
    questions like it. A question is off topic if it was written about other documents.
    """

    question: str
    facts: tuple[Fact, ...] = ()
    document: str = ""
    documents: tuple[str, ...] = ()
    span: Span | None = None
    turns: tuple[Turn, ...] = ()
    kind: str = ""
    answerability: Answerability = "answerable"

    @property
    def expected_documents(self) -> frozenset[str]:
        """The documents that hold the answer. Any of them is right."""
        return frozenset({self.document, *self.documents} - {""})

    @property
    def is_of_even_conversation(self) -> bool:
        """Whether its conversation, identified by its first question, is in the half used for tuning."""
        first = self.turns[0].question if self.turns else self.question
        return zlib.crc32(first.encode()) % 2 == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """The questions of a file, and the documents that it brings, by path."""

    questions: list[Question]
    documents: dict[str, str] = field(default_factory=dict)


_Text = Annotated[str, StringConstraints(pattern=r"\S")]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    question: _Text
    answers: list[_Text | Annotated[list[_Text], Field(min_length=1)]] | None = None
    document: str = ""
    documents: list[_Text] = field(default_factory=list)
    kind: str = ""
    answerability: str = ""
    expect: str = ""
    history: list[Any] = field(default_factory=list)


_LINE = TypeAdapter(_Line)
_WRONG = {
    "": "is not a JSON object",
    "question": 'needs a "question" with text in it',
    "answers": 'needs "answers" that are a list of texts, or of lists of texts',
    "documents": 'needs "documents" that are a list of texts',
    "history": 'needs a "history" that is a list',
}


def read_dataset(path: Path) -> Dataset:
    """Read a file of questions. SQuAD's articles become Markdown documents.

    Raises:
        DatasetError: the file cannot be opened, has no question, or is neither SQuAD's layout nor JSON lines.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise DatasetError(f"{path} cannot be opened ({error.strerror}): name a file of questions.") from error
    except UnicodeError as error:
        raise DatasetError(f"{path.name} is not UTF-8 text: save it as UTF-8.") from error
    found = _read_squad(path.name, text) if path.suffix.lower() == SQUAD else _read_lines(path.name, text)
    if not found.questions:
        raise DatasetError(f"{path.name} has no question: {_EXAMPLE}.")
    return found


def read_questions(path: Path) -> list[Question]:
    """Read a file of questions for documents that are there.

    Raises:
        DatasetError: it brings its own documents, or cannot be read.
    """
    if path.suffix.lower() == SQUAD:
        raise DatasetError(
            f"{path.name} has SQuAD's layout and brings its own documents: evaluate it with python -m qa evaluate."
        )
    return read_dataset(path).questions


def _read_lines(name: str, text: str) -> Dataset:
    lines = enumerate(text.split("\n"), 1)  # texts may hold other line separators
    return Dataset(questions=[_read_line(name, number, line) for number, line in lines if line.strip()])


def _read_line(name: str, number: int, text: str) -> Question:
    try:
        line = _LINE.validate_json(text)
    except ValidationError as error:
        where = error.errors()[0]["loc"]
        field_name = str(where[0]) if where else ""
        wrong = _WRONG.get(field_name, f'needs a "{field_name}" that is a text')
        raise DatasetError(f"Line {number} of {name} {wrong}: {_EXAMPLE}.") from error
    try:
        turns = read_history(line.history)
    except HistoryError as error:
        raise DatasetError(f"Line {number} of {name}: {error}") from error
    return Question(
        question=line.question,
        facts=_facts(line),
        document=line.document,
        documents=tuple(line.documents),
        turns=turns,
        kind=line.kind,
        answerability=_answerability(line),
    )


def _facts(line: _Line) -> tuple[Fact, ...]:
    """Read the facts. A plain list of texts without a `kind` is one fact with alternatives."""
    answers = line.answers or []
    texts = tuple(one for one in answers if isinstance(one, str))
    if texts and len(texts) == len(answers) and not line.kind:
        return (texts,)
    return tuple((one,) if isinstance(one, str) else tuple(one) for one in answers)


def _answerability(line: _Line) -> Answerability:
    """Decide whether the documents hold an answer.

    `answerability` decides, or else `answers`: no list at all, as opposed to an empty list, decides nothing if a
    document is named. `expect` describes an answer that cannot be compared.
    """
    label = line.answerability.lower()
    if label in _ANSWERABLE or line.answers:
        return "answerable"
    if label == "underspecified":
        return "underspecified"
    if label == "unanswerable":
        return "unanswerable"
    if line.expect:
        return "unknown"
    return "answerable" if line.answers is None and (line.document or line.documents) else "unanswerable"


def _read_squad(name: str, text: str) -> Dataset:
    try:
        return _squad(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DatasetError(
            f"{name} does not have SQuAD's layout ({error!r}): name JSON lines .jsonl, not {SQUAD}."
        ) from error


def _squad(data: dict[str, Any]) -> Dataset:
    found = Dataset(questions=[])
    for article in data["data"]:
        title = str(article["title"])
        path = title.replace("/", "_") + ".md"
        text = f"# {title.replace('_', ' ')}\n"
        for paragraph in article["paragraphs"]:
            context = " ".join(str(paragraph["context"]).splitlines())
            span = (len(text) + 1, len(text) + 1 + len(context))
            text += f"\n{context}\n"
            for entry in paragraph["qas"]:
                answers = () if entry.get("is_impossible") else tuple(answer["text"] for answer in entry["answers"])
                question = Question(
                    question=entry["question"],
                    facts=(answers,) if answers else (),
                    document=path,
                    span=span,
                    answerability="answerable" if answers else "unanswerable",
                )
                found.questions.append(question)
        found.documents[path] = text
    return found


def with_unrelated_history(questions: Sequence[Question], documents: Mapping[str, str]) -> list[Question]:
    """Return the questions without turns, each after a turn about another document or conversation."""
    histories: list[tuple[str, tuple[Turn, ...]]] = []
    for question in questions:
        if question.turns:
            histories.append(("a conversation", question.turns))
        elif question.span:
            start, end = question.span
            turn = Turn(question.question, documents[question.document][start:end])
            histories.append((question.document, (turn,)))
    random.Random(0).shuffle(histories)
    alone = [question for question in questions if not question.turns]
    return [
        replace(
            question,
            turns=next((turns for of, turns in histories[number:] + histories if of != question.document), ()),
        )
        for number, question in enumerate(alone)
    ]


def in_uppercase(question: Question) -> Question:
    """Return the question in uppercase."""
    return replace(question, question=question.question.upper())


def with_typo(question: Question, count: Callable[[str], int]) -> Question:
    """Return the question with a typo in its rarest word: always the same for the same question.

    Two letters are swapped, or one is left out, doubled or replaced. `count` returns how often the documents hold a
    word. A question without a word of four letters stays as it is.
    """
    words = [word for word in question.question.split() if len(word) >= MIN_TYPO_LETTERS and word.isalpha()]
    if not words:
        return question
    word = min(words, key=lambda candidate: (count(candidate), -len(candidate)))
    chance = zlib.crc32(question.question.encode())
    at = 1 + chance // 4 % (len(word) - 2)
    typos = [
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + chr(ord("a") + chance % 26) + word[at + 1 :],
    ]
    return replace(question, question=question.question.replace(word, typos[chance % 4], 1))
