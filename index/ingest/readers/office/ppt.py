"""Read PowerPoint 97-2003 files (.ppt): titles, texts, notes and comments of the visible slides.

The numbers of records are those of Microsoft's specification [MS-PPT].
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace

from index.errors import ReadingError
from index.ingest.limits import Limits
from index.ingest.readers.archive import guard
from index.ingest.readers.elements import Element
from index.ingest.readers.office.compound_file import streams
from index.ingest.readers.office.reader import read_pptx
from index.ingest.readers.table_rows import one_line

_SLIDE_ATOM, _SLIDE_INFO = 0x03EF, 0x03F9
_NOTES, _PLACE_OF_SLIDE, _LIST_OF_SLIDES = 0x03F0, 0x03F3, 0x0FF0
_TEXT_KIND, _UNICODE_TEXT, _LATIN_TEXT, _OUTLINE_TEXT, _SHORT_TEXT = 0x0F9F, 0x0FA0, 0x0FA8, 0x0F9E, 0x0FBA
_COMMENT, _TAG = 0x2EE0, 0x138B
_ENCRYPTED = 0xF3D1C4DF
_TITLES, _NOTES_TEXT = (0, 6), 2
_HIDDEN = 0x0004
_FIELDS = "*"  # stands for the date and the number of a slide
_MAX_DEPTH, _MAX_EDITS = 20, 1000
_MARKS = str.maketrans({"\x0b": "\n", "\xa0": " ", "\u00ad": "", "\0": ""})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    kind: int
    instance: int
    is_container: bool
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    kind: int
    text: str


@dataclass(slots=True, kw_only=True)
class _Entry:
    """A slide in the list of slides: its number in the directory, its own, and the texts of its outline."""

    place: int
    number: int
    texts: list[_Text]


def read_ppt(content: bytes, limits: Limits) -> Iterator[Element]:
    """Yield the titles, texts, notes and comments of the visible slides; `page` is the slide's number."""
    if content.startswith(b"PK\x03\x04"):
        return read_pptx(content, limits)
    return guard(_elements(content), limits, "slides")


def _elements(content: bytes) -> Iterator[Element]:
    user, stream = streams(content, "Current User", "PowerPoint Document")
    if user is None or stream is None:
        raise ReadingError("is not a PowerPoint file: correct its file name suffix.")
    token, edit = struct.unpack_from("<II", user, 12)
    if token == _ENCRYPTED:
        raise ReadingError("is encrypted: save it without a password.")
    places, document = _directory(stream, edit)
    lists = {one.instance: _entries(one) for one in _children(document) if one.kind == _LIST_OF_SLIDES}
    notes = {entry.number: entry for entry in lists.get(2, [])}
    for number, entry in enumerate(lists.get(0, []), start=1):
        slide = _record_at(stream, places[entry.place])
        if _is_hidden(slide):
            yield Element("", left_out="hidden slide")
            continue
        found = [*_slide(slide, entry), *_notes(stream, places, notes.get(_number_of_notes(slide)))]
        yield from (replace(element, page=number) for element in found or [Element("")])


def _directory(stream: bytes, edit: int) -> tuple[dict[int, int], _Record]:
    """Return where the newest version of each part is, and the document itself."""
    places: dict[int, int] = {}
    document = 0
    for _ in range(_MAX_EDITS):
        body = _record_at(stream, edit).body
        edit, directory, main = struct.unpack_from("<III", body, 8)
        document = document or main
        for number, place in _parts(_record_at(stream, directory).body):
            places.setdefault(number, place)
        if not edit:
            break
    return places, _record_at(stream, places[document])


def _parts(directory: bytes) -> Iterator[tuple[int, int]]:
    at = 0
    while at + 4 <= len(directory):
        (head,) = struct.unpack_from("<I", directory, at)
        first, count = head & 0xFFFFF, head >> 20
        for number, (place,) in enumerate(struct.iter_unpack("<I", directory[at + 4 : at + 4 + 4 * count]), first):
            yield number, place
        at += 4 + 4 * count


