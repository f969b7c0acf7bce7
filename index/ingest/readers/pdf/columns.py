"""Divide a page into its columns, and see which are those of a table (pure)."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.ingest.readers.pdf.layout import Run, rows

MAX_DEPTH = 8
MAX_GUTTERS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Band:
    """Runs across a page, and what stands below them on both sides of a gutter."""

    across: list[Run]
    left: list[Run]
    right: list[Run]


def regions(runs: Iterable[Run], depth: int = 0) -> list[list[Run]]:
    """Return the runs of a page by column; each list is read from top to bottom."""
    ordered = sorted(runs, key=lambda run: -run.base)
    gutters = _gutters(ordered) if depth < MAX_DEPTH else []
    divided = [_columns(ordered, gutter) for gutter in gutters]
    best = max(divided, key=lambda bands: sum(len(band.left) + len(band.right) for band in bands), default=[])
    if len(best) < 2:
        return [_in_rows(ordered, gutters)]
    found: list[list[Run]] = []
    for band in best:
        found += [_in_rows(band.across, gutters), *regions(band.left, depth + 1), *regions(band.right, depth + 1)]
    return [part for part in found if part]


def _bands(ordered: Sequence[Run], gutter: float) -> Iterator[_Band]:
    """Split a page at a gutter, from the top, wherever runs stand across it."""
    across: list[Run] = []
    left: list[Run] = []
    right: list[Run] = []
    for run in _across_first(ordered, gutter):
        if run.left >= gutter:
            right.append(run)
        elif run.right <= gutter:
            left.append(run)
        else:
            if left or right:
                yield _Band(across=across, left=left, right=right)
                across, left, right = [], [], []
            across.append(run)
    yield _Band(across=across, left=left, right=right)


def _across_first(ordered: Sequence[Run], gutter: float) -> Iterator[Run]:
    """Yield runs from the top; on each line those across the gutter come first, as the line's others belong below."""
    line: list[Run] = []
    for run in [*ordered, None]:
        if line and (run is None or line[0].base - run.base > 0.2 * run.size):
            yield from sorted(line, key=lambda part: part.left >= gutter or part.right <= gutter)
            line = []
        if run:
            line.append(run)


def _columns(ordered: Sequence[Run], gutter: float) -> list[_Band]:
    """Return the bands of a page with columns of text; the last has none."""
    found: list[_Band] = []
    across: list[Run] = []
    for band in _bands(ordered, gutter):
        across = across + band.across
        if _are_columns(band) and not _is_table(band):
            left, below = _cut_off(band.left, band.right)
            found.append(_Band(across=across, left=left, right=band.right))
            across = below
        else:
            across = across + band.left + band.right
    return [*found, _Band(across=across, left=[], right=[])]


def _gutters(runs: Sequence[Run]) -> list[float]:
    """Return gaps with many runs on both sides and few across, the clearest first."""
    lefts, rights = sorted(run.left for run in runs), sorted(run.right for run in runs)
    scored: list[tuple[float, float]] = []
    for right in sorted({round(right) + 1.0 for right in rights}):
        before, after = bisect_right(rights, right), len(runs) - bisect_left(lefts, right)
        score = min(before, after) - 0.5 * (len(runs) - before - after)
        if score > 1:
            scored.append((score, right))
    chosen: list[float] = []
    for _, position in sorted(scored, key=lambda entry: -entry[0]):
        if len(chosen) < MAX_GUTTERS and all(abs(position - other) > 12 for other in chosen):
            chosen.append(position)
    return chosen


def _are_columns(band: _Band) -> bool:
    left, right = band.left, band.right
    if min(len(left), len(right)) < 2:
        return False
    top = min(max(run.base for run in side) for side in (left, right))
    bottom = max(min(run.base for run in side) for side in (left, right))
    return top > bottom and (_are_drawn_in_turn(band) or (_is_prose(left) and _is_prose(right)))


def _are_drawn_in_turn(band: _Band) -> bool:
    """Say whether the right side was drawn after the left one, except for a foot that was drawn last."""
    first, then = (sorted(run.position for run in side) for side in (band.left, band.right))
    return first[-1 - len(first) // 20] < then[len(then) // 20]


def _is_table(band: _Band) -> bool:
    """Say whether two sides are cells of a table: figures, or names with colons, on shared lines."""
    few, many = sorted((band.left, band.right), key=len)
    if len(few) < 2 or _is_prose(band.left) or _is_prose(band.right):
        return False
    bases = sorted(run.base for run in many)
    aligned = sum(_has_near(bases, run.base, 0.3 * run.size) for run in few)
    named = 2 * sum(run.text.endswith(":") for run in band.left) > len(band.left)
    figures = any(5 * sum(map(_is_figure, side)) > 2 * len(side) for side in (few, many))
    return aligned >= 0.8 * len(few) and (named or figures)


def _is_figure(run: Run) -> bool:
    return sum(map(str.isdigit, run.text)) > sum(map(str.isalpha, run.text))


def _has_near(ordered: Sequence[float], value: float, distance: float) -> bool:
    place = bisect_left(ordered, value - distance)
    return place < len(ordered) and ordered[place] <= value + distance


def _in_rows(ordered: list[Run], gutters: Sequence[float]) -> list[Run]:
    """Number the runs of tables that were drawn column by column as if they were drawn row by row."""
    for gutter in gutters:
        cells = _cells_drawn_by_column(list(_bands(ordered, gutter)))
        positions = sorted(run.position for run in cells)
        by_row = [run for row in rows(cells) for run in sorted(row.runs, key=lambda run: run.left)]
        renumbered = {run.position: position for run, position in zip(by_row, positions, strict=True)}
        ordered = [replace(run, position=renumbered.get(run.position, run.position)) for run in ordered]
    return ordered


def _cells_drawn_by_column(bands: Sequence[_Band]) -> list[Run]:
    """Return the runs from the first to the last band with a table that was drawn column by column."""
    tables = [place for place, band in enumerate(bands) if _is_table(band) and _is_drawn_by_column(band)]
    if not tables:
        return []
    first, *others = bands[tables[0] : tables[-1] + 1]
    return [*first.left, *first.right, *(run for band in others for run in (*band.across, *band.left, *band.right))]


def _is_drawn_by_column(band: _Band) -> bool:
    """Say whether nearly every line of a table was begun before the line above it was finished."""
    lines = [[run.position for run in row.runs] for row in rows([*band.left, *band.right])]
    begun = sum(min(below) < max(above) for above, below in pairwise(lines))
    return len(lines) > 2 and begun > 0.8 * (len(lines) - 1)


def _cut_off(left: list[Run], right: list[Run]) -> tuple[list[Run], list[Run]]:
    """Separate the left column from what stands below both columns and is read after them."""
    end = min(run.base for run in right)
    for position in range(1, len(left)):
        if left[position].base < end and left[position - 1].base - left[position].base > 1.6 * left[position].size:
            return left[:position], left[position:]
    return left, []


def _is_prose(side: Sequence[Run]) -> bool:
    """Say whether lines continue in the next one, as in a column and unlike cells of a table."""
    long = sum(len(run.text) > 20 for run in side)
    return 2 * long > len(side) > 2 and 4 * sum(run.text[:1].islower() for run in side) >= len(side)
