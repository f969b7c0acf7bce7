"""Word and PowerPoint files of the years 1997 to 2003."""

import struct

import pytest
from support.elements import left_out, with_text
from support.legacy_office import deck, record, slide, text_records, word

from index.errors import ReadingError
from index.ingest.formats import read
from index.ingest.limits import Limits
from index.ingest.readers.elements import Element
from index.ingest.readers.office.doc import read_doc
from index.ingest.readers.office.ppt import read_ppt

IN_TABLE = struct.pack("<HB", 0x2416, 1)
ROW_END = IN_TABLE + struct.pack("<HB", 0x2417, 1)
LISTED = struct.pack("<HH", 0x460B, 1)
VANISHED_FIELD = "\x13 HYPERLINK https://a.example \x14"


def words(content):
    return with_text(read_doc(content, Limits()))


def slides(content):
    return with_text(read_ppt(content, Limits()))


def test_headings_paragraphs_and_items_of_a_word_file_are_read():
    content = word(("Tea\r", 1, b""), ("Green tea\r", 2, b""), ("Steep it.\r", 0, b""), ("Pour it.\r", 0, LISTED))
    assert words(content) == [
        Element("Tea", level=1),
        Element("Green tea", level=2),
        Element("Steep it."),
        Element("Pour it.", tight=True, kind="list_item"),
    ]


def test_powers_stay_raised_and_a_field_shows_its_result():
    content = word((f"See {VANISHED_FIELD}the guide\x15: 106 units.\r", 0, b""), raised="6")
    assert [element.text for element in words(content)] == ["See the guide: 10⁶ units."]


def test_the_rows_of_a_table_have_the_names_of_its_columns():
    rows = [("Tea", "Minutes"), ("Green", "2"), ("Black", "5")]
    cells = [part for row in rows for part in [*((f"{cell}\x07", 0, IN_TABLE) for cell in row), ("\x07", 0, ROW_END)]]
    assert [element.text for element in words(word(*cells, ("End.\r", 0, b"")))] == [
        "Tea: Green; Minutes: 2.",
        "Tea: Black; Minutes: 5.",
        "End.",
    ]


def test_comments_are_apart_from_the_text_and_contents_are_counted():
    content = word(("Tea 3\r", 19, b""), ("Tea is hot.\r", 0, b""), comments="Is it?\r")
    assert words(content) == [Element("Tea is hot."), Element("Comment: Is it?")]
    assert left_out(read_doc(content, Limits())) == {"line of contents": 1}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (word(("Tea\r", 0, b""), flags=0x0100), r"^tea\.doc is encrypted: save it without a password"),
        (word(("Tea\r", 0, b""), version=0x65), r"^tea\.doc is older than Word 97: save it as \.docx"),
        (deck(slide()), r"^tea\.doc is not a Word document: correct its file name suffix"),
        (b"Tea", r"^tea\.doc is damaged \(.*\): save it again"),
        (word(("Tea\r", 0, b""))[:2000], r"^tea\.doc is damaged \(.*\): save it again"),
    ],
)
def test_a_word_file_that_cannot_be_read_is_refused_with_the_reason(content, reason):
    with pytest.raises(ReadingError, match=reason):
        read("tea.doc", content)


def test_rtf_and_web_pages_that_are_called_doc_are_read_as_what_they_are():
    assert read("tea.doc", rb"{\rtf1 Steep it.}").text == "Steep it."
    assert read("tea.doc", b"<html><body><p>Steep it.</p></body></html>").text == "Steep it."


def test_titles_texts_notes_and_comments_of_slides_are_read_and_hidden_slides_counted():
    first = slide(text_records(1, "Green\rBlack"), text_records(0, "Teas"), notes=300, comment=("Ann", "Oolong?"))
    content = deck(first, slide(text_records(0, "Secret"), is_hidden=True), slide(), notes=text_records(2, "Smile."))
    assert slides(content) == [
        Element("Teas", level=1, page=1),
        Element("Green", page=1),
        Element("Black", page=1),
        Element("Comment (Ann): Oolong?", page=1),
        Element("Notes: Smile.", page=1),
        Element("", page=3),
    ]
    assert left_out(read_ppt(content, Limits())) == {"hidden slide": 1}


def test_a_shape_shows_its_text_of_the_outline():
    content = deck(
        slide(record(0x0F9E, struct.pack("<I", 1))), outline=text_records(0, "Teas") + text_records(1, "Hot.")
    )
    assert slides(content) == [Element("Hot.", page=1)]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (deck(slide(text_records(0, "Tea")), token=0xF3D1C4DF), r"^tea\.ppt is encrypted: save it without a password"),
        (deck(slide(text_records(0, "Tea")))[:1500], r"^tea\.ppt is damaged \(.*\): save it again"),
        (deck(slide()), r"^tea\.ppt holds no text"),
    ],
)
def test_a_deck_that_cannot_be_read_is_refused_with_the_reason(content, reason):
    with pytest.raises(ReadingError, match=reason):
        read("tea.ppt", content)
