"""Read the cells of a ruled table, and divide rows whose lines are left out (pure)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

from index.ingest.readers.pdf.layout import gather, is_figure, rows
from index.ingest.readers.pdf.ruled_values import SameLine, value_lines
from index.ingest.readers.pdf.spelling import Word

_ROW_GAP = 1.3  # of the usual distance between lines: rows are further apart
_MIN_FRAME_LINES = 3
_NEXT_LINE = 0.7  # of the font size: the baselines of two lines are further apart


@dataclass(frozen=True, slots=True, kw_only=True)
class RuledCell:
    """The lines of a cell, how many columns it spans, and whether it goes on from the row above.

    `divided` counts the lines with wide gaps, as in a frame around columns. A few lines of figures are none: they are a
    group of columns.
    """

    lines: tuple[str, ...] = ()
    divided: int = 0
    span: int = 1
    bold: bool = False
    goes_on: bool = False


Row = tuple[RuledCell, ...]


def rows_apart(found: Sequence[RuledCell], words: Sequence[Sequence[Word]]) -> Iterator[Row]:
    """Yield a row; several, if the lines between them are left out.

    Each line of values is then a row, or wide blanks divide all cells.
    """
    if by_line := value_lines(words):
        yield from (tuple(map(_part_of, part, found)) for part in by_line)
        return
    parts = _parts(words, _limits(words))
    if len(parts) < 2 or not parts[0][0] or any(cell.goes_on for cell in found):
        yield tuple(found)
        return
    for part in parts:
        yield tuple(read_cell(cell, own.span, False) for cell, own in zip(part, found, strict=True))


def _part_of(words: SameLine, own: RuledCell) -> RuledCell:
    """Return the part of a cell in one row; a cell that stands beside several rows goes on."""
    return read_cell(words or (), own.span, own.goes_on or words is None)


def _parts(words: Sequence[Sequence[Word]], limits: Sequence[float]) -> list[list[Sequence[Word]]]:
    """Divide the words of cells at heights; a part without a first cell and another one belongs to the part above."""
    parts: list[list[Sequence[Word]]] = []
    for at in range(len(limits) + 1):
        band: list[Sequence[Word]] = [[word for word in cell if _band(word, limits) == at] for cell in words]
        if parts and not (band[0] and sum(map(bool, band)) > 1):
            parts[-1] = [[*above, *below] for above, below in zip(parts[-1], band, strict=True)]
        else:
            parts.append(band)
    return parts


def _limits(words: Sequence[Sequence[Word]]) -> list[float]:
    """Return the heights, from the top, at which the blanks between lines are wide, and where bold names end."""
    usual = min((gap for cell in words for _, gap in _gaps([cell])), default=0.0)
    wide = [limit for limit, gap in _gaps(words) if gap > _ROW_GAP * usual > 0]
    return sorted({*wide, *_names_end(words)}, reverse=True)


def _gaps(words: Sequence[Sequence[Word]]) -> Iterator[tuple[float, float]]:
    """Yield the middle and the height of each gap between the baselines of cells, from the top."""
    heights = sorted(((word.base, word.size) for cell in words for word in cell), reverse=True)
    for (above, _), (low, size) in pairwise(heights):
        if above - low > _NEXT_LINE * size:
            yield (above + low) / 2, above - low


def _names_end(words: Sequence[Sequence[Word]]) -> list[float]:
    """Return the height at which bold names end in all cells of a row, if nothing is bold below them."""
    cells = list(filter(None, words))
    ends = [_bold_end(cell) for cell in cells]
    bold, plain = [bold for bold, _ in ends], [plain for _, plain in ends]
    return [(min(bold) + max(plain)) / 2] if len(cells) > 1 and min(bold) > max(plain) + 1 else []


def _bold_end(cell: Sequence[Word]) -> tuple[float, float]:
    """Return the lowest line of bold words in a cell and the highest of others."""
    bold = [word.base for word in cell if word.bold]
    plain = [word.base for word in cell if not word.bold]
    return min(bold, default=-inf), max(plain, default=inf)


def _band(word: Word, limits: Sequence[float]) -> int:
    """Return in which part of a row a word stands, from the top."""
    return sum(word.base < limit for limit in limits)


def read_cell(words: Sequence[Word], span: int, goes_on: bool) -> RuledCell:
    """Return a cell with its lines; one that goes on from the row above has none."""
    if goes_on or not words:
        return RuledCell(span=span, goes_on=goes_on)
    found = rows(gather(words))
    lines = tuple(" ".join(run.text for run in row.cells) for row in found)
    several = [row for row in found if len(row.cells) > 1]
    if len(found) < _MIN_FRAME_LINES:
        several = [row for row in several if not all(map(is_figure, row.cells))]
    return RuledCell(lines=lines, divided=len(several), span=span, bold=all(word.bold for word in words))
