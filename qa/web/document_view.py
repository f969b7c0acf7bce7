"""Show a document's text as HTML, with a quote in view."""

from dataclasses import dataclass, replace
from typing import Literal

from index.types import Document, Span
from qa.lines import is_wrapped
from qa.markup import visible
from qa.web.changed_quote import Comparison, Words, compare
from qa.web.document_parts import parts_of
from qa.web.html import render

Change = Literal["", "edited", "unreadable"]
MAX_HEADINGS = 2_000
GONE = "This document is no longer in the index."


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
    parts = list(parts_of(document, place.span))
    headings = [part for part in parts if part.level][:MAX_HEADINGS]
    return render(
        "document.html",
        path=document.path,
        parts=parts,
        headings=headings,
        place=place,
        compared=_compared(place.comparison, document.path),
        change=change,
        is_wrapped=is_wrapped(document.path),
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
