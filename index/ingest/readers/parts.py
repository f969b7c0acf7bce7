"""Read files within a file, such as the attachments of a message, each with the reader for its format."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from index.errors import ReadingError
from index.ingest.readers.elements import Element
from index.types import Block

# Reads a file by its name and bytes; None if no reader reads its format. May raise a ReadingError.
PartReader = Callable[[str, bytes], list[Element] | None]
_MAX_LEVEL = 9


def part_elements(name: str, content: bytes, level: int, read_part: PartReader) -> Iterator[Element]:
    """Yield the name of a part as a heading and its elements below it, or one line that says why it is not read.

    A part in a format that no reader reads yields nothing.
    """
    try:
        found = read_part(name, content)
    except ReadingError as error:
        yield Element(f"{name} is not read: it {error}")
        return
    if found is None:
        return
    yield Element(name, level=min(level, _MAX_LEVEL))
    for element in found:
        deeper = min(element.level + level, _MAX_LEVEL) if element.level else 0
        yield replace(element, level=deeper, page=None)


def block_elements(text: str, blocks: Sequence[Block]) -> Iterator[Element]:
    """Yield the blocks of a text as elements.

    >>> [element.text for element in block_elements("Tea\\n\\nSteep it.", (Block(0, 3, 1), Block(5, 14)))]
    ['Tea', 'Steep it.']
    """
    end = 0
    for block in blocks:
        tight = bool(end) and not block.level and text.count("\n", end, block.start) < 2
        kind = "paragraph" if block.level else block.kind
        yield Element(text[block.start : block.end], level=block.level, tight=tight, kind=kind)
        end = block.end
