"""Read spreadsheets in the old and the binary form of Excel (.xls, .xlsb), and damaged ones as far as possible."""

import re
from collections.abc import Iterator

from index.errors import ReadingError
from index.ingest.limits import Limits
from index.ingest.readers.archive import guard
from index.ingest.readers.bugs import raise_bug
from index.ingest.readers.elements import Element
from index.ingest.readers.html.reader import read_html
from index.ingest.readers.office.plain_sheets import plain_sheets
from index.ingest.readers.office.xls_book import book_elements
from index.ingest.readers.office.xlsx import read_csv, read_xlsx

_SAMPLE = 4096
_ZIP, _NEW_BOOK = b"PK\x03\x04", b"xl/workbook.xml"
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body|table|meta|style)\b", re.IGNORECASE)
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1f]")


def read_xls(content: bytes, limits: Limits) -> Iterator[Element]:
    """Yield each visible sheet's name as a heading and each row as a line; `page` is the row's number.

    Web pages, texts with tabs and new workbooks, as many programs export them under this suffix, are read as what they
    are.

    Raises:
        ReadingError: the workbook is encrypted or damaged, or has too many rows.
    """
    start = content[:_SAMPLE]
    if start.startswith(_ZIP):
        return read_xlsx(content, limits) if _NEW_BOOK in content else guard(plain_sheets(content), limits, "rows")
    if _PAGE.match(start):
        return read_html(content, limits)
    if b"\t" in start and not _BINARY.search(start):
        return read_csv(content, limits)
    return guard(_old_book(content), limits, "rows")


def _old_book(content: bytes) -> Iterator[Element]:
    """Yield the sheets of an old workbook; if its formats cannot be read, numbers are shown without them."""
    try:
        elements = list(book_elements(content))
    except ReadingError:
        raise
    except Exception as error:  # xlrd raises whatever a damaged file leads it to
        raise_bug(error)
        elements = list(plain_sheets(content))
    yield from elements
