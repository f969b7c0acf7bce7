"""Find the facts of a sentence: numbers, dates, times, codes, names and quoted words (pure).

They must occur in the documents. A fact has a normal form, so that it is found however it is written: 12,500 and 12.5
thousand, 5 % and five percent, 4 p.m. and 16:00, 12 March 2024 and 2024-03-12.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from index.text.codes import find_codes, find_dates
from index.text.stemming import WORD, fold
from qa.written.names import mentions, runs
from qa.written.units import GLUED, UNITS, is_amount, normal_form

FactKind = Literal["number", "date", "time", "code", "name", "quote"]

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS = {
    **{word: value for value, word in enumerate(_SMALL.split())},
    **{word: 10 * tens for tens, word in enumerate(_TENS.split(), 2)},
    "dozen": 12,
}
_SCALES = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_NUMBER = re.compile(
    r"(?<![\w.])((?:(?<![\d)])[-−])?)([$€£]?)\s?(\d[\d,’']*(?:\.\d+)?)(?:(?:st|nd|rd|th|s)?(?!\w)"
    rf"|(?={GLUED}(?!\w)))"
)
_SPELLED = re.compile(
    rf"\b(?:(?:{'|'.join(_TENS.split())})[\s-](?:{'|'.join(_SMALL.split()[1:10])})|{'|'.join(_WORDS)})\b", re.IGNORECASE
)
_PARTS = {"half": Decimal(1) / 2, "third": Decimal(1) / 3, "quarter": Decimal(1) / 4}
_FRACTION = re.compile(
    r"\bhalf\b(?: an?\b| of\b)?|\b(an?|one|two|three)[\s-](thirds?|quarters?|half)\b(?: of\b)?", re.IGNORECASE
)
_NUMERIC_DATE = re.compile(r"(?<![\w./-])(\d{1,2})([./])(\d{1,2})\2(\d{4})(?![\w/-])")
_AFTER = re.compile(
    r"\s*-?\s*(hundred|thousand|million|billion|trillion)?\s*-?\s*([%°$€£]|[A-Za-z]+[²2³3]?(?!\w))?(?:\s*[–-]\s*|\s+(?:to|and|or|-)\s+)?",
    re.IGNORECASE,
)
_RANGE_UNIT = re.compile(r"\s*(?:[–-]|to|and|or)\s*[$€£]?\d[\d,.]*\s*-?\s*([%°]|[A-Za-z]+)", re.IGNORECASE)
_TIME = re.compile(
    r"(?<![\w:])(\d{1,2})(?:[:.](\d\d))?\s*([ap])\.?\s?m\b\.?|(?<![\w:])(\d{1,2}):(\d\d)(?![\w:])", re.IGNORECASE
)
_QUOTED = re.compile(r"[\"“]([^\"“”]{2,200})[\"”]")
_MIXED = re.compile(r"(?<!\w)(\d+)([A-Za-z]\w*)|(?<!\w)[A-Za-z]+\d\w*")
_ORDINAL = re.compile(r"st|nd|rd|th|s|[ap]m|hrs?|mins?|in")
_DIGITS = re.compile(r"(?<!\w)\d{2,}(?:[-–./ ]\d{2,})+(?!\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that must occur in the documents as [start, end) of a text has it.

    `form` is its normal form, and `unit` what a number counts. `name` are the terms of the name that a word is in,
    which is its word `at`, and `initials` those of the whole name. `occurrence` counts equal facts of the text from 1.
    """

    kind: FactKind
    start: int
    end: int
    text: str
    form: str
    unit: str = ""
    name: tuple[str, ...] = ()
    at: int = 0
    initials: str = ""
    occurrence: int = 1

    @property
    def is_exact(self) -> bool:
        """Whether its words need no other match: not those of names and quoted words."""
        return self.kind not in ("name", "quote")


def facts(text: str, names: Collection[str] = ()) -> list[Fact]:
    """Return the facts of a sentence in order. `names` are folded words that are names at its start too.

    >>> [(one.kind, one.text, one.form) for one in facts("In Leeds, 1.5 million left by 4 p.m.")]
    [('name', 'Leeds', 'leeds'), ('number', '1.5 million', '1500000'), ('time', '4 p.m.', '960')]
    """
    found = exact_facts(text)
    found += [one for one in _names(text, names) if not _overlaps(one, found)]
    return sorted([*_quotes(text), *found], key=lambda one: one.start)


def exact_facts(text: str) -> list[Fact]:
    """Return the facts of a text but names and quoted words. A number inside a date, time or code is no fact."""
    found: list[Fact] = []
    seen: Counter[str] = Counter()
    for one in (*_dates(text), *_times(text), *_codes(text), *_numbers(text)):
        if not _overlaps(one, found):
            seen[one.form] += 1
            found.append(replace(one, occurrence=seen[one.form]))
    return found


