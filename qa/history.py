"""Read a conversation that another program sends: a list of role and content."""

from typing import Any

from index.errors import FootnoteError
from qa.types import DECLINED, UNCLEAR, Place, Turn


def read_history(history: object) -> tuple[Turn, ...]:
    """The turns of a conversation as programs tell it: a list of objects with `role`, "user" or "assistant", and
    `content`; an answer of Footnote's own may bring its `citations`.

    Raises:
        FootnoteError: it is something else.
    """
    if not isinstance(history, list):
        raise FootnoteError("The history is not a list: it must be one of objects with role and content.")
    turns: list[Turn] = []
    for number, entry in enumerate(history, 1):
        role, content = (entry.get("role"), entry.get("content")) if isinstance(entry, dict) else (None, None)
        if role not in ("user", "assistant") or not isinstance(content, str):
            message = 'must be an object with the role "user" or "assistant" and a text as content'
            raise FootnoteError(f"Entry {number} of the history {message}.")
        if role == "user":
            turns.append(Turn(content))
        elif turns and content.strip() not in (DECLINED, UNCLEAR):
            places, sections = _citations(entry.get("citations") or [], number)
            last = turns[-1]
            turns[-1] = Turn(last.question, f"{last.answer} {content}".strip(), last.places + places, sections)
    return tuple(turns)


def _citations(citations: Any, number: int) -> tuple[tuple[Place, ...], tuple[str, ...]]:
    try:
        places = tuple((str(entry["document"]), int(entry["start"]), int(entry["end"])) for entry in citations)
        sections = dict.fromkeys(str(entry.get("section") or "") for entry in citations)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        message = "must be a list of objects with document, start and end"
        raise FootnoteError(f"The citations of entry {number} of the history {message}.") from error
    return places, tuple(filter(None, sections))
