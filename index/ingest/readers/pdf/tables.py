"""Put the cells of tables into columns, and columns' names beside their values (pure)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import median

from index.ingest.readers.pdf.layout import Row, Run
from index.ingest.readers.table_rows import MAX_HEADER_ROWS, Cell, is_name, is_word, row_line, span_lines

MIN_NAMED_ROWS = 3
MAX_NAME_SPACING = 1.4  # of the font size, between the lines of a column's name
MAX_OFF_MIDDLE = 0.2  # of a group of columns, from its middle to its name's
Join = Callable[[str, str], str]


def merged(above: Row, row: Row, following: Row | None, join: Join) -> Row | None:
    """Return a table's row with the cells of the line below that go on in its cells, or stand between them.

    That shows in the order of drawing, or in that the line has no first cell. None if the line is a row.
    """
    before = is_drawn_before(row, above)
    ends = following is not None and is_drawn_before(following, row)
    if not before and (ends or _is_under(row.cells[0], above.cells[0])):
        return None
    cells = list(above.cells)
    for part in row.cells:
        place = _place(part, cells, is_table=len(above.cells) > 1)
        if place is not None:
            old = cells[place]
            text, right = join(old.text, part.text), max(old.right, part.right)
            cells[place] = replace(old, text=text, base=part.base, right=right)
        elif before and all(part.right < cell.left or part.left > cell.right for cell in cells):
            cells.append(replace(part, base=min(part.base, above.main.base)))
        else:
            return None
    return Row(tuple(sorted(cells, key=lambda cell: cell.left)), row.runs)


def is_drawn_before(row: Row, above: Row) -> bool:
    """Say whether a part of a row was drawn before a part of the row above it."""
    return min(cell.position for cell in row.cells) < max(cell.position for cell in above.cells)


def _place(part: Run, cells: Sequence[Run], is_table: bool) -> int | None:
    """Return the only cell that a part of the line below is under; the lines of a column's name may have one middle."""
    near = [place for place, cell in enumerate(cells) if cell.left < part.right and part.left < cell.right]
    under = next(
        (place for place in near if _is_under(part, cells[place]) or (is_table and _is_centred(part, cells[place]))),
        None,
    )
    return under if len(near) == 1 else None


def _is_under(part: Run, cell: Run) -> bool:
    return abs(part.left - cell.left) < 0.8 * part.size or abs(part.right - cell.right) < 0.3 * part.size


def _is_centred(part: Run, cell: Run) -> bool:
    """Say whether two words stand close below each other around one middle."""
    is_near = cell.base - part.base < MAX_NAME_SPACING * part.size
    return (
        is_near and abs(_middle(part) - _middle(cell)) < 0.3 * part.size and is_word(part.text) and is_word(cell.text)
    )


@dataclass(slots=True, kw_only=True)
class _Column:
    """Where a column's cells stand."""

    left: float
    right: float

    def distance(self, cell: Run) -> float:
        """Return how far a cell is from the column; negative if they overlap."""
        return max(cell.left - self.right, self.left - cell.right)

    def is_covered(self, cell: Run) -> bool:
        return cell.left <= (self.left + self.right) / 2 <= cell.right


def table_lines(rows: Sequence[Row]) -> list[str]:
    """Return a line for each row of a table: names with their values if the first rows clearly name the columns.

    Empty cells stay in their columns. A row of names has no line. Cells that fit no columns stay as they are.
    """
    grid = _grid(rows)
    if grid is None:
        return [row.text for row in rows]
    set_off = _set_off(rows)
    if set_off or _has_names(rows, grid):
        return list(span_lines(grid, set_off))
    return [row_line([cell.text or "" for cell in row]) for row in grid]


def labelled_lines(rows: Sequence[Row]) -> list[str]:
    """Return a line for each row of a list of labels that end in colons, with values; nothing of other tables."""
    if any(len(row.cells) != 2 or not row.cells[0].text.endswith(":") for row in rows):
        return []
    return [f"{row.cells[0].text} {row.cells[1].text}" for row in rows]


def _grid(rows: Sequence[Row]) -> list[list[Cell]] | None:
    columns = _columns(rows)
    found = [_placed(row, columns) for row in rows] if len(rows) > 1 else []
    grid = [row for row in found if row is not None]
    if not grid or None in found:
        return None
    groups = _groups(rows[0], columns) if len(rows) >= MIN_NAMED_ROWS and _names_all(grid[1]) else None
    return [groups, *grid[1:]] if groups else grid


