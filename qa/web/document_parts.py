"""Divide a document into the parts that its view shows: headings, paragraphs, lists, tables and code."""

import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from markupsafe import Markup

from index.types import Block, BlockKind, Document, Span
from qa.formatting import line
from qa.lines import is_hard_wrapped
from qa.list_numbers import item_numbers
from qa.markup import PLAIN, is_markdown, style_of, visible
from qa.web.rich_text import Mark, Row, aligned, common_columns, highlight, row_of

PAGED = ("page", "slide", "chapter")
_MARKER = re.compile(r"[ \t]*(?:[•‣▪◦–·*+-]|(\d{1,3})[.)])[ \t]+(?=\S)")  # within an item
_NUMBER = re.compile(r"(?<!\d)(\d{1,3})[.)][ \t]+\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An item of a list, with its number if the list is numbered."""

    text: Markup
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Something to show: its text, its kind, its heading level (0 is none), and the page that begins with it.

    Its line ends have no meaning if it `is_wrapped`. A run of list items is one part with `items`, a run of table rows
    one with `rows` and the `header` above them.
    """

    number: int = 0
    kind: BlockKind
    text: Markup | str = ""
    level: int = 0
    heading: str = ""
    page: str = ""
    page_number: int = 0
    is_wrapped: bool = False
    items: tuple[Item, ...] = ()
    rows: tuple[Row, ...] = ()
    header: Row | None = None

    @property
    def tag(self) -> str:
        """The HTML element of the part."""
        if self.level:
            return f"h{min(self.level + 2, 6)}"
        if self.kind == "list_item":
            return "ol" if self.items[0].number else "ul"
        return {"code": "pre", "quote": "blockquote"}.get(self.kind, "p")

    @property
    def columns(self) -> tuple[Markup | str, ...]:
        """The names of the columns, if all rows have the same."""
        return self.header.cells if self.header else common_columns(self.rows)


def parts_of(document: Document, quote: Span | None) -> Iterator[Part]:
    """Divide a document into parts, with a quote highlighted."""
    pages = deque(document.pages if document.unit in PAGED else ())
    blocks = document.blocks or (Block(0, len(document.text)),)
    drawn = item_numbers(document) if is_markdown(document.path) else {}
    number = 0
    for run in _runs(document, blocks):
        page = _page_at(pages, run[0].start)
        part = _PARTS.get(run[0].kind, _text)(document, run, quote)
        name = f"{document.unit} {document.page_name(page)}" if page else ""
        items = tuple(
            replace(item, number=drawn.get(block.start, item.number))
            for item, block in zip(part.items, run, strict=False)
        )
        yield replace(part, items=items, number=number, page=name, page_number=page)
        number += len(run)


def _runs(document: Document, blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Put blocks that are shown together in one run: rows, items and lines of code, but not over the end of a page."""
    run = [blocks[0]]
    for before, block in pairwise(blocks):
        is_same = block.kind == before.kind and block.kind in _PARTS
        gap = document.text[before.end : block.start]
        is_apart = block.kind == "code" and bool(gap.strip())
        begins_page = document.unit in PAGED and document.page_at(block.start) != document.page_at(before.start)
        if (
            is_same
            and not is_apart
            and not begins_page
            and _is_numbered(document, before) == _is_numbered(document, block)
        ):
            run.append(block)
        else:
            yield run
            run = [block]
    yield run


def _text(document: Document, blocks: Sequence[Block], quote: Span | None) -> Part:
    (block,) = blocks
    heading = line(visible(document.text[block.start : block.end], document.path)) if block.level else ""
    return Part(
        kind=block.kind,
        text=_shown(document, block, quote),
        level=block.level,
        heading=heading,
        is_wrapped=is_hard_wrapped(document.text[block.start : block.end]),
    )


def _list(document: Document, blocks: Sequence[Block], quote: Span | None) -> Part:
    numbers = [_item_number(document, block) for block in blocks]
    if len(set(numbers)) == 1 and numbers[0].isdigit():  # Markdown counts on
        numbers = [str(int(numbers[0]) + more) for more in range(len(numbers))]
    items = [
        Item(text=_shown(document, _without_marker(document, block), quote), number=number)
        for block, number in zip(blocks, numbers, strict=True)
    ]
    return Part(kind="list_item", items=tuple(items))


def _table(document: Document, blocks: Sequence[Block], quote: Span | None) -> Part:
    texts = [document.text[block.start : block.end] for block in blocks]
    rows = [
        row_of(text, _marks(block, quote), style=style_of(text, document.path))
        for text, block in zip(texts, blocks, strict=True)
    ]
    rule = document.text[blocks[0].end : blocks[1].start] if len(blocks) > 1 else ""
    if ("-" in rule and "|" in rule) or (len(blocks) > 1 and "<th" in texts[0]):
        return Part(kind="table_row", rows=tuple(rows[1:]), header=rows[0])
    return Part(kind="table_row", rows=aligned(rows))


def _code(document: Document, blocks: Sequence[Block], quote: Span | None) -> Part:
    start = document.text.rfind("\n", 0, blocks[0].start) + 1
    whole = Block(start if not document.text[start : blocks[0].start].strip() else blocks[0].start, blocks[-1].end)
    text = highlight(document.text[whole.start : whole.end], _marks(whole, quote), style=PLAIN)
    return Part(kind="code", text=text)


_PARTS: dict[BlockKind, Callable[[Document, Sequence[Block], Span | None], Part]] = {
    "list_item": _list,
    "table_row": _table,
    "code": _code,
}


def _shown(document: Document, block: Block, quote: Span | None) -> Markup:
    text = document.text[block.start : block.end]
    return highlight(text, _marks(block, quote), style=style_of(text, document.path))


def _is_numbered(document: Document, block: Block) -> bool:
    return block.kind == "list_item" and bool(_item_number(document, block))


def _item_number(document: Document, block: Block) -> str:
    """Return the number that stands before an item of a list, or ""."""
    inside = _MARKER.match(document.text, block.start, block.end)
    before = _NUMBER.search(document.text, max(block.start - 8, 0), block.start)
    return (inside[1] or "") if inside else before[1] if before else ""


def _without_marker(document: Document, block: Block) -> Block:
    """Return an item without its own bullet or number, which the list shows."""
    inside = _MARKER.match(document.text, block.start, block.end)
    return replace(block, start=inside.end()) if inside else block


def _marks(block: Block, quote: Span | None) -> list[Mark]:
    return [Mark(start=quote[0] - block.start, end=quote[1] - block.start, kind="here")] if quote else []


def _page_at(pages: deque[tuple[int, int]], position: int) -> int:
    """Return the number of the page that begins at or before a position and was not returned yet, or 0."""
    page = 0
    while pages and pages[0][0] <= position:
        page = pages.popleft()[1]
    return page
