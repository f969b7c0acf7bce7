"""Read messages that Outlook saves (.msg)."""

import codecs
from collections.abc import Iterator
from io import BytesIO

from oxmsg import Message

from index.ingest.limits import Limits
from index.ingest.readers.archive import guard
from index.ingest.readers.elements import Element
from index.ingest.readers.email import plain_elements
from index.ingest.readers.html.reader import html_elements
from index.ingest.readers.parts import PartReader, part_elements
from index.ingest.readers.table_rows import one_line


def _code_page(name: str) -> codecs.CodecInfo | None:
    """Find the code page that Windows calls by its number, such as windows-950."""
    number = name.replace("_", "-").removeprefix("windows-")
    return codecs.lookup(f"cp{number}") if number.isdigit() and number != name else None


codecs.register(_code_page)


def read_outlook(content: bytes, limits: Limits, read_part: PartReader) -> Iterator[Element]:
    """Yield the subject as a heading, sender, recipients and date, the text, and the attachments."""
    return guard(_elements(content, read_part), limits, "pages")


def _elements(content: bytes, read_part: PartReader) -> Iterator[Element]:
    message = Message.load(BytesIO(content))
    if subject := one_line(message.subject or ""):
        yield Element(subject, level=1)
    yield from _head(message)
    yield from _body(message)
    yield from _attachments(message, read_part)


def _body(message: Message) -> Iterator[Element]:
    """Yield the plain text of a message, or its web page if it has no plain text."""
    if body := (message.body or "").strip("\0 \r\n"):
        yield from plain_elements(body)
    elif html := message.html_body:
        yield from html_elements(html)


def _attachments(message: Message, read_part: PartReader) -> Iterator[Element]:
    """Yield the names of the attached files, then what is in each."""
    attached = [(one_line(part.file_name or ""), part.file_bytes) for part in message.attachments]
    if names := [name for name, _ in attached if name]:
        yield Element(f"Attachments: {', '.join(names)}.")
    for name, part in attached:
        if name and part:
            yield from part_elements(name, part, 2, read_part)


def _head(message: Message) -> Iterator[Element]:
    recipients = [f"{one.name} <{one.email_address}>" for one in message.recipients if one.email_address]
    moment = message.sent_date
    for label, value in (
        ("From", message.sender or ""),
        ("To", ", ".join(recipients)),
        ("Date", f"{moment:%A}, {moment.day} {moment:%B %Y, %H:%M %z}" if moment else ""),
    ):
        if value.strip():
            yield Element(f"{label}: {one_line(value)}", tight=True)
