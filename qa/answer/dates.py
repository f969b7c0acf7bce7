"""Recognise written dates (pure)."""

import re

MONTHS = {
    name: number
    for number, names in enumerate(
        "january jan,february feb,march mar,april apr,may,june jun,july jul,august aug,september sept sep,october oct,"
        "november nov,december dec".split(","),
        1,
    )
    for name in names.split()
}
_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({_NAMES})\.?,? (\d{{4}})\b", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"\b({_NAMES})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})\b", re.IGNORECASE)


def iso_dates(text: str) -> str:
    """Write the dates of a text as year, month and day.

    >>> iso_dates("on 12 March 2024 and on June 7th, 2025")
    'on 2024-03-12 and on 2025-06-07'
    """
    text = _DAY_FIRST.sub(lambda found: _iso(found[3], found[2], found[1]), text)
    return _MONTH_FIRST.sub(lambda found: _iso(found[3], found[1], found[2]), text)


def _iso(year: str, month: str, day: str) -> str:
    return f"{year}-{MONTHS[month.casefold()]:02}-{int(day):02}"
