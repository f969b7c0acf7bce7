"""Read the earlier turns that a program sends with a question: a list of role and content."""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from qa.errors import HistoryError
from qa.types import DECLINED, UNCLEAR, Place, Turn


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
        elif turns and entry.content.strip() not in (DECLINED, UNCLEAR):
            turns[-1] = _answered(turns[-1], entry)
    return tuple(turns)


def _answered(turn: Turn, entry: _Entry) -> Turn:
    """Add an assistant's message to the question before it."""
    cited = entry.citations or []
    places = (*turn.places, *(Place(one.document, one.start, one.end) for one in cited))
    sections = dict.fromkeys(one.section for one in cited if one.section)
    return Turn(turn.question, f"{turn.answer} {entry.content}".strip(), places, tuple(sections))


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
