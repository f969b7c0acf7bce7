"""Recognise what a person asks for, by its wording alone (pure).

Most questions are for an answer, and are not requests of these kinds. A rule matches a whole question, so that one that
merely holds its words is still answered.
"""

import re
from dataclasses import dataclass
from typing import Literal

from qa.answer.request_patterns import (
    CANNOT,
    COUNT,
    DOCUMENTS,
    HELP,
    LABELS,
    NUMBER_WORDS,
    ORDINALS,
    OVERVIEW,
    OWN_NOUN,
    PLACE,
    POLITE,
    POLITE_END,
    POSSIBLE_OVERVIEW,
    UNNAMED_DOCUMENT,
)
from qa.answer.small_talk import SmallTalk, small_talk

RequestKind = SmallTalk | Literal["help", "count", "documents", "overview", "place", "cannot"]
_LABEL_OF = {word: label for label, words in LABELS.items() for word in words.split()}
_NUMBER_OF = {word: str(at) for words in (NUMBER_WORDS, ORDINALS) for at, word in enumerate(words, 1)}
_ANY_DOCUMENT = re.compile(
    r"(?:all |the )?(?:documents?|docs?|files?|papers?|texts?|anything|something|stuff|information|info)", re.IGNORECASE
)
_ROMAN = frozenset("ivxlc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request of a kind.

    `topic` is what documents are wanted about, or of which kind they are. `document` names the document, "" if the
    request names none. A place is a `label` and a `number` such as "section" and "4.2". `action` is what Footnote
    cannot do. If a request is uncertain, its wording is one of other questions too.
    """

    kind: RequestKind
    topic: str = ""
    document: str = ""
    label: str = ""
    number: str = ""
    action: str = ""
    is_uncertain: bool = False


def recognise(question: str) -> Request | None:
    """Recognise a request. Return None if the question is one to answer.

    >>> found = recognise("What does § 4.2 of the lease say?")
    >>> found.kind, found.label, found.number, found.document
    ('place', 'section', '4.2', 'the lease')
    >>> recognise("How many documents does a visa need?") is None
    True
    """
    text = " ".join(question.split())
    if found := small_talk(text):
        return Request(kind=found)
    text = POLITE_END.sub("", POLITE.sub("", text).strip())
    if not text:
        return None
    if HELP.fullmatch(text):
        return Request(kind="help")
    if cannot := CANNOT.fullmatch(text):
        return Request(kind="cannot", action=next(name for name, part in cannot.groupdict().items() if part))
    return _place(text) or _overview(text) or _documents(text)


def is_small_talk(question: str) -> bool:
    """Check whether a question is a greeting or the like, which no later question follows up."""
    found = recognise(question)
    return found is not None and found.kind in ("greeting", "thanks", "farewell", "help")


def _place(text: str) -> Request | None:
    for pattern in PLACE:
        found = pattern.fullmatch(text)
        if found is None:
            continue
        label = _LABEL_OF[(found["label"] or found["ordered"]).casefold()]
        number = (found["number"] or found["ordinal"]).casefold()
        number = _NUMBER_OF.get(number, number)
        if _is_number(number, label):
            return Request(kind="place", document=(found["document"] or "").strip(), label=label, number=number)
    return None


def _is_number(number: str, label: str) -> bool:
    """Check whether letters are a number: "part c" is none, but "part iv" and "appendix c" are."""
    return (
        number[0].isdigit()
        or label == "appendix"
        or number in ("i", "v")
        or (len(number) > 1 and set(number) <= _ROMAN)
    )


def _overview(text: str) -> Request | None:
    for is_uncertain, patterns in ((False, OVERVIEW), (True, POSSIBLE_OVERVIEW)):
        for pattern in patterns:
            if found := pattern.fullmatch(text):
                document = (found["document"] or "").strip()
                document = "" if UNNAMED_DOCUMENT.fullmatch(document) else document
                return Request(kind="overview", document=document, is_uncertain=is_uncertain)
    return None


def _documents(text: str) -> Request | None:
    if found := COUNT.fullmatch(text):
        return Request(kind="count", topic=_type(found["noun"]))
    for pattern in DOCUMENTS:
        if found := pattern.fullmatch(text):
            parts = found.groupdict()
            return Request(kind="documents", topic=parts.get("topic") or _type(parts.get("noun") or ""))
    for pattern in OWN_NOUN:
        if found := pattern.fullmatch(text):
            return Request(kind="documents", topic=found["own"], is_uncertain=True)
    return None


def _type(noun: str) -> str:
    """Return the noun if it names a type of documents, else ""."""
    return "" if _ANY_DOCUMENT.fullmatch(noun) else noun
