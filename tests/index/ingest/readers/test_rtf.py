import pytest

from index.errors import ReadingError
from index.ingest.limits import Limits
from index.ingest.readers.rtf import read_rtf


def test_paragraphs_headings_and_rows_of_a_table_are_read():
    content = (
        rb"{\rtf1\ansi Tea\par\par Green tea of Z\'fcrich steeps for two minutes.\par \trowd Thun\cell 4821\cell\row }"
    )
    assert [(element.level, element.text) for element in read_rtf(content, Limits())] == [
        (1, "Tea"),
        (0, "Green tea of Zürich steeps for two minutes."),
        (0, "Thun | 4821"),
    ]


def test_another_kind_of_file_is_refused():
    with pytest.raises(ReadingError, match="is not a text in Rich Text Format: correct its file name suffix"):
        list(read_rtf(b"tea", Limits()))


def test_a_text_of_which_nothing_can_be_read_is_refused():
    with pytest.raises(ReadingError, match=r"holds no text that can be read: save it as \.docx"):
        list(read_rtf(rb"{\rtf1\ansi }", Limits()))


def test_powers_numbers_of_lists_notes_and_short_lines_are_read():
    content = rb"""{\rtf1\ansi Dose\par 10{\super 6} units per m{\fs20\super 2} of H{\sub 2}O, the 22{\super nd}.\par
{\listtext 1.\tab}Open it\par {\pntext\'b7\tab}gloves\par Signed{\super\footnote in May}\par}"""
    assert [(element.kind, element.text) for element in read_rtf(content, Limits())] == [
        ("paragraph", "Dose"),
        ("paragraph", "10⁶ units per m² of H₂O, the 22nd."),
        ("list_item", "1. Open it"),
        ("list_item", "gloves"),
        ("paragraph", "Signed [in May]"),
    ]


def test_the_first_row_names_the_columns_and_a_bar_in_a_text_ends_no_cell():
    rows = rb"\trowd Lake\cell Ducks\cell\row\trowd Thun\cell 4821\cell\row\trowd Zug\cell 7\cell\row"
    assert [
        element.text for element in read_rtf(rb"{\rtf1\ansi " + rows + rb"\pard Tea | milk, hot.\par}", Limits())
    ] == [
        "Lake: Thun; Ducks: 4821.",
        "Lake: Zug; Ducks: 7.",
        "Tea | milk, hot.",
    ]
