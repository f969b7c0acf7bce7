"""Split a question with two parts, and a comparison of two things, into complete questions."""

import re
from dataclasses import dataclass

from index.text.analysis import is_function_word, name_text, query_words, stems
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
    r"(?P<second>(?:an? |the )?[\w.+#-]+(?: \d[\w.]*| [\w.+#-]+(?=[,:]|,? (?:for|in|on|at|when|with|within)\b))?)",
    re.IGNORECASE,
)
_THING = r"(?:an? |the )?[\w.+#'’-]+(?: (?!and\b|or\b)[\w.+#'’-]+){0,3}?"
# What is compared, if it is named: "compare the weight of A and B".
_BETWEEN = re.compile(
    r"\b(?:(?:difference|distinction|comparison)s? between|compare|distinguish(?:es)?)"
    rf"(?: (?P<what>[\w' -]+? (?:of|in|for|at)))? (?P<first>{_THING}) (?:and|from|to|with|vs\.?|versus) "
    rf"(?P<second>{_THING})(?P<rest>,? (?:in|on|for|at|when|by|regarding|as|during)\b.*?)?\W*$",
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
    return _both_things(question) or _two_sides(question)


def _both_things(question: str) -> tuple[SubQuestion, ...]:
    """Return what each of two things is, or the same of both, if a question asks how they differ.

    >>> [part.question for part in _both_things("What's the difference between an e-scooter and an e-bike?")]
    ['what is an e-scooter', 'what is an e-bike']
    >>> [part.question for part in _both_things("compare the weight of the robot and the lite")]
    ['the weight of the robot', 'the weight of the lite']
    """
    found = _BETWEEN.search(question)
    if not found:
        return ()
    what, rest = found["what"] or ("" if found["rest"] else "what is"), found["rest"] or ""
    context = (ContextText(question, CONTEXT_WEIGHT),)
    sides = [side for side in (found["first"], found["second"]) if _may_be_side(side)]
    if len(sides) != 2:
        return ()
    return tuple(SubQuestion(f"{what} {side}{rest}".strip(), context, side) for side in sides)


def _may_be_side(side: str) -> bool:
    """Say whether a word of a side is about a subject."""
    return any(not is_function_word(word) for word in side.split())


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
    sides = [side for side in (found["first"], found["second"]) if _telling(side) and _may_be_side(side)]
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


def is_held(side: str, text: str) -> bool:
    """Say whether a text holds the words of a side, numbers included.

    >>> is_held("sev 2", "SEV-2: Critical issue"), is_held("sev 2", "SEV-3: Minor issue, 2 hours")
    (True, True)
    >>> is_held("the T4", "name: T4; memory: 16"), is_held("sev 2", "SEV-3: Minor issue")
    (True, False)
    """
    held = set(stems(text))
    return all(word.term in held for word in query_words(side))
