import os

import pytest

from index.errors import ReadingError, SourcesError
from index.ingest.limits import Limits
from index.ingest.scan import IGNORE_FILE, read_bytes, scan


def test_hidden_files_are_passed_over_and_others_skipped_with_a_reason(folder):
    (folder / ".hidden.md").write_text("secret")
    (folder / ".git").mkdir()
    (folder / ".git" / "a.md").write_text("secret")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / "link.md").symlink_to("/etc/hostname")
    (folder / "linked").symlink_to("/etc")
    (folder / "deep").mkdir()
    (folder / "deep" / "Notes.TXT").write_text("Notes.")
    os.mkfifo(folder / "pipe.txt")
    found = scan(folder)
    assert list(found.files) == ["coffee.txt", "deep/Notes.TXT", "tea.md"]
    assert found.skipped == {
        "link.md": "link.md is skipped because it is a symbolic link: put the file itself in the folder.",
        "linked": "linked is skipped because it is a symbolic link: put the file itself in the folder.",
        "picture.png": "picture.png is skipped because .png files are not read.",
        "pipe.txt": "pipe.txt is skipped because it is not an ordinary file.",
    }


def test_what_the_ignore_file_names_is_not_there(folder):
    (folder / "drafts").mkdir()
    for name in ("drafts/a.md", "b.bak.md", "c.md"):
        (folder / name).write_text("Tea.")
    (folder / IGNORE_FILE).write_text("# not these\ndrafts/\n*.bak.md\ntea.md\n")
    assert (list(scan(folder).files), scan(folder).skipped) == (["c.md", "coffee.txt"], {})


@pytest.mark.parametrize("name", ["a\nb.md", "a\x1bb.md", "a\u202eb.md", "a\u200bb.md", os.fsdecode(b"a\xffb.md")])
def test_a_name_that_cannot_be_shown_is_skipped(folder, name):
    (folder / name).write_text("Tea.")
    found = scan(folder)
    assert list(found.files) == ["coffee.txt", "tea.md"]
    assert list(found.skipped.values()) == [
        "a�b.md is skipped because its name has characters that cannot be shown: rename it."
    ]


def test_a_name_of_250_bytes_is_read(folder):
    name = "é" * 123 + ".md"
    (folder / name).write_text("Tea.")
    assert name in scan(folder).files and read_bytes(folder, name) == b"Tea."


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_listed_is_said(folder):
    (folder / "locked").mkdir(mode=0)
    assert scan(folder).skipped == {"locked/": "locked/ cannot be listed (Permission denied): check its permissions."}


def test_a_missing_folder_is_said(tmp_path):
    with pytest.raises(SourcesError, match=r"There is no folder .*nowhere: create it, or name another"):
        scan(tmp_path / "nowhere")


def test_a_file_that_has_gone_is_said(folder):
    with pytest.raises(ReadingError, match=r"gone\.md cannot be opened \(No such file or directory\)"):
        read_bytes(folder, "gone.md")


def test_a_file_that_became_a_link_or_a_pipe_is_not_opened(folder):
    (folder / "link.md").symlink_to("/etc/hostname")
    os.mkfifo(folder / "pipe.md")
    with pytest.raises(ReadingError, match=r"^link\.md cannot be opened"):
        read_bytes(folder, "link.md")
    with pytest.raises(ReadingError, match=r"^pipe\.md cannot be opened \(it is not an ordinary file\)"):
        read_bytes(folder, "pipe.md")


def test_a_file_over_the_limit_is_said(folder):
    (folder / "big.md").write_bytes(b"x" * (2**20 + 1))
    with pytest.raises(ReadingError, match=r"^big\.md is larger than 1 MB: split it"):
        read_bytes(folder, "big.md", Limits(file_bytes=2**20))
