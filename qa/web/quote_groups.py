"""Put quotes together that are shown together: rows of one table, with its header."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from index.types import Passage
from qa.web.quote_view import TableRows, TextBlock
from qa.web.rich_text import Row, common_columns

MAX_WHOLE_COLUMNS = 8  # a table with more shows those that match first


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteView:
    """A quote to show with its footnote. `more` counts the items of a list that were left out.

    `table` is set if the quote is rows of a table. `is_cut` says that only its first sentences are shown.
    """

    number: int
    title: str
    passage: Passage
    blocks: tuple[TextBlock, ...]
    is_inline: bool
    more: int
    table: TableRows | None = None
    is_cut: bool = False

    @property
    def path(self) -> str:
        """The document that is quoted."""
        return self.passage.path


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Quotes to show together: rows of one table, or else one quote."""

    quotes: tuple[QuoteView, ...]

    @property
    def is_table(self) -> bool:
        """Whether the quotes are rows of a table."""
        return self.quotes[0].table is not None

    @property
    def rows(self) -> list[Row]:
        """The rows of the table."""
        return [row for table in self._tables for row in table.rows]

    @property
    def notes(self) -> list[QuoteView | None]:
        """The quote whose footnote stands in each row: the last row of a quote has it."""
        return [
            quote if number == len(quote.table.rows) else None
            for quote in self.quotes
            if quote.table
            for number in range(1, len(quote.table.rows) + 1)
        ]

    @property
    def header_quote(self) -> QuoteView | None:
        """The quote that is the header alone: its footnote stands there."""
        return next((quote for quote in self.quotes if quote.table and not quote.table.rows), None)

    @property
    def columns(self) -> tuple[Markup | str, ...]:
        """The names of the table's columns."""
        header = next((table.header for table in self._tables if table.header), None)
        return header.cells if header else common_columns(self.rows)

    @property
    def key_columns(self) -> tuple[int, ...]:
        """The columns to show: of a wide table, the first and those that match the question, if any does."""
        if len(self.columns) <= MAX_WHOLE_COLUMNS:
            return tuple(range(len(self.columns)))
        matching = {n for row in self.rows for n, is_match in enumerate(row.matches) if is_match}
        wanted = sorted({0, *matching}) if matching - {0} else range(len(self.columns))
        return tuple(wanted)

    @property
    def _tables(self) -> list[TableRows]:
        return [quote.table for quote in self.quotes if quote.table]

    def takes(self, quote: QuoteView) -> bool:
        """Whether a quote is further rows of the table."""
        known = self.quotes[-1]
        if not quote.table or not known.table or quote.table.has_header:
            return False
        ours, theirs = _sample(known.table), _sample(quote.table)
        same_table = quote.passage.path == known.passage.path and quote.passage.section == known.passage.section
        if any(theirs.columns):
            return theirs.columns == ours.columns
        return same_table and len(theirs.cells) == len(ours.cells)


def groups(quotes: Sequence[QuoteView]) -> list[Group]:
    """Join the rows of one table that follow one another, and its header."""
    found: list[Group] = []
    for quote in quotes:
        if found and found[-1].takes(quote):
            found[-1] = replace(found[-1], quotes=(*found[-1].quotes, quote))
        else:
            found.append(Group(quotes=(quote,)))
    return found


def _sample(table: TableRows) -> Row:
    """Return a row of a table; its header if it has no other."""
    row = table.rows[0] if table.rows else table.header
    assert row
    return row
