"""Split a question with two parts, and a comparison of two things, into complete questions."""

import re
from dataclasses import dataclass

from index.text.analysis import name_text, query_words, stems
from index.types import ContextText

CONTEXT_WEIGHT = 0.5
_ASKING = (
    "who|whom|whose|what|when|where|which|why|how|is|are|was|were|do|does|did|can|could|should|will|would|may|must|has"
    "|have"
)
_TWO_QUESTIONS = re.compile(rf"[?,;]*\s+(?:and|or|but)(?: also)?\s+(?=(?:{_ASKING})(?:['’]?s)?\b)|\?\s+(?=\w)", re.I)
_TWO_THINGS = re.compile(
    r"(?:^|\s)(what(?:['’]?s| is| are)? the [\w -]+?),? and (the [\w -]+?)(?=,? (?:on|in|at|for|of|during)\b|\W*$)",
    re.I,
)
_SIDES = re.compile(
    r"(?P<first>[\w.+#-]+(?: (?!and\b|or\b|is\b|are\b)[\w.+#-]+)?),? "
    r"(?:vs\.?|versus|or|and|compared (?:to|with)) "
    r"(?P<second>(?:an? |the )?[\w.+#-]+)",
    re.IGNORECASE,
)
_COMPARES = re.compile(
    r"\b(?:vs|versus|compar\w+|differen\w+|differs?|both|better|more|less|longer|larger|cheaper|faster|or)\b"
    r"|\bhow do\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SubQuestion:
    """A part of a question, and the rest of it as context.

    `side` names the thing that is compared, if it is a side of a comparison.
    """

    question: str
    context: tuple[ContextText, ...] = ()
    side: str = ""


def split(question: str) -> tuple[SubQuestion, ...]:
    """Return the two parts of a question; nothing if it has one.

    >>> [part.question for part in split("How do I set up a firewall and how do I configure the timezone?")]
    ['How do I set up a firewall', 'how do I configure the timezone?']
    >>> [part.question for part in split("Who pays more, Quellwerk or Nordlicht?")]
    ['Who pays more, Quellwerk?', 'Who pays more, Nordlicht?']
    >>> split("How are tea and coffee grown?")
    ()
    """
    found = _two_questions(question) or _two_things(question)
    if len(found) == 2 and all(map(_telling, found)):
        first, second = found
        return (
            SubQuestion(first, (ContextText(second, CONTEXT_WEIGHT),)),
            SubQuestion(second, (ContextText(first, CONTEXT_WEIGHT),)),
        )
    return _two_sides(question)


def _telling(text: str) -> list[str]:
    return [word.term for word in query_words(text) if len(word.term) > 1]


def _two_questions(question: str) -> list[str]:
    parts = [part.strip() for part in _TWO_QUESTIONS.split(question) if part.strip()]
    return parts if len(parts) == 2 else []


def _two_things(question: str) -> list[str]:
    found = _TWO_THINGS.search(question)
    if not found:
        return []
    rest = question[found.end() :]
    return [f"{found[1]}{rest}", f"what is {found[2]}{rest}"]


def _two_sides(question: str) -> tuple[SubQuestion, ...]:
    found = _SIDES.search(question) if _COMPARES.search(question) else None
    if not found:
        return ()
    before, after = question[: found.start()], question[found.end() :]
    sides = [side for side in (found["first"], found["second"]) if _telling(side)]
    if len(sides) != 2 or not _telling(before + after):
        return ()
    return tuple(SubQuestion(" ".join(f"{before}{side}{after}".split()), side=side) for side in sides)


def is_named(side: str, path: str) -> bool:
    """Say whether a file's name or folders hold the words of a side.

    >>> is_named("the Quellwerk", "quellwerk/pay.md"), is_named("tea", "quellwerk/pay.md")
    (True, False)
    """
    held = set(stems(name_text(path)))
    return all(term in held for term in _telling(side))
