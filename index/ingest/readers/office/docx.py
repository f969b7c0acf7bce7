"""Read a Word document's nodes one by one.

python-docx's own paragraphs leave out what is in content controls, insertions, notes and text boxes, and have no
numbers of lists.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsmap, qn

from index.ingest.readers.elements import Element
from index.ingest.readers.email import web_page
from index.ingest.readers.encoding import decode
from index.ingest.readers.html.reader import html_elements
from index.ingest.readers.office.docx_numbering import Numbering
from index.ingest.readers.office.docx_styles import (
    CELL,
    CONTROL,
    LEFT_OUT,
    PARAGRAPH,
    ROW,
    RUN,
    TABLE,
    WORD,
    Styles,
    below,
    first,
    heading_level,
    is_code,
    is_contents,
    is_on,
    is_quote,
    value,
)
from index.ingest.readers.office.docx_text import COMMENT, NOTES, TEXT_BOX, ParagraphText, paragraph_text
from index.ingest.readers.office.drawings import CHART, DIAGRAM, description, drawing_elements
from index.ingest.readers.pdf.recognised import picture_elements
from index.ingest.readers.table_rows import Cell, one_line, span_lines
from index.types import BlockKind

_ID, _RELATION = f"{WORD}id", qn("r:id")
_BITMAP, _EMBEDDED = qn("a:blip"), qn("r:embed")
_HEADER, _FOOTER = f"{WORD}headerReference", f"{WORD}footerReference"
_OTHER_FORMAT = f"{WORD}altChunk"
_PICTURE = f"{{{nsmap['wp']}}}docPr"
_PARTS = ("footnotes", "endnotes", "comments")
_LETTERS = re.compile(r"[^\W\d_]{3,}")
_MAX_HEADING, _MAX_SPAN, _MAX_CHUNKS = 200, 100, 10


def word_elements(document: Document, has_ocr: bool = False) -> Iterator[Element]:
    """Yield the elements of a document: headers, then its body, then footers. A table of contents is left out.

    With `has_ocr`, the text in its pictures is recognised.
    """
    return _Word(document, has_ocr).elements()


class _Word:
    """A document's styles, numbers and notes, and the walk through its nodes."""

    def __init__(self, document: Document, has_ocr: bool) -> None:
        self._has_ocr = has_ocr
        self._body, self._part = document.element.body, document.part
        self._styles = Styles(document.styles.element)
        self._numbering = Numbering(self._root("numbering"))
        self._notes = {
            (kind, note.get(_ID)): note for kind in _PARTS if (root := self._root(kind)) is not None for note in root
        }
        self._drop_cap = ""
        self._chunks = 0

    def elements(self) -> Iterator[Element]:
        yield from self._margins(_HEADER)
        yield from self._blocks(self._body)
        yield from self._margins(_FOOTER)

    def _root(self, kind: str) -> Any:
        """Return the root of the part with the numbering, notes or comments; None if the file has no such part."""
        for relation in self._part.rels.values():
            if not relation.is_external and relation.reltype.rpartition("/")[2] == kind:
                return parse_xml(relation.target_part.blob)
        return None

    def _margins(self, tag: str) -> Iterator[Element]:
        """Yield what the headers or the footers of all sections say, once, without numbers of pages."""
        seen: set[str] = set()
        for reference in self._body.iter(tag):
            part = self._part.rels.get(reference.get(_RELATION))
            root = None if part is None or part.is_external else parse_xml(part.target_part.blob)
            for element in self._blocks(root) if root is not None else ():
                if element.text not in seen:
                    seen.add(element.text)
                    yield replace(element, level=0)

    def _blocks(self, container: Any, tables: list[Any] | None = None) -> Iterator[Element]:
        """Yield what is in a container; its tables are added to `tables` instead if that is given."""
        for child in container:
            if child.tag == PARAGRAPH:
                yield from self._paragraph(child)
            elif child.tag == TABLE and tables is None:
                yield from self._table(child)
            elif child.tag == TABLE and tables is not None:
                tables.append(child)
            elif child.tag == _OTHER_FORMAT:
                yield from self._chunk(child)
            elif _is_contents(child):
                yield from _left_out("line of contents", child.iter(PARAGRAPH))
            elif child.tag not in LEFT_OUT:
                yield from self._blocks(child, tables)

    def _paragraph(self, paragraph: Any) -> Iterator[Element]:
        """Yield a paragraph, then the notes, comments, text boxes and charts that hang on it."""
        chain = self._styles.chain(value(paragraph, "pPr", "pStyle"))
        if is_contents(chain) or is_on(chain, "rPr", "vanish"):
            yield from _left_out_paragraph(paragraph, chain)
            return
        found = paragraph_text(paragraph, self._styles)
        list_id, label = self._label(paragraph, chain)
        text = found.text
        if below(paragraph, "pPr", "framePr") is not None and _is_drop_cap(paragraph):
            self._drop_cap += text
        elif text and not _is_only_page_number(found):
            text, self._drop_cap = self._drop_cap + text, ""
            level = heading_level(paragraph, chain) if len(text) <= _MAX_HEADING else 0
            kind: BlockKind = "paragraph" if level else "list_item" if list_id else _kind(chain, found)
            yield Element(
                label + (one_line(text) if level else text),
                level=level,
                tight=bool(list_id) and not level,
                kind=kind,
            )
        yield from self._apart(found)
        yield from self._recognised(paragraph)

    def _recognised(self, paragraph: Any) -> Iterator[Element]:
        """Yield what OCR recognises in the pictures of a paragraph."""
        for picture in paragraph.iter(_BITMAP) if self._has_ocr else ():
            relation = self._part.rels.get(picture.get(_EMBEDDED))
            if relation is not None and not relation.is_external:
                yield from picture_elements(relation.target_part.blob)

    def _apart(self, found: ParagraphText) -> Iterator[Element]:
        for node in found.apart:
            if node.tag == TEXT_BOX:
                yield from self._blocks(node)
            elif node.tag in NOTES:
                yield from self._blocks(self._notes.pop((NOTES[node.tag], node.get(_ID)), ()))
            elif node.tag == COMMENT:
                yield from self._comment(self._notes.pop(("comments", node.get(_ID)), None))
            elif node.tag in (CHART, DIAGRAM):
                yield from drawing_elements(node, self._part)
            elif node.tag == _PICTURE and (text := description(node)):
                yield Element(f"Picture: {text}")

    def _comment(self, comment: Any) -> Iterator[Element]:
        if comment is not None and (text := self._line(comment)):
            author = one_line(comment.get(f"{WORD}author") or "")
            yield Element(f"Comment by {author}: {text}" if author else f"Comment: {text}")

    def _line(self, container: Any) -> str:
        return one_line(" ".join(element.text for element in self._blocks(container)))

    def _label(self, paragraph: Any, chain: list[Any]) -> tuple[str, str]:
        """Return the list of a paragraph, "" if it is in none, and the number that Word shows before it."""
        nodes = [paragraph, *chain]
        list_id = first(nodes, "pPr", "numPr", "numId")
        if list_id in ("", "0"):
            return "", ""
        level = first(nodes, "pPr", "numPr", "ilvl")
        if not value(paragraph, "pPr", "numPr", "numId"):
            own = value(paragraph, "pPr", "numPr", "ilvl")
            style = next(style for style in chain if value(style, "pPr", "numPr", "numId"))
            linked = self._numbering.level_of_style(list_id, value(paragraph, "pPr", "pStyle"))
            level = own or value(style, "pPr", "numPr", "ilvl") or str(linked)
        return list_id, self._numbering.label(list_id, int(level or 0))

    def _chunk(self, reference: Any) -> Iterator[Element]:
        """Yield a part of the document that is stored in another format."""
        relation = self._part.rels.get(reference.get(_RELATION))
        self._chunks += 1
        if relation is None or relation.is_external or self._chunks > _MAX_CHUNKS:
            return
        part = relation.target_part
        if "html" in part.content_type:
            yield from html_elements(part.blob)
        elif part.content_type == "message/rfc822":
            yield from html_elements(web_page(part.blob))
        elif part.content_type.startswith("text/plain"):
            yield from (Element(text) for text in re.split(r"\n\s*\n", decode(part.blob)) if text.strip())
        elif part.blob.startswith(b"PK"):
            from docx import Document as open_document

            yield from word_elements(open_document(BytesIO(part.blob)))

    def _table(self, table: Any) -> Iterator[Element]:
        """Yield a line for each row and after it the tables in its cells; of a one-cell box, its content."""
        rows = _visible_rows(table)
        cells = [list(_parts(row, CELL)) for row in rows]
        if all(len(row) < 2 for row in cells):
            yield from (element for row in cells for cell in row for element in self._blocks(cell))
        else:
            yield from self._rows(rows, cells)

    def _rows(self, rows: list[Any], cells: list[list[Any]]) -> Iterator[Element]:
        """Yield a line for each row of a table, given the cells of each, and after it the tables in its cells."""
        nested: list[list[Any]] = [[] for _ in rows]
        spans = [
            [*_skipped(row), *(self._cell(cell, inner) for cell in of)]
            for row, of, inner in zip(rows, cells, nested, strict=True)
        ]
        for line, inner in zip(span_lines(spans, _header_rows(rows)), nested, strict=True):
            if line:
                yield Element(line, tight=True, kind="table_row")
            for found in inner:
                yield from self._table(found)

    def _cell(self, cell: Any, tables: list[Any]) -> Cell:
        span = min(int(value(cell, "tcPr", "gridSpan") or 1), _MAX_SPAN)
        merged = below(cell, "tcPr", "vMerge")
        if merged is not None and merged.get(f"{WORD}val") != "restart":
            return Cell(text=None, span=span)
        return Cell(text=one_line(" ".join(element.text for element in self._blocks(cell, tables))), span=span)


