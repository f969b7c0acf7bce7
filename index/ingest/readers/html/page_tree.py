"""Decode and parse web pages, well-formed or not."""

import codecs
import re
from html.entities import html5

from lxml import etree

from index.errors import ReadingError
from index.ingest.readers.encoding import decode
from index.ingest.readers.html.boilerplate import Node

_DECLARED = re.compile(rb"""<(?:meta[^>]*?charset|\?xml[^>]*?encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_MEANT = {"iso-8859-1": "cp1252", "latin1": "cp1252", "gb2312": "gb18030", "shift_jis": "cp932", "euc-kr": "cp949"}
_BYTE_ORDER_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_PROLOG = 4096
_MAX_BROKEN = 0.001
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]*;)")


def decode_as(content: bytes, encoding: str) -> str:
    """Decode bytes by their declared encoding, or another one if the declaration is wrong.

    >>> decode_as("Café".encode(), "us-ascii")
    'Café'
    """
    name = _MEANT.get(encoding.lower(), encoding)
    for candidate in (name, "utf-8"):
        try:
            return content.decode(candidate)
        except (LookupError, ValueError):
            continue
    if name.lower() in ("utf-8", "utf8"):
        text = content.decode("utf-8", "replace")
        if text.count("\ufffd") <= _MAX_BROKEN * len(text):
            return text
    return decode(content)


def _decoded(content: bytes) -> str:
    """Decode a page by its byte order mark, else by its declaration, else by guessing."""
    declared = None if content.startswith(_BYTE_ORDER_MARKS) else _DECLARED.search(content[:_PROLOG])
    return decode_as(content, declared[1].decode("ascii")) if declared else decode(content)


def parse(content: bytes | str) -> Node | None:
    """Parse a page, as XML if it is XHTML, and return its root; None if it has no element."""
    text = (_decoded(content) if isinstance(content, bytes) else content).replace("\0", "")
    start = text[:_PROLOG]
    if ("<?xml" in start or "http://www.w3.org/1999/xhtml" in start) and "<!ENTITY" not in start:
        known = _ENTITY.sub(lambda match: html5.get(match[1], f"&amp;{match[1]}"), text.lstrip())
        parser = etree.XMLParser(
            encoding="utf-8", resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
        )
        try:
            return etree.fromstring(known.encode("utf-8", "replace"), parser)
        except etree.XMLSyntaxError:
            pass
    # Without entities there is nothing that could explode, and real pages are deeper than the parser's first bound.
    lenient = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), lenient)
    except etree.XMLSyntaxError:
        return None  # not one node in it
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in lenient.error_log):
        raise ReadingError("nests its elements too deeply to be read: save it in another format.")
    return root
