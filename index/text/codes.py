"""Find codes, numbers, versions and dates, each as one term however it is written."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from index.text.stemming import WORD, fold, stem

MAX_CODE = 40
MAX_PIECES = 6
POINT = "\ue000"  # stands for the point of "4.2" in a term; the full-text index takes it for a letter

# Possessive, and from the start of a word only: a text of one giant word takes no longer than others.
_CHAIN = re.compile(r"(?<![^\W_])[^\W_]++(?:[-./,'’_:][^\W_]++)++")
_THOUSANDS = re.compile(r"\d{1,3}(?:([,'’.])\d{3})(?:\1\d{3})*(?:[.,]\d+)?")
_DECIMAL = re.compile(r"v?\d+(?:[.:]\d+)+|\d+,\d+", re.IGNORECASE)
_SPACED = re.compile(r"(?<![^\W_])[A-Z]{1,4} \d{1,6}(?![^\W_]|[.,]\d)")
_DAY_FIRST_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_RANGE = re.compile(r"[\d.,]+(?:[-/][\d.,]+)+")
_BORDER = re.compile(r"[^\W\d_]+|\d+")
_HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_INNER_BORDER = re.compile(r"[a-z][A-Z]|[A-Za-z]\d|\d[A-Za-z]")
_CAMEL = re.compile(r"[A-Za-z]*[a-z][A-Z][A-Za-z]*")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WRITTEN_DATE = re.compile(
    rf"\b(?:(\d{{1,2}})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?{_MONTH},?\s+(\d{{4}})"
    rf"|{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}}))\b",
    re.IGNORECASE,
)


class Word(NamedTuple):
    """A word of a text, or a code of several: its range and its term."""

    start: int
    end: int
    term: str


def find_codes(text: str) -> Iterator[Word]:
    """Yield the codes of a text, each as one term, and the words of camelCase and of letters beside digits."""
    for match in _CHAIN.finditer(text):
        if len(match[0]) <= MAX_CODE and (term := _code(match[0])):
            yield Word(*match.span(), term)
    for match in _SPACED.finditer(text):
        yield Word(*match.span(), match[0].replace(" ", "").casefold())
    if _INNER_BORDER.search(text):
        for match in WORD.finditer(text):
            yield from _pieces(match)


def _pieces(match: re.Match[str]) -> Iterator[Word]:
    """Yield the words of camelCase, and the letters and digits of a word that mixes them."""
    word = match[0]
    if len(word) > MAX_CODE:
        return
    is_mixed = word.isascii() and word.isalnum() and not word.isdigit() and not word.isalpha()
    pieces = _BORDER if is_mixed else _HUMP if _CAMEL.fullmatch(word) else None
    found = list(pieces.finditer(word)) if pieces else []
    if 1 < len(found) <= MAX_PIECES:
        for one in found:
            if one[0] != "s":
                yield Word(match.start() + one.start(), match.start() + one.end(), stem(one[0]))


def _code(chain: str) -> str:
    """Return the one term of words joined by marks, "" if they are just neighbours.

    >>> _code("TX-4411/B"), _code("MAX_RETRIES"), _code("12,500"), _code("2024-03-11"), _code("and/or"), _code("3-5")
    ('tx4411b', 'maxretri', '12500', '20240311', '', '')
    >>> _code("v2.10.3") == _code("2.10.3") != _code("2.1.03"), _code("4.2") == "42"
    (True, False)
    """
    if number := _number(chain):
        return number
    has_digit = any(map(str.isdigit, chain))
    if _RANGE.fullmatch(chain) or not (has_digit or "_" in chain) or (has_digit and "'" in chain):
        return ""
    pointed = re.sub(r"(?<=\d)[.:](?=\d)", POINT, fold(chain))
    joined = re.sub(rf"[^\w{POINT}]|_", "", pointed)
    return joined if has_digit else stem(joined)


def _number(chain: str) -> str:
    """Return the term of a date, a number or a version; "" if it is none."""
    if date := _ISO_DATE.fullmatch(chain):
        return _date_term(int(date[1]), int(date[2]), int(date[3]))
    if date := _DAY_FIRST_DATE.fullmatch(chain):
        return _date_term(int(date[3]), int(date[2]), int(date[1]))
    if _THOUSANDS.fullmatch(chain):
        whole, _, share = chain.rpartition(".") if re.search(r"\.\d{1,2}$|\.\d{4,}$", chain) else (chain, "", "")
        return re.sub(r"\D", "", whole) + (f"{POINT}{share}" if share else "")
    if _DECIMAL.fullmatch(chain):
        return re.sub(r"[.:,]", POINT, chain.lower().removeprefix("v"))
    return ""


def find_dates(text: str) -> Iterator[Word]:
    """Yield the dates that are written with the month's name, as their ISO form without hyphens."""
    for match in _WRITTEN_DATE.finditer(text):
        day, month, year = (match[1], match[2], match[3]) if match[1] else (match[5], match[4], match[6])
        if term := _date_term(int(year), 1 + _MONTHS.index(month[:3].casefold()), int(day)):
            yield Word(*match.span(), term)


def _date_term(year: int, month: int, day: int) -> str:
    return f"{year:04}{month:02}{day:02}" if 1 <= month <= 12 and 1 <= day <= 31 else ""
