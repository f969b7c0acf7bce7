"""The functions that other programs may call: the same as the page does, as data."""

import dataclasses
import json
import time
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import gradio as gr

from index.errors import FootnoteError
from qa.errors import UsageError
from qa.formatting import hit_json, to_json
from qa.history import read_history
from qa.service import MAX_QUESTION_CHARACTERS, AskOptions, QAService
from qa.web.contracts import MAX_HITS
from qa.web.library import Library

P = ParamSpec("P")
T = TypeVar("T")


def as_gradio_error(function: Callable[P, T]) -> Callable[P, T]:
    """Turn a FootnoteError of a function into Gradio's error, so that callers see its sentence."""

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except FootnoteError as error:
            raise gr.Error(str(error), print_exception=False) from None

    return call


class Api:
    """Answer, search, report the status and start a build."""

    def __init__(self, library: Library, service: QAService) -> None:
        self._library = library
        self._service = service

    def ask(self, question: str) -> dict[str, Any]:
        """Answer one question with sentences quoted from the documents, each cited, or say that they contain no
        answer."""
        return self.reply(question)

    def converse(self, question: str, history: list[dict[str, Any]]) -> dict[str, Any]:
        """Answer a question of a conversation. The history lists earlier messages, oldest first, each with a role
        ("user" or "assistant") and its content."""
        return self.reply(question, history)

    def reply(
        self,
        question: str,
        history: object = (),
        k: int = 5,
        only: Sequence[str] = (),
        is_written: bool = True,
        with_receipt: bool = False,
    ) -> dict[str, Any]:
        """Answer a question after earlier messages, from the documents `only` if there are some, with `k` hits.

        If a language model is connected and `is_written`, it writes the answer. `with_receipt` adds the `receipt`.
        """
        started = time.perf_counter()
        question = _text("question", question)
        _text("history", json.dumps(history, ensure_ascii=False))
        turns = read_history(history) if history else ()
        reply = self._service.ask(question, turns, AskOptions(k=k, only=only, is_written=is_written))
        data = to_json(reply, time.perf_counter() - started)
        return data | {"receipt": dataclasses.asdict(self._service.receipt(reply))} if with_receipt else data

    def search(self, query: str, k: int = 5) -> list[dict[str, Any]]:
        """Find the k passages that match a query best, best first, each with its place and its scores."""
        if not isinstance(k, int) or not 1 <= k <= MAX_HITS:
            raise UsageError(f"k: send a whole number from 1 to {MAX_HITS}.")
        found = self._library.search(_text("query", query).strip()[:MAX_QUESTION_CHARACTERS], k)
        return [hit_json(hit, rank) for rank, hit in enumerate(found.hits, 1)]

    def status(self) -> dict[str, Any]:
        """Report what the index contains, how the folder differs from it, and whether a build is running."""
        library = self._library
        status = library.status()
        report: dict[str, Any] = {
            "building": library.is_building,
            "problem": library.problem,
            "built": status is not None,
        }
        if library.is_building and library.progress:
            report["progress"] = dataclasses.asdict(library.progress)
        if status:
            report |= dataclasses.asdict(status.description)
            report["difference"] = dataclasses.asdict(status.difference)
            report["unread"] = list(status.unread)
        return report

    def build(self) -> dict[str, Any]:
        """Update the index if no build is running; return the status."""
        self._library.start_build()
        return self.status()


def _text(name: str, value: object) -> str:
    """Return a text that a program sent.

    Raises:
        UsageError: it is no text, or not valid Unicode.
    """
    if not isinstance(value, str):
        raise UsageError(f"{name}: send a text.")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise UsageError(f"{name}: the text is not valid Unicode.") from error
    return value
