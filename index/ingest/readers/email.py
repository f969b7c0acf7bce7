"""Read messages as a mail program shows them, with their attachments: .eml, .mbox and web pages saved as .mhtml."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from itertools import groupby
from mimetypes import guess_extension

from index.errors import ReadingError
from index.ingest.limits import Limits
from index.ingest.readers.archive import damage, guard
from index.ingest.readers.bugs import raise_bug
from index.ingest.readers.calendar import calendar_elements
from index.ingest.readers.elements import Element
from index.ingest.readers.encoding import decode, is_utf16
from index.ingest.readers.html.page_tree import decode_as
from index.ingest.readers.html.reader import html_elements, read_html
from index.ingest.readers.parts import PartReader, part_elements
from index.ingest.readers.table_rows import one_line

_EXPECTED = ("From", "To", "Subject", "Date", "Received", "Message-ID")
_NAMED = ("From", "To", "Cc", "Date")
_SIGNATURES = frozenset({"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"})
_ENCRYPTED = frozenset({"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"})
_QUOTE_MARK = re.compile(r"(?:>[ \t]?)+")
_BLANK_BEFORE_COLON = re.compile(rb"^([!-9;-~]+)[ \t]+:", re.MULTILINE)
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_POSTMARK = re.compile(rb"(?:\A|(?<=\n))From [^\n]*\n")
_MAX_DEPTH = 8


def read_mail(content: bytes, limits: Limits, read_part: PartReader) -> Iterator[Element]:
    """Yield the subject as a heading, sender, recipients and date, the text, and the attachments.

    Attached messages and files follow as parts of the message to which they are attached.

    Raises:
        ReadingError: the file is not a message, is encrypted or too large.
    """
    return guard(_Message(read_part).elements(_parsed(content), 1), limits, "pages")


def read_mailbox(content: bytes, limits: Limits, read_part: PartReader) -> Iterator[Element]:
    """Yield all messages of a mailbox; `page` is a message's number. An unreadable one gives a line that says so."""
    return guard(_mailbox(content, read_part), limits, "messages")


def read_web_archive(content: bytes, limits: Limits) -> Iterator[Element]:
    """Yield the text of a web page that a browser has saved with its pictures in one file."""
    return read_html(web_page(content), limits)


def web_page(content: bytes) -> bytes:
    """Return the HTML of a web page saved with its pictures.

    Raises:
        ReadingError: there is no web page in it.
    """
    message = message_from_bytes(content, policy=policy.default)
    page = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    if page is None:
        raise damage(ValueError("it holds no web page"))
    return _payload(page)


def _mailbox(content: bytes, read_part: PartReader) -> Iterator[Element]:
    starts = [match.end() for match in _POSTMARK.finditer(content)]
    if not starts:
        raise ReadingError("is not a mailbox: save it again from the mail program.")
    ends = [content.rfind(b"From ", 0, start) for start in starts[1:]]
    for number, (start, end) in enumerate(zip(starts, [*ends, len(content)], strict=True), 1):
        try:
            for element in _Message(read_part).elements(_parsed(content[start:end]), 1):
                yield replace(element, page=number)
        except ReadingError as error:
            yield Element(f"Message {number} is not read: it {error}", page=number)


def _parsed(content: bytes) -> MIMEPart:
    if is_utf16(content):
        content = decode(content).encode("utf-8")
    head = _END_OF_HEAD.search(content)
    end = head.start() if head else len(content)
    content = _BLANK_BEFORE_COLON.sub(rb"\1:", content[:end]) + content[end:]
    message: EmailMessage = message_from_bytes(content, policy=policy.default)
    if not any(name in message for name in _EXPECTED):
        raise ReadingError("is not a message: save it again from the mail program.")
    return message


