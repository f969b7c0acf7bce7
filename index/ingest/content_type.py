"""Tell the format of a file without a suffix by its content."""

import io
import re
import zipfile

import olefile

_PDF, _ZIP, _COMPOUND, _RTF = b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf"
_PACKED = (_PDF, _ZIP, _COMPOUND, _RTF)
_SAMPLE = 4096
_HTML = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html\b)", re.IGNORECASE | re.DOTALL)
_MAIL = re.compile(rb"(?:Return-Path|Received|Delivered-To|MIME-Version|Message-ID):[ \t]", re.IGNORECASE)
_MEMBERS = {"word/document.xml": ".docx", "xl/workbook.xml": ".xlsx", "ppt/presentation.xml": ".pptx"}
_STREAMS = {
    "WordDocument": ".doc",
    "Workbook": ".xls",
    "PowerPoint Document": ".ppt",
    "__properties_version1.0": ".msg",
}
_MIME = {
    b"application/epub+zip": ".epub",
    b"application/vnd.oasis.opendocument.text": ".odt",
    b"application/vnd.oasis.opendocument.spreadsheet": ".ods",
    b"application/vnd.oasis.opendocument.presentation": ".odp",
}


def is_known(start: bytes) -> bool:
    """Say whether a file may be in a format other than text, by its first bytes."""
    return start.startswith(_PACKED)


def suffix_by_content(content: bytes) -> str | None:
    """Return the suffix that a file should have; None if it is packed in no format that is known.

    >>> suffix_by_content(b"%PDF-1.7"), suffix_by_content(b"<!DOCTYPE html><p>Tea"), suffix_by_content(b"Tea")
    ('.pdf', '.html', '.txt')
    """
    if content.startswith(_PDF):
        return ".pdf"
    if content.startswith(_RTF):
        return ".rtf"
    if content.startswith(_ZIP):
        return _of_archive(content)
    if content.startswith(_COMPOUND):
        return _of_compound_file(content)
    start = content[:_SAMPLE]
    return ".html" if _HTML.match(start) else ".eml" if _MAIL.match(start) else ".txt"


def _of_archive(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            with archive.open("mimetype") if "mimetype" in names else io.BytesIO() as stream:
                kind = stream.read(_SAMPLE).strip()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return None
    return _MIME.get(kind) or next((suffix for name, suffix in _MEMBERS.items() if name in names), None)


def _of_compound_file(content: bytes) -> str | None:
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as file:
            return next((suffix for name, suffix in _STREAMS.items() if file.exists(name)), None)
    except OSError:
        return None
