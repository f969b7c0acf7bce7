import os

from index.folder_size import folder_bytes


def test_the_files_of_a_folder_are_counted(tmp_path):
    (tmp_path / "one").write_bytes(b"123")
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "two").write_bytes(b"12345")
    (tmp_path / "link").symlink_to(tmp_path / "one")
    assert folder_bytes(tmp_path) == 3
    assert folder_bytes(tmp_path, recursive=True) == 8


def test_a_file_that_vanishes_meanwhile_counts_as_none_and_those_after_it_count(tmp_path, monkeypatch):
    (tmp_path / "kept").write_bytes(b"1234")
    monkeypatch.setattr(os, "walk", lambda folder: iter([(str(folder), [], ["footnote.db-shm", "kept"])]))
    assert folder_bytes(tmp_path) == 4


def test_a_folder_that_is_missing_has_none(tmp_path):
    assert folder_bytes(tmp_path / "missing") == 0
