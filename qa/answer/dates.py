"""Recognise written dates, and the periods that they stand for (pure)."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

MONTHS = {
    name: number
    for number, names in enumerate(
        "january jan januar,february feb februar,march mar märz,april apr,may mai,june jun juni,july jul juli,"
        "august aug,september sept sep,october oct oktober,november nov,december dec dezember".split(","),
        1,
    )
    for name in names.split()
}
_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
_YEAR = r"(?:19|20)\d\d"
_DAY = r"\d{1,2}(?:st|nd|rd|th|\.)?"
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th|\.)?(?: of)? ({_NAMES})\.?,? (\d{{4}})\b", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"\b({_NAMES})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})\b", re.IGNORECASE)
_DOTTED = re.compile(rf"\b(\d{{1,2}})\.(\d{{1,2}})\.({_YEAR})\b")
_MONTH_ONLY = re.compile(rf"\b({_NAMES})\.? (?:of )?({_YEAR})\b", re.IGNORECASE)
_ISO = re.compile(rf"({_YEAR})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?")
_IN_NAME = re.compile(
    rf"(?<![\d.])(?<!after[-_ ])(?<!since[-_ ])(?<!before[-_ ])(?<!until[-_ ])"
    rf"({_YEAR})(?:([-_.]?)(0[1-9]|1[0-2])(?:\2(0[1-9]|[12]\d|3[01]))?)?(?!\d)",
    re.IGNORECASE,
)
_RELATIVE = r"today|yesterday|(?:last|this|the last|the past) (?:year|month|week)|(?:letztes|dieses) jahr"
# A date as people write it, as a pattern.
DATE = (
    rf"(?:{_YEAR}-\d\d(?:-\d\d)?|\d{{1,2}}\.\d{{1,2}}\.{_YEAR}|{_DAY}(?: of)? (?:{_NAMES})\.?,? {_YEAR}"
    rf"|(?:{_NAMES})\.? {_DAY},? {_YEAR}|(?:{_NAMES})\.? (?:of )?{_YEAR}|{_YEAR}|{_RELATIVE})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The days from `first` to `last`, both YYYY-MM-DD. An end that is "" is open."""

    first: str = ""
    last: str = ""

    def overlaps(self, other: "Period") -> bool:
        """Check whether two periods have a day in common.

        >>> Period(first="2024-03-01", last="2024-03-31").overlaps(Period(first="2024-03-31"))
        True
        """
        is_before = bool(self.last and other.first and self.last < other.first)
        is_after = bool(self.first and other.last and self.first > other.last)
        return not is_before and not is_after

    @property
    def later(self) -> "Period":
        """The days after this period."""
        return Period(first=str(date.fromisoformat(self.last) + timedelta(days=1)))

    @property
    def earlier(self) -> "Period":
        """The days before this period."""
        return Period(last=str(date.fromisoformat(self.first) - timedelta(days=1)))


def iso_dates(text: str) -> str:
    """Write the dates of a text as year, month and day.

    >>> iso_dates("on 12 March 2024 and on June 7th, 2025")
    'on 2024-03-12 and on 2025-06-07'
    """
    text = _DAY_FIRST.sub(lambda found: _iso(found[3], found[2], found[1]), text)
    return _MONTH_FIRST.sub(lambda found: _iso(found[3], found[1], found[2]), text)


def period_of(text: str, today: date) -> Period | None:
    """Return the day, month or year that a date of the form `DATE` stands for; None if there is no such day.

    >>> period_of("March 2024", date(2024, 6, 1))
    Period(first='2024-03-01', last='2024-03-31')
    """
    if re.fullmatch(_RELATIVE, text, re.IGNORECASE):
        return _relative(text.casefold(), today)
    text = _DOTTED.sub(lambda found: f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}", iso_dates(text))
    text = _MONTH_ONLY.sub(lambda found: f"{found[2]}-{MONTHS[found[1].casefold()]:02}", text)
    found = _ISO.fullmatch(text)
    return _period(found[1], found[2], found[3]) if found else None


@lru_cache(2**17)
def period_of_name(name: str) -> Period | None:
    """Return the period that the name of a file stands for, from its first to its last date.

    >>> period_of_name("minutes-2024-05-28"), period_of_name("budget 2023-2024"), period_of_name("after-1991")
    (Period(first='2024-05-28', last='2024-05-28'), Period(first='2023-01-01', last='2024-12-31'), None)
    """
    name = _MONTH_ONLY.sub(lambda found: f"{found[2]}-{MONTHS[found[1].casefold()]:02}", iso_dates(name))
    found = [one for match in _IN_NAME.finditer(name) if (one := _period(match[1], match[3], match[4]))]
    if not found:
        return None
    return Period(first=min(one.first for one in found), last=max(one.last for one in found))


def _period(year: str, month: str | None, day: str | None) -> Period | None:
    try:
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    if day:
        return Period(first=str(first), last=str(first))
    following = date(first.year + 1, 1, 1) if not month or first.month == 12 else first.replace(month=first.month + 1)
    return Period(first=str(first), last=str(following - timedelta(days=1)))


def _relative(text: str, today: date) -> Period | None:
    if text in ("today", "yesterday"):
        day = today - timedelta(days=text == "yesterday")
        return Period(first=str(day), last=str(day))
    if text.endswith("week"):
        days = {"this week": today.weekday(), "last week": 7 + today.weekday()}.get(text, 7)
        first = today - timedelta(days=days)
        return Period(first=str(first), last=str(first + timedelta(days=6) if text == "last week" else today))
    is_past = text.startswith(("last", "letztes"))
    if text.endswith("month") and not text.startswith("the "):
        month = today.replace(day=1) - timedelta(days=1) if is_past else today
        return _period(f"{month.year}", f"{month.month}", None)
    if text.startswith("the "):
        days = 31 if text.endswith("month") else 365
        return Period(first=str(today - timedelta(days=days)), last=str(today))
    return _period(f"{today.year - is_past}", None, None)


def _iso(year: str, month: str, day: str) -> str:
    return f"{year}-{MONTHS[month.casefold()]:02}-{int(day):02}"
