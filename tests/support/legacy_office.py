"""Make files of Word, Excel, PowerPoint 97-2003 and Outlook, as small as they can be."""

import struct
from collections.abc import Sequence
from datetime import UTC, datetime

from compressed_rtf import compress

_SECTOR, _SHORT = 512, 64
_MIN_STREAM = 4096  # a shorter stream would need a table of its own
_END, _FREE, _FAT, _NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF


def compound(streams: dict[str, bytes], is_padded: bool = True) -> bytes:
    """Return an OLE compound file with some streams; a name with a slash is in a storage.

    It has a sector of the table, one of the table of short streams, then those of names, then the streams. Padded
    streams are long ones.
    """
    padded = {name: content.ljust(_MIN_STREAM * is_padded, b"\0") for name, content in streams.items()}
    paths = dict.fromkeys(part for name in padded for part in _with_storages(name))
    kids: dict[str, list[int]] = {}
    for number, path in enumerate(paths, 1):
        kids.setdefault(path.rpartition("/")[0], []).append(number)
    folders = -(-(len(paths) + 1) * 128 // _SECTOR)
    table: list[int] = [_FAT, _END, *range(3, folders + 2), _END]
    short_table: list[int] = []
    sectors = short = b""
    entries = []
    for number, (path, beside) in enumerate(((path, kids[path.rpartition("/")[0]]) for path in paths), 1):
        content, first = padded.get(path, b""), _END
        if len(content) >= _MIN_STREAM:
            first, sectors = len(table), sectors + _filled(content, _SECTOR)
            _chain(table, -(-len(content) // _SECTOR))
        elif content:
            first, short = len(short_table), short + _filled(content, _SHORT)
            _chain(short_table, -(-len(content) // _SHORT))
        right = next((other for other in beside if other > number), _NONE)
        kind, child = (2, _NONE) if path in padded else (1, kids[path][0])
        entries.append(_entry(path.rpartition("/")[2], kind, first, len(content), right=right, child=child))
    root = _entry("Root Entry", 5, len(table) if short else _END, len(short), child=1)
    if short:
        sectors += _filled(short, _SECTOR)
        _chain(table, -(-len(short) // _SECTOR))
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 2, 0, _MIN_STREAM, 1, 1, _END, 0)
    head += struct.pack("<109I", 0, *[_FREE] * 108)
    names = _filled(root + b"".join(entries), _SECTOR)
    return head + _table_sector(table) + _table_sector(short_table) + names + sectors


def _filled(content: bytes, size: int) -> bytes:
    return content + b"\0" * (-len(content) % size)


def _chain(table: list[int], count: int) -> None:
    """Add the sectors of a stream to a table."""
    first = len(table)
    table += [*range(first + 1, first + count), _END]


def _table_sector(table: list[int]) -> bytes:
    return struct.pack("<128I", *table, *[_FREE] * (128 - len(table)))


def _with_storages(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]


def _entry(name: str, kind: int, first: int, size: int, right: int = _NONE, child: int = _NONE) -> bytes:
    written = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<BBIII", kind, 1, _NONE, right, child)
    head = written.ljust(64, b"\0") + struct.pack("<H", len(written)) + links
    return head + bytes(36) + struct.pack("<IQ", first, size)


def word(
    *paragraphs: tuple[str, int, bytes], raised: str = "", comments: str = "", flags: int = 0, version: int = 0xC1
) -> bytes:
    """Return a Word file. A paragraph has its text with the mark at its end, its style and its properties.

    `raised` is a text of which the first place is raised.
    """
    main = "".join(text for text, _, _ in paragraphs)
    text = main + comments
    start, stream = 1024, bytearray(8 * _SECTOR)
    stream[start : start + 2 * len(text)] = text.encode("utf-16-le")
    struct.pack_into("<HH", stream, 0, 0xA5EC, version)
    struct.pack_into("<H", stream, 0x0A, 0x0200 | flags)
    struct.pack_into("<I", stream, 0x4C, len(main))
    struct.pack_into("<I", stream, 0x5C, len(comments))
    ends, properties = [start], []
    for words, style, sprms in [*paragraphs, *([(comments, 0, b"")] if comments else [])]:
        ends.append(ends[-1] + 2 * len(words))
        raw = struct.pack("<H", style) + sprms
        properties.append(bytes([len(raw) // 2 + 1]) + raw)
    stream[6 * _SECTOR : 7 * _SECTOR] = _page(ends, properties, width=13)
    at = start + 2 * text.index(raised)
    edges, runs = [start, at, at + 2 * len(raised), start + 2 * len(text)], [b"", b"\x03\x48\x2a\x01", b""]
    stream[7 * _SECTOR : 8 * _SECTOR] = _page(edges, runs, width=1)
    table = bytearray()
    styles = [struct.pack("<HHHH", 6, number, _NO_BASE, 0) for number in range(30)]
    _put(stream, table, 0xA2, struct.pack("<HH", 2, len(styles)) + b"".join(styles))
    _put(stream, table, 0xFA, struct.pack("<III", start, edges[-1], 7))
    _put(stream, table, 0x102, struct.pack("<III", start, ends[-1], 6))
    pieces = struct.pack("<IIHIH", 0, len(text), 0, start, 0)
    _put(stream, table, 0x1A2, b"\x02" + struct.pack("<I", len(pieces)) + pieces)
    return compound({"WordDocument": bytes(stream), "1Table": bytes(table)})


_NO_BASE = 0xFFF0


def _put(stream: bytearray, table: bytearray, pair: int, content: bytes) -> None:
    struct.pack_into("<II", stream, pair, len(table), len(content))
    table += content


def _page(ends: list[int], properties: list[bytes], width: int) -> bytes:
    """Return a page of properties (FKP): ends, offsets in words, and the properties from the end backwards."""
    page = bytearray(_SECTOR)
    struct.pack_into(f"<{len(ends)}I", page, 0, *ends)
    place = _SECTOR - 2
    for number, one in enumerate(properties):
        if one:
            place -= len(one) + len(one) % 2
            page[place : place + len(one)] = one
            page[4 * len(ends) + width * number] = place // 2
    page[-1] = len(properties)
    return bytes(page)


def record(kind: int, body: bytes = b"", *, instance: int = 0, is_container: bool = False) -> bytes:
    """Return a record of a PowerPoint file."""
    return struct.pack("<HHI", instance << 4 | (0xF if is_container else 0), kind, len(body)) + body


def text_records(kind: int, text: str) -> bytes:
    """Return a text of a slide: 0 is a title, 1 a body, 2 notes."""
    return record(0x0F9F, struct.pack("<I", kind)) + record(0x0FA0, text.encode("utf-16-le"))


def slide(*texts: bytes, notes: int = 0, is_hidden: bool = False, comment: tuple[str, str] | None = None) -> bytes:
    """Return a slide with its texts."""
    body = record(0x03EF, bytes(16) + struct.pack("<II", notes, 0))
    body += record(0x03F9, bytes(10) + struct.pack("<HI", 4 if is_hidden else 0, 0))
    body += b"".join(record(0xF00D, text, is_container=True) for text in texts)
    if comment:
        parts = (record(0x0FBA, one.encode("utf-16-le"), instance=at) for at, one in enumerate(comment))
        tag = record(0x138B, record(0x2EE0, b"".join(parts), is_container=True))
        body += record(0x138A, tag, is_container=True)
    return record(0x03EE, body, is_container=True)


def deck(*slides: bytes, outline: bytes = b"", notes: bytes = b"", token: int = 0xE391C05F) -> bytes:
    """Return a PowerPoint file. The texts of the outline are the first slide's; the notes have the number 300."""
    places, stream = [], b""
    parts = [*slides, record(0x03F0, notes, is_container=True)] if notes else slides
    for part in parts:
        places.append(len(stream))
        stream += part
    listed = b"".join(
        record(0x03F3, struct.pack("<IIiII", at, 0, 0, 256 + at, 0)) + (outline if at == 1 else b"")
        for at in range(1, len(slides) + 1)
    )
    body = record(0x0FF0, listed, is_container=True)
    if notes:
        entry = record(0x03F3, struct.pack("<IIiII", len(places), 0, 0, 300, 0))
        body += record(0x0FF0, entry, instance=2, is_container=True)
    places.append(len(stream))
    stream += record(0x03E8, body, is_container=True)
    directory = len(stream)
    stream += record(0x1772, struct.pack(f"<I{len(places)}I", len(places) << 20 | 1, *places))
    edit = len(stream)
    stream += record(0x0FF5, struct.pack("<IIIII", 0, 0, 0, directory, len(places)) + bytes(8))
    user = record(0x0FF6, struct.pack("<III", 20, token, edit))
    return compound({"Current User": user, "PowerPoint Document": stream})


def _biff(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _short(text: str) -> bytes:
    return struct.pack("<BB", len(text), 0) + text.encode("latin-1")


def _long(text: str) -> bytes:
    return struct.pack("<HB", len(text), 0) + text.encode("latin-1")


def sheet(
    cells: dict[tuple[int, int], tuple[str | float, int]],
    *,
    merged: Sequence[tuple[int, int, int, int]] = (),
    hidden_row: int | None = None,
    hidden_column: int | None = None,
) -> bytes:
    """Return a sheet of a workbook. A cell has its row and column, its value and the number of its style.

    A merged range has its first and last row, and its first and last column.
    """
    found = _biff(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    if hidden_column is not None:
        found += _biff(0x7D, struct.pack("<HHHHHH", hidden_column, hidden_column, 2048, 0, 1, 0))
    if hidden_row is not None:
        found += _biff(0x208, struct.pack("<HHHHHHI", hidden_row, 0, 9, 255, 0, 0, 0x20))
    for (row, column), (value, style) in cells.items():
        place = struct.pack("<HHH", row, column, style)
        found += _biff(0x204, place + _long(value)) if isinstance(value, str) else b""
        found += b"" if isinstance(value, str) else _biff(0x203, place + struct.pack("<d", value))
    if merged:
        found += _biff(0xE5, struct.pack("<H", len(merged)) + b"".join(struct.pack("<4H", *one) for one in merged))
    return found + _biff(0x0A, b"")


def workbook(sheets: dict[str, bytes], styles: Sequence[str], *, hidden: str = "", is_encrypted: bool = False) -> bytes:
    """Return an Excel file with sheets by name; a style is a number format, and one that begins with "bold" is bold."""
    head = _biff(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    head += _biff(0x2F, struct.pack("<HHH", 0, 1, 2)) if is_encrypted else b""
    for weight in (400, 700):
        head += _biff(0x31, struct.pack("<HHHHHBBBB", 200, 0, 0, weight, 0, 0, 0, 0, 0) + _short("Arial"))
    for number, style in enumerate(styles):
        head += _biff(0x41E, struct.pack("<H", 164 + number) + _long(style.removeprefix("bold")))
    for number, style in enumerate(styles):
        head += _biff(0xE0, struct.pack("<HHH14x", int(style.startswith("bold")), 164 + number, 1))
    size = len(head) + sum(12 + len(name) for name in sheets) + 4
    for name, content in sheets.items():
        head += _biff(0x85, struct.pack("<IBB", size, int(name == hidden), 0) + _short(name))
        size += len(content)
    return compound({"Workbook": head + _biff(0x0A, b"") + b"".join(sheets.values())})


def outlook(
    texts: dict[int, str],
    *,
    moments: dict[int, datetime] | None = None,
    recipients: Sequence[tuple[int, str, str]] = (),
    named: dict[int, int] | None = None,
    rtf: bytes = b"",
    attached: tuple[str, dict[int, str]] | None = None,
) -> bytes:
    """Return a message that Outlook saves, with its texts and moments by the number of their property.

    A recipient has a kind (1 is To, 2 Cc, 3 Bcc), a name and an address. `named` has the property that stands for each
    named one, and `attached` the name and the texts of an attached message, or of
    the drawing of another program without texts.
    """
    streams = _properties("", texts, moments or {}, 32)
    if rtf:
        streams["__substg1.0_10090102"] = compress(rtf)
        streams["__properties_version1.0"] += struct.pack("<HHIII", 0x102, 0x1009, 6, len(rtf), 0)
    if attached:
        folder = "__attach_version1.0_#00000000/"
        streams |= _properties(folder, {0x3001: attached[0]}, {}, 8)
        inner = f"{folder}__substg1.0_3701000D/"
        streams |= _properties(inner, attached[1], {}, 24) if attached[1] else {f"{inner}CONTENTS": b"drawing"}
    for number, (kind, name, address) in enumerate(recipients):
        folder = f"__recip_version1.0_#{number:08X}/"
        streams |= _properties(folder, {0x3001: name, 0x39FE: address}, {}, 8, {0x0C15: kind})
    if named:
        entries = (struct.pack("<IHH", long, 4, place - 0x8000) for long, place in named.items())
        streams["__nameid_version1.0/__substg1.0_00030102"] = b"".join(entries)
    return compound(streams, is_padded=False)


def _properties(
    folder: str, texts: dict[int, str], moments: dict[int, datetime], head: int, numbers: dict[int, int] | None = None
) -> dict[str, bytes]:
    found = {f"{folder}__substg1.0_{place:04X}001F": text.encode("utf-16-le") for place, text in texts.items()}
    body = b"".join(struct.pack("<HHIII", 0x1F, place, 6, 2 * len(text) + 2, 0) for place, text in texts.items())
    epoch = datetime(1601, 1, 1, tzinfo=UTC)
    for place, moment in moments.items():
        body += struct.pack("<HHIQ", 0x40, place, 6, int((moment - epoch).total_seconds()) * 10**7)
    body += b"".join(struct.pack("<HHIII", 3, place, 6, number, 0) for place, number in (numbers or {}).items())
    return {f"{folder}__properties_version1.0": bytes(head) + body, **found}
