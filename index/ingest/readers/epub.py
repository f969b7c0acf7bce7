"""Read the chapters of electronic books in reading order, each as a web page."""

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote

from lxml import etree

from index.errors import ReadingError
from index.ingest.limits import Limits
from index.ingest.readers.archive import damage, guard, open_zip
from index.ingest.readers.elements import Element
from index.ingest.readers.html.boilerplate import Node
from index.ingest.readers.html.reader import html_elements
from index.ingest.readers.table_rows import one_line

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_CHAPTER_TYPES = frozenset({"application/xhtml+xml", "text/html", "text/x-oeb1-document", "image/svg+xml"})


def read_epub(content: bytes, limits: Limits) -> Iterator[Element]:
    """Yield the title and the chapters of a book; `page` is a chapter's position in reading order.

    Raises:
        ReadingError: the book is damaged, protected or too large.
    """
    return guard(_elements(content, limits), limits, "chapters")


def _elements(content: bytes, limits: Limits) -> Iterator[Element]:
    archive = open_zip(content, limits)
    package_path = _package_path(archive)
    package = _xml(archive, package_path)
    chapters = _chapters(archive, package_path, package)
    if not _encrypted(archive).isdisjoint(path for _, path in chapters):
        raise ReadingError("is protected: get a copy of the book without copy protection.")
    title = one_line("".join(package.xpath("string((//*[local-name() = 'title'])[1])")))
    if title:
        yield Element(title, level=1)
    for number, path in chapters:
        for element in html_elements(archive.read(path), with_drawings=True):
            yield replace(element, page=number)


def _chapters(archive: zipfile.ZipFile, package_path: str, package: Node) -> list[tuple[int, str]]:
    """Return the position and path of each chapter in reading order.

    Raises:
        ReadingError: the book has only pictures, or none of its chapters is in the archive.
    """
    order = _reading_order(package)
    numbers = {
        _path(package_path, item): number
        for number, item in reversed(list(enumerate(order, 1)))
        if item is not None and _is_chapter(item)
    }
    if order and not numbers and all(item is not None for item in order):
        raise ReadingError("holds no text, only pictures: it cannot be read.")
    found = sorted((number, path) for path, number in numbers.items() if path in archive.NameToInfo)
    if not found:
        raise damage(ValueError("it holds none of its chapters"))
    return found


def _reading_order(package: Node) -> list[Node | None]:
    """Return the items of a book in reading order, None for each that the package refers to but does not list."""
    items = {item.get("id"): item for item in package.iter("{*}item")}
    return [items.get(reference.get("idref")) for reference in package.iter("{*}itemref")]


def _is_chapter(item: Node) -> bool:
    """Return whether an item is a text, and not the table of contents."""
    return item.get("media-type") in _CHAPTER_TYPES and "nav" not in item.get("properties", "")


def _package_path(archive: zipfile.ZipFile) -> str:
    """Return the path of the file that lists all others."""
    if _CONTAINER in archive.NameToInfo:
        for root_file in _xml(archive, _CONTAINER).iter("{*}rootfile"):
            if root_file.get("full-path") in archive.NameToInfo:
                return str(root_file.get("full-path"))
    found = next((name for name in archive.namelist() if name.lower().endswith(".opf")), None)
    if found is None:
        raise damage(ValueError("it has no table of what it holds"))
    return found


def _path(package_path: str, item: Node) -> str:
    """Return an item's path in the archive; a path out of it matches no member."""
    href = unquote(item.get("href", "").partition("#")[0])
    return posixpath.normpath(posixpath.join(posixpath.dirname(package_path), href))


def _encrypted(archive: zipfile.ZipFile) -> set[str]:
    if _ENCRYPTION not in archive.NameToInfo:
        return set()
    references = _xml(archive, _ENCRYPTION).iter("{*}CipherReference")
    return {unquote(reference.get("URI", "")) for reference in references}


def _xml(archive: zipfile.ZipFile, path: str) -> Node:
    return etree.fromstring(archive.read(path), etree.XMLParser(resolve_entities=False, no_network=True))
