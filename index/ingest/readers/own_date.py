"""Read the date that a file gives itself: of a message, the day it was sent; of others, the day of the last change."""

import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from email import message_from_bytes, policy
from io import BytesIO

from index.errors import ReadingError
from index.ingest.readers.pdf.metadata import pdf_dates

_MAX_HEAD = 2**18  # bytes of a message's head
_MAX_METADATA = 2**20  # bytes of the metadata of an office file
_OFFICE = re.compile(rb"<dcterms:(?:modified|created)\b[^>]*>\s*(\d{4}-\d\d-\d\d)")
_OPENDOCUMENT = re.compile(rb"<(?:dc:date|meta:creation-date)>\s*(\d{4}-\d\d-\d\d)")
_FIRST_YEAR = 1970  # an earlier date is a clock that was not set


def own_date(suffix: str, content: bytes) -> str:
    """Return the date of a file's content as YYYY-MM-DD, the later one of several, or "" if it has none.

    >>> own_date(".eml", b"Date: Tue, 12 Mar 2024 09:30:00 +0100\\n\\nSee you there.")
    '2024-03-12'
    """
    read = _BY_SUFFIX.get(suffix)
    try:
        found = read(content) if read else []
    except (ReadingError, ValueError, TypeError, LookupError, zipfile.BadZipFile, NotImplementedError):
        return ""
    return max(filter(_is_date, found), default="")


def _is_date(text: str) -> bool:
    try:
        return datetime.strptime(text, "%Y-%m-%d").year >= _FIRST_YEAR
    except ValueError:
        return False


def _sent(content: bytes) -> list[str]:
    header = message_from_bytes(content[:_MAX_HEAD], policy=policy.default)["Date"]
    return [f"{header.datetime:%Y-%m-%d}"] if header and header.datetime else []


def _in_member(name: str, pattern: re.Pattern[bytes]) -> Callable[[bytes], list[str]]:
    """Return a function that finds the dates in one file of an archive."""

    def read(content: bytes) -> list[str]:
        with zipfile.ZipFile(BytesIO(content)) as archive, archive.open(name) as member:
            return [found.decode() for found in pattern.findall(member.read(_MAX_METADATA))]

    return read


_FORMATS = {
    ".eml": _sent,
    ".pdf": pdf_dates,
    ".docx .docm .dotx .dotm .pptx .pptm .ppsx .ppsm .potx .potm .xlsx .xlsm .xltx .xltm .xlsb": _in_member(
        "docProps/core.xml", _OFFICE
    ),
    ".odt .ott .ods .ots .odp": _in_member("meta.xml", _OPENDOCUMENT),
}
_BY_SUFFIX = {suffix: read for suffixes, read in _FORMATS.items() for suffix in suffixes.split()}
