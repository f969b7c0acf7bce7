"""Turn the words that OCR recognises on a page into words with baselines and sizes, as of a page with text."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from itertools import groupby
from statistics import median

from PIL import Image, UnidentifiedImageError

from index.ingest.readers.elements import Element
from index.ingest.readers.ocr import RecognisedWord, recognise_words, upright
from index.ingest.readers.pdf.columns import regions
from index.ingest.readers.pdf.layout import gather, rows
from index.ingest.readers.pdf.paragraphs import Flow
from index.ingest.readers.pdf.spelling import Word

_DESCENDING = frozenset("gjpqyQ,;()[]{}@$|/")
_DESCENT, _ASCENT = 0.22, 0.74  # of the font's size: how far letters reach below and above the baseline
_MIN_SIDE, _MIN_WORDS = 60, 4  # of a picture in a document: a smaller one is an icon, and fewer words are guesses
_MAX_UNEVEN = 0.5  # of the usual size: text layers of scans differ by as much from line to line
_SIMILAR = 0.2  # sizes that differ by less are measured inexactly, and are one


def recognised_words(picture: Image.Image, points_a_pixel: float) -> list[Word]:
    """Return the words of a picture of a page, in points upwards from its bottom."""
    picture = upright(picture)
    lines = [list(line) for _, line in groupby(recognise_words(picture), key=lambda word: word.line)]
    sizes = [_size(line) for line in lines]
    usual = median([size for size, line in zip(sizes, lines, strict=True) for _ in line] or [0.0])
    words: list[Word] = []
    for size, line in zip(sizes, lines, strict=True):
        own = usual if abs(size - usual) < _SIMILAR * usual else size
        words += _placed(line, own, picture.height, points_a_pixel)
    return words


def evened(words: Sequence[Word]) -> list[Word]:
    """Give words that another program recognised on a scan one size, unless theirs differs much from the usual one."""
    sizes = [word.size for word in words if word.is_scan]
    usual = median(sizes) if sizes else 0.0
    return [
        word._replace(size=usual) if word.is_scan and abs(word.size - usual) < _MAX_UNEVEN * usual else word
        for word in words
    ]


def picture_elements(content: bytes) -> list[Element]:
    """Return the paragraphs and table rows that OCR recognises in a picture file; none if it cannot be opened."""
    try:
        picture = Image.open(BytesIO(content)).convert("L")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return []
    return drawn_elements(picture)


def drawn_elements(picture: Image.Image) -> list[Element]:
    """Return the paragraphs and table rows that OCR recognises in a picture."""
    words = recognised_words(picture, 1.0) if min(picture.size) >= _MIN_SIDE else []
    if sum(any(map(str.isalpha, word.text)) for word in words) < _MIN_WORDS:
        return []
    runs = gather(words)
    flow = Flow({})
    flow.learn(runs)
    found = [element for region in regions(runs) for element in flow.add(rows(region), 1)]
    return [replace(element, level=0, page=None, is_ocr=True) for element in [*found, *flow.close()] if element.text]


def _placed(line: Sequence[RecognisedWord], size: float, height: int, scale: float) -> Iterator[Word]:
    """Yield the words of a line, all on its baseline."""
    base = median(_base(word, size) for word in line)
    for word in line:
        yield Word(word.text, word.left * scale, word.right * scale, (height - base) * scale, size * scale)


def _base(word: RecognisedWord, size: float) -> float:
    return word.bottom - (_DESCENT * size if _DESCENDING.intersection(word.text) else 0.0)


def _size(line: Sequence[RecognisedWord]) -> float:
    """Return the size of a line's font by how high its letters are."""
    descends = any(_DESCENDING.intersection(word.text) for word in line)
    height = max(word.bottom for word in line) - min(word.top for word in line)
    return height / (_ASCENT + (_DESCENT if descends else 0.0))
