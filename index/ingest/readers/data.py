"""Read data files (.json, .xml) as lines under the path of their keys."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, TypeGuard

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
_NAMING = frozenset({"name", "title", "label"})
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
    elif level and not name and _is_flat_record(value):
        yield Element(row_line([*map(_shown, value.values())], [*map(str, value)]), tight=True, kind="table_row")
    elif _is_flat_list(value) and len(line := ", ".join(map(_shown, value))) < _MAX_LIST:
        yield _line(name, line)
    else:
        if name:
            yield Element(name, level=min(level, _MAX_LEVEL))
        for key, inner in _entries(value):
            yield from _value(key, inner, level + 1)


def _entries(value: Any) -> list[tuple[str, Any]]:
    """Return the parts of a value, each with its key.

    Values stand before groups of values, as otherwise they would seem to belong to the group above.
    """
    if isinstance(value, dict):
        entries = [(str(key), inner) for key, inner in value.items()]
        return sorted(entries, key=lambda entry: bool(entry[0]) and not _is_line(entry[1]))
    return [("", inner) for inner in value]


def _is_line(value: Any) -> bool:
    return _is_short(value) or _is_flat_list(value)


def _is_flat_list(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_short, value))


def _is_flat_record(value: Any) -> TypeGuard[dict[Any, Any]]:
    return isinstance(value, dict) and all(map(_is_short, value.values()))


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
    if root is None:
        return
    if _is_in_attributes(root):
        yield from _attributes(root, 1)
    else:
        yield from _node(root, 1)


def _is_in_attributes(root: Any) -> bool:
    """Say whether a file has more of its words in attributes than in text."""
    texts = sum(len(text.strip()) for text in root.itertext())
    return texts < sum(len(value) for node in root.iter() for name, value in node.items() if _is_told(name))


def _is_told(attribute: str) -> bool:
    """Say whether an attribute is data: not one of XML's own, nor of a schema."""
    return not attribute.startswith("{")


def _attributes(node: Any, level: int) -> Iterator[Element]:
    """Yield a line for the attributes and the text of a node; the name of one with others in it is their heading."""
    if _is_mixed(node):
        yield from _node(node, level)
        return
    fields = {name: one_line(value) for name, value in node.items() if _is_told(name)}
    children = list(node.iterchildren(etree.Element))
    title = _title(fields) if children else ""
    if title:
        yield Element(title, level=min(level, _MAX_LEVEL))
    if text := one_line(node.text or ""):
        fields[_name(node)] = text
    if fields:
        yield Element(row_line([*fields.values()], [*fields]), tight=True, kind="table_row")
    for child in children:
        yield from _attributes(child, level + bool(title))


def _title(fields: dict[str, str]) -> str:
    """Take the name out of some fields."""
    own = next((name for name in fields if name.lower() in _NAMING), None)
    return fields.pop(own) if own else ""


def _node(node: Any, level: int) -> Iterator[Element]:
    children = [child for child in node if isinstance(child.tag, str)]
    if not children or _name(node) in _PROSE or _is_mixed(node):
        if text := one_line("".join(node.itertext())):
            yield _text_element(node, text, level)
    elif node.getparent() is not None and _are_fields(children):
        cells = [one_line(child.text or "") for child in children]
        yield Element(row_line(cells, list(map(_name, children))), tight=True, kind="table_row")
    else:
        deeper = level + (not _TITLES.isdisjoint(map(_name, children)))
        for child in children:
            yield from _node(child, deeper)


def _text_element(node: Any, text: str, level: int) -> Element:
    """Return a node's text as a heading, a paragraph, or a line under the node's name."""
    name = _name(node)
    if name in _TITLES:
        return Element(text, level=min(level - 1, _MAX_LEVEL) or 1)
    if name in _PROSE or _is_mixed(node) or not _has_words(name):
        return Element(text)
    return _line(name, text)


def _are_fields(nodes: Sequence[Any]) -> bool:
    """Say whether nodes are the fields of a record: several short values, and none of them a title or a paragraph."""
    return len(nodes) > 1 and all(len(node) == 0 and _name(node) not in _TITLES | _PROSE for node in nodes)


def _name(node: Any) -> str:
    return str(node.tag).rpartition("}")[2].lower()


def _has_words(name: str) -> bool:
    return len(name) > 1


def _is_mixed(node: Any) -> bool:
    """Say whether a node has text between its children."""
    return any(text and text.strip() for text in (node.text, *(child.tail for child in node))) and len(node) > 0
