"""Read the date that a file gives itself: of a message, the day it was sent; of others, the day of the last change."""

import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from email import message_from_bytes, policy
from email.utils import parsedate
from io import BytesIO

import olefile

from index.errors import ReadingError
from index.ingest.readers.pdf.metadata import pdf_dates

_MAX_HEAD = 2**18  # bytes of a message's head
_MAX_METADATA = 2**20  # bytes of the metadata of an office file
_OFFICE = re.compile(rb"<dcterms:(?:modified|created)\b[^>]*>\s*(\d{4}-\d\d-\d\d)")
_OPENDOCUMENT = re.compile(rb"<(?:dc:date|meta:creation-date)>\s*(\d{4}-\d\d-\d\d)")
_SENT = re.compile(rb"^Date:[ \t]*([^\r\n]+)", re.MULTILINE)
_PUBLISHED = re.compile(
    rb"""<meta\b[^>]{0,200}?(?:article:(?:published|modified)_time|date(?:Published|Modified)|dcterms?\.(?:date|modified)"""
    rb"""|["']date["'])[^>]{0,200}?content=["'](\d{4}-\d\d-\d\d)|"date(?:Published|Modified)"\s*:\s*"(\d{4}-\d\d-\d\d)""",
    re.IGNORECASE,
)
_FRONT_MATTER = re.compile(rb"(?:\xef\xbb\xbf)?---[ \t]*\r?\n.*?\n(?:---|\.\.\.)[ \t]*\r?\n", re.DOTALL)
_FRONT_DATE = re.compile(rb"^(?:date|updated|lastmod|last_modified|modified)\w*:[ \t]*[\"']?(\d{4}-\d\d-\d\d)", re.M)
_RTF_TIME = re.compile(rb"\\(?:creatim|revtim)\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})")
_FIRST_YEAR = 1970  # an earlier date is a clock that was not set


def own_date(suffix: str, content: bytes) -> str:
    """Return the date of a file's content as YYYY-MM-DD, the later one of several, or "" if it has none.

    >>> own_date(".eml", b"Date: Tue, 12 Mar 2024 09:30:00 +0100\\n\\nSee you there.")
    '2024-03-12'
    """
    read = _BY_SUFFIX.get(suffix)
    try:
        found = read(content) if read else []
    except (ReadingError, ValueError, TypeError, LookupError, OSError, zipfile.BadZipFile, NotImplementedError):
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


def _sent_by_outlook(content: bytes) -> list[str]:
    from index.ingest.readers.outlook import sent_on  # its library is loaded when a file needs it

    return sent_on(content)


def _last_sent(content: bytes) -> list[str]:
    """Return the days on which the messages of a mailbox were sent."""
    moments = (parsedate(line.decode("ascii", "replace")) for line in _SENT.findall(content))
    return [f"{moment[0]:04}-{moment[1]:02}-{moment[2]:02}" for moment in moments if moment]


def _in_page(content: bytes) -> list[str]:
    """Return the days on which a web page says that it was published and changed."""
    return [day.decode() for found in _PUBLISHED.finditer(content[:_MAX_HEAD]) for day in found.groups() if day]


def _in_front_matter(content: bytes) -> list[str]:
    front = _FRONT_MATTER.match(content[:_MAX_HEAD])
    return [day.decode() for day in _FRONT_DATE.findall(front[0])] if front else []


def _in_rtf(content: bytes) -> list[str]:
    days = (tuple(map(int, found)) for found in _RTF_TIME.findall(content[:_MAX_HEAD]))
    return [f"{year:04}-{month:02}-{day:02}" for year, month, day in days]


def _in_old_office(content: bytes) -> list[str]:
    """Return the days on which a file of an office program before 2007 was made and last changed."""
    with olefile.OleFileIO(BytesIO(content)) as file:
        found = file.get_metadata()
    return [f"{moment:%Y-%m-%d}" for moment in (found.create_time, found.last_saved_time) if moment]


def _in_member(name: str, pattern: re.Pattern[bytes]) -> Callable[[bytes], list[str]]:
    """Return a function that finds the dates in one file of an archive."""

    def read(content: bytes) -> list[str]:
        with zipfile.ZipFile(BytesIO(content)) as archive, archive.open(name) as member:
            return [found.decode() for found in pattern.findall(member.read(_MAX_METADATA))]

    return read


_FORMATS = {
    ".eml": _sent,
    ".msg": _sent_by_outlook,
    ".mbox": _last_sent,
    ".html .htm .xhtml": _in_page,
    ".md .markdown .mdown": _in_front_matter,
    ".rtf": _in_rtf,
    ".doc .dot .xls .ppt .pps .pot": _in_old_office,
    ".pdf": pdf_dates,
    ".docx .docm .dotx .dotm .pptx .pptm .ppsx .ppsm .potx .potm .xlsx .xlsm .xltx .xltm .xlsb": _in_member(
        "docProps/core.xml", _OFFICE
    ),
    ".odt .ott .ods .ots .odp": _in_member("meta.xml", _OPENDOCUMENT),
}
_BY_SUFFIX = {suffix: read for suffixes, read in _FORMATS.items() for suffix in suffixes.split()}
