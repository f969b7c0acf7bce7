"""Look up OpenDocument's styles: raised text, numbers of lists and headings, hidden sheets."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from index.ingest.readers.office.docx_numbering import FORMATS

OFFICE, STYLE, TEXT, TABLE, DRAW, CHART = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}"
    for name in ("office", "style", "text", "table", "drawing", "chart")
)
_FORMATS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_MAX_STYLES = 20
_MAX_WRITTEN = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    """How one level of a list is numbered; `number_format` is empty for bullets, `shown` counts the levels shown."""

    number_format: str
    prefix: str
    suffix: str
    shown: int
    start: int


class Styles:
    """The styles of a document."""

    def __init__(self, roots: list[Any]) -> None:
        nodes = [node for root in roots for node in root.iter(f"{STYLE}style")]
        self._styles = {node.get(f"{STYLE}name"): node for node in nodes}
        lists = [node for root in roots for node in root.iter(f"{TEXT}list-style")]
        self._lists = {node.get(f"{STYLE}name"): _levels(node) for node in lists}
        outlines = [node for root in roots for node in root.iter(f"{TEXT}outline-style")]
        self.outline: dict[int, _Level] = _levels(outlines[0]) if outlines else {}

    def list_levels(self, name: str) -> dict[int, _Level]:
        """Return the levels of a list's style, from 1."""
        return self._lists.get(name, {})

    def script(self, name: str) -> str:
        """Return whether a style raises its text, lowers it, or neither."""
        position = self._property(name, "text-properties", "text-position").split(" ")[0]
        if position in ("super", "sub"):
            return f"{position}script"
        percent = position.removesuffix("%")
        if not percent.lstrip("-").isdigit() or int(percent) == 0:
            return ""
        return "superscript" if int(percent) > 0 else "subscript"

    def is_hidden(self, name: str) -> bool:
        """Say whether a sheet of this style is hidden."""
        node = self._styles.get(name)
        properties = None if node is None else node.find(f"{STYLE}table-properties")
        return properties is not None and properties.get(f"{TABLE}display") == "false"

    def named(self, name: str) -> str:
        """Return the name of the style that an author chose, on which an automatic style is based."""
        node = self._styles.get(name)
        parent = None if node is None else node.get(f"{STYLE}parent-style-name")
        return str(parent or name or "").replace("_20_", " ")

    def _property(self, name: str, group: str, key: str) -> str:
        for _ in range(_MAX_STYLES):
            node = self._styles.get(name)
            if node is None:
                return ""
            for properties in node.iterchildren(f"{STYLE}{group}"):
                if value := properties.get(f"{STYLE}{key}"):
                    return str(value)
            name = node.get(f"{STYLE}parent-style-name")
        return ""


class Counter:
    """Counts the items of a list, or the headings of a document, level by level."""

    def __init__(self, levels: dict[int, _Level]) -> None:
        self.levels = levels
        self._numbers: dict[int, int] = {}

    def label(self, level: int, start: str | None = None) -> str:
        """Count one more item at a level from 1, and return its number with a blank; "" if it has none."""
        own = self.levels.get(level)
        self._numbers = {of: number for of, number in self._numbers.items() if of <= level}
        if start and start.isdigit():
            self._numbers[level] = int(start)
        else:
            self._numbers[level] = self._numbers.get(level, (own.start if own else 1) - 1) + 1
        if own is None or not own.number_format:
            return ""
        numbers = ".".join(self._written(level - own.shown + 1, level))
        return f"{own.prefix}{numbers}{own.suffix} "

    def _written(self, first: int, last: int) -> Iterator[str]:
        for level in range(max(first, 1), last + 1):
            style = self.levels.get(level)
            if style and style.number_format:
                number = self._numbers.get(level, style.start)
                write = FORMATS.get(_FORMATS.get(style.number_format, ""), str)
                yield write(number) if 0 < number < _MAX_WRITTEN else str(number)


def _levels(style: Any) -> dict[int, _Level]:
    found = {}
    for node in style:
        level = node.get(f"{TEXT}level") or ""
        if level.isdigit():
            found[int(level)] = _Level(
                number_format=node.get(f"{STYLE}num-format") or "",
                prefix=node.get(f"{STYLE}num-prefix") or "",
                suffix=node.get(f"{STYLE}num-suffix") or "",
                shown=int(node.get(f"{TEXT}display-levels") or 1),
                start=int(node.get(f"{TEXT}start-value") or 1),
            )
    return found
