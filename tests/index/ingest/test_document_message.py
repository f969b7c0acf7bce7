from support.memory import measured

from index.ingest.document_message import to_document, to_message
from index.types import Block, Document

BLOCKS = 20_000


def test_every_field_comes_out_as_it_is():
    document = Document(
        path="a/tea.pdf",
        text="Grün 茶 🍵 \ud800 Tea",
        sha256="ab",
        title="Tea",
        blocks=(Block(0, 4, 2, "heading"), Block(5, 6, 0, "table_row")),
        pages=((0, 1), (5, 2)),
        unit="slide",
        page_labels=("i", "1"),
        note="In part.",
        left_out=(("running head", 2),),
        ocr_pages=(2,),
        date="2026-01-02",
    )
    assert to_document(to_message(document)) == document


def test_many_blocks_take_little_more_memory_than_they_are():
    message = to_message(Document(path="a", text="", blocks=tuple(Block(n, n + 1) for n in range(BLOCKS))))
    with measured() as alone:
        blocks = tuple(Block(n, n + 1) for n in range(BLOCKS))
    with measured() as memory:
        assert to_document(message).blocks == blocks
    assert memory.peak_mb < 1.2 * alone.peak_mb
