"""Number the items of Markdown's lists as a page does, where each is written with the same number (pure)."""

import re

from index.types import Document
from qa.markup import is_markdown

_DIGITS = re.compile(r"\d+")
_MARKER = re.compile(r"(?:^|\n)([ \t]*)(\d+)[.)][ \t]+\Z")  # of an item, before its text
_MAX_MARKER = 24


class ListNumbers:
    """Counts the items of lists, also of a list within another.

    >>> numbers = ListNumbers()
    >>> [numbers.number(0, "1."), numbers.number(2, "1."), numbers.number(2, "1."), numbers.number(0, "1.")]
    ['1.', '1.', '2.', '2.']
    """

    def __init__(self) -> None:
        self._lists: dict[int, tuple[str, int]] = {}  # by indent: what the first item has, and the last one's number

    def number(self, indent: int, written: str) -> str:
        """Return the number of the next item; `written` is its own, such as "1." or "(1)"."""
        self._lists = {at: seen for at, seen in self._lists.items() if at <= indent}
        digits = _DIGITS.search(written)
        if not digits:
            self._lists.pop(indent, None)
            return written
        first, last = self._lists.get(indent, ("", 0))
        value = last + 1 if first == written else int(digits[0])
        self._lists[indent] = written, value
        return written if first != written else f"{written[: digits.start()]}{value}{written[digits.end() :]}"

    def end(self) -> None:
        """End all lists, as text does that is not within an item."""
        self._lists.clear()


def item_numbers(document: Document) -> dict[int, str]:
    """Return the number of each item of a document's numbered lists, by where the item's block starts.

    >>> from index.types import Block
    >>> text = "1. Boil.\\n1. Pour."
    >>> blocks = (Block(3, 8, kind="list_item"), Block(12, 17, kind="list_item"))
    >>> item_numbers(Document(path="tea.md", text=text, blocks=blocks))
    {3: '1', 12: '2'}
    """
    numbers = ListNumbers()
    as_written = not is_markdown(document.path)
    found = {}
    for block in document.blocks:
        before = document.text[max(block.start - _MAX_MARKER, 0) : block.start]
        marked = _MARKER.search(before) if block.kind == "list_item" else None
        if marked:
            found[block.start] = marked[2] if as_written else numbers.number(len(marked[1]), marked[2])
        elif block.level or (block.kind != "list_item" and before[-1:] in ("", "\n")):
            numbers.end()
    return found
