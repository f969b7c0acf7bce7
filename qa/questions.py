"""Files of questions, and the questions made harder: with a slip of the finger, or in capitals."""

import json
import random
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.errors import FootnoteError
from index.types import Span
from qa.conversing import read_history
from qa.types import Turn

LONG_ENOUGH = 4
ANSWERABLE = ("answerable", "partial")


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the strings of which a quote must hold one (none: the documents do not answer it), and where
    the right passage stands, as far as that is known. A foreign question was written about other documents. One asked
    in a conversation has the `turns` before it, the documents of which any is right, and a `label`, its kind.
    """

    question: str
    answers: tuple[str, ...]
    document: str = ""
    span: Span | None = None
    is_foreign: bool = False
    turns: tuple[Turn, ...] = ()
    documents: tuple[str, ...] = ()
    label: str = ""

    @property
    def kind(self) -> str:
        """Whether it can be answered from the documents: answerable, unanswerable or foreign; or underspecified."""
        if self.is_foreign:
            return "foreign"
        if self.label:
            return "answerable" if self.label in ANSWERABLE else self.label
        return "answerable" if self.answers else "unanswerable"

    @property
    def is_of_even_conversation(self) -> bool:
        """Whether its conversation, known by its first question, is of the half that was tuned on."""
        first = self.turns[0].question if self.turns else self.question
        return zlib.crc32(first.encode()) % 2 == 0


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
    documents = entry.get("documents", [])
    if not isinstance(documents, list):
        raise TypeError("documents is not a list")
    return Question(
        str(entry["question"]),
        tuple(map(str, answers)),
        str(entry.get("document", "")),
        turns=read_history(entry.get("history", [])),
        documents=tuple(map(str, documents)),
        label=str(entry.get("answerability", "")).lower(),
    )


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


def after_others(questions: Sequence[Question], documents: Mapping[str, str]) -> list[Question]:
    """The questions that stand alone, each as if asked after what was said of another document or conversation."""
    said: list[tuple[str, tuple[Turn, ...]]] = []
    for question in questions:
        if question.turns:
            said.append(("a conversation", question.turns))
        elif question.span:
            start, end = question.span
            said.append((question.document, (Turn(question.question, documents[question.document][start:end]),)))
    random.Random(0).shuffle(said)
    alone = [question for question in questions if not question.turns]
    return [
        replace(question, turns=next((turns for of, turns in said[number:] + said if of != question.document), ()))
        for number, question in enumerate(alone)
    ]


def in_capitals(question: Question) -> Question:
    """The same in capitals."""
    return replace(question, question=question.question.upper())


def with_a_slip(question: Question, count: Callable[[str], int]) -> Question:
    """The same with two letters of its rarest word exchanged, one left out, doubled or another: always the same slip.

    `count` tells how often the documents hold a word. A question without a word of four letters stays as it is.
    """
    words = [word for word in question.question.split() if len(word) >= LONG_ENOUGH and word.isalpha()]
    if not words:
        return question
    word = min(words, key=lambda candidate: (count(candidate), -len(candidate)))
    chance = zlib.crc32(question.question.encode())
    at = 1 + chance // 4 % (len(word) - 2)
    slips = [
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + chr(ord("a") + chance % 26) + word[at + 1 :],
    ]
    return replace(question, question=question.question.replace(word, slips[chance % 4], 1))
