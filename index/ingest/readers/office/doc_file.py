"""Read the structures of a Word 97-2003 file: its text in pieces, and the properties of its paragraphs and characters.

The names in capitals are those of Microsoft's specification [MS-DOC].
"""

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from index.errors import ReadingError
from index.ingest.readers.office.compound_file import streams

_WORD_97 = 0xC1
_ENCRYPTED, _IN_TABLE_1 = 0x0100, 0x0200
_PARTS = (("text", 0x4C), ("footnotes", 0x50), ("headers", 0x54), ("macros", 0x58), ("comments", 0x5C))
_LATER_PARTS = (("endnotes", 0x60), ("text boxes", 0x64))
_STYLES, _CHARACTERS, _PARAGRAPHS, _PIECES = 0xA2, 0xFA, 0x102, 0x1A2  # FibRgFcLcb97: pairs of a place and a length
_PAGE = 512
_COMPRESSED = 0x40000000
_NO_STYLE = 0xFFF
_MAX_BASES = 12
_OPERAND_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_LONG_OPERAND = 0xD608  # sprmTDefTable: the only one whose length has two bytes
Properties = dict[int, bytes]  # the operand of each sprm


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """The style of a paragraph by its built-in number (sti), and its other properties."""

    styles: tuple[int, ...]
    properties: Properties


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A run of text: its first character, and where it lies in the stream, with one or two bytes a character."""

    first: int
    place: int
    width: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """Bytes of the stream up to `end` that have the same properties."""

    end: int
    style: int
    properties: Properties


class DocFile:
    """A file with its whole text; a position counts characters from the start of the main text."""

    def __init__(self, content: bytes) -> None:
        stream, *tables = streams(content, "WordDocument", "0Table", "1Table")
        if stream is None:
            raise ReadingError("is not a Word document: correct its file name suffix.")
        version, flags = (struct.unpack_from("<H", stream, place)[0] for place in (0x02, 0x0A))
        if version < _WORD_97:
            raise ReadingError("is older than Word 97: save it as .docx.")
        if flags & _ENCRYPTED:
            raise ReadingError("is encrypted: save it without a password.")
        self._stream = stream
        self._table = tables[1 if flags & _IN_TABLE_1 else 0] or b""
        self._pieces = list(self._read_pieces())
        self._firsts = [piece.first for piece in self._pieces]
        self.text = "".join(piece.text for piece in self._pieces)
        self._style_names = self._read_styles()
        self._paragraphs = list(self._runs(_PARAGRAPHS))
        self._characters = list(self._runs(_CHARACTERS))
        self._paragraph_ends = [run.end for run in self._paragraphs]
        self._character_ends = [run.end for run in self._characters]

    def parts(self) -> dict[str, tuple[int, int]]:
        """Return the range of each part: text, footnotes, headers, comments and so on."""
        found, start = {}, 0
        for name, place in (*_PARTS, *_LATER_PARTS):
            (count,) = struct.unpack_from("<I", self._stream, place)
            found[name] = start, min(start + count, len(self.text))
            start += count
        return found

    def paragraph(self, position: int) -> Paragraph:
        """Return the properties of the paragraph that ends with the mark at a position."""
        run = _at(self._paragraphs, self._paragraph_ends, self._place(position))
        return Paragraph(styles=self._bases(run.style), properties=run.properties) if run else _PLAIN

    def character_runs(self, start: int, end: int) -> Iterator[tuple[str, Properties]]:
        """Yield the text of a range in parts that have the same properties."""
        position = start
        while position < end:
            piece = self._pieces[bisect_right(self._firsts, position) - 1]
            place = self._place(position)
            run = _at(self._characters, self._character_ends, place)
            last = min(end, piece.first + len(piece.text))
            if run:
                last = min(last, position + max(1, (run.end - place) // piece.width))
            yield self.text[position:last], run.properties if run else {}
            position = last

    def _place(self, position: int) -> int:
        piece = self._pieces[bisect_right(self._firsts, position) - 1]
        return piece.place + (position - piece.first) * piece.width

    def _part_of_table(self, pair: int) -> bytes:
        place, length = struct.unpack_from("<II", self._stream, pair)
        return self._table[place : place + length]

    def _read_pieces(self) -> Iterator[_Piece]:
        clx, at = self._part_of_table(_PIECES), 0
        while clx[at : at + 1] == b"\x01":  # Prc: properties that a piece may point to
            at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
        plc = clx[at + 5 :]
        count = (len(plc) - 4) // 12
        if clx[at : at + 1] != b"\x02" or count < 1:
            raise ValueError("it has no text")
        ends = struct.unpack_from(f"<{count + 1}I", plc)
        first = 0
        for number in range(count):
            (place,) = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * number + 2)
            length = max(ends[number + 1] - ends[number], 0)
            if place & _COMPRESSED:
                start, width, encoding = (place & ~_COMPRESSED) // 2, 1, "cp1252"
            else:
                start, width, encoding = place, 2, "utf-16-le"
            raw = self._stream[start : start + length * width]
            text = raw.decode(encoding, "replace") if width == 1 else _from_units(raw)
            yield _Piece(first=first, place=start, width=width, text=text)
            first += len(text)

    def _read_styles(self) -> list[tuple[int, int]]:
        """Return each style's built-in number and the number of the style that it is based on."""
        sheet = self._part_of_table(_STYLES)
        if len(sheet) < 4:
            return []
        at = 2 + struct.unpack_from("<H", sheet)[0]
        found: list[tuple[int, int]] = []
        while at + 2 <= len(sheet):
            (length,) = struct.unpack_from("<H", sheet, at)
            first, second = struct.unpack_from("<HH", sheet, at + 2) if length >= 4 else (_NO_STYLE, _NO_STYLE << 4)
            found.append((first & 0xFFF, second >> 4))
            at += 2 + length + length % 2
        return found

    def _bases(self, style: int) -> tuple[int, ...]:
        """Return the built-in numbers of a style and of those that it is based on."""
        found: list[int] = []
        while style < len(self._style_names) and len(found) < _MAX_BASES:
            number, style = self._style_names[style]
            found.append(number)
        return tuple(found)

    def _runs(self, pair: int) -> Iterator[_Run]:
        """Yield the runs of paragraphs or of characters, from their pages in the stream."""
        plc = self._part_of_table(pair)
        count = (len(plc) - 4) // 8
        for number in range(max(count, 0)):
            (at,) = struct.unpack_from("<I", plc, 4 * (count + 1) + 4 * number)
            page = self._stream[at * _PAGE : (at + 1) * _PAGE]
            if len(page) == _PAGE:
                yield from _page_runs(page, is_paragraph=pair == _PARAGRAPHS)


