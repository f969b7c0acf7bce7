import pytest

from index.atomic_write import atomic_write


def test_a_file_is_replaced_as_a_whole(tmp_path):
    target = tmp_path / "tea.txt"
    target.write_text("old")
    with atomic_write(target, mode=0o644) as file:
        file.write(b"new")
        assert target.read_text() == "old"
    assert target.read_text() == "new" and target.stat().st_mode & 0o777 == 0o644
    assert list(tmp_path.iterdir()) == [target]


def test_after_an_error_the_old_file_is_there_and_nothing_else(tmp_path):
    target = tmp_path / "tea.txt"
    target.write_text("old")
    with pytest.raises(ValueError, match="no more tea"), atomic_write(target) as file:
        file.write(b"half of")
        raise ValueError("no more tea")
    assert target.read_text() == "old" and list(tmp_path.iterdir()) == [target]


def test_a_missing_folder_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError, match="No such file"), atomic_write(tmp_path / "none" / "tea.txt"):
        pass
