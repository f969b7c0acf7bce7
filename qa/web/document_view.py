"""Show a document's text as HTML, with a quote in view."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from index.types import Block, Document, Span
from qa.formatting import line
from qa.web.html import Mark, highlight, render

PAGED = ("page", "slide", "chapter")
MAX_HEADINGS = 2_000
GONE = "This document is no longer in the index."


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A block to show: its text, its heading level (0 is a paragraph) with the plain heading, and the page that begins
    with it."""

    number: int
    text: Markup
    level: int
    heading: str = ""
    page: str = ""
    page_number: int = 0

    @property
    def tag(self) -> str:
        """The HTML element of a heading."""
        return f"h{min(self.level + 2, 6)}"


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


def _parts(document: Document, quote: Span | None) -> Iterable[Part]:
    pages = deque(document.pages if document.unit in PAGED else ())
    for number, block in enumerate(document.blocks or (Block(0, len(document.text)),)):
        page = None
        while pages and pages[0][0] <= block.start:
            page = pages.popleft()[1]
        start, end = block.start, block.end
        text = document.text[start:end]
        marks = [Mark(start=quote[0] - start, end=quote[1] - start, kind="here")] if quote else []
        yield Part(
            number=number,
            text=highlight(text, marks),
            level=block.level,
            heading=line(text) if block.level else "",
            page="" if page is None else f"{document.unit} {page}",
            page_number=page or 0,
        )
