"""What kind of thing a question asks for, and whether a sentence holds one that the question has not (pure)."""

import re

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_NUMBERS = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|million|billion|half"
_TIME = re.compile(rf"\b(?:\d{{3,4}}s?|{_MONTHS}|\d{{1,2}}(?:st|nd|rd|th)|[Cc]entur(?:y|ies)|[Dd]ecades?)\b")
_NUMBER = re.compile(rf"\d[\d.,]*|\b(?:{_NUMBERS}|percent|third|quarter|twice|once)\b", re.IGNORECASE)
_NAME = re.compile(r"(?<=[^.!?] )[\"“'(]?([A-Z][\w.'’-]+)")
_KINDS = (
    (_TIME, r"when|how long ago|(?:what|which) (?:year|date|day|month|decade|century)"),
    (
        _NUMBER,
        r"how (?:many|much|long|old|tall|far|high|large|big|often|fast|deep|wide|heavy)"
        r"|what (?:percentage|percent|number|amount|age|proportion|fraction|population|price|cost)",
    ),
    (_NAME, r"who|whom|whose|where|(?:what|which) (?:person|country|city|state|company|organi[sz]ation)"),
)
_ASKED = [(kind, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for kind, words in _KINDS]


def matches_answer_type(question: str, sentence: str) -> bool:
    """Whether a question asks for a time, a number or a name, and the sentence holds one that is not in the question.

    >>> matches_answer_type("When was it built?", "It was built in 1911.")
    True
    >>> matches_answer_type("When was it built?", "It was built by Lee.")
    False
    """
    kind = next((kind for kind, asked in _ASKED if asked.search(question)), None)
    said = question.casefold()
    return kind is not None and any(
        found[found.lastindex or 0].casefold() not in said for found in kind.finditer(sentence)
    )