def _overlaps(fact: Fact, others: Sequence[Fact]) -> bool:
    return any(fact.start < other.end and other.start < fact.end for other in others)


def _quotes(text: str) -> Iterator[Fact]:
    for match in _QUOTED.finditer(text):
        form = " ".join(fold(word) for word in WORD.findall(match[1]))
        if form:
            yield Fact(kind="quote", start=match.start(1), end=match.end(1), text=match[1], form=form)


def _dates(text: str) -> Iterator[Fact]:
    """Yield dates with the month's name, and numeric ones that can be read in one way."""
    for match in _NUMERIC_DATE.finditer(text):
        day, month = int(match[1]), int(match[3])
        if match[2] == "/" and month > 12:
            day, month = month, day
        if month <= 12 and (day > 12 or match[2] == ".") and 1 <= day <= 31:
            yield _fact("date", text, *match.span(), f"{match[4]}{month:02}{day:02}")
    for word in find_dates(text):
        yield _fact("date", text, word.start, word.end, word.term)


def _times(text: str) -> Iterator[Fact]:
    for match in _TIME.finditer(text):
        hour, minute = int(match[1] or match[4]), int(match[2] or match[5] or 0)
        if hour > 24 or minute > 59:
            continue
        if match[3]:
            hour = hour % 12 + (12 if match[3].lower() == "p" else 0)
        yield _fact("time", text, match.start(), match.end(), str(60 * hour + minute))


def _codes(text: str) -> Iterator[Fact]:
    """Yield codes that mix letters and digits, and groups of digits such as telephone numbers."""
    for match in _DIGITS.finditer(text):
        yield _fact("code", text, *match.span(), re.sub(r"\D", "", match[0]))
    for word in find_codes(text):
        written = text[word.start : word.end]
        if not is_amount(written) and (_is_mixed(word.term, written) or "_" in written):
            yield _fact("code", text, word.start, word.end, word.term)
    for match in _MIXED.finditer(text):
        if not is_amount(match[0]) and not _ORDINAL.fullmatch(match[2] or ""):
            yield _fact("code", text, *match.span(), fold(match[0]))


def _is_mixed(term: str, written: str) -> bool:
    """Say whether a word mixes letters and digits."""
    has_both = any(map(str.isdigit, term)) and any(map(str.isalpha, term))
    return has_both and not re.fullmatch(r"[A-Za-z]+|\d+", written)


def _numbers(text: str) -> Iterator[Fact]:
    for match in _NUMBER.finditer(text):
        value = Decimal(re.sub(r"[,’']", "", match[3]))
        yield _number(text, match.start(), match.end(3), -value if match[1] else value, match[2])
    for match in _FRACTION.finditer(text):
        part = "half" if match[2] is None else match[2].lower().rstrip("s")
        count = {"two": 2, "three": 3}.get((match[1] or "").lower(), 1)
        if part == "half" or match[1]:
            yield _number(text, match.start(), match.end(), (_PARTS[part] * count).quantize(Decimal("0.001")))
    for match in _SPELLED.finditer(text):
        # "one" is a pronoun more often than a number.
        value = sum((Decimal(_WORDS[fold(word)]) for word in re.split(r"[\s-]+", match[0])), Decimal(0))
        if value > 1:
            yield _number(text, match.start(), match.end(), value)


def _number(text: str, start: int, end: int, value: Decimal, currency: str = "") -> Fact:
    """Return a number with the scale and the unit that follow it."""
    after = _AFTER.match(text, end)
    scale, unit = (after[1], after[2]) if after else (None, None)
    if after and scale:
        value *= _SCALES[scale.lower()]
        end = after.end(1)
    known = UNITS.get(fold(currency or unit or ""), "")
    if after and unit and known and not currency:
        end = after.end(2)
    if not known and (of_range := _RANGE_UNIT.match(text, end)):
        known = UNITS.get(fold(of_range[1]), "")
    return _fact("number", text, start, end, normal_form(value), known)


def _names(text: str, names: Collection[str]) -> Iterator[Fact]:
    """Yield words with a capital inside a sentence; at its start if they are known as names."""
    for run in runs(mentions(text, names)):
        initials = "".join(text[one.start] for one in run)
        terms = tuple(one.term for one in run)
        for at, one in enumerate(run):
            form = fold(text[one.start : one.end]).removesuffix("'s")
            yield replace(_fact("name", text, one.start, one.end, form), name=terms, at=at, initials=initials)


def _fact(kind: FactKind, text: str, start: int, end: int, form: str, unit: str = "") -> Fact:
    return Fact(kind=kind, start=start, end=end, text=text[start:end].strip(), form=form, unit=unit)


def names_of(text: str, names: Collection[str] = ()) -> frozenset[str]:
    """Return the names of a text, folded: words with a capital, at the start of a sentence if they are in `names`."""
    return frozenset(one.form for one in _names(text, names))
