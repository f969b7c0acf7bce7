"""Find the words of a PDF page, where they stand and how they are drawn."""

import ctypes
import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from index.errors import ReadingError
from index.ingest.readers.pdf.accents import compose, has_accents
from index.ingest.readers.pdf.layout import RIGHT_TO_LEFT
from index.ingest.readers.pdf.spelling import Word

_LIGATURES = re.compile("[\ufb00-\ufb17\ufb1d-\ufdff\ufe70-\ufefc]")
_UNSEEN = re.compile("[\0-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\uffff]")
_LINE_END_HYPHEN = str.maketrans("\x02\ufffe", "--")
_BOLD = re.compile(r"bold|black|heavy|demi|semib|cmb|cmssbx|bx\d|medi$|-B$", re.I)
_FIXED = re.compile(r"mono|courier|cmtt|cmsltt|sltt|tt\d|typewriter|consol|menlo|inconsol|fixed", re.I)
_TOKEN = re.compile(r"[^\s\0]+")
_RIGHT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
# Beside Latin letters right-to-left ones stand elsewhere than in the order of reading, so each is a word.
_MIXED_TOKEN = re.compile(
    rf"[^\s\0A-Za-z\u00c0-\u024f]*[{_RIGHT}][^\s\0A-Za-z\u00c0-\u024f]*|[^\s\0]+?(?=[{_RIGHT}\s\0]|$)"
)
_DRAWN_WITH = re.compile(r"[.·…_\-–—=|•\s]")  # leaders, lines and bullets
MIN_SIGNS = 40
_ASIDE = 0.25  # of an accent's width: how far it may stand beside a narrow letter
_GROUNDS = (
    pdfium.FPDF_PAGEOBJ_PATH,
    pdfium.FPDF_PAGEOBJ_IMAGE,
    pdfium.FPDF_PAGEOBJ_SHADING,
    pdfium.FPDF_PAGEOBJ_FORM,
)
Point = tuple[float, float]


def words(page: pypdfium2.PdfPage, max_characters: int) -> Iterator[tuple[int, Word]]:
    """Yield the visible words in drawing order, each with its rotation in quarter turns.

    Raises:
        ReadingError: there are more than `max_characters` characters.
    """
    letters = _Letters(page)
    if len(letters) > max_characters:
        raise ReadingError(f"has more than {max_characters:,} characters of text: split it.")
    left, bottom, right, top = page.get_bbox()
    text = letters.text()
    for token in (_MIXED_TOKEN if RIGHT_TO_LEFT.search(text) else _TOKEN).finditer(text):
        for start, end, glued, first, last in letters.parts(token):
            shown, style = _clean(text[start:end]), letters.style(start)
            inside = left <= first[0] <= right and bottom <= first[1] + style.size / 3 <= top
            upright = abs(style.angle - round(style.angle)) < 0.1
            if shown and inside and upright and style.is_seen and 1 <= style.size < 2000:
                turns = round(style.angle) % 4
                (begin, base), (finish, _) = turned(*first, turns), turned(*last, turns)
                right_to_left = finish < begin
                finish, begin = max(begin, finish), min(begin, finish)
                finish += letters.width(style, *((start, text[start]) if right_to_left else (end - 1, text[end - 1])))
                yield turns, Word(shown, begin, finish, base, style.size, style.bold, style.fixed, glued, style.is_scan)


def is_legible(texts: Sequence[str]) -> bool:
    """Say whether some words are more than signs: those of a font without a map to letters are not."""
    text = _DRAWN_WITH.sub("", "".join(texts))
    signs = sum(not character.isalnum() and unicodedata.category(character)[0] in "PSCZ" for character in text)
    return len(text) < MIN_SIGNS or signs < 0.5 * len(text)


def turned(x: float, y: float, turns: int) -> tuple[float, float]:
    """Return where a point stands on a page that is turned by quarter turns."""
    return ((x, y), (y, -x), (-x, -y), (-y, x))[turns]


def _clean(text: str) -> str:
    """Remove invisible characters, and spell ligatures out."""
    text = _UNSEEN.sub("", text.translate(_LINE_END_HYPHEN))
    text = _LIGATURES.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")


class _Style(NamedTuple):
    """How a text object's letters are drawn; `angle` counts quarter turns. Those over a scan are not drawn."""

    font: int = 0
    size: float = 0.0
    angle: float = 0.0
    bold: bool = False
    fixed: bool = False
    is_seen: bool = True
    is_scan: bool = False


