"""Choose the reader of a file by its suffix, and read the file with it."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePosixPath
from typing import Any

from index.errors import ReadingError
from index.ingest.content_type import suffix_by_content
from index.ingest.left_out import blank_pages, note, readable
from index.ingest.limits import Limits
from index.ingest.readers.archive import gunzip
from index.ingest.readers.elements import AssembledText, Element, assemble
from index.ingest.readers.encoding import decode
from index.ingest.readers.own_date import own_date
from index.ingest.readers.parts import PartReader, block_elements
from index.types import Document, Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A reader's function (`module:name` below index.ingest.readers) and the suffixes that it reads.

    A reader of plain text takes the decoded text, which is the document's text, and returns its blocks. Any other takes
    the file's bytes and the limits, and yields elements; `unit` says what their `page` counts.

    One that `has_parts` takes a function, too, that reads files within the file.

    `version` counts from 1. Raise it when the reader's output changes: files of its kind are then read again.
    """

    function: str
    suffixes: str
    version: int
    is_plain_text: bool = False
    unit: str = "page"
    has_parts: bool = False


READERS = (
    Reader(
        function="markdown:read_markdown",
        suffixes=".md .markdown .mdown",
        version=2,
        is_plain_text=True,
    ),
    Reader(
        function="plaintext:read_plaintext",
        suffixes=".txt .text .log .asc .sql .py .js .ts .jsx .tsx .java .c .h .cc .cpp .hpp .cs .go .rs .rb .php"
        " .pl .lua .r .m .swift .kt .scala .sh .bash .ps1 .bat .css",
        version=1,
        is_plain_text=True,
    ),
    Reader(function="rst:read_rst", suffixes=".rst", version=3),
    Reader(function="light_markup:read_asciidoc", suffixes=".adoc .asciidoc", version=3, is_plain_text=True),
    Reader(function="light_markup:read_org", suffixes=".org", version=3, is_plain_text=True),
    Reader(
        function="settings_text:read_settings",
        suffixes=".yaml .yml .toml .ini .cfg .conf .properties",
        version=1,
        is_plain_text=True,
    ),
    Reader(function="data:read_json", suffixes=".json", version=1),
    Reader(function="data:read_xml", suffixes=".xml", version=2),
    Reader(function="subtitles:read_subtitles", suffixes=".srt .vtt", unit="minute", version=1),
    Reader(function="rtf:read_rtf", suffixes=".rtf", version=4),
    Reader(function="tex:read_tex", suffixes=".tex .ltx", version=4),
    Reader(function="pdf.reader:read_pdf", suffixes=".pdf", version=6),
    Reader(function="office.reader:read_docx", suffixes=".docx .docm .dotx .dotm", version=6),
    Reader(function="office.reader:read_pptx", suffixes=".pptx .pptm .ppsx .ppsm .potx .potm", unit="slide", version=6),
    Reader(function="office.doc:read_doc", suffixes=".doc .dot", version=4),
    Reader(function="office.ppt:read_ppt", suffixes=".ppt .pps .pot", unit="slide", version=3),
    Reader(function="office.xlsx:read_xlsx", suffixes=".xlsx .xlsm .xltx .xltm", unit="row", version=6),
    Reader(function="office.xls:read_xls", suffixes=".xls .xlsb", unit="row", version=3),
    Reader(function="office.xlsx:read_csv", suffixes=".csv .tsv", unit="row", version=5),
    Reader(function="opendocument.reader:read_text", suffixes=".odt .ott", version=4),
    Reader(function="opendocument.reader:read_sheets", suffixes=".ods .ots", unit="row", version=3),
    Reader(function="opendocument.reader:read_slides", suffixes=".odp .otp", unit="slide", version=3),
    Reader(function="html.reader:read_html", suffixes=".html .htm .xhtml", version=5),
    Reader(function="epub:read_epub", suffixes=".epub", unit="chapter", version=2),
    Reader(function="email:read_mail", suffixes=".eml", has_parts=True, version=3),
    Reader(function="email:read_mailbox", suffixes=".mbox", unit="message", has_parts=True, version=3),
    Reader(function="outlook:read_outlook", suffixes=".msg", has_parts=True, version=3),
    Reader(function="email:read_web_archive", suffixes=".mhtml .mht", version=2),
    Reader(function="calendar:read_calendar", suffixes=".ics", version=1),
    Reader(function="notebook:read_notebook", suffixes=".ipynb", unit="cell", version=2),
)
GZIP = ".gz"
DRAWN = ".pdf"
_RECOGNISED = frozenset(".pdf .pptx .pptm .ppsx .ppsm .potx .potm".split())
_BY_SUFFIX = {suffix: reader for reader in READERS for suffix in reader.suffixes.split()}
SUFFIXES = frozenset(_BY_SUFFIX)
_ANY_VERSION = sum(reader.version for reader in READERS)  # of files without a suffix, which any reader may read
_MAX_DEPTH = 4  # of files within files


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
    if suffix is None:
        return 0 if PurePosixPath(path).suffix else _ANY_VERSION
    return _BY_SUFFIX[suffix].version


