"""Write out the abbreviations that people type for usual words."""

import re

_LONG = {
    "admin": "administrator",
    "bike": "bicycle",
    "config": "configuration",
    "dept": "department",
    "exam": "examination",
    "fridge": "refrigerator",
    "hrs": "hours",
    "info": "information",
    "max": "maximum",
    "min": "minimum",
    "mins": "minutes",
    "qty": "quantity",
    "repo": "repository",
    "spec": "specification",
    "specs": "specifications",
    "temp": "temperature",
    "wks": "weeks",
    "xmas": "Christmas",
    "yr": "year",
    "yrs": "years",
}
_SHORT = re.compile(rf"(?<![\w.\"'`@/-])(?:{'|'.join(_LONG)})\b(?![.\"'`@/_(=-])", re.IGNORECASE)
_NUMBER_BEFORE = re.compile(r"\d\s*$")


def written_out(question: str) -> str:
    """Return an English question with its abbreviations written out. Names of files and codes stay as they are.

    >>> written_out("max speed for 30 min"), written_out("what is in min.txt")
    ('maximum speed for 30 min', 'what is in min.txt')
    """

    def long(match: re.Match[str]) -> str:
        before = question[: match.start()]
        is_name = match[0].isupper() or (match[0][0].isupper() and before.strip())
        return match[0] if is_name or _NUMBER_BEFORE.search(before) else _LONG[match[0].casefold()]

    return _SHORT.sub(long, question)
