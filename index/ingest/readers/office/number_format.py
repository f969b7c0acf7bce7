"""Format a cell's value as a spreadsheet shows it."""

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|[_*].|\[[^\]]*\]')
_NUMBER = re.compile(r"[#0?,]*[#0?](?:\.([0#?]+))?(,*)")
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


def shown(value: object, number_format: str = "General") -> str:
    """A value as a person sees it, dates as ISO dates.

    >>> shown(0.125, "0.0%"), shown(1234.5, '#,##0.00 "CHF"'), shown(3.0), shown(datetime.datetime(2024, 5, 1))
    ('12.5%', '1,234.50 CHF', '3', '2024-05-01')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, number_format)
    if isinstance(value, datetime.datetime):
        value = (value + datetime.timedelta(seconds=0.5)).replace(microsecond=0)
        has_time = value.time() != datetime.time()
        return value.isoformat(" ").removesuffix(":00") if has_time else value.date().isoformat()
    if isinstance(value, datetime.time):
        return value.isoformat("seconds").removesuffix(":00")
    if isinstance(value, datetime.timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}".removesuffix(":00")
    return str(value)


def _number(value: float, number_format: str) -> str:
    layout = _layout(number_format)
    if layout is None or not abs(value) < _MAX_EXACT:
        whole = abs(value) < _MAX_EXACT and value == int(value)
        return str(int(value)) if whole else f"{value:.15g}"
    amount = Decimal(str(abs(value))) * (100 if "%" in layout.after else 1)
    amount = amount.quantize(Decimal(1).scaleb(-layout.decimals), ROUND_HALF_UP)
    whole_part, point, fraction = f"{amount:{',' if layout.thousands else ''}f}".partition(".")
    fraction = fraction[: layout.least] + fraction[layout.least :].rstrip("0")
    sign = "-" if value < 0 and amount else ""
    number = whole_part.zfill(layout.digits) + (point + fraction if fraction else "")
    return f"{sign}{layout.before}{number}{layout.after}".strip()


@lru_cache(maxsize=1000)
def _layout(number_format: str) -> _Layout | None:
    """None where a number is shown as it is, or in a way that is not worth the code (fractions, powers, codes)."""
    literals: list[str] = []

    def mark(match: re.Match[str]) -> str:
        literals.append(match[1] or match[2] or match[3] or "")
        return _MARKED

    section = _LITERAL.sub(mark, number_format.split(";")[0])
    numbers = list(_NUMBER.finditer(section))
    if len(numbers) != 1 or numbers[0][2]:
        return None
    number = numbers[0]
    around = (section[: number.start()], section[number.end() :])
    if any(character.isalnum() or character in "/@" for character in "".join(around)):
        return None
    texts = iter(literals)
    before, after = (
        "".join(next(texts) if character == _MARKED else character for character in part) for part in around
    )
    decimals = number[1] or ""
    digits = 0 if "," in number[0] else number[0].partition(".")[0].count("0")
    if len(decimals) > _MAX_DECIMALS or digits > _MAX_DECIMALS:
        return None
    return _Layout(before, digits, "," in number[0], len(decimals), decimals.count("0"), after)
