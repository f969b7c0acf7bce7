"""Read what belongs to a workbook's sheets but is stored beside their cells: comments, charts, text boxes, merges."""

import posixpath
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from lxml import etree
from openpyxl.utils.cell import range_boundaries

from index.ingest.readers.elements import Element
from index.ingest.readers.office.drawings import CHART, chart_elements, description, diagram_elements, parsed
from index.ingest.readers.scripts import subscript, superscript
from index.ingest.readers.table_rows import one_line

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_THREADED = "{http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments}"
_MERGE = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref=["']([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})["']""")
_MAX_MERGED_CELLS = 100_000


@dataclass(slots=True)
class Merges:
    """A sheet's merged cells by row and column: how many columns each covers, and the cell above that it repeats."""

    spans: dict[int, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    above: dict[int, dict[int, tuple[int, int]]] = field(default_factory=lambda: defaultdict(dict))
    _cells: int = 0
    _texts: dict[tuple[int, int], str | None] = field(default_factory=dict)  # of the cells that others repeat

    def add(self, left: int, top: int, right: int, bottom: int) -> None:
        """Add a range of merged cells; of very many, the cells below the first row are left out."""
        if right > left:
            self.spans[top][left] = right - left + 1
        self._cells += bottom - top
        for row in range(top + 1, bottom + 1) if self._cells < _MAX_MERGED_CELLS else ():
            self.above[row][left] = top, left
            self._texts[top, left] = None

    def repeat(self, row: int, texts: dict[int, str]) -> None:
        """Add the texts of merged cells above to those of a row, and note its own for the rows below."""
        for column, anchor in self.above.get(row, {}).items():
            texts.setdefault(column, self._texts[anchor] or "")
        for column, text in texts.items():
            if (row, column) in self._texts:
                self._texts[row, column] = text


class Package:
    """The parts of a workbook's file and the relations between them."""

    def __init__(self, content: bytes) -> None:
        self._archive = zipfile.ZipFile(BytesIO(content))
        self._names = frozenset(self._archive.namelist())

    def read(self, path: str) -> bytes:
        """Return the bytes of a part; none if there is no such part."""
        return self._archive.read(path) if path in self._names else b""

    def related(self, path: str) -> dict[str, tuple[str, str]]:
        """Return the kind and path of each part to which a part refers, by the name of the relation."""
        folder, name = posixpath.split(path)
        relations = self.read(f"{folder}/_rels/{name}.rels")
        found: dict[str, tuple[str, str]] = {}
        for relation in parsed(relations) if relations else ():
            if relation.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
                found[relation.get("Id", "")] = relation.get("Type", "").rpartition("/")[2], target
        return found

    def roots(self, path: str, kind: str) -> Iterator[tuple[str, Any]]:
        """Yield the path and root of each part of a kind to which a part refers; broken ones are left out."""
        for of, target in self.related(path).values():
            if of == kind and (content := self.read(target)):
                try:
                    yield target, parsed(content)
                except etree.XMLSyntaxError:
                    continue


def merges(xml: bytes) -> Merges:
    """Return the merged cells of a sheet's XML; rows and columns count from 1.

    >>> found = merges(b'<mergeCell ref="A1:B1"/><mergeCell ref="A2:A3"/>')
    >>> found.spans[1], found.above[3]
    ({1: 2}, {1: (2, 1)})
    """
    found = Merges()
    for match in _MERGE.finditer(xml):
        found.add(*range_boundaries(match[1].decode()))
    return found


def rich_strings(content: bytes) -> list[str]:
    """Return the shared strings of a workbook, with powers and indices as Unicode."""
    texts = []
    for _, node in etree.iterparse(BytesIO(content), tag=f"{_MAIN}si", resolve_entities=False, no_network=True):
        texts.append(rich_string(node))
        node.clear()
    return texts


def rich_string(node: Any) -> str:
    """Return a string, shared or in its cell, with powers and indices as Unicode."""
    text = ""
    for part in node.iterchildren(f"{_MAIN}r", f"{_MAIN}t"):
        written = part.text if part.tag == f"{_MAIN}t" else part.findtext(f"{_MAIN}t")
        shift = part.find(f"{_MAIN}rPr/{_MAIN}vertAlign")
        write = {"superscript": superscript, "subscript": subscript}.get("" if shift is None else shift.get("val"))
        text += write(written or "", text) if write else written or ""
    return text


def comments(package: Package, sheet: str) -> dict[int, list[str]]:
    """Return the comments on a sheet's cells by row, each with its author."""
    found: dict[int, list[str]] = defaultdict(list)
    threads = list(_threads(package, sheet))
    for row, text in (*threads, *_notes(package, sheet, bool(threads))):
        found[row].append(text)
    return found


def _threads(package: Package, sheet: str) -> Iterator[tuple[int, str]]:
    """Yield the row and text of each comment that newer programs write in threads."""
    people = {
        person.get("id", ""): person.get("displayName", "")
        for _, root in package.roots("xl/workbook.xml", "person")
        for person in root
    }
    for _, root in package.roots(sheet, "threadedComment"):
        for comment in root:
            text = one_line(comment.findtext(f"{_THREADED}text") or "")
            yield _row(comment.get("ref", "")), _comment(people.get(comment.get("personId", ""), ""), text)


def _notes(package: Package, sheet: str, has_threads: bool) -> Iterator[tuple[int, str]]:
    """Yield the row and text of each comment in the older format, without the copies of threads."""
    for _, root in package.roots(sheet, "comments"):
        authors = [one_line(author.text or "") for author in root.iter(f"{_MAIN}author")]
        for comment in root.iter(f"{_MAIN}comment"):
            author = int(comment.get("authorId", "0"))
            text = one_line("".join(node.text or "" for node in comment.iter(f"{_MAIN}t")))
            name = authors[author] if author < len(authors) else ""
            if not (has_threads and name.startswith("tc=")):  # a copy of a thread for older programs
                yield _row(comment.get("ref", "")), _comment(name, text.removeprefix(f"{name}:").strip())


def _comment(author: str, text: str) -> str:
    return f"Comment by {author}: {text}" if author else f"Comment: {text}"


def _row(reference: str) -> int:
    digits = re.search(r"\d{1,7}", reference)
    return int(digits[0]) if digits else 0


def drawn_elements(package: Package, path: str) -> Iterator[Element]:
    """Yield the text boxes, charts, diagrams and described pictures of a sheet; `page` is the row where each begins."""
    for drawing, root in package.roots(path, "drawing"):
        related = package.related(drawing)
        for row, anchor in sorted(((_top_row(anchor), anchor) for anchor in root), key=lambda entry: entry[0]):
            for element in _anchored(package, anchor, related):
                yield Element(element.text, page=row, tight=element.tight, kind=element.kind)


def _top_row(anchor: Any) -> int:
    return next((int(node.text or 0) + 1 for node in anchor.iterfind("{*}from/{*}row")), 1)


def _anchored(package: Package, anchor: Any, related: dict[str, tuple[str, str]]) -> Iterator[Element]:
    yield from _box_texts(anchor)
    for properties in anchor.iter("{*}cNvPr"):
        if text := description(properties):
            yield Element(f"Picture: {text}")
    for node in anchor.iter(CHART, "{*}relIds"):
        _, target = related.get(node.get(f"{_RELATION}id") or node.get(f"{_RELATION}dm") or "", ("", ""))
        if content := package.read(target):
            yield from chart_elements(parsed(content)) if node.tag == CHART else diagram_elements(parsed(content))


def _box_texts(anchor: Any) -> Iterator[Element]:
    """Yield the paragraphs of text boxes."""
    for body in anchor.iter("{*}txBody"):
        for paragraph in body.iter(f"{_DRAWING}p"):
            if text := one_line("".join(node.text or "" for node in paragraph.iter(f"{_DRAWING}t"))):
                yield Element(text)
