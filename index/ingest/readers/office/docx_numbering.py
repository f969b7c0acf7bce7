"""Compute the numbers that Word shows before headings, list items and clauses: 1.1, (a), Article IV."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import nsmap

_WORD = f"{{{nsmap['w']}}}"
_VALUE = f"{_WORD}val"
_PLACEHOLDER = re.compile(r"%(\d)")
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
).split()
_TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
_ROMAN_SMALL = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_MAX_WRITTEN = 4_000  # larger numbers are written in digits
_MAX_LEVELS = 9


def _letters(number: int) -> str:
    """a to z, then aa to zz as Word counts them."""
    times, place = divmod(number - 1, 26)
    return chr(ord("a") + place) * (times + 1)


def _roman(number: int) -> str:
    written = ""
    for value, letters in (*_ROMAN, *_ROMAN_SMALL):
        written += letters * (number // value)
        number %= value
    return written


def _ordinal(number: int) -> str:
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _words(number: int) -> str:
    if number >= 100:
        return str(number)
    if number < 20:
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens] + (f"-{_ONES[ones]}" if ones else "")


FORMATS: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda number: f"{number:02}",
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "ordinal": _ordinal,
    "cardinalText": lambda number: _words(number).capitalize(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    """How one level of a list is numbered; `restart` is the level after which it starts again, 0 for never."""

    start: int
    number_format: str
    text: str
    is_legal: bool
    suffix: str
    restart: int | None


@dataclass(slots=True)
class _Counter:
    """The current number of each level of a list, and the instances whose start has been applied."""

    numbers: dict[int, int] = field(default_factory=dict)
    started: set[tuple[str, int]] = field(default_factory=set)


class Numbering:
    """The lists of a document; counts its numbered paragraphs in order."""

    def __init__(self, root: Any) -> None:
        """Read the definitions in the root of numbering.xml, or none if it is None."""
        nodes = [] if root is None else list(root)
        self._abstract = {
            node.get(f"{_WORD}abstractNumId"): node for node in nodes if node.tag == f"{_WORD}abstractNum"
        }
        self._lists = {node.get(f"{_WORD}numId"): node for node in nodes if node.tag == f"{_WORD}num"}
        self._linked = {_value(node, "styleLink"): key for key, node in self._abstract.items()}
        self._counters: dict[str, _Counter] = {}

    def level_of_style(self, list_id: str, style_id: str) -> int:
        """Return the level of a list that is linked to a paragraph style; 0 if none is."""
        for level in self._definition(list_id).iterchildren(f"{_WORD}lvl") if self._known(list_id) else ():
            if _value(level, "pStyle") == style_id:
                return _number(level.get(f"{_WORD}ilvl"), 0)
        return 0

    def label(self, list_id: str, level: int) -> str:
        """Count one more paragraph of a list at a level from 0, and return its number; "" for a bullet."""
        if not self._known(list_id) or not 0 <= level < _MAX_LEVELS:
            return ""
        counter = self._counters.setdefault(self._abstract_id(list_id), _Counter())
        self._count(list_id, level, counter)
        for higher in range(level):  # levels that were skipped count as begun
            counter.numbers.setdefault(higher, self._level(list_id, higher).start)
        self._restart_deeper(list_id, level, counter)
        return self._written(list_id, self._level(list_id, level), counter)

    def _count(self, list_id: str, level: int, counter: _Counter) -> None:
        """Increase the number of a level, or set it to its start."""
        found = self._level(list_id, level)
        override = self._override(list_id, level)
        starts_again = override is not None and (list_id, level) not in counter.started
        if starts_again or level not in counter.numbers:
            start = _number(_value(override, "startOverride"), found.start) if starts_again else found.start
            counter.numbers[level] = start
        else:
            counter.numbers[level] += 1
        counter.started.add((list_id, level))

    def _restart_deeper(self, list_id: str, level: int, counter: _Counter) -> None:
        """Forget the numbers of the deeper levels that start again after this level."""
        for deeper in [key for key in counter.numbers if key > level]:
            restart = self._level(list_id, deeper).restart
            if restart is None or restart > level:
                del counter.numbers[deeper]

    def _written(self, list_id: str, level: _Level, counter: _Counter) -> str:
        if level.number_format in ("bullet", "none") and not _PLACEHOLDER.search(level.text):
            return level.text if level.number_format == "none" else ""

        def number(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            other = self._level(list_id, place)
            value = counter.numbers.get(place, other.start)
            if level.is_legal or not 0 < value < _MAX_WRITTEN:
                return str(value)
            if other.number_format == "none":
                return ""
            return FORMATS.get(other.number_format, str)(value)

        written = _PLACEHOLDER.sub(number, level.text).strip()
        return written + ("" if level.suffix == "nothing" else " ") if written else ""

    def _known(self, list_id: str) -> bool:
        return list_id in self._lists and _value(self._lists[list_id], "abstractNumId") in self._abstract

    def _abstract_id(self, list_id: str) -> str:
        """Return the id of a list's definition, also if it refers to another one by a style."""
        identity = _value(self._lists[list_id], "abstractNumId")
        link = _value(self._abstract[identity], "numStyleLink")
        return self._linked.get(link, identity) if link else identity

    def _definition(self, list_id: str) -> Any:
        return self._abstract[self._abstract_id(list_id)]

    def _override(self, list_id: str, level: int) -> Any:
        for override in self._lists[list_id].iterchildren(f"{_WORD}lvlOverride"):
            if override.get(f"{_WORD}ilvl") == str(level):
                return override
        return None

    def _level(self, list_id: str, level: int) -> _Level:
        override = self._override(list_id, level)
        own = None if override is None else override.find(f"{_WORD}lvl")
        levels = self._definition(list_id).iterchildren(f"{_WORD}lvl") if own is None else [own]
        node = next((node for node in levels if node.get(f"{_WORD}ilvl") == str(level)), None)
        restart = _value(node, "lvlRestart")
        legal = None if node is None else node.find(f"{_WORD}isLgl")
        return _Level(
            start=_number(_value(node, "start"), 0 if node is not None and not _value(node, "start") else 1),
            number_format=_value(node, "numFmt") or "decimal",
            text=_value(node, "lvlText"),
            is_legal=legal is not None and legal.get(_VALUE, "1") not in ("0", "false"),
            suffix=_value(node, "suff"),
            restart=_number(restart, 0) if restart else None,
        )


def _value(node: Any, name: str) -> str:
    found = None if node is None else node.find(f"{_WORD}{name}")
    return "" if found is None else str(found.get(_VALUE, ""))


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.lstrip("-").isdigit() and len(text) < 10 else otherwise
