"""Turn rows of tables into lines that make sense alone (pure)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, islice, pairwise

_SAMPLE_ROWS = 20
_MAX_NAME = 80
_SPACES = re.compile(r"\s+")
_YEAR = re.compile(r"(?:19|20)\d\d")


def one_line(text: str) -> str:
    """Replace every run of blanks and line ends by one space."""
    return _SPACES.sub(" ", text).strip()


def row_line(cells: Sequence[str], names: Sequence[str] = ()) -> str:
    """Join a row to one line, with the names of its columns if there are any.

    >>> row_line(["Anna", "", "12.5"], ["Name", "City", "Amount"])
    'Name: Anna; Amount: 12.5.'
    >>> row_line(["Anna", "12.5"])
    'Anna | 12.5'
    """
    if not names:
        return " | ".join(cell for cell in cells if cell)
    padded = [*names, *[""] * (len(cells) - len(names))]
    fields = [f"{name}: {cell}" if name else cell for name, cell in zip(padded, cells, strict=False) if cell]
    line = "; ".join(fields)
    return line + "." if line and line[-1] not in ".!?…。！？" else line


def row_lines(rows: Iterable[tuple[int, Sequence[str]]]) -> Iterator[tuple[int, str]]:
    """Turn numbered rows of a sheet into numbered lines; the row of column names is recognised by its words.

    It is the first, among the first 20, most of whose cells are words (or years); what stands above it are plain lines.

    >>> list(row_lines([(1, ["Paid", ""]), (2, ["Name", "Amount"]), (4, ["Anna", "12.5"])]))
    [(1, 'Paid'), (4, 'Name: Anna; Amount: 12.5.')]
    """
    rows = ((number, cells) for number, cells in rows if any(cells))
    first = list(islice(rows, _SAMPLE_ROWS))
    width = max((_filled(cells) for _, cells in first), default=0)
    last = max((place for place, (_, cells) in enumerate(first) if _filled(cells) > 1), default=0)
    header = next((place for place, (_, cells) in enumerate(first[:last]) if _are_names(cells, width)), None)
    names: list[str] = []
    if header is not None:
        yield from ((number, row_line(cells)) for number, cells in first[:header])
        names = column_names(first[header][1])
        first = first[header + 1 :]
    for number, cells in chain(first, rows):
        if not names or column_names(cells) != names:  # long tables say their names again
            yield number, row_line(cells, names)


def span_lines(rows: Sequence[Sequence[tuple[int, str | None]]], marked: bool) -> Iterator[str]:
    """Yield a line for each row of a document's table; an empty one for the row of column names.

    A cell without text goes on from the row above. `marked` says that the first row is set off from the others.

    >>> list(span_lines([[(1, "Tea"), (2, "Sold")], [(1, "Oolong"), (1, "2"), (1, "3")], [(1, None), (2, "4")]], True))
    ['', 'Tea: Oolong; Sold: 2; Sold: 3.', 'Tea: Oolong; Sold: 4.']
    """
    above: dict[int, str] = {}
    lines: list[tuple[list[int], list[str]]] = []
    for row in rows:
        ends = list(accumulate(span for span, _ in row))
        above |= {end: text for end, (_, text) in zip(ends, row, strict=True) if text is not None}
        lines.append((ends, [above.get(end, "") for end in ends]))
    first = lines[0][1] if lines else []
    named = len(lines) > 1 and any(first) and (marked or has_names([cells for _, cells in lines]))
    spans = [span for span, _ in rows[0]] if named else []
    names = [name for span, name in zip(spans, column_names(first), strict=False) for _ in range(span)]
    for ends, cells in lines:
        over = [set(names[start:end]) for start, end in pairwise([0, *ends])]
        own = [name.pop() if len(name) == 1 else "" for name in over] if named else []
        yield "" if named and cells == first else row_line(cells, own)


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
    named = len(rows[0]) == width and all(rows[0][1:]) and _are_names(rows[0], width)
    below = [[row[column] for row in rows[1:] if len(row) > column and row[column]] for column in range(width)]
    has_numbers = any(cells and not any(map(_is_word, cells)) for cells in below)
    return named and (width > 2 or has_numbers)


def _filled(cells: Sequence[str]) -> int:
    return sum(map(bool, cells))


def _are_names(cells: Sequence[str], width: int) -> bool:
    words = sum(map(_is_word, cells))
    years = sum(bool(_YEAR.fullmatch(cell)) for cell in cells)
    names = words + years if words and years > 1 else words
    return _filled(cells) > 1 and names * 2 > width and max(map(len, cells)) <= _MAX_NAME


def _is_word(cell: str) -> bool:
    letters = sum(map(str.isalpha, cell))
    return letters > 0 and letters >= sum(map(str.isdigit, cell))
