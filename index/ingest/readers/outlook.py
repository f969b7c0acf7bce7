"""Read what Outlook saves (.msg): messages, appointments, tasks and contacts."""

import codecs
import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from types import MappingProxyType

import olefile
from compressed_rtf import decompress
from oxmsg import Message
from oxmsg.attachment import Attachment
from oxmsg.properties import Properties
from oxmsg.storage import Storage

from index.errors import ReadingError
from index.ingest.limits import Limits
from index.ingest.readers.archive import guard
from index.ingest.readers.elements import Element
from index.ingest.readers.email import plain_elements
from index.ingest.readers.html.reader import html_elements
from index.ingest.readers.parts import PartReader, part_elements
from index.ingest.readers.rtf import read_rtf
from index.ingest.readers.table_rows import one_line


def _code_page(name: str) -> codecs.CodecInfo | None:
    """Find the code page that Windows calls by its number, such as windows-950."""
    number = name.replace("_", "-").removeprefix("windows-")
    return codecs.lookup(f"cp{number}") if number.isdigit() and number != name else None


codecs.register(_code_page)
_TO, _CC = 1, 2  # kinds of recipients
_KIND, _DELIVERED, _CHANGED, _RTF = 0x0C15, 0x0E06, 0x3008, 0x1009  # properties
_NAMED = "__nameid_version1.0/__substg1.0_00030102"
_FIRST_NAMED = 0x8000
_TITLE, _FLAGS, _IN_TEXT = 0x3001, 0x3714, 4  # properties of attachments
_PROPERTIES = "__properties_version1.0"
_ATTACHED, _ATTACHED_HEAD, _MAX_DEPTH = "__substg1.0_3701000D", 24, 4
_BEGINS, _ENDS, _DUE, _WHERE = 0x820D, 0x820E, 0x8105, 0x8208  # named properties of appointments and tasks
_CONTACT = {"Company": 0x3A16, "Job": 0x3A17, "Phone": 0x3A08, "Mobile": 0x3A1C, "At home": 0x3A09, "Address": 0x3A15}
_NO_YEAR = 4000  # Outlook writes 1 January 4501 for no date
_MAIL = 0x8083  # named property of contacts
_ADDRESSED = re.compile(r"\s*\"?(?P<name>[^\"<]*?)\"?\s*<(?P<address>[^>]*)>\s*")


def read_outlook(content: bytes, limits: Limits, read_part: PartReader) -> Iterator[Element]:
    """Yield the subject as a heading, sender, recipients and date, the text, and the attachments."""
    return guard(_elements(content, limits, read_part), limits, "pages")


def sent_on(content: bytes) -> list[str]:
    """Return the day on which a message was sent, or else delivered or changed, as YYYY-MM-DD."""
    message = Message.load(BytesIO(content))
    moment = _sent(message) or message.properties.date_prop_value(_CHANGED)
    return [f"{moment:%Y-%m-%d}"] if moment else []


def _elements(content: bytes, limits: Limits, read_part: PartReader) -> Iterator[Element]:
    message, places = Message.load(BytesIO(content)), _places(content)
    return _message_elements(message, limits, read_part, 1, places)


def _message_elements(
    message: Message,
    limits: Limits,
    read_part: PartReader,
    depth: int,
    places: Mapping[int, int] = MappingProxyType({}),
) -> Iterator[Element]:
    """Yield the elements of a message whose subject is a heading of the level `depth`.

    `places` has the property that stands for each named one.
    """
    if subject := one_line(message.subject or ""):
        yield Element(subject, level=depth)
    yield from _head(message)
    yield from _appointment(message, places)
    if message.message_class.startswith("IPM.Contact"):
        yield from _contact(message, places)
    yield from _body(message, limits)
    yield from _attachments(message, limits, read_part, depth)


def _body(message: Message, limits: Limits) -> Iterator[Element]:
    """Yield the plain text of a message; without one, its web page or its RTF."""
    if body := (message.body or "").strip("\0 \r\n"):
        yield from plain_elements(body)
    elif html := message.html_body:
        yield from html_elements(html)
    elif packed := message.properties.binary_prop_value(_RTF):
        try:
            yield from read_rtf(decompress(packed), limits)
        except (ReadingError, ValueError):  # it holds no text, or is damaged; the rest of the message is read
            return