def read(path: str, content: bytes, limits: Limits | None = None) -> Document:
    """Read a file's bytes as a document.

    Raises:
        ReadingError: they cannot be read; the message says why and what to do.
    """
    limits = limits or Limits()
    try:
        unpacked = _unpacked(path, content, limits)
        reader = _reader(path, unpacked)
        found = _read(reader, unpacked, limits)
    except ReadingError as error:
        raise ReadingError(f"{path} {error}") from error
    blank = blank_pages(found.pages, found.blocks)
    if found.pages and len(blank) == len(found.pages):
        advice = "build with --ocr, which needs Tesseract" if kind(path) in _RECOGNISED else "pictures are not read"
        advice = "no text was recognised in them" if limits.ocr else advice
        raise ReadingError(f"{path} holds no text, only pictures or nothing: {advice}.")
    kept = readable(found.text, found.blocks)
    first = next((block for block in kept.blocks if block.level), None)
    return Document(
        path=path,
        text=found.text,
        sha256=hashlib.sha256(content).hexdigest(),
        title=found.text[first.start : first.end] if first else PurePosixPath(path).stem,
        blocks=kept.blocks,
        pages=found.pages,
        unit=reader.unit,
        page_labels=_page_labels(path, unpacked),
        note=note(path, reader.unit, blank, kept),
        left_out=found.left_out,
        ocr_pages=found.ocr_pages,
        date=own_date(kind(path) or "", unpacked),
    )


def _page_labels(path: str, content: bytes) -> tuple[str, ...]:
    """Return the numbers that are printed on the pages; nothing if they are the pages' own."""
    labels: tuple[str, ...] = _function("pdf.metadata:page_labels")(content) if kind(path) == DRAWN else ()
    return labels


def _reader(path: str, content: bytes) -> Reader:
    """Return the reader of a file; one whose name has no suffix is read as what its content is.

    Raises:
        ReadingError: the content is of no format that is read.
    """
    suffix = kind(path) or suffix_by_content(content)
    if suffix is None:
        raise ReadingError("is in no format that is read: save it as PDF, or leave it out.")
    return _BY_SUFFIX[suffix]


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
    if reader.is_plain_text:
        return _read_text(reader, content, limits)
    return assemble(_elements(reader, content, limits, depth=0))


def _read_text(reader: Reader, content: bytes, limits: Limits) -> AssembledText:
    text = decode(content)
    if len(text) > limits.characters:
        raise ReadingError(f"has more than {limits.characters:,} characters of text: split it.")
    return AssembledText(text=text, blocks=_function(reader.function)(text))


def _elements(reader: Reader, content: bytes, limits: Limits, depth: int) -> Iterator[Element]:
    arguments = [part_reader(limits, depth + 1)] if reader.has_parts else []
    found: Iterator[Element] = _function(reader.function)(content, limits, *arguments)
    return found


def part_reader(limits: Limits, depth: int = 1) -> PartReader:
    """Return the function that reads files within a file, to a depth."""

    def read_part(name: str, content: bytes) -> list[Element] | None:
        suffix = kind(name)
        if suffix is None or depth > _MAX_DEPTH:
            return None
        reader, content = _BY_SUFFIX[suffix], _unpacked(name, content, limits)
        if not reader.is_plain_text:
            return list(_elements(reader, content, limits, depth))
        found = _read_text(reader, content, limits)
        return list(block_elements(found.text, found.blocks))

    return read_part


def _unpacked(path: str, content: bytes, limits: Limits) -> bytes:
    return gunzip(content, limits) if path.lower().endswith(GZIP) else content


def _function(name: str) -> Callable[..., Any]:
    """Import a reader's function; its libraries are loaded when a file needs them."""
    module, function = name.split(":")
    found: Callable[..., Any] = getattr(import_module(f"index.ingest.readers.{module}"), function)
    return found