def _entries(slides: _Record) -> list[_Entry]:
    found: list[_Entry] = []
    kind = -1
    for record in _children(slides):
        if record.kind == _PLACE_OF_SLIDE:
            place, _, _, number = struct.unpack_from("<IIiI", record.body)
            found.append(_Entry(place=place, number=number, texts=[]))
        elif record.kind == _TEXT_KIND:
            (kind,) = struct.unpack_from("<I", record.body)
        elif found and (text := _text(record)) is not None:
            found[-1].texts.append(_Text(kind=kind, text=text))
    return found


def _slide(slide: _Record, entry: _Entry) -> Iterator[Element]:
    """Yield the title, the texts in the order of the shapes, and the comments."""
    texts = list(_shape_texts(slide, entry.texts))
    titles = [one for one in texts if one.kind in _TITLES]
    for one in titles[:1]:
        if title := one_line(_shown(one.text)):
            yield Element(title, level=1)
    for one in [one for one in texts if one not in titles[:1]]:
        for paragraph in one.text.split("\r"):
            text = _shown(paragraph)
            if text and text != _FIELDS:
                yield Element(text)
    yield from _comments(slide)


def _notes(stream: bytes, places: dict[int, int], entry: _Entry | None) -> Iterator[Element]:
    record = _record_at(stream, places[entry.place]) if entry else None
    if entry is None or record is None or record.kind != _NOTES:
        return
    for one in _shape_texts(record, entry.texts):
        for paragraph in one.text.split("\r") if one.kind == _NOTES_TEXT else ():
            if text := one_line(_shown(paragraph)):
                yield Element(f"Notes: {text}")


def _shape_texts(container: _Record, outline: list[_Text], depth: int = 0) -> Iterator[_Text]:
    """Yield the texts of the shapes in a container; a shape may refer to a text of the outline."""
    kind = -1
    for record in _children(container):
        if record.kind == _TEXT_KIND:
            (kind,) = struct.unpack_from("<I", record.body)
        elif record.kind == _OUTLINE_TEXT:
            (at,) = struct.unpack_from("<I", record.body)
            yield from outline[at : at + 1]
        elif (text := _text(record)) is not None:
            yield _Text(kind=kind, text=text)
        elif record.is_container and depth < _MAX_DEPTH:
            yield from _shape_texts(record, outline, depth + 1)


def _comments(slide: _Record) -> Iterator[Element]:
    for record in _within(slide, _COMMENT):
        texts = {one.instance: _decoded(one.body) for one in _children(record) if one.kind == _SHORT_TEXT}
        author, text = one_line(texts.get(0, "")), one_line(texts.get(1, ""))
        if text:
            yield Element(f"Comment ({author}): {text}" if author else f"Comment: {text}")


def _is_hidden(slide: _Record) -> bool:
    info = next((one.body for one in _children(slide) if one.kind == _SLIDE_INFO), b"")
    return len(info) >= 12 and bool(struct.unpack_from("<H", info, 10)[0] & _HIDDEN)


def _number_of_notes(slide: _Record) -> int:
    atom = next((one.body for one in _children(slide) if one.kind == _SLIDE_ATOM), b"")
    return int(struct.unpack_from("<I", atom, 16)[0]) if len(atom) >= 20 else 0


def _within(container: _Record, kind: int, depth: int = 0) -> Iterator[_Record]:
    for record in _children(container):
        if record.kind == kind:
            yield record
        elif (record.is_container or record.kind == _TAG) and depth < _MAX_DEPTH:
            yield from _within(record, kind, depth + 1)


def _children(record: _Record) -> Iterator[_Record]:
    at = 0
    while at + 8 <= len(record.body):
        child = _record_at(record.body, at)
        yield child
        at += 8 + len(child.body)


def _record_at(stream: bytes, at: int) -> _Record:
    head, kind, length = struct.unpack_from("<HHI", stream, at)
    body = stream[at + 8 : at + 8 + length]
    return _Record(kind=kind, instance=head >> 4, is_container=head & 0xF == 0xF, body=body)


def _text(record: _Record) -> str | None:
    if record.kind == _UNICODE_TEXT:
        return _decoded(record.body)
    return record.body.decode("latin-1") if record.kind == _LATIN_TEXT else None


def _decoded(raw: bytes) -> str:
    return raw.decode("utf-16-le", "replace")


def _shown(text: str) -> str:
    return text.translate(_MARKS).strip()