class _Letters:
    """A page's letters, their positions and styles; looked up once for each text object and font."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self._page = page
        self._textpage = page.get_textpage()
        self._handle = self._textpage.raw
        self._styles: dict[int, _Style] = {}
        self._fonts: dict[int, tuple[bool, bool]] = {}
        self._widths: dict[tuple[int, float, str], float] = {}
        self._grounds: list[tuple[bool, tuple[float, float, float, float]]] | None = None
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._x_reference, self._y_reference = ctypes.byref(self._x), ctypes.byref(self._y)
        self._loose = pdfium.FS_RECTF()

    def __len__(self) -> int:
        return int(self._textpage.count_chars())

    def text(self) -> str:
        handle = self._handle
        text = "".join([chr(pdfium.FPDFText_GetUnicode(handle, offset)) for offset in range(len(self))])
        return compose(text, self._is_over) if has_accents(text) else text

    def _is_over(self, accent: int, letter: int) -> bool:
        """Say whether the middle of a character's ink is above or below another's."""
        (left, right), (first, last) = self._sides(accent), self._sides(letter)
        slack = _ASIDE * (right - left)
        return first - slack < (left + right) / 2 < last + slack

    def _sides(self, offset: int) -> tuple[float, float]:
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        pdfium.FPDFText_GetCharBox(self._handle, offset, left, right, bottom, top)
        return left.value, right.value

    def origin(self, offset: int) -> tuple[float, float]:
        pdfium.FPDFText_GetCharOrigin(self._handle, offset, self._x_reference, self._y_reference)
        return self._x.value, self._y.value

    def parts(self, token: re.Match[str]) -> Iterator[tuple[int, int, bool, Point, Point]]:
        """Yield the ranges of a token's letters at one height without a gap; PDFium leaves out some blanks.

        Each comes with whether it is glued to the one before, and with where its first and last letters stand.
        """
        start, end = token.span()
        style = self.style(start)
        first = self.origin(start)
        last = self.origin(end - 1) if end > start + 1 else first
        gap = 0.18 * style.size if style.angle == 0 else math.inf
        is_whole = _is_plain(token[0]) and abs(first[1] - last[1]) < 0.5
        if is_whole:  # only then are all letters of one size
            usual = sum([self.width(style, offset, token.string[offset]) for offset in range(start, end - 1)])
            is_whole = last[0] - first[0] - usual < gap
        if is_whole or abs(first[0] - last[0]) < 0.5:
            yield start, end, False, first, last
            return
        begin, glued, before = start, False, first
        for offset in range(start + 1, end):
            self._measure(offset - 1)
            point = self.origin(offset)
            is_level = abs(point[1] - before[1]) < 0.5
            is_apart = is_level and point[0] - self._loose.right > gap
            if is_apart or not is_level:
                yield begin, offset, glued, first, before
                begin, glued, first = offset, not is_apart, point
            before = point
        yield begin, end, glued, first, before

    def _measure(self, offset: int) -> None:
        pdfium.FPDFText_GetLooseCharBox(self._handle, offset, self._loose)

    def width(self, style: _Style, offset: int, letter: str) -> float:
        """Return the distance to the next letter if no gap is between them."""
        known = self._widths.get((style.font, style.size, letter))
        if known is None:
            self._measure(offset)
            upright = self._loose.right - self._loose.left
            known = self._widths[(style.font, style.size, letter)] = upright if style.angle == 0 else style.size / 2
        return known

    def style(self, offset: int) -> _Style:
        letters = pdfium.FPDFText_GetTextObject(self._handle, offset)
        if not letters:
            return _Style()
        address = ctypes.addressof(letters.contents)
        if address not in self._styles:
            matrix = pdfium.FS_MATRIX()
            pdfium.FPDFText_GetMatrix(self._handle, offset, matrix)
            size = pdfium.FPDFText_GetFontSize(self._handle, offset) * math.hypot(matrix.c, matrix.d)
            angle = math.atan2(matrix.b, matrix.a) / (math.pi / 2) + (2 if size < 0 else 0)
            size, angle = abs(size), (angle + 2) % 4 - 2  # a negative size turns the letters over
            inkless = pdfium.FPDFTextObj_GetTextRenderMode(letters) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
            is_seen = (not inkless and _is_dark(letters)) or self._has_ground(offset, inkless)
            font = pdfium.FPDFTextObj_GetFont(letters)
            number = ctypes.addressof(font.contents) if font else 0
            self._styles[address] = _Style(number, round(size, 2), angle, *self._face(font, number), is_seen, inkless)
        return self._styles[address]

    def _face(self, font: pdfium.FPDF_FONT, number: int) -> tuple[bool, bool]:
        """Say whether a font is bold and fixed-pitch, mostly by its name: its weight is often wrong."""
        if font and number not in self._fonts:
            buffer = ctypes.create_string_buffer(256)
            pdfium.FPDFFont_GetBaseFontName(font, buffer, 256)
            name = buffer.value.decode("latin-1").rpartition("+")[2]
            fixed = bool(_FIXED.search(name) or pdfium.FPDFFont_GetFlags(font) & pdfium.FXFONT_FF_FIXEDPITCH)
            self._fonts[number] = bool(_BOLD.search(name)), fixed
        return self._fonts.get(number, (False, False))

    def _has_ground(self, offset: int, scan: bool) -> bool:
        if self._grounds is None:
            self._grounds = [
                (thing.type == pdfium.FPDF_PAGEOBJ_IMAGE, thing.get_bounds())
                for thing in self._page.get_objects(_GROUNDS, max_depth=1)
                if thing.type != pdfium.FPDF_PAGEOBJ_PATH or _is_dark(thing)
            ]
        x, y = self.origin(offset)
        return any(
            (image or not scan) and left <= x <= right and bottom <= y <= top
            for image, (left, bottom, right, top) in self._grounds
        )


def _is_plain(text: str) -> bool:
    return text.isalpha() or text.isdigit()


def _is_dark(thing: object) -> bool:
    """Say whether an object's colour is visible on white paper."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    known = pdfium.FPDFPageObj_GetFillColor(thing, red, green, blue, alpha)
    return not known or (alpha.value > 0 and min(red.value, green.value, blue.value) < 250)
