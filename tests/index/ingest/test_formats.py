import gzip

import pytest

from index.errors import ReadingError
from index.ingest.formats import READERS, SUFFIXES, kind, read
from index.ingest.limits import Limits


def test_the_text_is_the_file_decoded_byte_order_mark_and_line_ends_included():
    document = read("a.md", "\ufeff# Tea\r\n\r\nSteep it.\r\n".encode())
    assert document.text == "\ufeff# Tea\r\n\r\nSteep it.\r\n"
    assert [document.text[block.start : block.end] for block in document.blocks] == ["Tea", "Steep it."]
    assert document.title == "Tea"


def test_what_is_not_text_is_refused():
    with pytest.raises(ReadingError, match=r"^a\.txt is not text: save it as UTF-8 text"):
        read("a.txt", b"a\0b")


def test_the_kind_is_told_by_the_name():
    assert [kind(path) for path in ("a/Tea.PDF", "tea.txt.gz", "tea.exe", "tea", "a.b/tea")] == [
        ".pdf",
        ".txt",
        None,
        None,
        None,
    ]


def test_no_suffix_has_two_readers():
    assert len(SUFFIXES) == sum(len(suffixes.split()) for suffixes in [reader.suffixes for reader in READERS])


def test_packed_text_is_read_and_a_bomb_is_not():
    document = read("tea.txt.gz", gzip.compress(b"Green tea steeps for two minutes."))
    assert document.text == "Green tea steeps for two minutes."
    with pytest.raises(ReadingError, match=r"^bomb\.txt\.gz unpacks to more than 1 MB"):
        read("bomb.txt.gz", gzip.compress(b" " * 3_000_000), Limits(file_bytes=2**20))
    with pytest.raises(ReadingError, match=r"^bad\.txt\.gz is damaged \(.*\): save it again"):
        read("bad.txt.gz", b"no gzip")


def test_more_text_than_the_limit_is_said():
    with pytest.raises(ReadingError, match=r"^a\.txt has more than 10 characters of text: split it"):
        read("a.txt", b"Tea " * 10, Limits(characters=10))
    with pytest.raises(ReadingError, match=r"^a\.html has more than 10 characters of text: split it"):
        read("a.html", b"<p>" + b"Tea " * 10, Limits(characters=10))
