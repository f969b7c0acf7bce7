import pytest

from index.errors import ReadingError, SourcesError
from index.reading import read, read_bytes, scan


def test_hidden_files_links_and_other_kinds_are_passed_over(folder):
    (folder / ".hidden.md").write_text("secret")
    (folder / ".git").mkdir()
    (folder / ".git" / "a.md").write_text("secret")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / "link.md").symlink_to("/etc/hostname")
    (folder / "deep").mkdir()
    (folder / "deep" / "Notes.TXT").write_text("Notes.")
    assert list(scan(folder)) == ["coffee.txt", "deep/Notes.TXT", "tea.md"]


def test_a_missing_folder_is_said(tmp_path):
    with pytest.raises(SourcesError, match=r"There is no folder .*nowhere: make it, or name another"):
        scan(tmp_path / "nowhere")


def test_the_text_is_the_file_decoded_byte_order_mark_and_line_ends_included():
    document = read("a.md", "\ufeff# Tea\r\n\r\nSteep it.\r\n".encode())
    assert document.text == "\ufeff# Tea\r\n\r\nSteep it.\r\n"
    assert [document.text[block.start : block.end] for block in document.blocks] == ["Tea", "Steep it."]
    assert document.title == "Tea"


def test_what_is_not_utf8_is_refused_with_its_place():
    with pytest.raises(ReadingError, match=r"a\.txt is not UTF-8 text \(byte 4\): save it as UTF-8"):
        read("a.txt", b"caf \xe9")


def test_what_holds_nul_is_not_text():
    with pytest.raises(ReadingError, match=r"a\.txt holds NUL characters"):
        read("a.txt", b"a\0b")


def test_a_file_that_has_gone_is_said(folder):
    with pytest.raises(ReadingError, match=r"gone\.md cannot be opened \(No such file or directory\)"):
        read_bytes(folder, "gone.md")
