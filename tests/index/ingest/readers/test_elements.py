from index.ingest.readers.elements import Piece, assemble
from index.types import Block


def test_pieces_are_paragraphs_and_tight_ones_lines():
    text, blocks, pages, _ = assemble([Piece("Tea", 1), Piece(" One.\n"), Piece("Two.", tight=True), Piece("Three.")])
    assert text == "Tea\n\nOne.\nTwo.\n\nThree."
    assert [text[block.start : block.end] for block in blocks] == ["Tea", "One.", "Two.", "Three."]
    assert blocks[0] == Block(0, 3, 1) and pages == ()


def test_a_page_begins_where_its_first_piece_does():
    text, _, pages, _ = assemble([Piece("One.", page=1), Piece("More.", page=1), Piece("Two.", page=2)])
    assert [(text[start:][:4], number) for start, number in pages] == [("One.", 1), ("Two.", 2)]


def test_a_page_without_text_has_a_number_and_no_block():
    text, blocks, pages, _ = assemble([Piece("", page=1), Piece("Two.", page=2), Piece("", page=3), Piece("", page=4)])
    assert (text, blocks, pages) == ("Two.", (Block(0, 4),), ((0, 1), (0, 2), (4, 3), (4, 4)))
