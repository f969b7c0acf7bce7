"""Format a cell's value as a spreadsheet shows it."""

import datetime
import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|[_*].|\[[^\]]*\]')
_NUMBER = re.compile(r"[#0?,]*[#0?](?:\.([0#?]+))?(,*)")
_SECTION = re.compile(r'((?:"[^"]*"|\\.|[^;"\\])*)(?:;|\Z)')
_NEGATIVE = re.compile(r"[-\u2212(]")
_MARKED = "\ue000"
_MAX_EXACT = 10**15  # above it a float no longer holds every whole number
_MAX_DECIMALS = 10


class _Layout(NamedTuple):
    """What stands before and after a number, its digits before the point at least, its decimals at most and least."""

    before: str
    digits: int
    thousands: bool
    decimals: int
    least: int
    after: str
    is_literal: bool = False


def shown(value: object, number_format: str = "General") -> str:
    """Write a value as a person sees it. Dates are ISO dates, unless the format shows only a month or a year.

    >>> shown(0.125, "0.0%"), shown(1234.5, '#,##0.00 "CHF"'), shown(3.0), shown(datetime.datetime(2024, 5, 1))
    ('12.5%', '1,234.50 CHF', '3', '2024-05-01')
    >>> shown(-35, '_($* #,##0.00_);_($* (#,##0.00)')
    '$(35.00)'
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, number_format)
    if isinstance(value, datetime.datetime):
        return _moment(value, number_format)
    if isinstance(value, datetime.time):
        return value.isoformat("seconds").removesuffix(":00")
    if isinstance(value, datetime.timedelta):
        minutes, seconds = divmod(round(abs(value.total_seconds())), 60)
        sign = "-" if value < datetime.timedelta() else ""
        return f"{sign}{minutes // 60}:{minutes % 60:02}:{seconds:02}".removesuffix(":00")
    return str(value)


def _moment(value: datetime.datetime, number_format: str) -> str:
    value = (value + datetime.timedelta(seconds=0.5)).replace(microsecond=0)
    has_time = value.time() != datetime.time()
    letters = _LITERAL.sub("", number_format).lower()
    if not has_time and "y" in letters and "d" not in letters:
        return f"{value:%B %Y}" if "m" in letters else f"{value:%Y}"
    return value.isoformat(" ").removesuffix(":00") if has_time else value.date().isoformat()


def _number(value: float, number_format: str) -> str:
    section = _section(value, number_format)
    layout = _layout(section)
    if layout is None or not abs(value) < _MAX_EXACT:
        return _plain(value)
    if layout.is_literal:
        return f"{layout.before}{layout.after}".strip()
    amount = Decimal(str(abs(value))) * (100 if "%" in layout.after else 1)
    amount = amount.quantize(Decimal(1).scaleb(-layout.decimals), ROUND_HALF_UP)
    has_mark = section != number_format and _NEGATIVE.search(section)  # brackets or a minus of its own
    sign = "-" if value < 0 and amount and not has_mark else ""
    return f"{sign}{layout.before}{_digits(amount, layout)}{layout.after}".strip()


def _plain(value: float) -> str:
    """Write a number without a format."""
    whole = abs(value) < _MAX_EXACT and value == int(value)
    return str(int(value)) if whole else f"{value:.15g}"


def _digits(amount: Decimal, layout: _Layout) -> str:
    """Write a rounded amount with the separators, leading zeros and decimals of a layout."""
    whole_part, point, fraction = f"{amount:{',' if layout.thousands else ''}f}".partition(".")
    fraction = fraction[: layout.least] + fraction[layout.least :].rstrip("0")
    return whole_part.zfill(layout.digits) + (point + fraction if fraction else "")


def _section(value: float, number_format: str) -> str:
    """Return the part of a format for a positive, negative or zero value."""
    sections: list[str] = _SECTION.findall(number_format)
    if value < 0 and len(sections) > 2:  # the last is the empty rest
        return sections[1]
    return sections[2] if value == 0 and len(sections) > 3 else sections[0]


@lru_cache(maxsize=1000)
def _layout(section: str) -> _Layout | None:
    """Return None for a number shown as it is, or in a rare way (fractions, powers, codes)."""
    literals: list[str] = []

    def mark(match: re.Match[str]) -> str:
        literals.append(match[1] or match[2] or match[3] or "")
        return _MARKED

    marked = _LITERAL.sub(mark, section)
    numbers = list(_NUMBER.finditer(marked))
    if not numbers and any(map(str.strip, literals)) and marked.strip(f"{_MARKED} -") == "":
        return _Layout(_written(marked, iter(literals)), 0, False, 0, 0, "", is_literal=True)
    return _layout_around(numbers[0], marked, literals) if len(numbers) == 1 and not numbers[0][2] else None


def _layout_around(number: re.Match[str], marked: str, literals: list[str]) -> _Layout | None:
    """Return the layout of a format with one number, given its text with a mark for each literal; None if it is rare.

    Fractions, powers and formats with very many digits are rare.
    """
    around = (marked[: number.start()], marked[number.end() :])
    if any(character.isalnum() or character in "/@" for character in "".join(around)):
        return None
    texts = iter(literals)
    before, after = (_written(part, texts) for part in around)
    decimals = number[1] or ""
    digits = 0 if "," in number[0] else number[0].partition(".")[0].count("0")
    if len(decimals) > _MAX_DECIMALS or digits > _MAX_DECIMALS:
        return None
    is_blank = set(number[0]) == {"?"}  # as in accounting, where a zero is a dash
    return _Layout(
        before,
        digits,
        "," in number[0],
        len(decimals),
        decimals.count("0"),
        after,
        is_literal=is_blank and bool(before),
    )


def _written(marked: str, literals: Iterator[str]) -> str:
    return "".join(next(literals) if character == _MARKED else character for character in marked)
