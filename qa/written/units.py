"""Units of numbers: their usual forms, and the multiples of each other (pure)."""

import re
from decimal import Decimal

from index.text.stemming import fold

UNITS = {
    form: unit
    for unit, forms in {
        "%": "% percent per cent",
        "$": "$ dollar dollars usd",
        "€": "€ euro euros eur",
        "£": "£ pound pounds gbp",
        "second": "s sec secs second seconds",
        "minute": "min mins minute minutes",
        "hour": "h hr hrs hour hours",
        "day": "day days",
        "week": "week weeks",
        "month": "month months",
        "year": "year years yr yrs",
        "metre": "m metre metres meter meters",
        "kilometre": "km kilometre kilometres kilometer kilometers",
        "square kilometre": "km2 km²",
        "square metre": "m2 m²",
        "mile": "mile miles mi",
        "foot": "ft foot feet",
        "inch": "inch inches",
        "kilogram": "kg kilogram kilograms",
        "gram": "g gram grams",
        "tonne": "t ton tons tonne tonnes",
        "litre": "l litre litres liter liters",
        "millilitre": "ml millilitre millilitres milliliter milliliters",
        "millimetre": "mm millimetre millimetres millimeter millimeters",
        "centimetre": "cm centimetre centimetres centimeter centimeters",
        "milligram": "mg milligram milligrams",
        "kilowatt": "kw kilowatt kilowatts",
        "megawatt": "mw megawatt megawatts",
        "kilowatt hour": "kwh",
        "volt": "v volt volts",
        "megabyte": "mb megabyte megabytes",
        "gigabyte": "gb gigabyte gigabytes",
        "hectare": "ha hectare hectares",
        "acre": "acre acres",
        "degree": "° degree degrees",
    }.items()
    for form in forms.split()
}
_MULTIPLES = {
    "second": (1, "second"),
    "minute": (60, "second"),
    "hour": (3_600, "second"),
    "day": (86_400, "second"),
    "week": (604_800, "second"),
    "month": (1, "month"),
    "year": (12, "month"),
    "milligram": (1, "milligram"),
    "gram": (1_000, "milligram"),
    "kilogram": (1_000_000, "milligram"),
    "tonne": (1_000_000_000, "milligram"),
    "millilitre": (1, "millilitre"),
    "litre": (1_000, "millilitre"),
    "millimetre": (1, "millimetre"),
    "centimetre": (10, "millimetre"),
    "metre": (1_000, "millimetre"),
    "kilometre": (1_000_000, "millimetre"),
    "kilowatt": (1, "kilowatt"),
    "megawatt": (1_000, "kilowatt"),
    "megabyte": (1, "megabyte"),
    "gigabyte": (1_000, "megabyte"),
    "inch": (1, "inch"),
    "foot": (12, "inch"),
}
_LETTERS = [*(form for form in UNITS if form[0].isalpha()), "kW", "MW", "kWh", "MB", "GB"]
GLUED = rf"(?:{'|'.join(sorted(map(re.escape, _LETTERS), key=len, reverse=True))})"
_WITH_UNIT = re.compile(rf"[\d.,]+{GLUED}")


def is_amount(written: str) -> bool:
    """Say whether a word is a unit, or a number with one.

    >>> is_amount("km2"), is_amount("150kW"), is_amount("4G")
    (True, True, False)
    """
    return fold(written) in UNITS or bool(_WITH_UNIT.fullmatch(written))


def base_form(form: str, unit: str) -> str:
    """Return a number in the smallest unit of its kind, or "" if its unit is no multiple of another.

    >>> base_form("2", "week") == base_form("14", "day"), base_form("5", "%")
    (True, '')
    """
    base = _MULTIPLES.get(unit)
    return f"{normal_form(Decimal(form) * base[0])} {base[1]}" if base else ""


def normal_form(value: Decimal | int | str) -> str:
    """Return the one form of a number.

    >>> normal_form("0012.50"), normal_form(10**6)
    ('12.5', '1000000')
    """
    return f"{Decimal(value).normalize():f}"
