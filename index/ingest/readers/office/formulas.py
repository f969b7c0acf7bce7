"""Write Office's formulas (OMML) as text in one line: fractions as (a)/(b), powers and indices as Unicode (pure)."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from index.ingest.readers.scripts import subscript, superscript

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
FORMULA, FORMULA_PARAGRAPH = f"{_MATH}oMath", f"{_MATH}oMathPara"
_MAX_DEPTH = 60
_PROPERTIES = frozenset(
    "rPr ctrlPr fPr sSupPr sSubPr sSubSupPr sPrePr naryPr radPr dPr funcPr limLowPr limUppPr accPr barPr mPr eqArrPr"
    " groupChrPr borderBoxPr boxPr phantPr oMathParaPr argPr".split()
)
_BLANKS = re.compile(r"\s+")
_OPERATOR = re.compile(r"[\s+\-\u2212/=±]")
_RADICAND_SIGNS = {"": "√", "2": "√", "3": "∛", "4": "∜"}


def formula_text(node: Any) -> str:
    """Return the text of a formula's node.

    >>> from lxml import etree
    >>> math = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    >>> half = "<m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2a</m:t></m:r></m:den></m:f>"
    >>> formula_text(etree.fromstring(f"<m:oMath {math}>{half}</m:oMath>"))
    '1/(2a)'
    """
    return _BLANKS.sub(" ", _text(node, 0))


def _text(node: Any, depth: int) -> str:
    name = node.tag.removeprefix(_MATH) if isinstance(node.tag, str) else ""
    if depth > _MAX_DEPTH or name in _PROPERTIES:
        return ""
    if name == "t" or node.tag.endswith("}t"):
        return node.text or ""
    write = _WRITERS.get(name)
    return write(_Parts(node, depth)) if write else "".join(_text(child, depth + 1) for child in node)


class _Parts:
    """The parts of a formula's node by name, as text."""

    def __init__(self, node: Any, depth: int) -> None:
        self._node, self._depth = node, depth

    def __getitem__(self, name: str) -> str:
        found = self._node.find(f"{_MATH}{name}")
        return "" if found is None else _text(found, self._depth + 1)

    def all(self, name: str) -> Iterator[str]:
        return (_text(found, self._depth + 1) for found in self._node.findall(f"{_MATH}{name}"))

    def rows(self) -> Iterator[str]:
        for row in self._node.findall(f"{_MATH}mr"):
            yield ", ".join(_text(cell, self._depth + 1) for cell in row.findall(f"{_MATH}e"))

    def setting(self, properties: str, name: str, otherwise: str) -> str:
        """Return the value of a property; `otherwise` if it is not set."""
        found = self._node.find(f"{_MATH}{properties}/{_MATH}{name}")
        return otherwise if found is None else str(found.get(f"{_MATH}val", ""))


def _grouped(text: str) -> str:
    """Put brackets around a text unless it is one number, letter or bracket."""
    text = text.strip()
    bracketed = text.startswith("(") and text.endswith(")") and ")" not in text[:-1]
    is_number = text.replace(".", "").replace(",", "").isdigit()
    return text if len(text) <= 1 or is_number or bracketed else f"({text})"


def _base(text: str) -> str:
    """Put brackets around a base that is more than one factor."""
    return _grouped(text) if _OPERATOR.search(text.strip().lstrip("(")) else text


def _raised(base: str, power: str) -> str:
    base = _base(base)
    written = superscript(power, base)
    return base + (written if written != power or not power.strip() else f"^{_grouped(power)}")


def _lowered(base: str, index: str) -> str:
    base = _base(base)
    written = subscript(index, base)
    return base + (written if written != index or not index.strip() else f"_{_grouped(index)}")


def _fraction(parts: _Parts) -> str:
    if parts.setting("fPr", "type", "bar") == "noBar":
        return f"({parts['num']} over {parts['den']})"
    return f"{_grouped(parts['num'])}/{_grouped(parts['den'])}"


def _sum(parts: _Parts) -> str:
    sign = parts.setting("naryPr", "chr", "∫")
    lower, upper = parts["sub"].strip(), parts["sup"].strip()
    bounds = (f"_{_grouped(lower)}" if lower else "") + (f"^{_grouped(upper)}" if upper else "")
    return f"{sign}{bounds} {parts['e']}"


def _root(parts: _Parts) -> str:
    degree = "" if parts.setting("radPr", "degHide", "0") in ("1", "on", "true") else parts["deg"].strip()
    sign = _RADICAND_SIGNS.get(degree)
    return f"{sign}{_grouped(parts['e'])}" if sign else f"({parts['e']})^(1/{degree})"


def _delimited(parts: _Parts) -> str:
    begin, end = parts.setting("dPr", "begChr", "("), parts.setting("dPr", "endChr", ")")
    return begin + parts.setting("dPr", "sepChr", "|").join(parts.all("e")) + end


def _function(parts: _Parts) -> str:
    name, argument = parts["fName"].strip(), parts["e"].strip()
    return f"{name}{argument}" if argument.startswith("(") else f"{name} {argument}"


_ACCENTS = {"\u0302": "^", "\u0303": "~", "\u0304": "¯", "\u0305": "¯", "\u20d7": "→", "\u0307": "˙", "\u0308": "¨"}


def _accented(parts: _Parts) -> str:
    base, mark = parts["e"], parts.setting("accPr", "chr", "\u0302")
    return base + mark if len(base.strip()) == 1 else f"{_grouped(base)}{_ACCENTS.get(mark, mark)}"


_WRITERS: dict[str, Callable[[_Parts], str]] = {
    "f": _fraction,
    "sSup": lambda parts: _raised(parts["e"], parts["sup"]),
    "sSub": lambda parts: _lowered(parts["e"], parts["sub"]),
    "sSubSup": lambda parts: _raised(_lowered(parts["e"], parts["sub"]), parts["sup"]),
    "sPre": lambda parts: superscript(parts["sup"]) + subscript(parts["sub"]) + parts["e"],
    "nary": _sum,
    "rad": _root,
    "d": _delimited,
    "func": _function,
    "limLow": lambda parts: f"{parts['e']}_{_grouped(parts['lim'])} ",
    "limUpp": lambda parts: f"{parts['e']}^{_grouped(parts['lim'])} ",
    "acc": _accented,
    "bar": lambda parts: _accented(parts) if len(parts["e"]) == 1 else f"{_grouped(parts['e'])}¯",
    "m": lambda parts: "[" + "; ".join(parts.rows()) + "]",
    "eqArr": lambda parts: "; ".join(parts.all("e")).replace("&", ""),
}
