"""Put words with positions into rows in reading order (pure). Lengths are points, upwards and to the right."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from index.ingest.readers.pdf.spelling import Word, spell

_LABEL = re.compile(r"[^\w\s]{1,2}|[(\[]?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)\]]{1,2}|[A-Z\d](?:\.\d{1,3})*\.?")
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufefc]")
_FIGURE = re.compile(r"[(\[+\-−–$€£¥]*\d[\d.,:/%'’()\-–]*")
_NEAR_FIGURES = 0.6  # of the font size: figures further apart are two cells
MAX_DEPTH = 8
MAX_GUTTERS = 8


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one line without a wide gap. `position` counts the page's runs as drawn; `fixed` says fixed pitch."""

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool
    fixed: bool
    position: int

    def is_beside(self, other: "Run") -> bool:
        big, small = (self, other) if self.size >= other.size else (other, self)
        return big.base - 0.2 * big.size < small.base + 0.25 * small.size < big.base + 0.7 * big.size


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one line from left to right; more than one make a row of a table."""

    cells: tuple[Run, ...]
    runs: tuple[Run, ...]

    @property
    def main(self) -> Run:
        return max(self.cells, key=lambda cell: len(cell.text))

    @property
    def left(self) -> float:
        return min(cell.left for cell in self.cells)

    @property
    def right(self) -> float:
        return max(cell.right for cell in self.cells)

    @property
    def text(self) -> str:
        return " | ".join(cell.text for cell in self.cells)


def gather(words: Iterable[Word]) -> list[Run]:
    """Group a page's words into runs, in drawing order."""
    found: list[list[Word]] = []
    for word in words:
        if found and _goes_on(found[-1][-1], word):
            found[-1].append(word)
        else:
            found.append([word])
    parts = [part for run in found for part in _figures_apart(run)]
    return [_run(run, position) for position, run in enumerate(parts)]


def _figures_apart(words: list[Word]) -> Iterator[list[Word]]:
    """Divide a run between figures that are further apart than its words: they are cells of near columns."""
    gaps = [word.left - last.right for last, word in pairwise(words)]
    between = [_FIGURE.fullmatch(last.text) and _FIGURE.fullmatch(word.text) for last, word in pairwise(words)]
    usual = [gap for gap, is_between in zip(gaps, between, strict=True) if not is_between]
    widest = max(_NEAR_FIGURES * words[0].size, 1.8 * median(usual) if len(usual) > 2 else 0.0)
    start = 0
    for position, gap in enumerate(gaps, 1):
        if between[position - 1] and gap > widest:
            yield words[start:position]
            start = position
    yield words[start:]


def _goes_on(last: Word, word: Word) -> bool:
    size = max(last.size, word.size)
    widest = (3.0 if last.fixed and word.fixed else 1.0) * size
    gap = max(word.left - last.right, last.left - word.right)
    return abs(word.base - last.base) < 0.6 * size and -0.6 * size < gap < widest


def _run(words: Sequence[Word], position: int) -> Run:
    main = max(words, key=lambda word: len(word.text))
    left, right = min(word.left for word in words), max(word.right for word in words)
    length = sum(len(word.text) for word in words)
    bold = all(word.bold for word in words)
    fixed = 2 * sum(len(word.text) for word in words if word.fixed) > length
    return Run(spell(words), left, right, main.base, main.size, bold, fixed, position)


def rows(runs: Iterable[Run]) -> list[Row]:
    """Return the rows of one column from the top."""
    lines: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: -run.base):
        line = lines[-1] if lines else []
        main = max(line, key=lambda other: other.size, default=None)
        clear = all(min(run.right, other.right) - max(run.left, other.left) < 0.3 * run.size for other in line)
        if main and clear and main.is_beside(run):
            line.append(run)
        else:
            lines.append([run])
    return [Row(_cells(line), tuple(line)) for line in lines]


def _cells(line: list[Run]) -> tuple[Run, ...]:
    lettered = [run.text for run in line if any(map(str.isalpha, run.text))]
    backwards = 2 * sum(bool(RIGHT_TO_LEFT.search(text)) for text in lettered) > len(lettered)
    line.sort(key=lambda run: -run.right if backwards else run.left)
    cells = line[:1]
    for run in line[1:]:
        last = cells[-1]
        gap = max(run.left - last.right, last.left - run.right)
        main = max(last, run, key=lambda part: len(part.text))
        if gap < _near(last, run, len(cells) == 1) * main.size:
            blank = "" if gap < 0.1 * main.size else " "
            left, right = min(last.left, run.left), max(last.right, run.right)
            joined = replace(main, text=last.text + blank + run.text, left=left, right=right, position=last.position)
            cells[-1] = replace(joined, bold=last.bold and run.bold, fixed=last.fixed and run.fixed)
        else:
            cells.append(run)
    return tuple(cells)


def _near(last: Run, run: Run, is_first: bool) -> float:
    """Return how far two runs of a cell may be apart, as a multiple of the font size."""
    if last.fixed and run.fixed:
        return 4
    if _FIGURE.fullmatch(last.text.split()[-1]) and _FIGURE.fullmatch(run.text.split()[0]):
        return 0.8
    return 2.5 if is_first and _LABEL.fullmatch(last.text) else 1.5


def regions(runs: Iterable[Run], depth: int = 0) -> list[list[Run]]:
    """Return the runs of a page by column; each list is read from top to bottom."""
    ordered = sorted(runs, key=lambda run: -run.base)
    divided = [_bands(ordered, gutter) for gutter in _gutters(ordered)] if depth < MAX_DEPTH else []
    best = max(divided, key=lambda bands: sum(len(left) + len(right) for _, left, right in bands), default=[])
    found = [part for above, *sides in best for part in ([above], *(regions(side, depth + 1) for side in sides))]
    return [part for parts in found for part in parts if part] if len(best) > 1 else [ordered]


def _bands(ordered: Sequence[Run], gutter: float) -> list[tuple[list[Run], list[Run], list[Run]]]:
    """Split a page at a gutter, from the top: runs across the page, and the two columns below them."""
    found: list[tuple[list[Run], list[Run], list[Run]]] = []
    sides: tuple[list[Run], list[Run]] = ([], [])
    across: list[Run] = []
    for run in [*ordered, None]:
        if run and (run.right <= gutter or run.left >= gutter):
            sides[run.left >= gutter].append(run)
            continue
        if _are_columns(*sides):
            left, below = _cut_off(*sides)
            found.append((across, left, sides[1]))
            across = below
        else:
            across = across + sides[0] + sides[1]
        sides = ([], [])
        if run:
            across.append(run)
    return [*found, (across, [], [])]


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


def _are_columns(left: Sequence[Run], right: Sequence[Run]) -> bool:
    if min(len(left), len(right)) < 2:
        return False
    top = min(max(run.base for run in side) for side in (left, right))
    bottom = max(min(run.base for run in side) for side in (left, right))
    if top <= bottom:
        return False
    first, then = (sorted(run.position for run in side) for side in (left, right))
    drawn_in_turn = first[-1 - len(first) // 20] < then[len(then) // 20]  # but for a foot that was drawn last
    return drawn_in_turn or (_is_prose(left) and _is_prose(right))


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
