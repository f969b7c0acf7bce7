"""Read data files (.json, .xml) as lines under the path of their keys."""

import json
from collections.abc import Iterator
from typing import Any

from lxml import etree

from index.ingest.limits import Limits
from index.ingest.readers.archive import guard
from index.ingest.readers.elements import Element
from index.ingest.readers.encoding import decode
from index.ingest.readers.parts import block_elements
from index.ingest.readers.plaintext import read_plaintext
from index.ingest.readers.table_rows import one_line, row_line

_MAX_LEVEL = 6
_MAX_LIST = 400  # characters of a list that is one line
_TITLES = frozenset({"title", "head", "heading", "caption", "subtitle", "article-title", "booktitle", "label"})
_PROSE = frozenset(
    {"p", "para", "simpara", "li", "item", "listitem", "td", "entry", "abstract", "note", "ab", "l", "line"}
)


def read_json(content: bytes, limits: Limits) -> Iterator[Element]:
    """Yield the values of a JSON file; one that is not valid JSON is read as plain text."""
    return guard(_json(decode(content)), limits, "pages")


def read_xml(content: bytes, limits: Limits) -> Iterator[Element]:
    """Yield the text of an XML file: paragraphs, titles as headings, and records as lines of names and values."""
    return guard(_xml(content), limits, "pages")


def _json(text: str) -> Iterator[Element]:
    text = text.lstrip("\ufeff")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        yield from block_elements(text, read_plaintext(text))
        return
    yield from _value("", data, 0)


def _value(name: str, value: Any, level: int) -> Iterator[Element]:
    """Yield a value under its key: a record as one line, a list of short values as one line, others part by part."""
    if value is None or value == {} or value == []:
        return
    if not isinstance(value, dict | list):
        yield _line(name, _shown(value))
    elif isinstance(value, dict) and level and not name and all(map(_is_short, value.values())):
        yield Element(row_line([*map(_shown, value.values())], [*map(str, value)]), tight=True, kind="table_row")
    elif (
        isinstance(value, list)
        and all(map(_is_short, value))
        and len(line := ", ".join(map(_shown, value))) < _MAX_LIST
    ):
        yield _line(name, line)
    else:
        if name:
            yield Element(name, level=min(level, _MAX_LEVEL))
        # Values stand before groups of values, as otherwise they would seem to belong to the group above.
        for key, inner in sorted(_entries(value), key=lambda entry: bool(entry[0]) and not _is_line(entry[1])):
            yield from _value(key, inner, level + 1)


def _entries(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [(str(key), inner) for key, inner in value.items()]
    return [("", inner) for inner in value]


def _is_line(value: Any) -> bool:
    return _is_short(value) or (isinstance(value, list) and all(map(_is_short, value)))


def _is_short(value: Any) -> bool:
    return not isinstance(value, dict | list) and len(str(value)) < _MAX_LIST


def _line(name: str, text: str) -> Element:
    return Element(f"{name}: {text}" if name else text, tight=bool(name), kind="list_item" if name else "paragraph")


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value).strip() if "\n" in str(value) else one_line(str(value))


def _xml(content: bytes) -> Iterator[Element]:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True, recover=True, huge_tree=False
    )
    root = etree.fromstring(content, parser)
    if root is not None:
        yield from _node(root, 1)


def _node(node: Any, level: int) -> Iterator[Element]:
    name = _name(node)
    children = [child for child in node if isinstance(child.tag, str)]
    if not children or name in _PROSE or _is_mixed(node):
        if text := one_line("".join(node.itertext())):
            if name in _TITLES:
                yield Element(text, level=min(level - 1, _MAX_LEVEL) or 1)
            elif name in _PROSE or _is_mixed(node) or not _has_words(name):
                yield Element(text)
            else:
                yield _line(name, text)
        return
    if (
        node.getparent() is not None
        and len(children) > 1
        and all(len(child) == 0 and _name(child) not in _TITLES | _PROSE for child in children)
    ):
        cells = [one_line(child.text or "") for child in children]
        yield Element(row_line(cells, [_name(child) for child in children]), tight=True, kind="table_row")
        return
    deeper = level + any(_name(child) in _TITLES for child in children)
    for child in children:
        yield from _node(child, deeper)


def _name(node: Any) -> str:
    return str(node.tag).rpartition("}")[2].lower()


def _has_words(name: str) -> bool:
    return len(name) > 1


def _is_mixed(node: Any) -> bool:
    """Say whether a node has text of its own between its children."""
    return any(text and text.strip() for text in (node.text, *(child.tail for child in node))) and len(node) > 0
