"""Read a message as a mail program shows it, with the names of its attachments."""

import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import MIMEPart
from itertools import groupby

from index.errors import ReadingError
from index.ingest.limits import Limits
from index.ingest.readers.archive import guard
from index.ingest.readers.elements import Element
from index.ingest.readers.encoding import decode
from index.ingest.readers.html.reader import decode_as, html_elements
from index.ingest.readers.table_rows import one_line

_EXPECTED = ("From", "To", "Subject", "Date", "Received", "Message-ID")
_NAMED = ("From", "To", "Cc", "Date")
_SIGNATURES = frozenset({"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"})
_ENCRYPTED = frozenset({"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"})
_QUOTE_MARK = re.compile(r"(?:>[ \t]?)+")
_MAX_DEPTH = 8


def read_mail(content: bytes, limits: Limits) -> Iterator[Element]:
    """Yield the subject as a heading, sender, recipients and date, the text, and the names of the attachments.

    An attached message follows as a part of the one to which it is attached.

    Raises:
        ReadingError: the file is not a message, is encrypted or too large.
    """
    return guard(_elements(content), limits, "pages")


def _elements(content: bytes) -> Iterator[Element]:
    message = message_from_bytes(content, policy=policy.default)
    if not any(name in message for name in _EXPECTED):
        raise ReadingError("is not a message: save it again from the mail program.")
    yield from _message(message, 1)


def _message(message: MIMEPart, level: int) -> Iterator[Element]:
    if subject := _header(message, "Subject"):
        yield Element(subject, level=level)
    for name in _NAMED:
        if value := _header(message, name):
            yield Element(f"{name}: {value}", tight=True)
    attached: list[str] = []
    yield from _part(message, level, attached)
    if attached:
        yield Element(f"Attachments: {', '.join(attached)}.")


def _header(message: MIMEPart, name: str) -> str:
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
    try:
        if not raw.isascii():
            return one_line(decode(raw.encode("utf-8", "surrogateescape")))
        value = message[name]
        moment = getattr(value, "datetime", None)
        text = f"{moment:%A}, {moment.day} {moment:%B %Y, %H:%M %z}" if moment else str(value or "")
    except Exception:  # the parser of headers raises whatever a broken one leads it to
        text = raw
    return one_line(text)


def _part(part: MIMEPart, level: int, attached: list[str]) -> Iterator[Element]:
    """Yield the text of a part, and add the names of attachments to `attached`."""
    kind, name = part.get_content_type(), one_line(part.get_filename() or "")
    if kind in _ENCRYPTED:
        raise ReadingError("is encrypted: save it decrypted from the mail program.")
    if kind == "message/rfc822":
        for inner in part.iter_parts():
            if level < _MAX_DEPTH:
                yield from _message(inner, level + 1)
            else:
                attached.append(_header(inner, "Subject") or "a message")
    elif kind == "multipart/alternative":
        yield from _best(part, level, attached)
    elif part.is_multipart():
        for inner in part.iter_parts():
            yield from _part(inner, level, attached)
    elif kind in ("text/plain", "text/html") and not part.is_attachment() and not name:
        yield from _text(part, level)
    elif (
        name and kind not in _SIGNATURES and not (part["Content-ID"] and part.get_content_disposition() != "attachment")
    ):
        attached.append(name)


def _best(part: MIMEPart, level: int, attached: list[str]) -> Iterator[Element]:
    """Yield the plain form of a text sent in several forms, or the richest one that is not empty."""
    forms = list(part.iter_parts())
    for form in sorted(reversed(forms), key=lambda form: form.get_content_type() != "text/plain"):
        found = list(_part(form, level, attached))
        if found:
            yield from found
            return


def _text(part: MIMEPart, level: int) -> Iterator[Element]:
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    charset = part.get_content_charset()
    text = decode_as(content, charset) if charset else None
    if part.get_content_type() == "text/html":
        for element in html_elements(text or content):
            yield replace(element, level=element.level + level if element.level else 0)
    else:
        yield from _paragraphs(text or decode(content), part.get_param("format") == "flowed")


def _paragraphs(text: str, is_flowed: bool) -> Iterator[Element]:
    """Yield the paragraphs; those of each quoted message stand apart from the reply to it."""
    told = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        mark = _QUOTE_MARK.match(line)
        told.append((mark[0].count(">"), line[mark.end() :]) if mark else (0, line))
    for (_, is_gap), group in groupby(told, key=lambda entry: (entry[0], entry[1].strip() in ("", "--"))):
        if not is_gap:
            paragraph = "\n".join(line for _, line in group)
            yield Element((paragraph.replace(" \n", " ") if is_flowed else paragraph).strip())
