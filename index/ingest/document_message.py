"""A document as a message: its text and blocks as bytes, the rest as named values.

As JSON, the blocks of a large document would take ten times the memory.
"""

from struct import Struct
from typing import get_args

from index.ingest.protocol import Message
from index.types import Block, BlockKind, Document

_BLOCK = Struct("<IIIB")  # start, end, level and kind
_KINDS: tuple[BlockKind, ...] = get_args(BlockKind)
_VALUES = "path sha256 title pages unit page_labels note left_out ocr_pages date".split()


def to_message(document: Document) -> Message:
    """Return the message of a document that was read."""
    text = document.text.encode("utf-8", "surrogatepass")
    blocks = bytearray(_BLOCK.size * len(document.blocks))
    for number, block in enumerate(document.blocks):
        kind = _KINDS.index(block.kind)
        _BLOCK.pack_into(blocks, number * _BLOCK.size, block.start, block.end, block.level, kind)
    values = {name: getattr(document, name) for name in _VALUES}
    return Message(values={**values, "text_bytes": len(text)}, content=text + blocks)


def to_document(message: Message) -> Document:
    """Return the document of a message.

    >>> document = Document(path="tea.md", text="# Tea", title="Tea", blocks=(Block(2, 5, 1, "heading"),))
    >>> to_document(to_message(document)) == document
    True

    Raises:
        KeyError, TypeError, ValueError, IndexError, struct.error: it is no message of a document.
    """
    values = dict(message.values)
    size, content = values.pop("text_bytes"), memoryview(message.content)
    if not 0 <= size <= len(content):
        raise ValueError(f"a text of {size} bytes")
    blocks = _BLOCK.iter_unpack(content[size:])
    return Document(
        **{
            **values,
            "text": str(content[:size], "utf-8", "surrogatepass"),
            "blocks": tuple(Block(start, end, level, _KINDS[kind]) for start, end, level, kind in blocks),
            "pages": tuple((start, number) for start, number in values["pages"]),
            "page_labels": tuple(values["page_labels"]),
            "left_out": tuple((what, number) for what, number in values["left_out"]),
            "ocr_pages": tuple(values["ocr_pages"]),
        }
    )
