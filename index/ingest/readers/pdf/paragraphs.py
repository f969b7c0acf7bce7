"""Turn rows in reading order into headings, paragraphs, list items and table rows (pure)."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from index.ingest.readers.elements import Element
from index.ingest.readers.pdf.blocks import (
    Block,
    Line,
    first_block,
    flows,
    is_full,
    is_next,
    is_tight,
    right_edge,
    usual_spacing,
)
from index.ingest.readers.pdf.dehyphenation import Joiner
from index.ingest.readers.pdf.headings import MAX_ROWS, Headings
from index.ingest.readers.pdf.layout import RIGHT_TO_LEFT, Row, Run
from index.ingest.readers.pdf.pitch import Pitch
from index.ingest.readers.pdf.ruled_rows import Names, TableRun, lines_of
from index.ingest.readers.pdf.ruled_tables import RuledTable
from index.ingest.readers.pdf.tables import is_drawn_before, labelled_lines, merged, table_lines

_PRIVATE = re.compile("[\ue000-\uf8ff]")
MAX_NOTES = 20
MAX_LABEL = 40


class Flow:
    """Collects the blocks of pages in order, and joins a paragraph with its rest on the next page.

    `outline` has the level of a heading by its page and `headings.key`.
    """

    def __init__(self, outline: Mapping[tuple[int, str], int]) -> None:
        self._headings = Headings(outline)
        self._joiner = Joiner()
        self._open: Block | None = None
        self._notes: list[Block] = []
        self._added: list[Element] = []
        self._table: RuledTable | None = None
        self._names = Names()
        self._pitch = Pitch()

    @property
    def body_size(self) -> float:
        """Return the font size of most of the text so far; 0 before any."""
        return self._headings.body_size

    def learn(self, runs: Sequence[Run]) -> None:
        """Count words and font sizes before the rows are added."""
        self._headings.learn(runs)
        self._pitch.learn(runs)
        for run in runs:
            self._joiner.learn(run.text)

    def add(self, rows: Sequence[Row], page: int) -> Iterator[Element]:
        """Yield the elements that a column's rows complete."""
        rows = self._pitch.typed(list(_tables_apart(_mirrored(rows) if _is_right_to_left(rows) else rows)))
        for position, block in enumerate(_with_tables(list(self._blocks(rows, page)))):
            last = self._open
            if last and position == 0 and _is_rest(last, block):
                last.text = self._joiner.join(last.text, block.text)
                last.last = block.last
            elif last and not last.is_ended and last.kind == "text" and self._is_note(last, block):
                self._notes.append(block)
            else:
                yield from self.close()
                self._open = block

    def append(self, elements: Iterable[Element]) -> None:
        """Add elements that stand apart from the page's rows; they follow its last paragraph."""
        self._added += elements

    def close(self) -> Iterator[Element]:
        """Yield the elements that waited for the next page."""
        for block in ([self._open] if self._open else []) + self._notes:
            block.text = _PRIVATE.sub("", block.text).strip()
            if block.text:
                yield block.element()
        yield from self._added
        self._open, self._notes, self._added = None, [], []

    def _is_note(self, last: Block, block: Block) -> bool:
        """Say whether a block is small print between the parts of a paragraph."""
        is_small = block.first.main.size < 0.93 * last.last.main.size
        return len(self._notes) < MAX_NOTES and not block.level and is_small

    def _blocks(self, rows: Sequence[Row], page: int) -> Iterator[Block]:
        spacing, edge = usual_spacing(rows), right_edge(rows)
        block: Block | None = None
        for row, following, level in zip(rows, [*rows[1:], None], self._headings.levels(rows, page), strict=False):
            line = Line(row=row, following=following, level=level, spacing=spacing, edge=edge)
            if isinstance(row.main, TableRun):
                if block:
                    yield self._done(block)
                block = None
                yield from self._ruled(row.main.table, row, page, row is rows[0])
                continue
            if block and self._takes(block, line):
                continue
            new = first_block(line, page, block)
            if block:
                new.tight = is_tight(new, block, spacing)
                yield self._done(block)
            block = new
        if block:
            yield self._done(block)

    def _ruled(self, table: RuledTable, row: Row, page: int, is_first: bool) -> Iterator[Block]:
        """Yield a block for each row of a ruled table.

        One with the columns of the table before has its names too, and, if nothing is between them, the last title.
        """
        is_rest = self._table is not None and table.goes_on(self._table)
        is_next = is_first and self._open is not None and self._open.kind == "ruled"
        names = self._names if is_next else Names(rows=self._names.rows)
        lines, self._names = lines_of(table, self._joiner.join, names if is_rest else Names())
        self._table = table
        filled = filter(None, lines)
        for number, line in enumerate(filled):
            yield Block(kind="ruled", text=line, page=page, first=row, last=row, tight=number > 0)

    def _done(self, block: Block) -> Block:
        if block.level:
            block.level = self._headings.listed_level(block.text, block.page, block.level)
        return block

    def _takes(self, block: Block, line: Line) -> bool:
        """Add a line to the block above if it belongs there, and say whether it did."""
        if not is_next(block, line):
            return False
        may_be_row = block.kind == "row" or (block.lines == 1 and is_drawn_before(line.row, block.last))
        if line.level == 0 and may_be_row:
            row = merged(block.last, line.row, line.following, self._joiner.join)
            if row:
                block.kind, block.last, block.text = "row", row, row.text
            return row is not None
        if not self._goes_on(block, line):
            return False
        block.text, block.last = self._joiner.join(block.text, line.row.text), line.row
        block.lines += 1
        return True

    def _goes_on(self, block: Block, line: Line) -> bool:
        """Say whether a block of text, an item or a heading goes on in a line."""
        main = line.row.main
        if len(line.row.cells) > 1 or block.kind == "code" or (main.fixed and not is_full(block, line)):
            return False
        if block.kind != "heading":
            return flows(block, line)
        is_whole = self._headings.is_listed(block.text, block.page)
        return block.last.main.bold == main.bold and not is_whole and block.lines <= MAX_ROWS


