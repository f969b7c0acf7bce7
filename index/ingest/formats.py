"""Choose the reader of a file by its suffix, and read the file with it."""

import hashlib
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Any

from index.errors import ReadingError
from index.ingest.limits import Limits
from index.ingest.readers.archive import gunzip
from index.ingest.readers.elements import AssembledText, assemble
from index.ingest.readers.encoding import decode
from index.types import Block, Document, Pages, Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A reader's function (`module:name` below index.ingest.readers) and the suffixes that it reads.

    A reader of plain text takes the decoded text, which is the document's text, and returns its blocks. Any other takes
    the file's bytes and the limits, and yields elements; `unit` says what their `page` counts.

    `version` counts from 1. Raise it when the reader's output changes: files of its kind are then read again.
    """

    function: str
    suffixes: str
    version: int
    is_plain_text: bool = False
    unit: str = "page"


READERS = (
    Reader(
        function="markdown:read_markdown",
        suffixes=".md .markdown .mdown",
        version=1,
        is_plain_text=True,
    ),
    Reader(
        function="plaintext:read_plaintext",
        suffixes=".txt .text .log .rst .org .tex .asc .adoc .srt .vtt .ini .cfg .conf .toml .yaml .yml .json .xml .sql"
        " .py .js .ts .jsx .tsx .java .c .h .cc .cpp .hpp .cs .go .rs .rb .php .pl .lua .r .m .swift .kt .scala .sh"
        " .bash .ps1 .bat .css",
        version=1,
        is_plain_text=True,
    ),
    Reader(function="pdf.reader:read_pdf", suffixes=".pdf", version=2),
    Reader(function="office.reader:read_docx", suffixes=".docx .docm .dotx .dotm", version=2),
    Reader(function="office.reader:read_pptx", suffixes=".pptx .pptm .ppsx .ppsm .potx .potm", unit="slide", version=2),
    Reader(function="office.xlsx:read_xlsx", suffixes=".xlsx .xlsm .xltx .xltm", unit="row", version=2),
    Reader(function="office.xlsx:read_csv", suffixes=".csv .tsv", unit="row", version=2),
    Reader(function="html.reader:read_html", suffixes=".html .htm .xhtml", version=1),
    Reader(function="epub:read_epub", suffixes=".epub", unit="chapter", version=1),
    Reader(function="email:read_mail", suffixes=".eml", version=1),
    Reader(function="notebook:read_notebook", suffixes=".ipynb", unit="cell", version=1),
)
GZIP = ".gz"
DRAWN = ".pdf"
_BY_SUFFIX = {suffix: reader for reader in READERS for suffix in reader.suffixes.split()}
SUFFIXES = frozenset(_BY_SUFFIX)
_MAX_LISTED = 8


def kind(path: str) -> str | None:
    """Return the suffix that decides how a file is read, or None if no reader reads it.

    >>> kind("a/Tea.PDF"), kind("tea.txt.gz"), kind("tea.exe")
    ('.pdf', '.txt', None)
    """
    name = PurePosixPath(path.lower())
    suffix = PurePosixPath(name.stem).suffix if name.suffix == GZIP else name.suffix
    return suffix if suffix in SUFFIXES else None


def reader_version(path: str) -> int:
    """Return the version of the reader of a file; 0 if no reader reads it.

    >>> reader_version("tea.txt") > 0, reader_version("tea.exe")
    (True, 0)
    """
    suffix = kind(path)
    return _BY_SUFFIX[suffix].version if suffix else 0


def read(path: str, content: bytes, limits: Limits | None = None) -> Document:
    """Read a file's bytes as a document.

    Raises:
        ReadingError: they cannot be read; the message says why and what to do.
    """
    limits = limits or Limits()
    reader = _BY_SUFFIX[str(kind(path))]
    try:
        found = _read(reader, _unpacked(path, content, limits), limits)
    except ReadingError as error:
        raise ReadingError(f"{path} {error}") from error
    blank = _blank(found.pages, found.blocks)
    if found.pages and len(blank) == len(found.pages):
        raise ReadingError(f"{path} holds no text, only pictures: build with --ocr, which needs tesseract.")
    first = next((block for block in found.blocks if block.level), None)
    return Document(
        path=path,
        text=found.text,
        sha256=hashlib.sha256(content).hexdigest(),
        title=found.text[first.start : first.end] if first else PurePosixPath(path).stem,
        blocks=found.blocks,
        pages=found.pages,
        unit=reader.unit,
        note=_note(path, reader.unit, blank),
        ocr_pages=found.ocr_pages,
    )


def draw(path: str, content: bytes, page: int, quote: str, onward: bool, limits: Limits | None = None) -> Picture:
    """Draw a page of a PDF file, numbered from 1, with a quote marked.

    With `onward`, draw the next page instead if the whole quote is only there.

    Raises:
        ReadingError: the page cannot be drawn; the message says why and what to do.
    """
    try:
        if kind(path) != DRAWN:
            raise ReadingError("has no pages to show: open its text.")
        picture: Picture = _function("pdf.page_image:draw_page")(
            _unpacked(path, content, limits or Limits()), page, quote, onward
        )
        return picture
    except ReadingError as error:
        raise ReadingError(f"{path} {error}") from error


def _read(reader: Reader, content: bytes, limits: Limits) -> AssembledText:
    function = _function(reader.function)
    if not reader.is_plain_text:
        return assemble(function(content, limits))
    text = decode(content)
    if len(text) > limits.characters:
        raise ReadingError(f"has more than {limits.characters:,} characters of text: split it.")
    return AssembledText(text=text, blocks=function(text))


def _unpacked(path: str, content: bytes, limits: Limits) -> bytes:
    return gunzip(content, limits) if path.lower().endswith(GZIP) else content


def _function(name: str) -> Callable[..., Any]:
    """Import a reader's function; its libraries are loaded when a file needs them."""
    module, function = name.split(":")
    found: Callable[..., Any] = getattr(import_module(f"index.ingest.readers.{module}"), function)
    return found


def _blank(pages: Pages, blocks: tuple[Block, ...]) -> list[int]:
    """Return the numbers of the pages on which no text begins."""
    starts = [block.start for block in blocks]
    bounds = [*(bisect_left(starts, start) for start, _ in pages), len(starts)]
    return [number for (_, number), (first, last) in zip(pages, pairwise(bounds), strict=True) if first == last]


def _note(path: str, unit: str, blank: list[int]) -> str:
    if not blank:
        return ""
    more = len(blank) - _MAX_LISTED
    listed = ", ".join(map(str, blank[:_MAX_LISTED])) + (f" and {more} more" if more > 0 else "")
    pages = f"{unit} {listed} has" if len(blank) == 1 else f"{unit}s {listed} have"
    return f"{path} is only partly read: {pages} no text, only pictures or nothing."
