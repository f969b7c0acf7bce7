"""Files of questions, and the questions made harder: with a slip of the finger, or in capitals."""

import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from index.errors import FootnoteError
from index.types import Span

LONG_ENOUGH = 4


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the strings of which a quote must hold one (none: the documents do not answer it), and where
    the right passage stands, as far as that is known. A foreign question was written about other documents."""

    question: str
    answers: tuple[str, ...]
    document: str = ""
    span: Span | None = None
    is_foreign: bool = False

    @property
    def kind(self) -> str:
        """Whether it can be answered from the documents: answerable, unanswerable or foreign."""
        return "foreign" if self.is_foreign else "answerable" if self.answers else "unanswerable"


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