def _groups(row: Row, columns: Sequence[_Column]) -> list[Cell] | None:
    """Return the names over several columns that stand above the columns' own names; None if they are none.

    Each is in the middle of at least two columns, and all columns but the first have one.
    """
    count = len(row.cells)
    if not 1 <= count <= (len(columns) - 1) // 2:
        return None
    middles = [(column.left + column.right) / 2 for column in columns[1:]]
    owners = [min(range(count), key=lambda at: abs(_middle(row.cells[at]) - middle)) for middle in middles]
    found = [Cell(text="")]
    for at, cell in enumerate(row.cells):
        own = [column for column, owner in zip(columns[1:], owners, strict=True) if owner == at]
        width = own[-1].right - own[0].left if own else 0.0
        if len(own) < 2 or abs(_middle(cell) - (own[0].left + own[-1].right) / 2) > MAX_OFF_MIDDLE * width:
            return None
        found.append(Cell(text=cell.text, span=len(own)))
    return found


def _middle(cell: Run) -> float:
    return (cell.left + cell.right) / 2


def _names_all(row: Sequence[Cell]) -> bool:
    """Say whether all cells of a row but the first are words or years."""
    return all(cell.text and is_name(cell.text) for cell in row[1:])


def _columns(rows: Sequence[Row]) -> list[_Column]:
    """Return the columns of the rows with the most cells, widened to what stands in one of them alone."""
    width = max(len(row.cells) for row in rows)
    full = [row.cells for row in rows if len(row.cells) == width]
    columns = [
        _Column(left=median(cells[at].left for cells in full), right=median(cells[at].right for cells in full))
        for at in range(width)
    ]
    for cells in full:
        for at, cell in enumerate(cells):
            limit_left = columns[at - 1].right if at else cell.left
            limit_right = columns[at + 1].left if at + 1 < width else cell.right
            columns[at].left = min(columns[at].left, max(cell.left, limit_left))
            columns[at].right = max(columns[at].right, min(cell.right, limit_right))
    return columns


def _placed(row: Row, columns: Sequence[_Column]) -> list[Cell] | None:
    """Return a row's cells with empty ones where it has none; None if they do not fit the columns."""
    found: list[Cell] = []
    at = 0
    for cell in row.cells:
        nearest = min(range(len(columns)), key=lambda place: columns[place].distance(cell))
        covered = [place for place, column in enumerate(columns) if column.is_covered(cell)]
        first, last = (covered[0], covered[-1]) if len(covered) > 1 else (nearest, nearest)
        if first < at or columns[nearest].distance(cell) > 4 * cell.size:
            return None
        found += [Cell(text="")] * (first - at)
        found.append(Cell(text=cell.text, span=last - first + 1))
        at = last + 1
    return found + [Cell(text="")] * (len(columns) - at)


def _has_names(rows: Sequence[Row], grid: Sequence[Sequence[Cell]]) -> bool:
    """Say whether the first row clearly names the columns: words over figures, set off or over several rows.

    Below names of several columns, the second row has the names.
    """
    if any(cell.span > 1 for cell in grid[0]) and len(grid[0]) < len(grid[1]):
        rows, grid = rows[1:], grid[1:]
    header = [cell.text or "" for cell in grid[0]]
    if not all(map(is_word, header[1:])) or (header[0] and not is_word(header[0])):
        return False
    if len(rows) < MIN_NAMED_ROWS:
        return False
    return any(_is_figures(grid, at) for at in range(len(grid[-1])))


def _set_off(rows: Sequence[Row]) -> int:
    """Return how many rows at the top are bold over others that are not; 0 if the table is not divided so."""
    bold = [all(cell.bold for cell in row.cells) for row in rows]
    depth = bold.index(False) if False in bold else 0
    rest = any(cell.bold for row in rows[depth:] for cell in row.cells)
    return depth if depth <= MAX_HEADER_ROWS and not rest else 0


def _is_figures(grid: Sequence[Sequence[Cell]], at: int) -> bool:
    """Say whether the cells of a column are figures, below its name."""
    cells = [row[at].text or "" for row in grid[1:] if len(row) > at and row[at].text]
    return len(cells) > 0 and sum(not is_word(cell) for cell in cells) >= 0.8 * len(cells)