def _attachments(message: Message, limits: Limits, read_part: PartReader, depth: int) -> Iterator[Element]:
    """Yield the names of the attached files, then what is in each, and attached messages."""
    attached = [part for part in message.attachments if not _is_in_text(part)]
    names = [one_line(part.file_name or part.properties.str_prop_value(_TITLE) or "") for part in attached]
    if any(names):
        yield Element(f"Attachments: {', '.join(filter(None, names))}.")
    for name, part in zip(names, attached, strict=True):
        if name and part.file_bytes:
            yield from part_elements(name, part.file_bytes, depth + 1, read_part)
    for storage in _attached_messages(attached) if depth < _MAX_DEPTH else ():
        yield from _message_elements(_Attached(storage), limits, read_part, depth + 1)


def _attached_messages(attached: Sequence[Attachment]) -> Iterator[Storage]:
    """Yield where the attached messages are; a drawing or a sheet of another program has no properties there."""
    for part in attached:
        for storage in _storages(part):
            has_properties = any(stream.name == _PROPERTIES for stream in storage.streams)
            yield from [storage] if storage.name == _ATTACHED and has_properties else []


def _is_in_text(part: Attachment) -> bool:
    """Say whether an attachment is a picture within the text."""
    return bool((part.properties.int_prop_value(_FLAGS) or 0) & _IN_TEXT)


def _storages(part: Attachment) -> Sequence[Storage]:
    own = part._storage
    return own.storages if isinstance(own, Storage) else ()


class _Attached(Message):
    """A message attached to another one; the head of its properties is shorter."""

    @property
    def properties(self) -> Properties:
        return Properties(self._storage, properties_header_offset=_ATTACHED_HEAD)


def _head(message: Message) -> Iterator[Element]:
    moment = _sent(message)
    for label, value in (
        ("From", _person(message.sender or "")),
        ("To", _recipients(message, _TO)),
        ("Cc", _recipients(message, _CC)),
        ("Date", _written(moment) if moment else ""),
    ):
        if value.strip():
            yield Element(f"{label}: {one_line(value)}", tight=True)


def _sent(message: Message) -> datetime.datetime | None:
    return message.sent_date or message.properties.date_prop_value(_DELIVERED)


def _recipients(message: Message, kind: int) -> str:
    """Return the recipients of a kind; one without a kind is a "To"."""
    found = ((one.properties.int_prop_value(_KIND) or _TO, one) for one in message.recipients)
    people = [_person(f"{one.name} <{one.email_address}>") for own, one in found if own == kind]
    return ", ".join(filter(None, people))


def _person(text: str) -> str:
    """Write a name with its address; an address without @ is one within the company and says nothing.

    >>> _person('"Anna Gerber" </o=Tea/cn=Recipients/cn=anna>'), _person("anna@tea.example <anna@tea.example>")
    ('Anna Gerber', 'anna@tea.example')
    """
    found = _ADDRESSED.fullmatch(text)
    if found is None:
        return text
    name, address = found["name"].strip(" '"), found["address"]
    if "@" not in address or name == address:
        return name
    return f"{name} <{address}>" if name else address


def _places(content: bytes) -> Mapping[int, int]:
    """Return the property that stands for each named one in this message."""
    with olefile.OleFileIO(BytesIO(content)) as file:
        entries = file.openstream(_NAMED).read() if file.exists(_NAMED) else b""
    numbers = [int.from_bytes(entries[at : at + 4], "little") for at in range(0, len(entries), 8)]
    places = [int.from_bytes(entries[at + 6 : at + 8], "little") for at in range(0, len(entries), 8)]
    return {number: _FIRST_NAMED + place for number, place in zip(numbers, places, strict=True)}


def _appointment(message: Message, places: Mapping[int, int]) -> Iterator[Element]:
    """Yield when and where an appointment is, and when a task is due."""
    begin, end, due = (_moment(message, places.get(named)) for named in (_BEGINS, _ENDS, _DUE))
    where = message.properties.str_prop_value(places[_WHERE]) if _WHERE in places else ""
    for label, value in (
        ("When", f"{begin} to {end}" if begin and end else begin),
        ("Due", due),
        ("Where", one_line(where or "")),
    ):
        if value:
            yield Element(f"{label}: {value}", tight=True)


def _moment(message: Message, place: int | None) -> str:
    moment = message.properties.date_prop_value(place) if place else None
    return _written(moment) if moment and moment.year < _NO_YEAR else ""


def _written(moment: datetime.datetime) -> str:
    return f"{moment:%A}, {moment.day} {moment:%B %Y, %H:%M %z}".strip()


def _contact(message: Message, places: Mapping[int, int]) -> Iterator[Element]:
    """Yield the company, the telephone numbers and the address of a contact."""
    found = {**_CONTACT, "Mail": places.get(_MAIL, 0)}
    for label, place in found.items():
        if value := one_line(message.properties.str_prop_value(place) or "" if place else ""):
            yield Element(f"{label}: {value}", tight=True)
