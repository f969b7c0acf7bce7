"""Divide a row of a ruled table whose cells hold a value on each of several lines (pure)."""

from collections.abc import Sequence

from index.ingest.readers.pdf.spelling import Word

_SAME_LINE = 0.5  # of the font size: the baselines of one line are nearer
_MAX_SIGNS = 5  # letters and signs of a value without digits, such as "(X)" or "n. a."
_MIN_VALUES = 0.8  # share of the lines of a column that are values
_MAX_LINES = 500  # of a cell
_MIN_BESIDE = 3  # lines beside a cell that has only one in their middle
SameLine = Sequence[Word] | None  # the words of a cell on one line; None if the cell goes on from the line above
_Line = list[Word]


def value_lines(cells: Sequence[Sequence[Word]]) -> list[list[SameLine]]:
    """Return the cells of each line; nothing unless the first or the last has a label beside each line of values."""
    return _value_lines(cells) or [line[::-1] for line in _value_lines(cells[::-1])]


def _value_lines(cells: Sequence[Sequence[Word]]) -> list[list[SameLine]]:
    lines = [_lines(cell) for cell in cells]
    if max(map(len, lines), default=0) > _MAX_LINES:
        return []
    places = _places([line for line in lines[1:] if len(line) > 1 and _are_values(line)])
    if len(places) < 2 or not _fits(lines, places):
        return []
    columns = [_labels(lines[0], places), *(_beside(cell, places) for cell in lines[1:])]
    return [[column[at] for column in columns] for at in range(len(places))]


def _lines(words: Sequence[Word]) -> list[_Line]:
    """Return the words of a cell by line, from the top; those of a line stay in the order in which they were drawn."""
    found: list[list[int]] = []
    for at in sorted(range(len(words)), key=lambda at: -words[at].base):
        if found and words[found[-1][0]].base - words[at].base < _SAME_LINE * words[at].size:
            found[-1].append(at)
        else:
            found.append([at])
    return [[words[at] for at in sorted(line)] for line in found]


def _are_values(lines: Sequence[_Line]) -> bool:
    """Say whether nearly all lines are values, and some have digits."""
    with_digits = sum(any(map(str.isdigit, "".join(word.text for word in line))) for line in lines)
    return sum(map(_is_value, lines)) >= _MIN_VALUES * len(lines) and with_digits > 0


def _is_value(line: _Line) -> bool:
    text = "".join(word.text for word in line)
    letters = sum(map(str.isalpha, text))
    is_sign = len(text) <= _MAX_SIGNS and (not text.isalpha() or text.isupper())
    return letters <= sum(map(str.isdigit, text)) or is_sign


def _is_in_brackets(line: _Line) -> bool:
    """Say whether a line is a remark on the value above it, such as its error."""
    return line[0].text[0] in "([" and line[-1].text[-1] in ")]" and any(map(str.isdigit, line[0].text))


def _places(columns: Sequence[Sequence[_Line]]) -> list[float]:
    """Return the baselines of the lines of values, from the top; none if one has remarks only."""
    places: list[float] = []
    remarks: list[bool] = []
    every = sorted((line for column in columns for line in column), key=lambda line: -line[0].base)
    for line in every:
        if places and places[-1] - line[0].base < _SAME_LINE * line[0].size:
            remarks[-1] = remarks[-1] and _is_in_brackets(line)
        else:
            places.append(line[0].base)
            remarks.append(_is_in_brackets(line))
    return [] if any(remarks) else places


def _at(line: _Line, places: Sequence[float]) -> int | None:
    """Return which of some lines a line is level with."""
    near = (at for at, place in enumerate(places) if abs(place - line[0].base) < _SAME_LINE * line[0].size)
    return next(near, None)


def _fits(lines: Sequence[Sequence[_Line]], places: Sequence[float]) -> bool:
    """Say whether a label stands on each line, and no cell has more lines than there are values."""
    if _are_values(lines[0]):
        return False
    labels = {_at(line, places) for line in lines[0]}
    others = [line for cell in lines[1:] if len(cell) > 1 for line in cell]
    return labels.issuperset(range(len(places))) and all(_at(line, places) is not None for line in others)


def _labels(lines: Sequence[_Line], places: Sequence[float]) -> list[SameLine]:
    """Return the label of each line; a line without values goes on from the label above, or goes on in that below."""
    found: list[_Line] = [[] for _ in places]
    waiting: _Line = []
    last = -1
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        at = _at(line, places)
        goes_on = following is not None and following[0].text[0].islower() and not line[0].text[0].islower()
        if at is not None:
            found[at] += waiting + line
            last, waiting = at, []
        elif last < 0 or (goes_on and last + 1 < len(places)):
            waiting += line
        else:
            found[last] += line
    return list(found)


def _beside(lines: Sequence[_Line], places: Sequence[float]) -> list[SameLine]:
    """Return the part of a cell on each line; one word in the middle of many lines belongs to all of them."""
    if len(lines) == 1 and len(places) >= _MIN_BESIDE and not _is_value(lines[0]) and _is_in_middle(lines[0], places):
        return [lines[0], *[None] * (len(places) - 1)]
    found: list[_Line] = [[] for _ in places]
    for line in lines:
        at = _at(line, places)
        found[at if at is not None else 0] += line
    return list(found)


def _is_in_middle(line: _Line, places: Sequence[float]) -> bool:
    return abs(line[0].base - (places[0] + places[-1]) / 2) < line[0].size
