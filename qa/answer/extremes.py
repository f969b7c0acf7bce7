"""Find the rows of a table with the highest or the lowest value of a column, from all rows of the table."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.text.analysis import content_stems, name_text, stems
from index.types import Document, Hit, Passage, Span
from qa.answer.folder import Folder

MAX_ROWS = 20_000  # of a table
MAX_BEST = 5  # rows with the same value
MIN_VALUES = 3
TABLES = 3  # the first passages whose tables are looked at
_PRICE = "price cost fee rate amount"
# What the adjectives of a question compare; "" if the question names the column.
_ADJECTIVES: Mapping[str, tuple[bool, str]] = {
    "most expensive": (True, _PRICE),
    "priciest": (True, _PRICE),
    "cheapest": (False, _PRICE),
    "least expensive": (False, _PRICE),
    "heaviest": (True, "weight mass"),
    "lightest": (False, "weight mass"),
    "tallest": (True, "height"),
    "fastest": (True, "speed velocity"),
    "slowest": (False, "speed velocity"),
    "longest": (True, "length duration"),
    "shortest": (False, "length duration"),
    **dict.fromkeys(("most", "highest", "largest", "biggest", "greatest"), (True, "")),
    **dict.fromkeys(("least", "lowest", "smallest", "fewest"), (False, "")),
}
_SUPERLATIVE = re.compile(
    rf"^\W*(?:(?:what|which|who)\b.*\b|(?:the )?)(?<!at )(?P<word>{'|'.join(_ADJECTIVES)})\b"
    r"(?! (?:of|recent|likely|important|common|popular))",
    re.IGNORECASE,
)
_FIELD = re.compile(r"(?:^|; )(?P<name>[^:;]{1,60}): (?P<value>[^;]*)")
_NUMBER = re.compile(r"\W{0,3}(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>[^\d\s.][^\d]*?)?\.?")
_NO_VALUE = frozenset({"", "-", "–", "—", "n/a", "nan", "none", "?"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    span: Span
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extreme:
    """The rows with the highest or the lowest value of a column, as ranges of a document, among `count` rows."""

    path: str
    rows: tuple[Span, ...]
    column: str
    is_highest: bool
    count: int

    @property
    def message(self) -> str:
        """Say of what the rows are the highest or the lowest."""
        return f"The {'highest' if self.is_highest else 'lowest'} “{self.column}” of {self.count} rows:"


def asks_for_extreme(question: str) -> bool:
    """Say whether a question asks for the most or the least of something.

    >>> asks_for_extreme("which plan is the cheapest?"), asks_for_extreme("how much is it at most")
    (True, False)
    """
    return bool(_SUPERLATIVE.search(question))


def find_extreme(
    question: str, hits: Sequence[Hit], documents: Mapping[str, Document], *, is_answered: bool
) -> Extreme | None:
    """Return the best rows of the table that a question is about; None if that is not certain.

    All values of the column must be numbers of the same unit, and the other words of the question those of whole cells
    or of none. Unless the passages answer the question anyway, the table or its file's name must have all its words.
    """
    found = _SUPERLATIVE.search(question)
    if found is None:
        return None
    is_highest, names = _ADJECTIVES[found["word"].casefold()]
    typed = set(content_stems(question)) - set(stems(found["word"]))
    wanted = stems(names) or [*content_stems(question[found.end() :])[:1], *typed]
    for hit in hits[:TABLES]:
        document = documents.get(hit.passage.path)
        rows = _table_at(document, (hit.passage.start, hit.passage.end)) if document else []
        column = _column(rows, wanted)
        if not is_answered and not typed <= _words(rows, column, hit.passage.path) | set(stems(names)):
            continue
        if column and (best := _best(rows, column, typed - set(stems(column)), is_highest)):
            chosen, count = best
            return Extreme(
                path=hit.passage.path,
                rows=tuple(row.span for row in chosen),
                column=column,
                is_highest=is_highest,
                count=count,
            )
    return None


def _table_at(document: Document, place: Span) -> list[_Row]:
    """Return the rows of the first table in a range of a document, those before and after the range included."""
    runs: list[list[Span]] = [[]]
    for block in document.blocks:
        if block.kind == "table_row":
            runs[-1].append((block.start, block.end))
        else:
            runs.append([])
    spans = next((run for run in runs if any(_overlaps(span, place) for span in run)), [])
    return _rows(document.text, spans) if len(spans) <= MAX_ROWS else []


def _rows(text: str, spans: Sequence[Span]) -> list[_Row]:
    """Return the cells of rows by their columns: each row has the names, or the first row of cells between bars."""
    texts = [text[start:end] for start, end in spans]
    if texts and not any(map(_FIELD.search, texts)):
        header, *parts = [[cell.strip() for cell in one.strip("| ").split("|")] for one in texts]
        named = [dict(zip(header, cells, strict=False)) for cells in parts]
        return [_Row(span=span, cells=cells) for span, cells in zip(spans[1:], named, strict=True)]
    fields = [{one["name"].strip(): one["value"].strip() for one in _FIELD.finditer(row)} for row in texts]
    return [_Row(span=span, cells=cells) for span, cells in zip(spans, fields, strict=True)]


def _overlaps(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _words(rows: Sequence[_Row], column: str, path: str) -> set[str]:
    cells = " ".join(cell for row in rows for cell in row.cells.values())
    return set(stems(f"{column} {name_text(path)} {cells}"))


def _column(rows: Sequence[_Row], wanted: Sequence[str]) -> str:
    """Return the one column whose name has the most of some terms; "" if none has one, or several as many."""
    names = list(dict.fromkeys(name for row in rows for name in row.cells))
    terms = {name: set(stems(name)) for name in names}
    scored = sorted(((sum(term in terms[name] for term in wanted), name) for name in names), reverse=True)
    is_one = bool(scored) and scored[0][0] > 0 and (len(scored) == 1 or scored[0][0] > scored[1][0])
    return scored[0][1] if is_one else ""


def _best(rows: Sequence[_Row], column: str, others: set[str], is_highest: bool) -> tuple[list[_Row], int] | None:
    """Return the rows with the best value, and the number of rows compared; None if they cannot be compared."""
    numbers = _numbers(_meant(rows, others), column)
    if len(numbers) < MIN_VALUES:
        return None
    best = (max if is_highest else min)(number for _, number in numbers)
    chosen = [row for row, number in numbers if number == best]
    return (chosen, len(numbers)) if len(chosen) <= MAX_BEST else None


def _meant(rows: Sequence[_Row], words: set[str]) -> Sequence[_Row]:
    """Return the rows with a cell of each word that is one; none if a word is in some cells, among others there."""
    for word in words:
        whole = [row for row in rows if any(set(stems(cell)) == {word} for cell in row.cells.values())]
        holding = sum(word in stems(" ".join(row.cells.values())) for row in rows)
        if not whole and 0 < holding < len(rows):
            return []
        rows = whole or rows
    return rows


def _numbers(rows: Sequence[_Row], column: str) -> list[tuple[_Row, float]]:
    """Return the rows with their numbers; none if a cell has no number, or if the units differ."""
    cells = [(row, row.cells.get(column, "").rstrip(".")) for row in rows]
    found = [(row, _NUMBER.fullmatch(cell)) for row, cell in cells if cell.casefold() not in _NO_VALUE]
    numbers = [(row, float(match["number"].replace(",", ""))) for row, match in found if match]
    units = {(match["unit"] or "").strip().casefold() for _, match in found if match}
    return numbers if len(numbers) == len(found) and len(units) <= 1 else []


def quotes_of(folder: Folder, extreme: Extreme) -> list[tuple[Passage, Span]]:
    """Return the rows with the passages that hold them."""
    passages = [passage for passage, _ in folder.passages_of(extreme.path)]
    return [
        (passage, row)
        for row in extreme.rows
        for passage in passages
        if passage.start <= row[0] and row[1] <= passage.end
    ]