def _kind(chain: list[Any], found: ParagraphText) -> BlockKind:
    if found.is_formula:
        return "formula"
    return "code" if is_code(chain) else "quote" if is_quote(chain) else "paragraph"


def _is_only_page_number(found: ParagraphText) -> bool:
    """Return whether a paragraph has a page's number and no word after its first one."""
    return found.has_page_number and not _LETTERS.search(found.text.partition(" ")[2])


def _is_drop_cap(paragraph: Any) -> bool:
    return below(paragraph, "pPr", "framePr").get(f"{WORD}dropCap") in ("drop", "margin")


def _left_out(what: str, paragraphs: Iterable[Any]) -> Iterator[Element]:
    """Yield an element for each paragraph with text that is left out."""
    texted = (node for node in paragraphs if any(text.text for text in node.iter(f"{WORD}t")))
    yield from (Element("", left_out=what) for _ in texted)


def _left_out_paragraph(paragraph: Any, chain: list[Any]) -> Iterator[Element]:
    return _left_out("line of contents" if is_contents(chain) else "hidden paragraph", [paragraph])


def _is_contents(node: Any) -> bool:
    gallery = value(node, "sdtPr", "docPartObj", "docPartGallery") if node.tag == CONTROL else ""
    return gallery == "Table of Contents"


