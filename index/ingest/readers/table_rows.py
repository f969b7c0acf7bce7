"""Turn rows of tables into lines that make sense alone (pure)."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise, zip_longest

_MAX_NAME = 120  # characters of the name of a column
_SENTENCE = 80  # characters, from which a text with a full stop is a sentence
_MAX_SHORT_TITLE = 40  # characters of a table's title that becomes part of its rows
MAX_HEADER_ROWS = 4
_MAX_EMPTY = 3
_SPACES = re.compile(r"\s+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBER = re.compile(
    r"\W*(?:0|[1-9]\d*|[1-9]\d{0,2}(?:[.,’' \u00a0\u202f]\d{3})+)(?:[.,]\d+)?"
    r"\s*(?P<unit>%|(?:[^\W\d_][\w°/]*)?)[).]*"
)
_MIN_VALUES = 3
_WITHIN_SENTENCES = frozenset(
    "The the An an is are was were and of Der der Die die Das das ist und Les les est et".split()
)


def one_line(text: str) -> str:
    """Replace every run of blanks and line ends by one space."""
    return _SPACES.sub(" ", text).strip()


def row_line(cells: Sequence[str], names: Sequence[str] = ()) -> str:
    """Join a row to one line, with the names of its columns if there are any.

    >>> row_line(["Anna", "", "12.5"], ["Name", "City", "Amount"])
    'Name: Anna; Amount: 12.5.'
    >>> row_line(["Anna", "", "12.5"])
    'Anna | | 12.5'
    """
    if not names:
        return _between(cells)
    padded = [*names, *[""] * (len(cells) - len(names))]
    fields = [f"{name}: {cell}" if name else cell for name, cell in zip(padded, cells, strict=False) if cell]
    line = "; ".join(fields)
    return line + "." if line and line[-1] not in ".!?…。！？" else line


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of a document's table: its text, None if the cell above goes on in it, and how many columns it spans."""

    text: str | None
    span: int = 1


def span_lines(rows: Sequence[Sequence[Cell]], header_rows: int = 0) -> Iterator[str]:
    """Yield a line for each row of a document's table; an empty one for each row of column names.

    `header_rows` counts the rows at the top that are set off from the others. With 0, names are recognised by words.
    A row with one cell across the table is the title of the rows below, and becomes part of their lines. A title above
    the names is a line of its own, unless it is short or titles of other rows follow.

    >>> rows = [["Tea", "Sold", "Left"], ["Oolong", "2", "3"], [None, "4", "5"]]
    >>> list(span_lines([[Cell(text=text) for text in row] for row in rows]))
    ['', 'Tea: Oolong; Sold: 2; Left: 3.', 'Tea: Oolong; Sold: 4; Left: 5.']
    """
    lines = _filled_rows(rows)
    grid = [_by_column(ends, cells) for ends, cells in lines]
    top = titles_above(rows)
    depth = top + _header_depth(rows[top:], grid[top:], max(header_rows - top, 0))
    names = header_names([row for row in grid[top:depth] if not _counts_columns(row)]) if depth > top else []
    titles = _titles(lines, top, depth)
    yield from (title or "" for title in titles[:top])
    yield from [""] * (depth - top)
    for (ends, cells), title in zip(lines[depth:], titles[depth:], strict=True):
        repeats_names = depth == top + 1 and cells == lines[top][1]  # as long tables do
        is_left_out = repeats_names or title is None
        yield "" if is_left_out else _titled(title, row_line(cells, _names_over(ends, names)))


def _titled(title: str | None, line: str) -> str:
    return f"{title}; {line}" if title and line else line


def plain_lines(rows: Sequence[Sequence[Cell]]) -> Iterator[str]:
    """Yield a line for each row of a table that names no columns; the title of some rows is part of their lines."""
    lines, top = _filled_rows(rows), titles_above(rows)
    for number, ((_, cells), title) in enumerate(zip(lines, _titles(lines, top, top), strict=True)):
        is_title = number < top or title is None
        yield title or "" if is_title else row_line([title, *cells] if title else cells)


def titles_above(rows: Sequence[Sequence[Cell]]) -> int:
    """Return how many rows at the top are one cell across the table, above a row with more: they name no column."""
    count = next((number for number, row in enumerate(rows) if len(row) > 1), 0)
    return count if all(row and row[0].span > 1 for row in rows[:count]) else 0


