"""Show a document's text as HTML, with a quote in view."""

import base64
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from index.types import Block, Document, Picture, Span
from qa.web.html import Mark, highlight, render

PAGED = ("page", "slide", "chapter")
MAX_HEADINGS = 2_000
GONE = "This document is no longer in the index."


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A block to show: its number, its text, its heading level (0 is a paragraph), and the page that begins with it."""

    number: int
    text: Markup
    level: int
    page: str = ""

    @property
    def tag(self) -> str:
        """The HTML element of a heading."""
        return f"h{min(self.level + 2, 6)}"


def document_html(document: Document, quote: Span | None, picture: str = "") -> str:
    """Show a whole document with its headings, contents and pages, and the quote highlighted.

    Without a quote it says that the document no longer contains it. `picture` is shown above the text.
    """
    parts = list(_parts(document, quote))
    headings = [part for part in parts if part.level][:MAX_HEADINGS]
    return render(
        "document.html",
        path=document.path,
        parts=parts,
        headings=headings,
        is_missing=quote is None,
        picture=Markup(picture),
    )


def picture_html(picture: Picture) -> str:
    """Show the picture of a page, with the lines of the quote highlighted."""
    spots = [
        f"left:{left:.2%};top:{top:.2%};width:{right - left:.2%};height:{bottom - top:.2%}"
        for left, top, right, bottom in picture.marks
    ]
    png = base64.b64encode(picture.png).decode()
    return render("picture.html", name=f"page {picture.number} of {picture.pages}", png=png, spots=spots)


def find_quote(document: Document, quote: str, start: int) -> Span | None:
    """Find a quote at `start`, or else its first occurrence; None if the document does not contain it."""
    if document.text.startswith(quote, start):
        return start, start + len(quote)
    found = document.text.find(quote)
    return None if found < 0 else (found, found + len(quote))


def _parts(document: Document, quote: Span | None) -> Iterable[Part]:
    pages = deque(document.pages if document.unit in PAGED else ())
    for number, block in enumerate(document.blocks or (Block(0, len(document.text)),)):
        page = ""
        while pages and pages[0][0] <= block.start:
            page = f"{document.unit} {pages.popleft()[1]}"
        start, end = block.start, block.end
        marks = [Mark(start=quote[0] - start, end=quote[1] - start, kind="here")] if quote else []
        text = highlight(document.text[start:end], marks)
        yield Part(number=number, text=text, level=block.level, page=page)
