"""Files of questions, and the questions made harder: with a slip of the finger, or in capitals."""

import json
import random
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.errors import FootnoteError
from index.types import Span
from qa.history import read_history
from qa.types import Turn

LONG_ENOUGH = 4
SQUAD = ".json"
_WANTED = 'write {"question": "…", "answers": ["…"], "document": "…"} on each line, the last two if they are known'
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
    is_off_topic: bool = False
    turns: tuple[Turn, ...] = ()
    documents: tuple[str, ...] = ()
    label: str = ""

    @property
    def kind(self) -> str:
        """Whether it can be answered from the documents: answerable, unanswerable or foreign; or underspecified."""
        if self.is_off_topic:
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
        FootnoteError: the file cannot be opened, holds no question, or is neither of SQuAD's layout nor JSON lines.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise FootnoteError(f"{path} cannot be opened ({error.strerror}): name a file of questions.") from error
    except UnicodeError as error:
        raise FootnoteError(f"{path.name} is not text in UTF-8: save it as that.") from error
    if path.suffix.lower() == SQUAD:
        try:
            questions, documents = _read_squad(json.loads(text))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise FootnoteError(
                f"{path.name} is not of SQuAD's layout ({error!r}): name lines of JSON .jsonl, not {SQUAD}."
            ) from error
    else:
        lines = enumerate(text.split("\n"), 1)  # other marks may stand in a text
        questions, documents = [_read_line(path.name, number, line) for number, line in lines if line.strip()], {}
    if not questions:
        raise FootnoteError(f"{path.name} holds no question: {_WANTED}.")
    return questions, documents


def read_lines(path: Path) -> list[Question]:
    """The questions of a file that are for the documents which are there.

    Raises:
        FootnoteError: it brings its own documents, or cannot be read.
    """
    if path.suffix.lower() == SQUAD:
        raise FootnoteError(
            f"{path.name} is of SQuAD's layout and brings its own documents: evaluate it with python -m qa evaluate."
        )
    return read_questions(path)[0]


def _read_line(name: str, number: int, line: str) -> Question:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        entry = None
    fields = entry if isinstance(entry, dict) else {}
    question, document, label = fields.get("question", ""), fields.get("document", ""), fields.get("answerability", "")
    lists = {key: fields.get(key, []) for key in ("answers", "documents")}
    spoiled = [
        key for key, value in lists.items() if not isinstance(value, list) or not all(_is_text(text) for text in value)
    ]
    if not isinstance(entry, dict):
        wrong = "is no JSON object"
    elif not _is_text(question):
        wrong = 'has no "question"'
    elif spoiled:
        wrong = f'has "{spoiled[0]}" that are no list of texts'
    elif not isinstance(document, str):
        wrong = 'has a "document" that is no text'
    elif not isinstance(label, str):
        wrong = 'has an "answerability" that is no text'
    else:
        turns = read_history(fields.get("history", []))
        answers, documents = map(tuple, lists.values())
        return Question(question, answers, document, turns=turns, documents=documents, label=label.lower())
    raise FootnoteError(f"Line {number} of {name} {wrong}: {_WANTED}.")


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


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