def _counts_columns(names: Sequence[str]) -> bool:
    """Say whether a row below the names only counts the columns: 1, 2, 3 or (1), (2), (3)."""
    return len(names) > 2 and [name.strip("()") for name in names] == [str(at) for at in range(1, len(names) + 1)]


def _titles(lines: Sequence[tuple[list[int], list[str]]], top: int, depth: int) -> list[str | None]:
    """Return the title of each row; "" without one, and None of a row that is only a title.

    A title is one cell across a table of several columns, above a row with more. The titles above the names come
    first; the last of them is that of the rows below if it is short or titles of other rows follow.
    """
    width = max((ends[-1] for ends, _ in lines), default=0)
    above: list[str | None] = [cells[0] for _, cells in lines[:top]]
    titles: list[str | None] = []
    title = ""
    for number, (_, cells) in enumerate(lines[top:], top):
        is_across = width > 2 and number >= depth and _is_title(cells)
        is_title = is_across and any(len(below) > 1 for _, below in lines[number + 1 : number + 2])
        if is_across:
            title = cells[0].rstrip(": ") if is_title else ""
        titles.append(None if is_title else title)
    return _with_titles_above(above, titles) if above else titles


def _is_title(cells: Sequence[str]) -> bool:
    return len(cells) == 1 and bool(cells[0]) and _may_be_name(cells[0])


def _with_titles_above(above: list[str | None], titles: list[str | None]) -> list[str | None]:
    """Put the titles above a table before those of its rows; the last one may become that of the first rows."""
    own = (above[-1] or "").rstrip(": ")
    if None in titles or len(own) <= _MAX_SHORT_TITLE:
        first = titles.index(None) if None in titles else len(titles)
        return [*above[:-1], None, *[own] * first, *titles[first:]]
    return [*above, *titles]


def header_depth(rows: Sequence[Sequence[Cell]], header_rows: int) -> int:
    """Return how many rows at the top name the columns or are titles above, with those that divide a name in more."""
    top = titles_above(rows)
    grid = [_by_column(ends, cells) for ends, cells in _filled_rows(rows)]
    return top + _header_depth(rows[top:], grid[top:], max(header_rows - top, 0))


def _filled_rows(rows: Sequence[Sequence[Cell]]) -> list[tuple[list[int], list[str]]]:
    """Return where the cells of each row end, and their texts, with that of the cell above where it goes on."""
    above: dict[int, str] = {}
    filled: list[tuple[list[int], list[str]]] = []
    for row in rows:
        ends = list(accumulate(cell.span for cell in row))
        above |= {end: cell.text for end, cell in zip(ends, row, strict=True) if cell.text is not None}
        filled.append((ends, [above.get(end, "") for end in ends]))
    return filled


def _names_over(ends: Sequence[int], names: Sequence[str]) -> list[str]:
    """Return the name over each cell of a row; "" over a cell that spans columns with several names."""
    if not names:
        return []
    over = [set(names[start:end]) for start, end in pairwise([0, *ends])]
    return [name.pop() if len(name) == 1 else "" for name in over]


def _by_column(ends: Sequence[int], cells: Sequence[str]) -> list[str]:
    """Return the text of the cell over each column."""
    return [text for (start, end), text in zip(pairwise([0, *ends]), cells, strict=True) for _ in range(start, end)]


def _header_depth(rows: Sequence[Sequence[Cell]], grid: Sequence[Sequence[str]], marked: int) -> int:
    """Return how many rows at the top name the columns: those marked, and those that divide a name in more."""
    if len(rows) < 2 or not any(grid[0]):
        return 0
    depth = max(1, min(marked, len(rows) - 1))
    while depth < len(rows) - 1 and depth < MAX_HEADER_ROWS and _divides(rows[depth - 1], grid[depth - 1], grid[depth]):
        depth += 1
    if marked:
        return depth
    named = [header_names(grid[:depth]), *grid[depth:]]
    return depth if has_names(named) else 0


