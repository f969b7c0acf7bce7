"""Read the earlier turns that a program sends with a question: a list of role and content.

A reply of Footnote may come back as its text alone. One that is no answer is recognised by how it begins.
"""

import re
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from qa.answer.respond import CANNOT, FAREWELL, GREETING, HELP, THANKS, WHICH_DOCUMENT
from qa.errors import HistoryError
from qa.types import DECLINED, UNCLEAR, UNSURE, Place, Turn

_FIXED = (
    DECLINED,
    UNCLEAR,
    UNSURE,
    WHICH_DOCUMENT,
    *CANNOT.values(),
    *(text.partition("{")[0] for text in (GREETING, HELP, THANKS, FAREWELL)),
)
_REFUSED = re.compile(
    rf"(?:{'|'.join(map(re.escape, _FIXED))}|No document (?:is about|mentions|is called) |There are no documents "
    r"|“[^”]*” is not a date: |\d+ documents have (?:this name|\w+ \S+)\. Which one|The documents have no \w+ \S+\."
    r"|\S+ has no \w+ \S+\.)"
)
# What the command prints around an answer: what was searched, numbers of footnotes, and the footnotes.
_NOTE = re.compile(
    r"\A(?:(?:(?:Understood as a follow-up to|Searched for|Limited to|Not written|Written in part): "
    r"|Your documents are in |Written by [^\n]* at (?=\S+\n\n)|\d+ sentences? (?:is|are) left out, )[^\n]*\n\s*)+"
)
_FOOTNOTE = re.compile(r"^\[\^?\d+\](?:: | )\S.*$", re.MULTILINE)
_NUMBER = re.compile(r" ?\[\^?\d+\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cited:
    document: str
    start: int
    end: int
    section: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    role: Literal["user", "assistant"]
    content: str
    citations: list[_Cited] | None = None


_HISTORY = TypeAdapter(list[_Entry])


def read_history(history: object) -> tuple[Turn, ...]:
    """Read a list of objects with `role` ("user" or "assistant") and `content`. An answer may bring its `citations`.

    Raises:
        HistoryError: the history has another form.
    """
    try:
        entries = _HISTORY.validate_python(history)
    except ValidationError as error:
        raise HistoryError(_problem(error.errors()[0]["loc"])) from error
    turns: list[Turn] = []
    for entry in entries:
        if entry.role == "user":
            turns.append(Turn(entry.content))
        elif turns and (text := _answer_in(entry.content)):
            turns[-1] = _answered(turns[-1], entry, text)
    return tuple(turns)


def _answer_in(content: str) -> str:
    """Return the answer of a reply, without notes and footnotes; "" if the reply is none.

    >>> _answer_in("The documents do not answer this. They do not mention Kandji.")
    ''
    >>> _answer_in("Searched for: tea\\n\\nSteep it.[^1]\\n\\n[^1]: tea.md, Green")
    'Steep it.'
    """
    text = _NOTE.sub("", content.strip())
    return "" if _REFUSED.match(text) else _NUMBER.sub("", _FOOTNOTE.sub("", text)).strip()


def _answered(turn: Turn, entry: _Entry, text: str) -> Turn:
    """Add an assistant's message to the question before it."""
    cited = entry.citations or []
    places = (*turn.places, *(Place(one.document, one.start, one.end) for one in cited))
    sections = dict.fromkeys(one.section for one in cited if one.section)
    return Turn(turn.question, f"{turn.answer} {text}".strip(), places, tuple(sections))


def _problem(where: tuple[Any, ...]) -> str:
    """Say which part of a history is wrong, by the place that pydantic names."""
    match where:
        case (int(number), "citations", *_):
            must = "must be a list of objects with document, start and end"
            return f"The citations of entry {number + 1} of the history {must}."
        case (int(number), *_):
            must = 'must be an object with the role "user" or "assistant" and a text as content'
            return f"Entry {number + 1} of the history {must}."
        case _:
            return "The history is not a list: send a list of objects with role and content."