_PLAIN = Paragraph(styles=(), properties={})


def _from_units(raw: bytes) -> str:
    """Decode UTF-16 so that each unit stays one character, as positions count them; pairs are joined later."""
    return "".join(map(chr, struct.unpack(f"<{len(raw) // 2}H", raw[: len(raw) // 2 * 2])))


def _at(runs: list[_Run], ends: list[int], place: int) -> _Run | None:
    at = bisect_right(ends, place)
    return runs[at] if at < len(runs) else None


def _page_runs(page: bytes, *, is_paragraph: bool) -> Iterator[_Run]:
    """Yield the runs of a page of properties (PapxFkp, ChpxFkp)."""
    count = page[-1]
    width = 13 if is_paragraph else 1
    for number in range(count):
        (end,) = struct.unpack_from("<I", page, 4 * (number + 1))
        at = 2 * page[4 * (count + 1) + width * number]
        style, properties = 0, b""
        if at and is_paragraph:
            length = 2 * page[at + 1] if page[at] == 0 else 2 * page[at] - 1
            at += 2 if page[at] == 0 else 1
            style, properties = struct.unpack_from("<H", page, at)[0], page[at + 2 : at + length]
        elif at:
            properties = page[at + 1 : at + 1 + page[at]]
        yield _Run(end=end, style=style, properties=dict(_sprms(properties)))


def _sprms(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the properties of a list (grpprl), each with its operand."""
    at = 0
    while at + 2 < len(raw):
        (sprm,) = struct.unpack_from("<H", raw, at)
        at += 2
        size = _OPERAND_SIZES.get(sprm >> 13)
        if sprm == _LONG_OPERAND:
            size = struct.unpack_from("<H", raw.ljust(at + 2, b"\0"), at)[0] + 1
        elif size is None:
            size = raw[at] + 1
        yield sprm, raw[at : at + size]
        at += size
