from index.ingest.readers.elements import AssembledText, Element, assemble
from index.types import Block


def test_elements_are_paragraphs_and_tight_ones_lines():
    found = assemble([Element("Tea", level=1), Element(" One.\n"), Element("Two.", tight=True), Element("Three.")])
    assert found.text == "Tea\n\nOne.\nTwo.\n\nThree."
    assert [found.text[block.start : block.end] for block in found.blocks] == ["Tea", "One.", "Two.", "Three."]
    assert found.blocks[0] == Block(0, 3, 1, "heading") and found.pages == ()


def test_a_block_keeps_the_kind_of_its_element():
    found = assemble([Element("tea = 1", kind="code"), Element("Green | 2", kind="table_row")])
    assert [block.kind for block in found.blocks] == ["code", "table_row"]


def test_a_page_begins_where_its_first_element_does():
    found = assemble([Element("One.", page=1), Element("More.", page=1), Element("Two.", page=2)])
    assert [(found.text[start:][:4], number) for start, number in found.pages] == [("One.", 1), ("Two.", 2)]


def test_a_page_without_text_has_a_number_and_no_block():
    found = assemble([Element("", page=1), Element("Two.", page=2), Element("", page=3), Element("", page=4)])
    assert found == AssembledText(text="Two.", blocks=(Block(0, 4),), pages=((0, 1), (0, 2), (4, 3), (4, 4)))


def test_the_pages_recognised_by_ocr_are_listed_once():
    found = assemble([Element("One.", page=1), Element("a", page=2, is_ocr=True), Element("b", page=2, is_ocr=True)])
    assert found.ocr_pages == (2,)