def _parts(node: Any, tag: str) -> Iterator[Any]:
    """Yield the rows of a table or the cells of a row, also those in content controls."""
    for child in node:
        if child.tag == tag:
            yield child
        elif child.tag not in LEFT_OUT:
            yield from _parts(child, tag)


def _visible_rows(table: Any) -> list[Any]:
    """Return the rows of a table that are neither deleted nor hidden."""
    return [row for row in _parts(table, ROW) if not any(is_on([row], "trPr", mark) for mark in ("del", "hidden"))]


def _skipped(row: Any) -> list[Cell]:
    """Return an empty cell for the columns that a row leaves out at its start."""
    skipped = value(row, "trPr", "gridBefore")
    return [Cell(text="", span=min(int(skipped), _MAX_SPAN))] if skipped.isdigit() and skipped != "0" else []


def _header_rows(rows: list[Any]) -> int:
    """Return how many rows at the top are marked as header rows, or bold over a row that is not."""
    marked = next((index for index, row in enumerate(rows) if not is_on([row], "trPr", "tblHeader")), 0)
    return marked or int([_is_bold(row) for row in rows[:2]] == [True, False])


def _is_bold(row: Any) -> bool:
    runs = [run for run in row.iter(RUN) if below(run, "t") is not None]
    return bool(runs) and all(is_on([run], "rPr", "b") for run in runs)
