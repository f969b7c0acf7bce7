"""Find what stands in the margins of a page beside the text: numbers of lines, and turned labels (pure)."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from index.ingest.readers.pdf.layout import Run, rows

MIN_LINES = 12  # with numbers
MIN_FLOWING = 0.15  # share of numbered lines that are empty or go on in a sentence: those of a list do not
MAX_CELLS = 0.2  # share of numbered lines with several cells: those of a table have more
MAX_LABEL_WORDS = 12
MAX_DIGITS = 3  # of the number of a line
_ALIGNED = 0.6  # of the font size: how far the ends of numbers may stand apart
_GAP = 0.5  # of the font size, between a number and its line


def line_numbers(runs: Sequence[Run]) -> frozenset[int]:
    """Return the positions of the runs that number the lines of a page: 1, 2, 3 and so on, left of all its text."""
    numbers = [run for run in runs if run.text.isdecimal() and len(run.text) <= MAX_DIGITS]
    if len(numbers) < MIN_LINES:
        return frozenset()
    counted = _in_sequence(_column(numbers))
    positions = frozenset(run.position for run in counted)
    others = [run for run in runs if run.position not in positions]
    are_lines = len(counted) >= MIN_LINES and bool(others) and _are_beside(counted, others)
    return positions if are_lines else frozenset()


def _column(numbers: Sequence[Run]) -> list[Run]:
    """Return the numbers furthest to the left that end in one line, from the top."""
    left = min(run.left for run in numbers)
    column = [run for run in numbers if run.left - left < 2 * run.size]
    right = max(run.right for run in column)
    return sorted((run for run in column if right - run.right < _ALIGNED * run.size), key=lambda run: -run.base)


def _in_sequence(column: Sequence[Run]) -> list[Run]:
    """Return the longest part of a column in which each number is one more than that above it."""
    best: list[Run] = []
    part: list[Run] = []
    for run in column:
        part = [*part, run] if part and int(run.text) == int(part[-1].text) + 1 else [run]
        best = max(best, part, key=len)
    return best


def _are_beside(numbers: Sequence[Run], others: Sequence[Run]) -> bool:
    """Say whether numbers stand at even distances left of running text, and not of a table or a list."""
    gaps = [above.base - below.base for above, below in pairwise(numbers)]
    edge = max(run.right for run in numbers) + _GAP * numbers[0].size
    height = (numbers[-1].base - numbers[0].size, numbers[0].base + numbers[0].size)
    beside = [run for run in others if height[0] < run.base < height[1]]
    if max(gaps) > 1.6 * min(gaps) or any(run.left < edge for run in beside):
        return False
    lines = rows(beside)
    several = sum(len(line.cells) > 1 for line in lines)
    flowing = sum(line.text[:1].islower() for line in lines) + max(len(numbers) - len(lines), 0)
    return several <= MAX_CELLS * len(numbers) and flowing >= MIN_FLOWING * len(numbers)


def turned_labels(runs: Mapping[int, Sequence[Run]]) -> list[int]:
    """Return the quarter turns in which only a short label is written, left or right of all upright text."""
    upright = runs.get(0, ())
    if not upright or next(iter(runs)) != 0:
        return []
    left, right = min(run.left for run in upright), max(run.right for run in upright)
    found = []
    for turns, sides in ((1, -1), (3, 1)):
        places = [sides * run.base for run in runs.get(turns, ())]
        words = sum(len(run.text.split()) for run in runs.get(turns, ()))
        if places and words <= MAX_LABEL_WORDS and (max(places) < left or min(places) > right):
            found.append(turns)
    return found
