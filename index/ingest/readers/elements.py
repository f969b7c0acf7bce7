"""Put the elements that a reader yields together as a document's text, blocks and pages (pure)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import KW_ONLY, dataclass

from index.types import Block, BlockKind, Counts, Pages


@dataclass(frozen=True, slots=True)
class Element:
    """A heading (level 1 and up) or a paragraph, list item, table row and the like (level 0), as a person reads it.

    `page` is the number of the page, slide, row or chapter on which it begins, if the file has such. A page without
    text has one element without text. A `tight` element follows the one before without a blank line, as an item of a
    list does. `is_ocr` marks text recognised by OCR, which may contain errors. An element without text may say what the
    reader has `left_out` at its place, such as "running head".
    """

    text: str
    _: KW_ONLY
    level: int = 0
    page: int | None = None
    tight: bool = False
    is_ocr: bool = False
    kind: BlockKind = "paragraph"
    left_out: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssembledText:
    """A document's text, the range of each element, where each page begins, and the pages recognised by OCR.

    `left_out` counts what the reader has left out.
    """

    text: str
    blocks: tuple[Block, ...] = ()
    pages: Pages = ()
    ocr_pages: tuple[int, ...] = ()
    left_out: Counts = ()


def assemble(elements: Iterable[Element]) -> AssembledText:
    """Join elements with line ends, and record where each of them stands.

    >>> found = assemble([Element("Tea", level=1), Element("Steep it.", page=1), Element("Pour it.", page=2)])
    >>> found.text, found.blocks[0], found.pages
    ('Tea\\n\\nSteep it.\\n\\nPour it.', Block(start=0, end=3, level=1, kind='heading'), ((5, 1), (16, 2)))
    """
    parts: list[str] = []
    blocks: list[Block] = []
    pages: list[tuple[int, int]] = []
    ocr_pages: dict[int, None] = {}
    left_out: Counter[str] = Counter()
    position = 0
    for element in _counted(elements, left_out):
        text = element.text.strip()
        if text and parts:
            parts.append("\n" if element.tight else "\n\n")
            position += len(parts[-1])
        if element.page is not None and (not pages or pages[-1][1] != element.page):
            pages.append((position, element.page))
        if element.is_ocr and element.page is not None:
            ocr_pages[element.page] = None
        if text:
            parts.append(text)
            kind = "heading" if element.level else element.kind
            blocks.append(Block(position, position + len(text), element.level, kind))
            position += len(text)
    return AssembledText(
        text="".join(parts),
        blocks=tuple(blocks),
        pages=tuple(pages),
        ocr_pages=tuple(ocr_pages),
        left_out=tuple(left_out.items()),
    )


def _counted(elements: Iterable[Element], left_out: Counter[str]) -> Iterator[Element]:
    """Yield the elements of the text, and count the others."""
    for element in elements:
        if element.left_out:
            left_out[element.left_out] += 1
        else:
            yield element
