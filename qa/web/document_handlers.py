"""Handlers of the document view: the text of a document, and pictures of its pages."""

import base64
from typing import Any

from index.errors import FootnoteError
from index.types import Document, Span
from qa.web.document_view import GONE, Change, document_html, find_place
from qa.web.html import paragraph
from qa.web.library import Library
from qa.web.messages import OpenDocument, ShowPage

DRAWN = ".pdf"
Reply = dict[str, Any]


class DocumentHandlers:
    """What the document view does. It reads the index, never a file that is not in it."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def open(self, data: object) -> Reply:
        """Show a document at its quote, as text; say whether its pages can be drawn.

        A file that has changed since it was indexed is read again, so that its present text is shown.
        """
        asked = OpenDocument.model_validate(data)
        document = self._library.document(asked.document)
        if not document:
            return {"html": paragraph(GONE, "stale"), "pictures": False}
        is_current = self._library.still_says(asked.document, "")
        present = document if is_current else self._present(asked.document)
        document = present or document
        place = find_place(document, asked.quote, asked.start)
        has_pictures = is_current and bool(document.pages) and document.path.lower().endswith(DRAWN)
        change: Change = "" if is_current else "edited" if present else "unreadable"
        start, end = place.span or (0, 0)
        return {
            "html": document_html(document, place, change, has_pictures=has_pictures),
            "pictures": has_pictures,
            "page": (document.page_at(start) if place.span else None) or 1,
            "start": start,
            "end": end,
        }

    def _present(self, path: str) -> Document | None:
        try:
            return self._library.present(path)
        except FootnoteError:
            return None

    def page(self, data: object) -> Reply:
        """Draw a page, with the part of the quote that is on it marked."""
        asked = ShowPage.model_validate(data)
        document = self._library.document(asked.document)
        if not document:
            return {"problem": GONE}
        quote = quote_on_page(document, asked.page, (asked.start, asked.end))
        try:
            picture = self._library.picture(asked.document, asked.page, quote, onward=False)
        except FootnoteError as error:
            return {"problem": str(error)}
        if not picture:
            return {"problem": "This kind of document has no pages to show."}
        return {
            "image": f"data:image/png;base64,{base64.b64encode(picture.png).decode()}",
            "page": picture.number,
            "pages": picture.pages,
            "marks": [list(mark) for mark in picture.marks],
        }


def quote_on_page(document: Document, page: int, quote: Span) -> str:
    """Return the quote if it may be on a page, else an empty text.

    A paragraph across a page break counts to the page on which it begins, so the next page is searched as well.

    >>> document = Document(path="tea.pdf", text="Hot tea. Cold milk.", pages=((0, 1), (9, 2)))
    >>> [quote_on_page(document, page, (4, 7)) for page in (1, 2, 3)]
    ['tea', 'tea', '']
    """
    start, end = quote
    if end <= start:
        return ""
    first, last = document.page_at(start) or 1, document.page_at(end - 1) or 1
    return document.text[start:end] if first <= page <= last + 1 else ""
