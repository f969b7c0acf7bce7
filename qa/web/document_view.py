"""Show a document's text as HTML, with a quote in view."""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from markupsafe import Markup

from index.types import Block, BlockKind, Document, Span
from qa.formatting import line
from qa.markup import PLAIN, style_of, visible
from qa.web.changed_quote import Comparison, Words, compare
from qa.web.html import render
from qa.web.quote_view import common_columns
from qa.web.rich_text import Mark, Row, highlight, row_of

_NUMBER = re.compile(r"(?<!\d)(\d{1,3})[.)][ \t]+\Z")
Change = Literal["", "edited", "unreadable"]
PAGED = ("page", "slide", "chapter")
MAX_HEADINGS = 2_000
GONE = "This document is no longer in the index."


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A block to show: its text, its kind, its heading level (0 is none), and the page that begins with it.

    A run of table rows is one part, with `rows` and the `header` above them. A run of lines of code is one part,
    too. An item of a numbered list has its `item_number`.
    """

    number: int
    kind: BlockKind
    text: Markup
    level: int = 0
    heading: str = ""
    page: str = ""
    page_number: int = 0
    rows: tuple[Row, ...] = ()
    header: Row | None = None
    item_number: str = ""

    @property
    def tag(self) -> str:
        """The HTML element of the block."""
        if self.level:
            return f"h{min(self.level + 2, 6)}"
        return {"list_item": "li", "code": "pre", "quote": "blockquote"}.get(self.kind, "p")

    @property
    def columns(self) -> tuple[Markup | str, ...]:
        """The names of the columns, if all rows have the same."""
        return self.header.cells if self.header else common_columns(self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotePlace:
    """Where a quote, or the text that took its place, is in a document; `span` is None if neither is there."""

    quote: str = ""
    span: Span | None = None
    comparison: Comparison | None = None


def document_html(document: Document, place: QuotePlace, change: Change = "", has_pictures: bool = False) -> str:
    """Show a whole document with its headings, contents and pages, and a place highlighted.

    `change` says whether the file has been edited since it was indexed, or cannot be read any more. `has_pictures` says
    whether its pages can be drawn.
    """
    parts = list(_parts(document, place.span))
    headings = [part for part in parts if part.level][:MAX_HEADINGS]
    return render(
        "document.html",
        path=document.path,
        parts=parts,
        headings=headings,
        place=place,
        compared=_compared(place.comparison, document.path),
        change=change,
        has_pictures=has_pictures,
    )


def find_place(document: Document, quote: str, start: int) -> QuotePlace:
    """Find a quote at `start`, or else its first occurrence, or else the text that took its place."""
    if not quote:
        return QuotePlace()
    found = start if document.text.startswith(quote, start) else document.text.find(quote)
    if found >= 0:
        return QuotePlace(quote=quote, span=(found, found + len(quote)))
    comparison = compare(quote, document.text, start)
    span = (comparison.start, comparison.end) if comparison else None
    return QuotePlace(quote=quote, span=span, comparison=comparison)


def _compared(comparison: Comparison | None, path: str) -> list[Words]:
    """Return the words of a comparison without the marks of Markdown."""
    words = comparison.words if comparison else ()
    return [replace(one, text=visible(one.text, path)) for one in words]


def _parts(document: Document, quote: Span | None) -> Iterator[Part]:
    pages = deque(document.pages if document.unit in PAGED else ())
    blocks = document.blocks or (Block(0, len(document.text)),)
    numbered = enumerate(blocks)
    for kind, run in groupby(numbered, key=lambda one: one[1].kind):
        members = list(run)
        if kind in ("table_row", "code"):
            number, first = members[0]
            page = _page_at(pages, first.start)
            run_of = _table if kind == "table_row" else _code
            part = run_of(document, [block for _, block in members], quote)
            yield replace(part, number=number, page=_name(document, page), page_number=page)
            continue
        for number, block in members:
            text = document.text[block.start : block.end]
            page = _page_at(pages, block.start)
            yield Part(
                number=number,
                kind=block.kind,
                text=highlight(text, _marks(block, quote), style=style_of(text, document.path)),
                level=block.level,
                heading=line(visible(text, document.path)) if block.level else "",
                page=_name(document, page),
                page_number=page,
                item_number=_item_number(document, block),
            )


def _table(document: Document, blocks: Sequence[Block], quote: Span | None) -> Part:
    rows = tuple(_row(document, block, quote) for block in blocks)
    rule = document.text[blocks[0].end : blocks[1].start] if len(blocks) > 1 else ""
    has_header = "-" in rule and "|" in rule
    return Part(
        number=0,
        kind="table_row",
        text=Markup(),
        rows=rows[has_header:],
        header=rows[0] if has_header else None,
    )


def _row(document: Document, block: Block, quote: Span | None) -> Row:
    text = document.text[block.start : block.end]
    return row_of(text, _marks(block, quote), style=style_of(text, document.path))


def _code(document: Document, blocks: Sequence[Block], quote: Span | None) -> Part:
    whole = Block(blocks[0].start, blocks[-1].end, kind="code")
    return Part(
        number=0, kind="code", text=highlight(document.text[whole.start : whole.end], _marks(whole, quote), style=PLAIN)
    )


def _item_number(document: Document, block: Block) -> str:
    """Return the number that stands before an item of a list, or ""."""
    before = _NUMBER.search(document.text, max(block.start - 8, 0), block.start)
    return before[1] if before and block.kind == "list_item" else ""


def _marks(block: Block, quote: Span | None) -> list[Mark]:
    return [Mark(start=quote[0] - block.start, end=quote[1] - block.start, kind="here")] if quote else []


def _page_at(pages: deque[tuple[int, int]], position: int) -> int:
    """Return the number of the page that begins at or before a position and was not returned yet, or 0."""
    page = 0
    while pages and pages[0][0] <= position:
        page = pages.popleft()[1]
    return page


def _name(document: Document, page: int) -> str:
    return f"{document.unit} {page}" if page else ""
