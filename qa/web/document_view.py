"""A document's text as HTML, with a quote in view (pure)."""

import base64
from collections import deque
from collections.abc import Iterable

from index.types import Document, Picture, Span
from qa.web.html import html, marked, paragraph

PAGED = ("page", "slide", "chapter")
MOST_HEADINGS = 300
GONE = "This document is no longer in the index."
NO_LONGER = "The document no longer says this: it has changed since it was quoted."


def document_html(document: Document, shown: Span | None, picture: str = "") -> str:
    """A whole document: its headings as headings and as a table of contents, where its pages begin, and the shown
    range marked; without one, it says that the quote is no longer there. A picture stands above the text."""
    pieces, contents = [], []
    pages = deque(document.pages if document.unit in PAGED else ())
    for number, (start, end, level) in enumerate(_visible_blocks(document)):
        begun = ""
        while pages and pages[0][0] <= start:
            begun = f'<p class="page">{document.unit} {pages.popleft()[1]}</p>'
        marks = [(shown[0] - start, shown[1] - start, ' class="here"')] if shown else []
        content = marked(document.text[start:end], marks)
        if level:
            contents.append(f'<li class="level{min(level, 4)}"><a href="#part-{number}">{content}</a></li>')
            tag = f"h{min(level + 2, 6)}"
            pieces.append(f'{begun}<{tag} id="part-{number}" tabindex="-1">{content}</{tag}>')
        else:
            pieces.append(f"{begun}<p>{content}</p>")
    listed = "".join(contents[:MOST_HEADINGS])
    table = f"<details class='contents'><summary>Contents</summary><ul>{listed}</ul></details>" if listed else ""
    warning = "" if shown else paragraph(NO_LONGER, "stale")
    return (
        f'<h2 class="path" dir="auto">{html(document.path)}</h2>{warning}{picture}{table}'
        '<search class="find"><label>Find in this document <input type="search"></label>'
        '<span role="status" class="found"></span></search>'
        f'<article class="document" dir="auto" tabindex="0" aria-label="{html(document.path)}">'
        f"{''.join(pieces)}</article>"
    )


def picture_html(picture: Picture) -> str:
    """A page as it looks, the lines of the quote marked on it."""
    places = (
        f"left:{left:.2%};top:{top:.2%};width:{right - left:.2%};height:{bottom - top:.2%}"
        for left, top, right, bottom in picture.marks
    )
    spots = "".join(f'<span class="spot" style="{place}"></span>' for place in places)
    name = f"page {picture.number} of {picture.pages}"
    drawn = base64.b64encode(picture.png).decode()
    return (
        f'<figure class="picture" tabindex="0" aria-label="The {name} as it looks"><div><img alt="The {name}" '
        f'src="data:image/png;base64,{drawn}">{spots}</div><figcaption>{name}</figcaption></figure>'
    )


def find_quote(document: Document, quote: str, start: int) -> Span | None:
    """Where a quote stands: at its place, or else where it is first now; None where the document no longer has it."""
    if document.text.startswith(quote, start):
        return start, start + len(quote)
    found = document.text.find(quote)
    return None if found < 0 else (found, found + len(quote))


def _visible_blocks(document: Document) -> Iterable[tuple[int, int, int]]:
    if document.blocks:
        return [(block.start, block.end, block.level) for block in document.blocks]
    return [(0, len(document.text), 0)]
