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
