"""Find the columns of figures between the lines of a ruled table, where only groups of columns are divided (pure)."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

from index.ingest.readers.pdf.layout import Row, gather, is_figure, rows
from index.ingest.readers.pdf.spelling import Word

_MIN_LINES = 3  # with several figures
_MIN_SHARE = 0.7  # of the lines with figures that have a gap at the same place


def with_gaps(across: Sequence[float], words: Iterable[Word]) -> list[float]:
    """Return the edges of columns, with those between figures that stand apart in nearly all lines of a column."""
    columns: dict[int, list[Word]] = {}
    for word in words:
        columns.setdefault(bisect_right(across, (word.left + word.right) / 2), []).append(word)
    edges = list(across)
    for column, inside in columns.items():
        if 0 < column < len(across):
            edges += _gaps([row for row in rows(gather(inside)) if _has_figures(row)])
    return sorted(edges)


def _has_figures(row: Row) -> bool:
    return all(map(is_figure, row.cells))


def _gaps(lines: Sequence[Row]) -> list[float]:
    """Return the places of the gaps that nearly all lines of figures have; none if few lines have several figures."""
    several = [line for line in lines if len(line.cells) > 1]
    if len(several) < _MIN_LINES or len(several) < _MIN_SHARE * len(lines):
        return []
    fullest = max(several, key=lambda line: len(line.cells))
    places = [(before.right + after.left) / 2 for before, after in pairwise(fullest.cells)]
    return [place for place in places if sum(_is_free(line, place) for line in lines) >= _MIN_SHARE * len(lines)]


def _is_free(line: Row, place: float) -> bool:
    """Say whether no figure of a line stands at a place."""
    return not any(cell.left < place < cell.right for cell in line.cells)
