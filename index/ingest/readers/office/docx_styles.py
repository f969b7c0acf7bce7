"""Look up properties of Word's paragraphs, runs and tables, also by their styles."""

import re
from collections.abc import Sequence
from typing import Any

from docx.oxml.ns import nsmap

WORD = f"{{{nsmap['w']}}}"
PARAGRAPH, RUN, TABLE, ROW, CELL, CONTROL = (f"{WORD}{name}" for name in ("p", "r", "tbl", "tr", "tc", "sdt"))
_VALUE = f"{WORD}val"
_PROPERTIES = ("pPr", "rPr", "sdtPr", "sdtEndPr", "tblPr", "trPr", "tcPr", "sectPr")
LEFT_OUT = {f"{WORD}{name}" for name in (*_PROPERTIES, "del", "moveFrom", "rt")}
LEFT_OUT.add("{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")  # the same for older programs
_LEVELS = {"title": 1} | {f"heading {level}": level for level in range(1, 10)}  # in English in every file
_CONTENTS = re.compile(r"toc \d|table of figures")
_CODE = re.compile(r"html preformatted|macro text|(?:source )?code(?: block)?|verbatim", re.IGNORECASE)
_QUOTE = re.compile(r"(?:intense )?quote|block text|block quotation", re.IGNORECASE)
_MAX_STYLES = 20


class Styles:
    """The styles of a document."""

    def __init__(self, root: Any) -> None:
        self._styles = {style.get(f"{WORD}styleId"): style for style in root.iterchildren(f"{WORD}style")}

    def chain(self, identity: str) -> list[Any]:
        """Return a style and those on which it is based."""
        chain: list[Any] = []
        while identity in self._styles and len(chain) < _MAX_STYLES:
            chain.append(self._styles[identity])
            identity = value(chain[-1], "basedOn")
        return chain


def names(chain: Sequence[Any]) -> list[str]:
    """Return the names of styles in lower case."""
    return [value(style, "name").lower() for style in chain]


def is_contents(chain: Sequence[Any]) -> bool:
    """Say whether a paragraph of these styles is an entry of a table of contents."""
    return any(map(_CONTENTS.fullmatch, names(chain)))


def is_code(chain: Sequence[Any]) -> bool:
    """Say whether a paragraph of these styles shows code."""
    return any(map(_CODE.fullmatch, names(chain)))


def is_quote(chain: Sequence[Any]) -> bool:
    """Say whether a paragraph of these styles is a quotation."""
    return any(map(_QUOTE.fullmatch, names(chain)))


def heading_level(paragraph: Any, chain: Sequence[Any]) -> int:
    """Return the level of a heading by its own outline level, else by its style's level or name; 0 for other text."""
    for node, name in zip([paragraph, *chain], ["", *names(chain)], strict=True):
        outline = value(node, "pPr", "outlineLvl")
        if outline:
            return (int(outline) + 1) % 10  # the tenth is the level of body text
        if name in _LEVELS:
            return _LEVELS[name]
    return 0


def below(node: Any, *path: str) -> Any:
    """Return the node at the end of a path of names, or None."""
    for name in path:
        node = None if node is None else node.find(f"{WORD}{name}")
    return node


def value(node: Any, *path: str) -> str:
    """Return the value of the node at the end of a path; "" if there is none."""
    return first([node], *path)


def first(nodes: Sequence[Any], *path: str) -> str:
    """Return the value at the end of a path from the first of some nodes that has it; "" if none has."""
    found = (below(node, *path) for node in nodes)
    return next((str(node.get(_VALUE, "")) for node in found if node is not None), "")


def is_on(nodes: Sequence[Any], *path: str) -> bool:
    """Say whether the first of some nodes that sets a switch turns it on."""
    found = next((node for start in nodes if (node := below(start, *path)) is not None), None)
    return found is not None and found.get(_VALUE, "1") not in ("0", "false", "off")
