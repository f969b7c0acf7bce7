"""Put words with positions into rows in reading order (pure). Lengths are points, upwards and to the right."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from index.ingest.readers.pdf.spelling import Word, spell

_LABEL = re.compile(r"[^\w\s]{1,2}|[(\[]?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)\]]{1,2}|[A-Z\d](?:\.\d{1,3})*\.?")
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufefc]")
_FIGURE = re.compile(r"[(\[+\-\u2212–$€£¥]*\d[\d.,:/%'’()\-–]*")
_NEAR_FIGURES = 0.6  # of the font size: figures further apart are two cells
_TWO_BLANKS = 1.1  # of the font size, in a fixed pitch
_MIN_GAP = 0.7  # of the font size: wider than the blanks of most lines
_MIN_SHARED = 0.2  # of the font size: how much of a gap two rows have in common
_NEARBY_ROWS = 3


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gap:
    """Empty space between two cells of a row, and whether one of them is a figure."""

    left: float
    right: float
    is_at_figure: bool


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
    widest = (_TWO_BLANKS if last.fixed and word.fixed else 1.0) * size
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
    for line in lines:
        _order(line)
    return _with_shared_gaps([Row(_cells(line), tuple(line)) for line in lines])


def _with_shared_gaps(found: list[Row]) -> list[Row]:
    """Divide cells of near columns, such as names over figures, at the gaps that rows close by have there."""
    divided = list(found)
    for number, row in enumerate(found):
        if len(row.runs) > len(row.cells):
            nearby = found[max(0, number - _NEARBY_ROWS) : number + _NEARBY_ROWS + 1]
            gaps = [gap for other in nearby if other is not row and _is_close(row, other) for gap in _gaps(other)]
            if gaps:
                divided[number] = Row(_cells(row.runs, gaps), row.runs)
    return divided


def _is_close(row: Row, other: Row) -> bool:
    """Say whether two rows are as near as those of a table."""
    return abs(row.main.base - other.main.base) < _NEARBY_ROWS * 2.5 * row.main.size


def _gaps(row: Row) -> list[_Gap]:
    """Return the gaps between the cells of a row."""
    return [
        _Gap(left=left.right, right=right.left, is_at_figure=is_figure(left) or is_figure(right))
        for left, right in pairwise(row.cells)
        if left.right < right.left
    ]


def is_figure(run: Run) -> bool:
    """Say whether a run is a figure with its signs."""
    return bool(_FIGURE.fullmatch(run.text))


def _order(line: list[Run]) -> None:
    """Put the runs of a line in the order of reading."""
    lettered = [run.text for run in line if any(map(str.isalpha, run.text))]
    backwards = 2 * sum(bool(RIGHT_TO_LEFT.search(text)) for text in lettered) > len(lettered)
    line.sort(key=lambda run: -run.right if backwards else run.left)


def _cells(line: Sequence[Run], shared: Sequence[_Gap] = ()) -> tuple[Run, ...]:
    """Join the runs of a line that are near, except across gaps that it shares with other rows."""
    cells = list(line[:1])
    for run in line[1:]:
        last = cells[-1]
        gap = max(run.left - last.right, last.left - run.right)
        main = max(last, run, key=lambda part: len(part.text))
        is_near = gap < _near(last, run, len(cells) == 1) * main.size
        if is_near and not (shared and _is_shared(last, run, shared, len(cells) == 1)):
            blank = "" if gap < 0.1 * main.size else " "
            left, right = min(last.left, run.left), max(last.right, run.right)
            joined = replace(main, text=last.text + blank + run.text, left=left, right=right, position=last.position)
            cells[-1] = replace(joined, bold=last.bold and run.bold, fixed=last.fixed and run.fixed)
        else:
            cells.append(run)
    return tuple(cells)


def _is_shared(last: Run, run: Run, shared: Sequence[_Gap], is_first: bool) -> bool:
    """Say whether the space between two runs is wider than a blank, and a gap of other rows.

    A gap over more than the space is that of an empty cell. In a fixed pitch, one beside a figure is needed.
    """
    if run.left - last.right < _MIN_GAP * run.size or (is_first and _LABEL.fullmatch(last.text)):
        return False
    is_code = last.fixed and run.fixed and not (is_figure(last) or is_figure(run))
    return any(
        min(run.left, gap.right) - max(last.right, gap.left) > _MIN_SHARED * run.size
        and (last.left < gap.left and gap.right < run.right)
        and (gap.is_at_figure or not is_code)
        for gap in shared
    )


def _near(last: Run, run: Run, is_first: bool) -> float:
    """Return how far two runs of a cell may be apart, as a multiple of the font size."""
    are_figures = _FIGURE.fullmatch(last.text.split()[-1]) and _FIGURE.fullmatch(run.text.split()[0])
    if last.fixed and run.fixed:
        return _TWO_BLANKS if are_figures else 4
    if are_figures:
        return 0.8
    return 2.5 if is_first and _LABEL.fullmatch(last.text) else 1.5
