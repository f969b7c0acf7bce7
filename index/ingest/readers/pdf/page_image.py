"""Draw a page of a PDF file with the lines of a quote marked."""

import ctypes
import io
import math
from collections.abc import Iterable, Iterator, Sequence

import pypdfium2
import pypdfium2.raw as pdfium

from index.errors import ReadingError
from index.ingest.readers.bugs import raise_bug
from index.ingest.readers.pdf.quote_locator import find, holds, without_names
from index.ingest.readers.pdf.reader import opened
from index.types import Picture

WIDTH = 1000
MAX_HEIGHT = 4000
MAX_CHARACTERS = 200_000
_WHOLE = 2**24
Box = tuple[float, float, float, float]


def draw_page(content: bytes, number: int, quote: str, onward: bool = False) -> Picture:
    """Draw a page, numbered from 1, about 1,000 pixels wide.

    With `onward`, draw the next page instead if the whole quote is only there: a paragraph across a page break has the
    number of the page on which it begins.

    Raises:
        ReadingError: the file is encrypted or damaged, or has no such page.
    """
    document = opened(content)
    try:
        if not 1 <= number <= len(document):
            raise ReadingError(f"has no page {number}: it has {len(document)}.")
        try:
            page = document[number - 1]
            is_whole, parts = _parts(page, quote)
            if onward and not is_whole and number < len(document):
                following = document[number]
                is_whole, others = _parts(following, quote)
                if is_whole:
                    page, parts, number = following, others, number + 1
            width, height = page.get_size()
            picture = page.render(scale=min(WIDTH / width, MAX_HEIGHT / height)).to_pil()
            marks = tuple(line for part in parts for line in _lines(page, part))
        except Exception as error:  # pdfium's binding raises whatever a damaged page makes of its calls
            raise_bug(error)
            raise ReadingError(f"is damaged (page {number}): save it again.") from error
        drawn = io.BytesIO()
        picture.save(drawn, "PNG", compress_level=3)
        return Picture(drawn.getvalue(), number, len(document), marks)
    finally:
        document.close()


def _parts(page: pypdfium2.PdfPage, quote: str) -> tuple[bool, list[Sequence[int]]]:
    """Say whether a whole quote is on a page, and return PDFium's offsets of the characters of each part."""
    letters = page.get_textpage()
    offsets: Sequence[int] = range(min(letters.count_chars(), MAX_CHARACTERS))
    text = "".join([chr(pdfium.FPDFText_GetUnicode(letters.raw, offset)) for offset in offsets])
    is_whole = holds(text, quote)
    if not is_whole:
        # Pdfium mostly keeps the order in which things are drawn: a table's columns come one after the other.
        rows = _by_rows(page, offsets)
        seen = "".join([text[offset] for offset in rows])
        shown = next((words for words in (quote, without_names(quote)) if holds(seen, words)), None)
        if shown:
            is_whole, offsets, text, quote = True, rows, seen, shown
    return is_whole, [offsets[start:end] for start, end in find(quote, text)]


def _by_rows(page: pypdfium2.PdfPage, offsets: Iterable[int]) -> list[int]:
    """Group characters by line, in reading direction."""
    turned: list[tuple[int, float, float, float, int]] = []
    for offset, turns, (left, top, right, bottom) in _boxes(page, offsets):
        across = ((top, bottom), (left, right), (-bottom, -top), (-right, -left))[turns]
        along = (left, -bottom, -right, top)[turns]
        turned.append((turns, sum(across) / 2, across[1] - across[0], along, offset))
    found: list[int] = []
    row: list[tuple[float, int]] = []
    begun = (-1, 0.0, 0.0)
    for turns, middle, height, along, offset in sorted(turned):
        if turns != begun[0] or middle - begun[1] > begun[2] / 2:
            found += [where for _, where in sorted(row)]
            row, begun = [], (turns, middle, height)
        row.append((along, offset))
    return found + [where for _, where in sorted(row)]


def _boxes(page: pypdfium2.PdfPage, offsets: Iterable[int]) -> Iterator[tuple[int, int, Box]]:
    """Yield visible characters with their rotation and boxes on the page as shown, whatever its crop."""
    letters, box = page.get_textpage(), pdfium.FS_RECTF()
    x, y = ctypes.c_int(), ctypes.c_int()
    for offset in offsets:
        blank = chr(pdfium.FPDFText_GetUnicode(letters.raw, offset)).isspace()
        if blank or not pdfium.FPDFText_GetLooseCharBox(letters.raw, offset, box):
            continue
        corners = []
        for corner in ((box.left, box.top), (box.right, box.bottom)):
            pdfium.FPDF_PageToDevice(page.raw, 0, 0, _WHOLE, _WHOLE, 0, *corner, x, y)
            corners.append((min(max(x.value / _WHOLE, 0.0), 1.0), min(max(y.value / _WHOLE, 0.0), 1.0)))
        (left, right), (top, bottom) = map(sorted, zip(*corners, strict=True))
        turns = round(pdfium.FPDFText_GetCharAngle(letters.raw, offset) / (math.pi / 2)) - page.get_rotation() // 90
        if left < right and top < bottom:
            yield offset, turns % 4, (left, top, right, bottom)


def _lines(page: pypdfium2.PdfPage, offsets: Iterable[int]) -> Iterator[Box]:
    """Merge the boxes of characters that follow one another along a line."""
    line: Box | None = None
    for _, turns, box in _boxes(page, offsets):
        axis = 1 - turns % 2
        if line and min(line[axis + 2], box[axis + 2]) - max(line[axis], box[axis]) > (box[axis + 2] - box[axis]) / 2:
            line = (min(line[0], box[0]), min(line[1], box[1]), max(line[2], box[2]), max(line[3], box[3]))
        else:
            if line:
                yield line
            line = box
    if line:
        yield line
