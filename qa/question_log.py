"""Questions that were asked, with what was quoted, so that it can be told which answers are different now."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from qa.types import Answer, NoAnswer

FILE_NAME = "asked.jsonl"
MOST_KEPT = 500
Quotes = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the quotes of its last answer, each with its document; none where it was declined."""

    question: str
    quotes: Quotes


@dataclass(frozen=True, slots=True)
class Changed:
    """A question whose quotes are others now."""

    question: str
    before: Quotes
    after: Quotes


def remember(folder: Path, reply: Answer | NoAnswer) -> None:
    """Keep a reply in a folder, of the last 500 questions; not one whose question leans on others, since alone it would
    mean something else. Where it cannot be written, it is not kept."""
    if reply.follows:
        return
    entry = {"question": reply.question, "quotes": quotes(reply)}
    path = folder / FILE_NAME
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
            full = file.tell() > MOST_KEPT * 2_000
        if full:
            kept = [json.dumps({"question": old.question, "quotes": old.quotes}) for old in asked(folder)]
            path.write_text("\n".join(kept) + "\n", "utf-8")
    except OSError:
        return


def asked(folder: Path) -> list[Asked]:
    """The last 500 different questions, the one asked last at the end; what cannot be read is passed over."""
    found: dict[str, Asked] = {}
    for entry in _lines(folder / FILE_NAME):
        found.pop(entry.question, None)
        found[entry.question] = entry
    return list(found.values())[-MOST_KEPT:]


def changes(known: list[Asked], ask: Callable[[str], Answer | NoAnswer]) -> list[Changed]:
    """Those questions that are answered by other quotes now."""
    now = ((old, quotes(ask(old.question))) for old in known)
    return [Changed(old.question, old.quotes, after) for old, after in now if after != old.quotes]


def quotes(reply: Answer | NoAnswer) -> Quotes:
    """What a reply quotes, each with its document."""
    citations = reply.citations if isinstance(reply, Answer) else ()
    return tuple((citation.passage.path, citation.quote) for citation in citations)


def _lines(path: Path) -> Iterator[Asked]:
    try:
        written = path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return
    for line in written:
        try:
            entry = json.loads(line)
            yield Asked(str(entry["question"]), tuple((str(where), str(quote)) for where, quote in entry["quotes"]))
        except (ValueError, KeyError, TypeError):
            continue
