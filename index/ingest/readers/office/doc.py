"""Read Word 97-2003 files (.doc): paragraphs, headings, lists, tables, notes, comments and text boxes."""

import re
from collections.abc import Iterator

from index.ingest.limits import Limits
from index.ingest.readers.archive import guard
from index.ingest.readers.elements import Element
from index.ingest.readers.html.reader import read_html
from index.ingest.readers.office.doc_file import DocFile, Paragraph, Properties
from index.ingest.readers.office.reader import read_docx
from index.ingest.readers.rtf import read_rtf
from index.ingest.readers.scripts import subscript, superscript
from index.ingest.readers.table_rows import Cell, one_line, span_lines

_HEADINGS, _TITLE, _CONTENTS = range(1, 10), 62, range(19, 28)  # built-in styles (sti)
_IS_IN_TABLE, _ENDS_ROW, _LIST, _OUTLINE = 0x2416, 0x2417, 0x460B, 0x2640  # properties of paragraphs (sprm)
_VANISHED, _DELETED, _RAISED = 0x083C, 0x0800, 0x2A48  # properties of characters (sprm)
_BODY_OUTLINE = 9
_MAX_HEADING = 300
_FIELD_BEGINS, _FIELD_SHOWS, _FIELD_ENDS = "\x13", "\x14", "\x15"
_MARKS = {"\x0b": "\n", "\x0c": "\n", "\x1e": "-", "\x1f": "", "\xa0": " ", "\u00ad": ""}
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\ufffc\ue000-\uf8ff]")
_PARAGRAPH_END = re.compile(r"[\r\x07\x0c]")
_PAIR = re.compile(r"[\ud800-\udbff][\udc00-\udfff]")
_LONE = re.compile(r"[\ud800-\udfff]")
_RTF, _ZIP = b"{\\rtf", b"PK\x03\x04"
_APART = ("footnotes", "endnotes", "text boxes")


def read_doc(content: bytes, limits: Limits) -> Iterator[Element]:
    """Yield the headings, paragraphs, list items and table rows of a document, then its notes and comments.

    It has no pages. The numbers that Word gives to headings and lists are not in the text. Word also opens RTF, web
    pages and newer documents that are called `.doc`, and so does this.
    """
    if content.startswith(_RTF):
        return read_rtf(content, limits)
    if content.startswith(_ZIP):
        return read_docx(content, limits)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return read_html(content, limits)
    return guard(_elements(content), limits, "pages")


def _elements(content: bytes) -> Iterator[Element]:
    file = DocFile(content)
    parts = file.parts()
    yield from _Part(file, *parts["text"]).elements()
    for name in _APART:
        yield from _Part(file, *parts[name]).elements()
    for element in _Part(file, *parts["comments"]).elements():
        yield Element(f"Comment: {element.text}") if element.text else element
    seen: set[str] = set()
    for element in _Part(file, *parts["headers"]).elements():
        if any(map(str.isalpha, element.text)) and element.text not in seen:
            seen.add(element.text)
            yield Element(element.text)


class _Part:
    """The walk through one part of a file. A field shows its result, not its code."""

    def __init__(self, file: DocFile, start: int, end: int) -> None:
        self._file, self._start, self._end = file, start, end
        self._fields: list[bool] = []  # of each open field, whether its result has begun
        self._cell: list[str] = []
        self._row: list[Cell] = []
        self._rows: list[list[Cell]] = []

    def elements(self) -> Iterator[Element]:
        start = self._start
        while start < self._end:
            found = _PARAGRAPH_END.search(self._file.text, start, self._end)
            end = found.start() if found else self._end
            paragraph = self._file.paragraph(min(end, self._end - 1))
            text = self._shown(start, end)
            if _is_on(paragraph.properties, _IS_IN_TABLE):
                self._add_cell(text, paragraph, ends_cell=self._file.text[end : end + 1] == "\x07")
            else:
                yield from self._table()
                yield from _element(text, paragraph)
            start = end + 1
        yield from self._table()

    def _add_cell(self, text: str, paragraph: Paragraph, *, ends_cell: bool) -> None:
        if _is_on(paragraph.properties, _ENDS_ROW):
            self._rows.append(self._row)
            self._row = []
        else:
            self._cell.append(text)
            if ends_cell:
                self._row.append(Cell(text=one_line(" ".join(self._cell))))
                self._cell = []

    def _table(self) -> Iterator[Element]:
        """Yield the rows of the table that has ended."""
        rows, self._rows = [row for row in self._rows if any(cell.text for cell in row)], []
        for line in span_lines(rows) if rows else ():
            if line:
                yield Element(line, tight=True, kind="table_row")

    def _shown(self, start: int, end: int) -> str:
        """Return the text of a range as it is shown, with powers and indices."""
        shown = ""
        for text, properties in self._file.character_runs(start, end):
            text = self._without_codes(text)
            if not text or _is_on(properties, _VANISHED) or _is_on(properties, _DELETED):
                continue
            place = properties.get(_RAISED, b"\0")[:1]
            if place in (b"\x01", b"\x02"):
                text = superscript(text, shown) if place == b"\x01" else subscript(text, shown)
            shown += text
        for mark, character in _MARKS.items():
            shown = shown.replace(mark, character)
        shown = _PAIR.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), shown)
        return _LONE.sub("", _CONTROLS.sub("", shown)).strip()

    def _without_codes(self, text: str) -> str:
        kept = []
        for character in text:
            if character == _FIELD_BEGINS:
                self._fields.append(False)
            elif character == _FIELD_SHOWS and self._fields:
                self._fields[-1] = True
            elif character == _FIELD_ENDS and self._fields:
                self._fields.pop()
            elif all(self._fields):
                kept.append(character)
        return "".join(kept)


def _element(text: str, paragraph: Paragraph) -> Iterator[Element]:
    if not text:
        return
    if any(style in _CONTENTS for style in paragraph.styles):
        yield Element("", left_out="line of contents")
        return
    level = _level(paragraph) if len(text) <= _MAX_HEADING else 0
    if level:
        yield Element(one_line(text), level=level)
    elif any(paragraph.properties.get(_LIST, b"")):
        yield Element(text, tight=True, kind="list_item")
    else:
        yield Element(text)


def _level(paragraph: Paragraph) -> int:
    """Return the level of a heading by its style or its level in the outline; 0 if it is none."""
    for style in paragraph.styles:
        if style in _HEADINGS:
            return style
        if style == _TITLE:
            return 1
    outline = paragraph.properties.get(_OUTLINE, b"\x09")[0]
    return outline + 1 if outline < _BODY_OUTLINE else 0


def _is_on(properties: Properties, name: int) -> bool:
    return properties.get(name, b"\0")[:1] == b"\x01"