def _is_rest(last: Block, block: Block) -> bool:
    alike = abs(last.last.main.size - block.first.main.size) < 0.6 and block.kind == "text"
    return alike and last.kind in ("text", "item") and block.text[:1].islower() and not last.is_ended


def _tables_apart(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows; a ruled table is one alone."""
    for row in rows:
        tables = [cell for cell in row.cells if isinstance(cell, TableRun)]
        rest = tuple(cell for cell in row.cells if not isinstance(cell, TableRun))
        if rest:
            yield Row(rest, row.runs) if tables else row
        yield from (Row((table,), (table,)) for table in tables)


def _is_right_to_left(rows: Sequence[Row]) -> bool:
    return 2 * sum(bool(RIGHT_TO_LEFT.search(row.text)) for row in rows) > len(rows)


def _mirrored(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of a right-to-left text with their left and right sides exchanged, so that they begin left."""
    return [
        Row(tuple(replace(cell, left=-cell.right, right=-cell.left) for cell in row.cells), row.runs) for row in rows
    ]


def _with_tables(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the blocks; rows that follow one another become the lines of a table."""
    table: list[Block] = []
    for position, block in enumerate(blocks):
        if table and not (_is_row(block, blocks[position + 1 : position + 2]) and block.page == table[0].page):
            yield from _named(table)
            table = []
        if block.kind == "row" or table:
            table.append(block)
        else:
            yield block
    yield from _named(table)


def _is_row(block: Block, following: Sequence[Block]) -> bool:
    """Say whether a block is a row of the table above: a row, or a cell alone between rows."""
    if block.kind == "row":
        return block.tight
    is_label = block.kind == "text" and block.lines == 1 and len(block.text) <= MAX_LABEL and not block.is_ended
    return is_label and any(below.kind == "row" and _are_near(block, below) for below in following)


def _are_near(block: Block, below: Block) -> bool:
    return 0 < block.last.main.base - below.first.main.base < 2.5 * block.last.main.size


def _named(table: Sequence[Block]) -> Iterator[Block]:
    if not table:
        return
    tight = table[0].tight
    rows = [block.last for block in table]
    for block, line in zip(table, labelled_lines(rows) or table_lines(rows), strict=True):
        if line:
            block.text, block.tight, block.kind = line, tight, "row"
            tight = True
            yield block