class _Message:
    """Reads a message; files attached to it are read once its text is complete."""

    def __init__(self, read_part: PartReader) -> None:
        self._read_part = read_part

    def elements(self, message: MIMEPart, level: int) -> Iterator[Element]:
        """Yield the elements of a message whose subject is a heading of this level."""
        if subject := _header(message, "Subject"):
            yield Element(subject, level=level)
        for name in _NAMED:
            if value := _header(message, name):
                yield Element(f"{name}: {value}", tight=True)
        attached: list[MIMEPart] = []
        yield from self._part(message, level, attached)
        names = [_name(part) for part in attached]
        if names:
            yield Element(f"Attachments: {', '.join(names)}.")
        for name, part in zip(names, attached, strict=True):
            if part.get_content_type() != "message/rfc822":
                yield from part_elements(name, _payload(part), level + 1, self._read_part)

    def _part(self, part: MIMEPart, level: int, attached: list[MIMEPart]) -> Iterator[Element]:
        """Yield the text of a part, and add attachments to `attached`."""
        kind, name = part.get_content_type(), part.get_filename()
        if kind in _ENCRYPTED:
            raise ReadingError("is encrypted: save it decrypted from the mail program.")
        if kind == "message/rfc822" and level < _MAX_DEPTH:
            for inner in part.iter_parts():
                yield from self.elements(inner, level + 1)
        elif kind == "message/rfc822":
            attached.append(part)
        elif part.is_multipart():
            yield from self._parts(part, level, attached)
        elif kind == "text/calendar":
            yield from _deeper(calendar_elements(_payload(part)), level)
        elif kind in ("text/plain", "text/html") and not part.is_attachment() and not name:
            yield from _text(part, level)
        elif _is_attached_file(part):
            attached.append(part)

    def _parts(self, part: MIMEPart, level: int, attached: list[MIMEPart]) -> Iterator[Element]:
        if part.get_content_type() == "multipart/alternative":
            yield from self._best(part, level, attached)
        else:
            for inner in part.iter_parts():
                yield from self._part(inner, level, attached)

    def _best(self, part: MIMEPart, level: int, attached: list[MIMEPart]) -> Iterator[Element]:
        """Yield the plain form of a text sent in several forms, or the richest that is not empty; and an invitation."""
        forms = list(part.iter_parts())
        dates = [form for form in forms if form.get_content_type() == "text/calendar"]
        texts = [form for form in forms if form not in dates]
        for form in sorted(reversed(texts), key=lambda form: form.get_content_type() != "text/plain"):
            found = list(self._part(form, level, attached))
            if found:
                yield from found
                break
        for form in dates:
            yield from self._part(form, level, attached)


def _is_attached_file(part: MIMEPart) -> bool:
    """Say whether a part is a file, and not a signature or a picture in the text."""
    is_in_text = bool(part["Content-ID"]) and part.get_content_disposition() != "attachment"
    return bool(part.get_filename()) and part.get_content_type() not in _SIGNATURES and not is_in_text


def _deeper(elements: Iterable[Element], level: int) -> Iterator[Element]:
    """Put headings below one of a level."""
    return (replace(element, level=element.level + level if element.level else 0) for element in elements)


def _name(part: MIMEPart) -> str:
    if part.get_content_type() == "message/rfc822":
        inner = next(part.iter_parts(), None)
        return (_header(inner, "Subject") if inner is not None else "") or "a message"
    name = one_line(part.get_filename() or "")
    return name if "." in name else name + (guess_extension(part.get_content_type()) or "")


def _payload(part: MIMEPart) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _header(message: MIMEPart, name: str) -> str:
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
    try:
        if not raw.isascii():
            return one_line(decode(raw.encode("utf-8", "surrogateescape")))
        value = message[name]
        moment = getattr(value, "datetime", None)
        text = f"{moment:%A}, {moment.day} {moment:%B %Y, %H:%M %z}" if moment else str(value or "")
    except Exception as error:  # the parser of headers raises whatever a broken one leads it to
        raise_bug(error)
        text = raw
    return one_line(text)


def _text(part: MIMEPart, level: int) -> Iterator[Element]:
    content, charset = _payload(part), part.get_content_charset()
    text = decode_as(content, charset) if charset else None
    if part.get_content_type() == "text/html":
        yield from _deeper(html_elements(text or content), level)
    else:
        yield from plain_elements(text or decode(content), part.get_param("format") == "flowed")


def plain_elements(text: str, is_flowed: bool = False) -> Iterator[Element]:
    """Yield the paragraphs of a message's text; those of each quoted message stand apart from the reply to it."""
    lines = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        mark = _QUOTE_MARK.match(line)
        lines.append((mark[0].count(">"), line[mark.end() :]) if mark else (0, line))
    for (depth, is_gap), group in groupby(lines, key=lambda entry: (entry[0], entry[1].strip() in ("", "--"))):
        if not is_gap:
            paragraph = "\n".join(line for _, line in group)
            text = (paragraph.replace(" \n", " ") if is_flowed else paragraph).strip()
            yield Element(text, kind="quote" if depth else "paragraph")
