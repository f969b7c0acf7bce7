"""Find the straight lines that are drawn on a PDF page."""

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2
import pypdfium2.raw as pdfium

from index.ingest.readers.pdf.glyphs import Point, turned

MAX_SEGMENTS = 20_000  # of a page: those of maps and drawings are not looked at
_STRAIGHT = 0.7  # points: how far the ends of a level line may differ in height
_THIN = 3.0  # points: a filled area as thin is a line


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A level or upright line: its height or its distance from the left edge, and from where to where it goes."""

    is_level: bool
    at: float
    start: float
    end: float


def rules(page: pypdfium2.PdfPage, turns: int) -> list[Rule]:
    """Return the level and upright lines of a page that is turned by quarter turns; none if it has far too many.

    A thin rectangle is a line, and a frame is four. The edges of other areas in a colour are none.
    """
    found: list[Rule] = []
    for path in page.get_objects((pdfium.FPDF_PAGEOBJ_PATH,), max_depth=1):
        if len(found) > MAX_SEGMENTS or pdfium.FPDFPath_CountSegments(path) > MAX_SEGMENTS:
            return []
        found += [rule for part in _parts(path) for rule in _rules([turned(*point, turns) for point in part])]
    return found


def _rules(points: Sequence[Point]) -> Iterator[Rule]:
    """Yield the level and upright ones of the lines between points."""
    for (left, low), (right, high) in pairwise(points):
        if abs(high - low) < _STRAIGHT < abs(right - left):
            yield Rule(is_level=True, at=(low + high) / 2, start=min(left, right), end=max(left, right))
        elif abs(right - left) < _STRAIGHT < abs(high - low):
            yield Rule(is_level=False, at=(left + right) / 2, start=min(low, high), end=max(low, high))


def _parts(path: pypdfium2.PdfObject) -> Iterator[list[Point]]:
    """Yield the points of each line that a path draws, or of the middle of each thin area that it fills."""
    filled, is_drawn = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, filled, is_drawn)
    for points in _points(path):
        lefts, heights = [x for x, _ in points], [y for _, y in points]
        (left, right), (low, high) = (min(lefts), max(lefts)), (min(heights), max(heights))
        if is_drawn.value:
            yield points
        elif high - low < _THIN:
            yield [(left, (low + high) / 2), (right, (low + high) / 2)]
        elif right - left < _THIN:
            yield [((left + right) / 2, low), ((left + right) / 2, high)]


def _points(path: pypdfium2.PdfObject) -> Iterator[list[Point]]:
    """Yield the points of each part of a path without curves, in points of the page."""
    matrix = path.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[Point] = []
    for number in range(pdfium.FPDFPath_CountSegments(path)):
        segment = pdfium.FPDFPath_GetPathSegment(path, number)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = matrix.on_point(x.value, y.value)
        if kind == pdfium.FPDF_SEGMENT_LINETO:
            points.append(point)
        else:
            yield from [points] if len(points) > 1 else []
            points = [point]
        if pdfium.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    yield from [points] if len(points) > 1 else []
