"""What readers find in files, put together as a document's text, blocks and pages (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass

from index.types import Block, Pages


@dataclass(frozen=True, slots=True)
class Piece:
    """A heading (level 1 and up) or a paragraph, list item or table row (level 0), as a person would read it.

    `page` is the number of the page, slide, row or chapter that it begins on, where there are such. A page that holds
    no text has one piece, without text. A `tight` piece goes with the one before, as an item of a list does. Text that
    was made out in a picture is `recognised`, and may be wrong.
    """

    text: str
    level: int = 0
    page: int | None = None
    tight: bool = False
    is_ocr: bool = False


def assemble(pieces: Iterable[Piece]) -> tuple[str, tuple[Block, ...], Pages, tuple[int, ...]]:
    """The text of pieces, the range of each, where each page begins with its number, and the pages recognised.

    >>> assemble([Piece("Tea", 1, 1), Piece("Steep it.", 0, 1), Piece("Pour it.", 0, 2, tight=True)])
    ('Tea\\n\\nSteep it.\\nPour it.', (Block(start=0, end=3, level=1), Block(start=5, end=14, level=0), \
Block(start=15, end=23, level=0)), ((0, 1), (15, 2)), ())
    """
    parts: list[str] = []
    blocks: list[Block] = []
    pages: list[tuple[int, int]] = []
    recognised: dict[int, None] = {}
    position = 0
    for piece in pieces:
        text = piece.text.strip()
        if text and parts:
            parts.append("\n" if piece.tight else "\n\n")
            position += len(parts[-1])
        if piece.page is not None and (not pages or pages[-1][1] != piece.page):
            pages.append((position, piece.page))
        if piece.is_ocr and piece.page is not None:
            recognised[piece.page] = None
        if text:
            parts.append(text)
            blocks.append(Block(position, position + len(text), piece.level))
            position += len(text)
    return "".join(parts), tuple(blocks), tuple(pages), tuple(recognised)
