"""Find tables whose cells are divided by drawn lines (pure)."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median

from index.ingest.readers.pdf.layout import Run, gather
from index.ingest.readers.pdf.ruled_cells import Row, RuledCell, read_cell, rows_apart
from index.ingest.readers.pdf.ruled_gaps import with_gaps
from index.ingest.readers.pdf.ruled_lines import (
    MAX_STRIP,
    REACH,
    SAME,
    Lines,
    are_alike,
    bridged,
    connected,
    joined,
    places_of,
)
from index.ingest.readers.pdf.rules import Rule
from index.ingest.readers.pdf.spelling import Word

_MIDDLE = 0.3  # of the font size: the middle of a word above its baseline
MAX_LINES = 1_000  # of a page, after those in one line are joined
MIN_CELLS = 4  # with text
MAX_CELLS = 4_000
MIN_FILLED = 0.5  # share of the cells with text: forms and diagrams have less
MAX_DIVIDED, MIN_DIVIDED = 0.2, 3  # share and count of lines with wide gaps: frames around columns have more
MAX_USUAL_WORDS = 40  # of a cell: columns of text in frames have more


@dataclass(frozen=True, slots=True, kw_only=True)
class RuledTable:
    """The cells of a table by row, where it stands, and the edges of its columns. Lengths are points."""

    left: float
    right: float
    top: float
    bottom: float
    edges: tuple[float, ...]
    rows: tuple[Row, ...]

    def covers(self, run: Run) -> bool:
        """Say whether the middle of a run stands in the table."""
        across, height = (run.left + run.right) / 2, run.base + _MIDDLE * run.size
        return self.left <= across <= self.right and self.bottom <= height <= self.top

    def holds(self, other: "RuledTable") -> bool:
        """Say whether another table is in a cell of this one, so that its lines only divide the page."""
        is_across = self.left < other.left and other.right < self.right
        return is_across and self.bottom < other.bottom and other.top < self.top

    def goes_on(self, above: "RuledTable") -> bool:
        """Say whether the table has the columns of another."""
        return are_alike(self.edges, above.edges)


def ruled_tables(rules: Iterable[Rule], words: Sequence[Word]) -> list[RuledTable]:
    """Return the tables of two or more columns and rows that lines divide, from the top.

    Frames around text, forms with empty cells and diagrams are none.
    """
    level = joined(rule for rule in rules if rule.is_level)
    upright = joined(rule for rule in rules if not rule.is_level)
    if len(level) + len(upright) > MAX_LINES:
        return []
    tables = [_table(part, words) for part in bridged(connected(level, upright))]
    found = sorted((table for table in tables if table), key=lambda table: -table.top)
    return [table for table in found if not any(table.holds(other) for other in found)]


def _table(lines: Lines, words: Sequence[Word]) -> RuledTable | None:
    across = _with_sides(places_of(lines.upright), lines.level)
    heights = _with_ends(places_of(lines.level)[::-1], lines.upright)
    if len(across) < 3 or len(heights) < 3 or len(across) * len(heights) > MAX_CELLS:
        return None
    grid = _Grid(level=lines.level, upright=lines.upright, across=across, heights=heights)
    if len(grid.words_by_cell(words)) < MIN_CELLS:
        return None
    heights = [*grid.names_above(words), *heights]
    within = [word for word in words if heights[-1] < word.base < heights[0]]
    grid = replace(grid, heights=heights, across=with_gaps(across, within))
    table = RuledTable(
        left=across[0],
        right=across[-1],
        top=grid.heights[0],
        bottom=heights[-1],
        edges=tuple(across),
        rows=tuple(row for row in grid.rows(words) if any(cell.lines for cell in row)),
    )
    return table if _is_table(table) else None


def _with_sides(across: list[float], level: Sequence[Rule]) -> list[float]:
    """Add where most level lines begin and end, if a table is open at its sides."""
    left, right = median(rule.start for rule in level), median(rule.end for rule in level)
    before = [left] if across[0] - left > 2 * REACH else []
    after = [right] if right - across[-1] > 2 * REACH else []
    return before + across + after


def _with_ends(heights: list[float], upright: Sequence[Rule]) -> list[float]:
    """Add where three upright lines end, if a table that goes on from page to page is open there."""
    top, bottom = sorted(rule.end for rule in upright)[-3], sorted(rule.start for rule in upright)[2]
    above = [top] if top - heights[0] > REACH else []
    below = [bottom] if heights[-1] - bottom > REACH else []
    return above + heights + below


def _is_table(table: RuledTable) -> bool:
    """Say whether most cells hold text, in several columns and rows, and few hold much."""
    cells = [cell for row in table.rows for cell in row if not cell.goes_on]
    filled = [cell for cell in cells if cell.lines]
    wide = sum(sum(bool(cell.lines) for cell in row) > 1 for row in table.rows)
    return wide > 1 and len(filled) >= MIN_FILLED * len(cells) and not _are_frames(filled)


def _are_frames(cells: Sequence[RuledCell]) -> bool:
    """Say whether cells are frames around text or around columns."""
    divided = sum(cell.divided for cell in cells)
    have_columns = divided >= MIN_DIVIDED and divided > MAX_DIVIDED * sum(len(cell.lines) for cell in cells)
    return have_columns or median(sum(len(line.split()) for line in cell.lines) for cell in cells) > MAX_USUAL_WORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grid:
    """Where the lines of a table divide it: `across` from the left, `heights` from the top."""

    level: Sequence[Rule]
    upright: Sequence[Rule]
    across: Sequence[float]
    heights: Sequence[float]

    def words_by_cell(self, words: Sequence[Word]) -> dict[tuple[int, int], list[Word]]:
        """Return the words in each cell by the row and the column where it begins."""
        owners = self._owners()
        inside: dict[tuple[int, int], list[Word]] = {}
        for word in words:
            place = self._place(word)
            if place is not None:
                inside.setdefault(owners[place], []).append(word)
        return inside

    def rows(self, words: Sequence[Word]) -> Iterator[Row]:
        """Yield the cells of each row."""
        owners, inside = self._owners(), self.words_by_cell(words)
        width = len(self.across) - 1
        for row in range(len(self.heights) - 1):
            cells: list[list[Word]] = []
            found: list[RuledCell] = []
            for owner, own in groupby(owners[row, column] for column in range(width)):
                span, is_new = len(list(own)), owner[0] == row
                parts = self._divided(inside.get(owner, []) if is_new else [], owner[1], span)
                cells += parts
                found += [read_cell(part, span if len(parts) == 1 else 1, not is_new) for part in parts]
            yield from rows_apart(found, cells)

    def names_above(self, words: Sequence[Word]) -> list[float]:
        """Return the top of the bold names of most columns that stand above the table without lines, if they do."""
        left, right, top = self.across[0] - SAME, self.across[-1] + SAME, self.heights[0]
        near = [word for word in words if word.left > left and word.right < right and 0 <= word.base - top < MAX_STRIP]
        near.sort(key=lambda word: (-word.base, word.left))
        columns = len(self.across) - 1
        filled = sum(map(bool, self._divided(near, 0, columns)))
        are_names = filled > max(1.0, 0.6 * columns) and all(word.bold for word in near)
        return [max(word.base + word.size for word in near)] if are_names else []

    def _divided(self, words: list[Word], column: int, span: int) -> list[list[Word]]:
        """Divide a cell over several columns whose lines are left out: each run of words stands in one of them."""
        inner = self.across[column + 1 : column + span]
        runs = gather(words) if span > 1 else []
        if len(runs) < 2 or any(run.left < edge - 1 and run.right > edge + 1 for run in runs for edge in inner):
            return [words]
        parts: list[list[Word]] = [[] for _ in range(span)]
        for word in words:
            parts[bisect_right(inner, (word.left + word.right) / 2)].append(word)
        return parts if sum(map(bool, parts)) > 1 else [words]

    def _place(self, word: Word) -> tuple[int, int] | None:
        """Return the row and the column in which the middle of a word stands."""
        column = bisect_right(self.across, (word.left + word.right) / 2) - 1
        height = word.base + _MIDDLE * word.size
        row = next((at for at, (top, low) in enumerate(pairwise(self.heights)) if low <= height <= top), None)
        return None if row is None or not 0 <= column < len(self.across) - 1 else (row, column)

    def _owners(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Return, for each row and column, where the cell begins that has it."""
        owners: dict[tuple[int, int], tuple[int, int]] = {}
        for row in range(len(self.heights) - 1):
            for column in range(len(self.across) - 1):
                if (row, column) not in owners:
                    taken = {place: (row, column) for place in self._cell(row, column) if place not in owners}
                    owners |= taken
        return owners

    def _cell(self, row: int, column: int) -> list[tuple[int, int]]:
        """Return the rows and columns of the cell that begins in one: up to lines on the right and below."""
        end, low = column + 1, row + 1
        while end < len(self.across) - 1 and not self._is_divided(row, end):
            end += 1
        while low < len(self.heights) - 1 and not any(self._is_closed(low, at) for at in range(column, end)):
            low += 1
        return [(down, at) for down in range(row, low) for at in range(column, end)]

    def _is_divided(self, row: int, column: int) -> bool:
        """Say whether an upright line stands on the left of a column in a row."""
        middle = (self.heights[row] + self.heights[row + 1]) / 2
        return _is_at(self.upright, self.across[column], middle)

    def _is_closed(self, row: int, column: int) -> bool:
        """Say whether a level line stands above a row in a column."""
        middle = (self.across[column] + self.across[column + 1]) / 2
        return _is_at(self.level, self.heights[row], middle)


def _is_at(found: Sequence[Rule], at: float, along: float) -> bool:
    return any(abs(rule.at - at) < SAME and rule.start - 1 <= along <= rule.end + 1 for rule in found)
