"""Read Rich Text Format (.rtf)."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from striprtf.striprtf import rtf_to_text

from index.errors import ReadingError
from index.ingest.limits import Limits
from index.ingest.readers.archive import guard
from index.ingest.readers.elements import Element
from index.ingest.readers.parts import block_elements
from index.ingest.readers.plaintext import read_plaintext
from index.ingest.readers.scripts import subscript, superscript
from index.ingest.readers.table_rows import Cell, one_line, span_lines

_CELL = "\ue000"  # what ends a cell; a vertical bar may be in its text
_CELL_END = re.compile(r"\\(?:nest)?cell(?![a-z])")
_ITEM = "\ue001"  # what begins an item of a list, before its number
_LIST_TEXT = re.compile(r"\{\\(?:pntext|listtext)\b([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}")
_LABEL = re.compile(r"(?<![\w'\\])\(?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[ivxIVX]{1,5})[.)]{1,2}(?=\W|\Z)")
_NOTE = re.compile(r"\{\\(?:super\s*\\)?footnote\b([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}")
_SCRIPT = re.compile(
    r"\{(?:\\(?!super\b|sub\b)\w+ ?)*\\(?P<kind>super|sub)\b(?:\\(?!footnote)\w+)*"
    r" ?(?P<text>[^{}\\]{1,20})\}"
)


def read_rtf(content: bytes, limits: Limits) -> Iterator[Element]:
    """Yield the paragraphs and table rows of a text; its headings are recognised by their shape, as in plain text."""
    return guard(_elements(content), limits, "pages")


def _elements(content: bytes) -> Iterator[Element]:
    if not content.lstrip().startswith(b"{\\rtf"):
        raise ReadingError("is not a text in Rich Text Format: correct its file name suffix.")
    text = str(rtf_to_text(_with_marks(content.decode("latin-1")), errors="replace"))  # type: ignore[no-untyped-call]
    if not text.strip(f"{_CELL} \t\r\n"):
        raise ReadingError("holds no text that can be read: save it as .docx.")
    for mark, lines in groupby(filter(str.strip, text.split("\n")), key=_mark):
        yield from {_CELL: _rows, _ITEM: _items}.get(mark, _paragraphs)(lines)


def _mark(line: str) -> str:
    """Return the mark that a line has."""
    return _CELL if _CELL in line else _ITEM if _ITEM in line else ""


def _with_marks(source: str) -> str:
    """Write as text what the library leaves out: ends of cells, numbers of lists, notes, powers and indices."""
    source = _NOTE.sub(lambda note: f"{{ [{note[1].strip()}]}}", _LIST_TEXT.sub(_item, source))
    return _CELL_END.sub(lambda _: _written(_CELL), _SCRIPT.sub(_script, source))


def _item(found: re.Match[str]) -> str:
    label = _LABEL.search(found[1])
    return "{" + _written(_ITEM) + (f"{label[0]} " if label else "") + "}"


def _script(found: re.Match[str]) -> str:
    write = superscript if found["kind"] == "super" else subscript
    before = found.string[max(0, found.start() - 3) : found.start()].rstrip("{} ")
    return "{" + _written(write(found["text"], before)) + "}"


def _written(text: str) -> str:
    """Return a text as RTF writes it."""
    return "".join(character if character.isascii() else f"\\uc1\\u{ord(character)}?" for character in text)


def _rows(lines: Iterable[str]) -> Iterator[Element]:
    rows = [[Cell(text=one_line(cell)) for cell in line.split(_CELL)[:-1]] for line in lines]
    for line in span_lines(rows):
        if line:
            yield Element(line, tight=True, kind="table_row")


def _items(lines: Iterable[str]) -> Iterator[Element]:
    for line in lines:
        yield Element(one_line(line.replace(_ITEM, "")), tight=True, kind="list_item")


def _paragraphs(lines: Iterable[str]) -> Iterator[Element]:
    """Yield paragraphs, list items and headings by their shape, and the short lines that have none."""
    text = "\n\n".join(line.strip() for line in lines)
    blocks = {block.start: block for block in read_plaintext(text)}
    end = 0
    for start in sorted(blocks):
        yield from _between(text[end:start])
        end = blocks[start].end
        yield from block_elements(text, [blocks[start]])
    yield from _between(text[end:])


def _between(text: str) -> Iterator[Element]:
    """Yield what is between two blocks: a list's mark is none, but a short line is text."""
    return (Element(one_line(line)) for line in text.split("\n\n") if any(map(str.isalpha, line)) and "\n" not in line)
