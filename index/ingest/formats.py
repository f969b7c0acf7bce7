"""The bytes of a file -> its document, or the picture of a page, by the reader that is made for its kind."""

import gzip
import hashlib
import io
import zlib
from bisect import bisect_left
from collections.abc import Callable
from importlib import import_module
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Any

from index.errors import ReadingError
from index.ingest.limits import Limits
from index.ingest.readers.elements import assemble
from index.ingest.readers.encoding import decode
from index.types import Block, Document, Pages, Picture

TEXTS = {
    "markdown:read_markdown": ".md .markdown .mdown",
    "plaintext:read_plaintext": ".txt .text .log .rst .org .tex .asc .adoc .srt .vtt .ini .cfg .conf .toml .yaml .yml"
    " .json .xml .sql .py .js .ts .jsx .tsx .java .c .h .cc .cpp .hpp .cs .go .rs .rb .php .pl .lua .r .m .swift .kt"
    " .scala .sh .bash .ps1 .bat .css",
}
FILES = {
    ("pdf.reader:read_pdf", "page"): ".pdf",
    ("office.reader:read_docx", "page"): ".docx .docm",
    ("office.reader:read_pptx", "slide"): ".pptx .pptm",
    ("office.xlsx:read_xlsx", "row"): ".xlsx .xlsm",
    ("office.xlsx:read_csv", "row"): ".csv .tsv",
    ("html.reader:read_html", "page"): ".html .htm .xhtml",
    ("epub:read_epub", "chapter"): ".epub",
    ("email:read_mail", "page"): ".eml",
    ("notebook:read_notebook", "cell"): ".ipynb",
}
PACKED = ".gz"
DRAWN = ".pdf"
_TEXTS = {suffix: reader for reader, suffixes in TEXTS.items() for suffix in suffixes.split()}
_FILES = {suffix: reader for reader, suffixes in FILES.items() for suffix in suffixes.split()}
SUFFIXES = frozenset({*_TEXTS, *_FILES})
_NAMED = 8


def kind(path: str) -> str | None:
    """The suffix that tells how a file is read; None if it is of no kind that is read.

    >>> kind("a/Tea.PDF"), kind("tea.txt.gz"), kind("tea.exe")
    ('.pdf', '.txt', None)
    """
    name = PurePosixPath(path.lower())
    suffix = PurePosixPath(name.stem).suffix if name.suffix == PACKED else name.suffix
    return suffix if suffix in SUFFIXES else None


def read(path: str, content: bytes, limits: Limits | None = None) -> Document:
    """The document that a file's bytes hold.

    Raises:
        ReadingError: they cannot be read; the message says why and what to do.
    """
    limits = limits or Limits()
    digest = hashlib.sha256(content).hexdigest()
    suffix = kind(path)
    pages: Pages = ()
    recognised: tuple[int, ...] = ()
    try:
        if path.lower().endswith(PACKED):
            content = _unpacked(content, limits)
        if suffix in _TEXTS:
            (text, blocks), unit = _read_text(content, _TEXTS[suffix], limits), "page"
        else:
            reader, unit = _FILES[str(suffix)]
            text, blocks, pages, recognised = assemble(_reader(reader)(content, limits))
    except ReadingError as error:
        raise ReadingError(f"{path} {error}") from error
    blank = _blank(pages, blocks)
    if pages and len(blank) == len(pages):
        raise ReadingError(f"{path} holds no text, only pictures: build with --ocr, which needs tesseract.")
    first = next((block for block in blocks if block.level), None)
    title = text[first.start : first.end] if first else PurePosixPath(path).stem
    return Document(
        path=path,
        text=text,
        sha256=digest,
        title=title,
        blocks=blocks,
        pages=pages,
        unit=unit,
        note=_note(path, unit, blank),
        ocr_pages=recognised,
    )


def draw(path: str, content: bytes, page: int, quote: str, onward: bool, limits: Limits | None = None) -> Picture:
    """The picture of a page of a PDF file, from 1, with a quote marked; `onward` the next page's, if the quote is
    whole on that one only.

    Raises:
        ReadingError: it cannot be drawn; the message says why and what to do.
    """
    try:
        if kind(path) != DRAWN:
            raise ReadingError("has no pages to show: open its text.")
        if path.lower().endswith(PACKED):
            content = _unpacked(content, limits or Limits())
        return _reader("pdf.page_image:draw_page")(content, page, quote, onward)  # type: ignore[no-any-return]
    except ReadingError as error:
        raise ReadingError(f"{path} {error}") from error


def _reader(name: str) -> Callable[..., Any]:
    """The function of that module and name, imported only once a file needs it."""
    module, function = name.split(":")
    return getattr(import_module(f"index.ingest.readers.{module}"), function)  # type: ignore[no-any-return]


def _read_text(content: bytes, reader: str, limits: Limits) -> tuple[str, tuple[Block, ...]]:
    text = decode(content)
    if len(text) > limits.characters:
        raise ReadingError(f"has more than {limits.characters:,} characters of text: split it.")
    return text, _reader(reader)(text)


def _unpacked(content: bytes, limits: Limits) -> bytes:
    """The content of a gzip file, read in pieces so that a bomb is seen before it has filled the memory."""
    found = io.BytesIO()
    try:
        with gzip.open(io.BytesIO(content)) as file:
            while piece := file.read(2**20):
                found.write(piece)
                if found.tell() > limits.file_bytes:
                    raise ReadingError(f"unpacks to more than {limits.file_bytes >> 20} MB: split it.")
    except (OSError, EOFError, zlib.error) as error:
        raise ReadingError(f"is damaged ({error}): save it anew.") from error
    return found.getvalue()


def _blank(pages: Pages, blocks: tuple[Block, ...]) -> list[int]:
    """The numbers of the pages in which no text begins."""
    held = [block.start for block in blocks]
    bounds = [*(bisect_left(held, start) for start, _ in pages), len(held)]
    return [number for (_, number), (first, last) in zip(pages, pairwise(bounds), strict=True) if first == last]


def _note(path: str, unit: str, blank: list[int]) -> str:
    if not blank:
        return ""
    named = ", ".join(map(str, blank[:_NAMED])) + (f" and {len(blank) - _NAMED} more" if len(blank) > _NAMED else "")
    units = unit if len(blank) == 1 else f"{unit}s"
    return f"{path} is read in part: there is no text on {units} {named}, only pictures or nothing."
