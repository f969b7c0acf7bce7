"""Recognise what kind of thing a question asks for, and whether a text holds one that the question does not."""

import re
from functools import lru_cache

_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
)
_NUMBERS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|million|billion|half"
_TIME = re.compile(
    rf"\b(?:\d{{3,4}}s?|{_MONTHS}|\d{{1,2}}(?:st|nd|rd|th)|\d{{1,2}}:\d\d|\d{{1,2}} ?[ap]\.?m\b"
    r"|[Cc]entur(?:y|ies)|[Dd]ecades?)\b"
)
_NUMBER = re.compile(rf"\d[\d.,]*|\b(?:{_NUMBERS}|percent|third|quarter|twice|once)\b", re.IGNORECASE)
_NAME = re.compile(r"(?<=[^.!?] )[\"“'(]?([A-Z][\w.'’-]+)|\b([\w.+-]+@[\w-]+\.\w+)")
_KINDS = (
    (_TIME, r"when|when['’]?s|how long ago|(?:what|which) (?:year|date|day|month|decade|century|time)"),
    (
        _NUMBER,
        r"how (?:many|much|long|old|tall|far|high|large|big|often|fast|deep|wide|heavy|soon|quick(?:ly)?)"
        r"|what(?:['’]?s| is| are| was| were)?(?: the)? (?:percentage|percent|number|amount|age|proportion|fraction"
        r"|population|price|cost|most|maximum|minimum|limit|size|length|fee|rate)",
    ),
    (
        _NAME,
        r"who|whom|whose|who['’]?s|where|where['’]?s"
        r"|(?:what|which) (?:person|country|city|state|company|organi[sz]ation)",
    ),
)
_ASKED = [(kind, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for kind, words in _KINDS]
_SUBJECT = r"(?:an? |the )?(?P<{}>[\w'’+./-]+(?: [\w'’+./-]+){{0,4}}?)"
_DEFINITION = re.compile(
    rf"\W*(?:(?:so|and|ok|okay|well|please|hi|hello)[ ,]+)*(?:"
    rf"(?:what(?:['’]?s| is| are)|who(?:['’]?s| is)|define|definition of|meaning of) {_SUBJECT.format('a')}"
    rf"|(?:explain|tell me|describe)(?: to me)?(?: what)? {_SUBJECT.format('b')}(?: (?:is|are|means?))"
    rf"|what (?:do|does) {_SUBJECT.format('c')} (?:mean|stand for)"
    rf"|{_SUBJECT.format('d')}[ ,–-]+what (?:is|are) (?:it|they|that|this)"
    r")(?: (?:in|at|for|on|by) [\w ]+| mean| anyway| exactly)?\W*$",
    re.IGNORECASE,
)


def matches_answer_type(question: str, text: str) -> bool:
    """Say whether a question asks for a time, a number, a name or a definition, and a text holds one that is not in the
    question.

    >>> matches_answer_type("When was it built?", "It was built in 1911.")
    True
    >>> matches_answer_type("When was it built?", "It was built by Lee.")
    False
    >>> matches_answer_type("what's a kettle", "A kettle is a pot for boiling water.")
    True
    """
    defines = _definition_of(question)
    if defines and defines.search(text):
        return True
    kind = next((kind for kind, asked in _ASKED if asked.search(question)), None)
    asked = question.casefold()
    return kind is not None and any(
        (found[found.lastindex or 0] or found[0]).casefold() not in asked for found in kind.finditer(text)
    )


@lru_cache(maxsize=64)
def _definition_of(question: str) -> re.Pattern[str] | None:
    """Return what a definition of the question's subject looks like; None if it does not ask for one."""
    found = _DEFINITION.match(question)
    if not found:
        return None
    subject = next(group for group in found.groups() if group)
    words = r"[\s*_`’']+".join(
        re.escape(word.rstrip("s'’")) + r"(?:'?s|es)?" for word in re.findall(r"[\w+./-]+", subject)
    )
    verbs = "is|are|means?|refers? to|stands? for|describes?|allows?|was|were"
    return re.compile(rf"\b{words}\b[\"”*_`]*(?: \([^)]*\))?(?:,? [\w-]+)?\s+(?:{verbs})\b", re.IGNORECASE)