def _divides(row: Sequence[Cell], names: Sequence[str], following: Sequence[str]) -> bool:
    """Say whether a row of words below a row of names divides one of its names that spans several columns."""
    own = [text for text in following if text]
    if not own or not all(is_word(text) or _YEAR.fullmatch(text) for text in own):
        return False
    ends = list(accumulate(cell.span for cell in row))
    return any(
        cell.span > 1 and cell.text and len(set(filter(None, following[start:end]))) > 1
        for (start, end), cell in zip(pairwise([0, *ends]), row, strict=True)
    )


def header_names(rows: Sequence[Sequence[str]]) -> list[str]:
    """Join the names of each column in several header rows.

    >>> header_names([["Zone", "2023", "2023"], ["Zone", "Sales", "Profit"]])
    ['Zone', '2023 Sales', '2023 Profit']
    """
    columns = zip_longest(*rows, fillvalue="")
    return column_names([one_line(" ".join(dict.fromkeys(filter(None, column)))) for column in columns])


def _between(cells: Sequence[str]) -> str:
    """Join cells without names; empty ones between others are kept, as long as they are few."""
    filled = [index for index, cell in enumerate(cells) if cell]
    line = cells[filled[0]] if filled else ""
    for before, index in pairwise(filled):
        line += " | " + "| " * min(index - before - 1, _MAX_EMPTY) + cells[index]
    return line


def column_names(cells: Sequence[str]) -> list[str]:
    """Return the cells of a row of column names without colons at their ends."""
    return [cell.rstrip(": ") for cell in cells]


def has_names(rows: Sequence[Sequence[str]]) -> bool:
    """Say whether the first row of a document's table clearly names its columns.

    Two columns of words alone may as well be names and what they stand for, row by row.

    >>> has_names([["Name", "Amount"], ["Anna", "12.5"]]), has_names([["Name", "Anna"], ["City", "Bern"]])
    (True, False)
    """
    if len(rows) < 2:
        return False
    width = max(map(len, rows))
    named = len(rows[0]) == width and all(rows[0][1:]) and are_names(rows[0], width)
    if not named or width > 2:
        return named
    below = [list(filter(None, column)) for column in zip_longest(*rows[1:], fillvalue="")]
    return any(cells and not any(map(is_word, cells)) for cells in below) and not are_values(below[-1])


def are_values(cells: Sequence[str]) -> bool:
    """Say whether the cells beside labels are values of many kinds; their first row names no columns.

    >>> are_values(["12 kg", "230 V", "1987"]), are_values(["12", "1,450", "8.5"])
    (True, False)
    """
    kinds = Counter(_kind(cell) for cell in cells)
    return len(cells) >= _MIN_VALUES and 2 * max(kinds.values()) <= len(cells)


def _kind(cell: str) -> str:
    """Return what a cell holds: a word, a year, a number with its unit, or the shape of what has other digits."""
    if cell.startswith("=") or _YEAR.fullmatch(cell):
        return cell[0] if cell.startswith("=") else "year"
    if number := _NUMBER.fullmatch(cell):
        return f"number {number['unit'].lower()}"
    return "word" if is_word(cell) else re.sub(r"\d", "0", cell)


def _filled(cells: Sequence[str]) -> int:
    return sum(map(bool, cells))


def are_names(cells: Sequence[str], width: int) -> bool:
    """Say whether cells can be names of most columns of a table: words, or years beside words.

    >>> are_names(["Tea", "Sold"], 2), are_names(["The", "quick", "fox"], 3)
    (True, False)
    """
    words = sum(map(is_word, cells))
    years = sum(bool(_YEAR.fullmatch(cell)) for cell in cells)
    names = words + years if words and years > 1 else words
    is_sentence = not _WITHIN_SENTENCES.isdisjoint(cells)
    return _filled(cells) > 1 and names * 2 > width and all(map(_may_be_name, cells)) and not is_sentence


def _may_be_name(cell: str) -> bool:
    """Say whether a cell is short enough for the name of a column; a sentence is no name."""
    return len(cell) <= _MAX_NAME and (len(cell) <= _SENTENCE or not cell.endswith((".", "!", "?")))


def is_name(cell: str) -> bool:
    """Say whether a cell can be the name of a column: a word or a year."""
    return is_word(cell) or bool(_YEAR.fullmatch(cell))


def is_word(cell: str) -> bool:
    """Say whether a cell is a word: it has letters, and no more digits than letters."""
    letters = sum(map(str.isalpha, cell))
    return letters > 0 and letters >= sum(map(str.isdigit, cell))
