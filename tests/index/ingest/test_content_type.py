import io
import zipfile

import pytest
from support.formats import FACTS, FORMATS

from index.errors import ReadingError
from index.ingest.content_type import suffix_by_content
from index.ingest.formats import read


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".pptx", ".xlsx", ".epub", ".rtf", ".html", ".txt"])
def test_a_file_without_a_suffix_is_read_as_what_it_is(suffix):
    make, _ = FORMATS[f"notes{suffix}"]
    content = make(FACTS)
    assert suffix_by_content(content) == suffix
    assert read("notes", content).text == read(f"notes{suffix}", content).text


def test_a_message_without_a_suffix_is_a_message():
    assert suffix_by_content(b"Received: from a\r\nSubject: Tea\r\n\r\nHot.") == ".eml"
    assert suffix_by_content(b"From: the tea board\n\nHot.") == ".txt"


def test_an_archive_of_something_else_is_refused():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("tea.bin", b"tea")
    with pytest.raises(ReadingError, match=r"^notes is in no format that is read: save it as PDF, or leave it out"):
        read("notes", made.getvalue())
