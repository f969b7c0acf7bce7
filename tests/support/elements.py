"""Tell the elements with text apart from those that count what a reader has left out."""

from collections import Counter
from collections.abc import Iterable

from index.ingest.readers.elements import Element


def with_text(elements: Iterable[Element]) -> list[Element]:
    """Return the elements of a document's text, and the empty ones of its blank pages."""
    return [element for element in elements if not element.left_out]


def left_out(elements: Iterable[Element]) -> Counter[str]:
    """Count what is left out."""
    return Counter(element.left_out for element in elements if element.left_out)
