"""Recognise what a person asks for, by its wording alone (pure).

Most questions are for an answer, and are not requests of these kinds. A rule matches a whole question, so that one that
merely holds its words is still answered.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import DamerauLevenshtein

from qa.answer import german_patterns as german
from qa.answer.place_numbers import LABEL_OF, in_digits, is_number
from qa.answer.request_patterns import (
    CANNOT,
    COUNT,
    DOCUMENTS,
    EVERYTHING,
    HELP,
    IN_FOLDER,
    LAST_MEETING,
    NEWEST,
    OVERVIEW,
    OWN_NOUN,
    PAGES,
    PLACE,
    POLITE,
    POLITE_END,
    POSSIBLE_OVERVIEW,
    UNNAMED_DOCUMENT,
)
from qa.answer.small_talk import SmallTalk, small_talk

RequestKind = (
    SmallTalk | Literal["help", "everything", "count", "documents", "overview", "place", "newest", "pages", "cannot"]
)
_ANY_DOCUMENT = re.compile(
    r"(?:all |the |alle )?(?:documents?|docs?|files?|anything|something|stuff|information|info"
    r"|dokumente?n?|dateien|unterlagen)",
    re.IGNORECASE,
)
_MENTIONS = re.compile(r"\b(?:mention(?:s|ing)?|contain(?:s|ing)?|erwähnen|enthalten)\b", re.IGNORECASE)
_HOW_MANY = re.compile(r"how many\b", re.IGNORECASE)
_REQUEST_WORDS = frozenset(
    "summarise summarize summary overview document documents contents chapter section outline translate".split()
)
_OTHER_WORDS = frozenset("charter chapters content sections documented overviews outlined outlines translated".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request of a kind.

    `topic` is what documents are wanted about, or of which kind they are. `document` names the document, "" if the
    request names none. A place is a `label` and a `number` such as "section" and "4.2". `action` is what Footnote
    cannot do, and `topic` is then what to add up. If a request is uncertain, its wording is one of other questions too.
    The topic of a request for a group must be a folder or a type of documents. Of a `is_mention`, every
    document is wanted that holds the words.
    """

    kind: RequestKind
    topic: str = ""
    document: str = ""
    label: str = ""
    number: str = ""
    action: str = ""
    is_uncertain: bool = False
    is_group: bool = False
    is_mention: bool = False


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
    text = _spelled(POLITE_END.sub("", POLITE.sub("", text).strip()))
    if not text:
        return None
    if HELP.fullmatch(text) or german.HELP.fullmatch(text):
        return Request(kind="help")
    if EVERYTHING.fullmatch(text):
        return Request(kind="everything")
    return (
        _cannot(text)
        or _about_files(text)
        or _place(text)
        or _overview(text, is_uncertain=False)
        or _documents(text)
        or _overview(text, is_uncertain=True)
    )


def is_small_talk(question: str) -> bool:
    """Check whether a question is a greeting or the like, which no later question follows up."""
    found = recognise(question)
    return found is not None and found.kind in ("greeting", "thanks", "farewell", "help")


def _spelled(text: str) -> str:
    """Correct typos in the words by which requests are recognised.

    >>> _spelled("sumarise the charter"), _spelled("which docuemnts mention tea")
    ('summarise the charter', 'which documents mention tea')
    """

    def correct(found: re.Match[str]) -> str:
        word = found[0].casefold()
        if word in _REQUEST_WORDS or word in _OTHER_WORDS:
            return found[0]
        near = [one for one in _REQUEST_WORDS if DamerauLevenshtein.distance(word, one, score_cutoff=1) <= 1]
        return near[0] if near else found[0]

    return re.sub(r"[^\W\d_]{6,}", correct, text)


def _cannot(text: str) -> Request | None:
    found = CANNOT.fullmatch(text) or german.CANNOT.fullmatch(text)
    if found is None:
        return None
    parts = {name: part for name, part in found.groupdict().items() if part}
    figures = parts.pop("figures", "") or parts.pop("counted", "")
    return Request(kind="cannot", action=next(iter(parts), "add"), topic=figures)


def _about_files(text: str) -> Request | None:
    """Recognise a request for the newest documents, or for the number of pages of one."""
    if found := NEWEST.fullmatch(text):
        order = found["newest"] or found["latest"] or found["new"]
        noun = found["noun"] or found["nouns"] or found["kind"]
        is_oldest = order.casefold() in ("oldest", "earliest")
        return Request(kind="newest", topic=_type(noun), number="oldest" if is_oldest else "newest")
    if found := LAST_MEETING.fullmatch(text):
        is_oldest = (found["last"] or found["new"]).casefold() in ("first", "earliest")
        topic = found["noun"] or found["kind"]
        return Request(kind="newest", topic=topic, number="oldest" if is_oldest else "newest", is_uncertain=True)
    if found := PAGES.fullmatch(text):
        label = found["unit"].casefold()
        return Request(kind="pages", document=found["document"], label=label, is_uncertain=True)
    return None


def _place(text: str) -> Request | None:
    for pattern in PLACE:
        found = pattern.fullmatch(text)
        if found is None:
            continue
        label = LABEL_OF[(found["label"] or found["ordered"]).casefold()]
        number = (found["number"] or found["ordinal"]).casefold()
        if is_number(number, label):
            document = (found["document"] or "").strip()
            return Request(kind="place", document=document, label=label, number=in_digits(number))
    return None


def _overview(text: str, *, is_uncertain: bool) -> Request | None:
    certain, possible = (*OVERVIEW, *german.OVERVIEW), (*POSSIBLE_OVERVIEW, *german.POSSIBLE_OVERVIEW)
    for pattern in possible if is_uncertain else certain:
        if found := pattern.fullmatch(text):
            document = (found["document"] or "").strip()
            document = "" if UNNAMED_DOCUMENT.fullmatch(document) else document
            return Request(kind="overview", document=document, is_uncertain=is_uncertain)
    return None


def _documents(text: str) -> Request | None:
    if found := COUNT.fullmatch(text) or german.COUNT.fullmatch(text):
        return Request(kind="count", topic=_type(found["noun"]))
    if found := _first((*DOCUMENTS, *german.DOCUMENTS), text):
        parts = found.groupdict("")
        topic = parts.get("topic", "")
        before = text[: found.start("topic")] if topic else ""
        topic = topic.strip('"“”„') or _type(parts.get("noun", ""))
        return Request(kind="documents", topic=topic, is_mention=bool(_MENTIONS.search(before)))
    for patterns, is_group in ((OWN_NOUN, False), (IN_FOLDER, True)):
        if found := _first(patterns, text):
            kind: RequestKind = "count" if _HOW_MANY.match(text) else "documents"
            return Request(kind=kind, topic=found["own"], is_uncertain=True, is_group=is_group)
    return None


def _first(patterns: Iterable[re.Pattern[str]], text: str) -> re.Match[str] | None:
    """Return the match of the first of some patterns that matches a whole text."""
    return next(filter(None, (pattern.fullmatch(text) for pattern in patterns)), None)


def _type(noun: str) -> str:
    """Return the noun if it names a type of documents, else ""."""
    return "" if _ANY_DOCUMENT.fullmatch(noun) else noun
