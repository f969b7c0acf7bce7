"""Rewrite a follow-up into a whole question with a language model, and search a question part by part."""

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from itertools import zip_longest
from typing import Protocol

from index.types import ContextText, Hit, Passage, SearchResult
from qa.answer.subquestions import split
from qa.answer.wording import asks_for_more, asks_for_source
from qa.errors import WritingError
from qa.types import Answer, NoAnswer, Turn
from qa.written.connection import Chunk, Message
from qa.written.prompt import rewriting

REWRITE_SECONDS = 6.0
MAX_REWRITTEN_CHARACTERS = 300

Search = Callable[[str, int, Sequence[ContextText]], SearchResult]


class Completing(Protocol):
    """A connection to a language model that gives up after some seconds."""

    def stream(self, messages: Sequence[Message], seconds: float | None = None) -> Generator[Chunk]: ...


def is_rewritable(reply: Answer | NoAnswer) -> bool:
    """Say whether a reply is to a follow-up that can be asked as a whole question."""
    question = reply.question
    is_question = reply.kind in ("answer", "none") and not asks_for_more(question) and not asks_for_source(question)
    return bool(reply.follows) and is_question


def rewrite(question: str, turns: Sequence[Turn], connection: Completing) -> str:
    """Return a follow-up as a whole question, or "" if the language model fails, is slow or writes something else."""
    written = ""
    deadline = time.monotonic() + REWRITE_SECONDS
    try:
        with closing(connection.stream(rewriting(question, turns), REWRITE_SECONDS)) as stream:
            for chunk in stream:
                written += chunk.text
                if time.monotonic() > deadline or len(written) > 2 * MAX_REWRITTEN_CHARACTERS:
                    return ""
    except WritingError:
        return ""
    return _question_in(written)


def _question_in(written: str) -> str:
    """Return the question that a language model wrote, or "" if it wrote something else.

    >>> _question_in('"Who paid for the railway?"\\n'), _question_in("Sure! Here is it:\\nWho paid for it?")
    ('Who paid for the railway?', '')
    """
    text = written.strip().strip("\"“”'*").strip()
    is_one = text.endswith("?") and "\n" not in text and text.count("?") <= 2
    return text if is_one and len(text) <= MAX_REWRITTEN_CHARACTERS else ""


def hits_to_write_from(reply: Answer | NoAnswer, search: Search | None, count: int) -> tuple[Hit, ...]:
    """Return the passages to write from, best first: in turn those of each part of the question, and of the whole.

    Passages that are quoted come first. Without `search`, the question is not searched part by part.
    """
    hits = reply.hits if isinstance(reply, Answer) else reply.nearest
    parts = split(reply.searched or reply.question) if search else ()
    found = [search(part.question, count, part.context).hits for part in parts] if search else []
    in_turn = {_place(hit.passage): hit for row in zip_longest(*found, hits) for hit in row if hit}
    quoted = {_place(one.passage): Hit(passage=one.passage, score=0.0) for one in reply.citations}
    return tuple((quoted | in_turn).values())


def _place(passage: Passage) -> tuple[str, int]:
    return passage.path, passage.start
