"""Show a document's text as HTML, with a quote in view."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from index.types import Block, BlockKind, Document, Span
from qa.formatting import line
from qa.web.html import render
from qa.web.rich_text import PLAIN, Mark, Row, Style, highlight, is_markdown, markdown_style, row_of

PAGED = ("page", "slide", "chapter")
MAX_HEADINGS = 2_000
GONE = "This document is no longer in the index."


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A block to show: its text, its kind, its heading level (0 is none), and the page that begins with it.

    A run of table rows is one part, with `rows`.
    """

    number: int
    kind: BlockKind
    text: Markup
    level: int = 0
    heading: str = ""
    page: str = ""
    page_number: int = 0
    rows: tuple[Row, ...] = ()

    @property
    def tag(self) -> str:
        """The HTML element of the block."""
        if self.level:
            return f"h{min(self.level + 2, 6)}"
        return {"list_item": "li", "code": "pre", "quote": "blockquote"}.get(self.kind, "p")

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, if all rows have the same."""
        names = {row.columns for row in self.rows}
        return self.rows[0].columns if len(names) == 1 and any(self.rows[0].columns) else ()


def document_html(
    document: Document, quote: Span | None, text: str = "", is_current: bool = True, has_pictures: bool = False
) -> str:
    """Show a whole document with its headings, contents and pages, and the quote highlighted.

    `text` is the quote as it was cited; it is shown if the document no longer contains it. `is_current` says whether
    the file is still as it was read, `has_pictures` whether its pages can be drawn.
    """
    parts = list(_parts(document, quote))
    headings = [part for part in parts if part.level][:MAX_HEADINGS]
    return render(
        "document.html",
        path=document.path,
        parts=parts,
        headings=headings,
        missing="" if quote else text,
        is_current=is_current,
        has_pictures=has_pictures,
    )


def find_quote(document: Document, quote: str, start: int) -> Span | None:
    """Find a quote at `start`, or else its first occurrence; None if the document does not contain it."""
    if document.text.startswith(quote, start):
        return start, start + len(quote)
    found = document.text.find(quote)
    return None if found < 0 else (found, found + len(quote))


def _parts(document: Document, quote: Span | None) -> Iterator[Part]:
    pages = deque(document.pages if document.unit in PAGED else ())
    blocks = document.blocks or (Block(0, len(document.text)),)
    numbered = enumerate(blocks)
    for is_row, run in groupby(numbered, key=lambda one: one[1].kind == "table_row"):
        if is_row:
            first, *others = run
            rows = tuple(_row(document, block, quote) for _, block in (first, *others))
            page = _page_at(pages, first[1].start)
            yield Part(
                number=first[0],
                kind="table_row",
                text=Markup(),
                rows=rows,
                page=_name(document, page),
                page_number=page,
            )
            continue
        for number, block in run:
            text = document.text[block.start : block.end]
            page = _page_at(pages, block.start)
            yield Part(
                number=number,
                kind=block.kind,
                text=highlight(text, _marks(block, quote), style=_style(document, block)),
                level=block.level,
                heading=_plain(text, document.path) if block.level else "",
                page=_name(document, page),
                page_number=page,
            )


def _row(document: Document, block: Block, quote: Span | None) -> Row:
    text = document.text[block.start : block.end]
    return row_of(text, _marks(block, quote), style=_style(document, block))


def _style(document: Document, block: Block) -> Style:
    if block.kind == "code" or not is_markdown(document.path):
        return PLAIN
    return markdown_style(document.text[block.start : block.end])


def _marks(block: Block, quote: Span | None) -> list[Mark]:
    return [Mark(start=quote[0] - block.start, end=quote[1] - block.start, kind="here")] if quote else []


def _plain(text: str, path: str) -> str:
    """Return a heading as one line, without Markdown's marks."""
    style = markdown_style(text) if is_markdown(path) else PLAIN
    for start, end in reversed(style.hidden):
        text = text[:start] + text[end:]
    return line(text)


def _page_at(pages: deque[tuple[int, int]], position: int) -> int:
    """Return the number of the page that begins at or before a position and was not returned yet, or 0."""
    page = 0
    while pages and pages[0][0] <= position:
        page = pages.popleft()[1]
    return page


def _name(document: Document, page: int) -> str:
    return f"{document.unit} {page}" if page else ""
