"""Keep the questions that were asked and what was quoted, to find the answers that change.

The log is one file of JSON lines. A line is appended by a single write under a file lock, so parallel writers and
crashes cannot mix lines. A line that cannot be read is skipped. Only a line feed separates lines, since questions and
quotes may hold Unicode's other line separators.
"""

import json
import logging
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from io import FileIO
from pathlib import Path

from filelock import FileLock
from pydantic import TypeAdapter, ValidationError

from index.atomic_write import atomic_write
from qa.types import Answer, NoAnswer

FILE_NAME = "asked.jsonl"
MAX_QUESTIONS = 500
_MAX_LINES = 2 * MAX_QUESTIONS  # the file is rewritten once in 500 questions
_MODE = 0o600
_LOCK_TIMEOUT = 2.0  # seconds
_LOGGER = logging.getLogger("footnote")
Quotes = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedQuestion:
    """A question and the quotes of its last answer, each with its document. A declined question has no quotes."""

    question: str
    quotes: Quotes


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerChange:
    """A question that is answered by other quotes now."""

    question: str
    before: Quotes
    after: Quotes


_LINE = TypeAdapter(LoggedQuestion)


class QuestionLog:
    """The log in the folder of an index. Safe to share between threads and processes."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._size = -1  # of the file after the last append, to notice other writers
        self._lines = 0

    def append(self, reply: Answer | NoAnswer) -> None:
        """Log a reply. Follow-ups are left out, since they mean something else when they are asked alone.

        A log that cannot be written is not an error: the reply is then not logged.
        """
        if reply.follows:
            return
        line = _written(LoggedQuestion(question=reply.question, quotes=quotes(reply)))
        try:
            with self._lock():
                self._append(line)
        except OSError as error:
            _LOGGER.info("The question was not logged in %s: %s", self._path, error)

    def entries(self) -> list[LoggedQuestion]:
        """Read the last 500 different questions. The one asked last is at the end."""
        found: dict[str, LoggedQuestion] = {}
        for entry in self._read():
            found.pop(entry.question, None)
            found[entry.question] = entry
        return list(found.values())[-MAX_QUESTIONS:]

    def _append(self, line: bytes) -> None:
        self._path.touch(_MODE)
        self._path.chmod(_MODE)  # a file of an older version may be readable by all
        with self._path.open("a+b", buffering=0) as file:
            size = file.seek(0, os.SEEK_END)
            if size != self._size:
                self._lines = self._path.read_bytes().count(b"\n")
            is_torn = size > 0 and self._last_byte(file, size) != b"\n"  # by a crash
            self._size = size + (file.write(b"\n" * is_torn + line) or 0)
        self._lines += 1 + is_torn
        if self._lines > _MAX_LINES:
            self._compact()

    @staticmethod
    def _last_byte(file: FileIO, size: int) -> bytes:
        file.seek(size - 1)
        return file.read(1)

    def _compact(self) -> None:
        """Rewrite the file with the questions that `entries` returns."""
        lines = [_written(entry) for entry in self.entries()]
        with atomic_write(self._path, _MODE) as file:
            file.writelines(lines)
        self._lines, self._size = len(lines), sum(map(len, lines))

    def _read(self) -> Iterable[LoggedQuestion]:
        try:
            lines = self._path.read_bytes().split(b"\n")
        except OSError:
            return
        for line in lines:
            with suppress(ValidationError):
                yield _LINE.validate_json(line)

    def _lock(self) -> FileLock:
        return FileLock(self._path.with_suffix(".lock"), timeout=_LOCK_TIMEOUT, mode=_MODE)


def diff(known: Iterable[LoggedQuestion], ask: Callable[[str], Answer | NoAnswer]) -> list[AnswerChange]:
    """Ask logged questions again and return those that are answered by other quotes now."""
    now = ((old, quotes(ask(old.question))) for old in known)
    return [
        AnswerChange(question=old.question, before=old.quotes, after=after) for old, after in now if after != old.quotes
    ]


def quotes(reply: Answer | NoAnswer) -> Quotes:
    """List what a reply quotes, each with its document."""
    citations = reply.citations if isinstance(reply, Answer) else ()
    return tuple((citation.passage.path, citation.quote) for citation in citations)


def _written(entry: LoggedQuestion) -> bytes:
    return json.dumps(asdict(entry), ensure_ascii=False).encode("utf-8", "replace") + b"\n"
