import zipfile

import pytest

from index.errors import UploadError
from index.ingest.limits import Limits
from index.ingest.uploads import add, remove


@pytest.fixture
def upload(tmp_path):
    path = tmp_path / "upload"
    path.write_text("Cocoa is sweet.")
    return path


def test_a_file_is_added_whole(folder, upload):
    add(folder, "cocoa.txt", upload, Limits())
    assert (folder / "cocoa.txt").read_text() == "Cocoa is sweet."
    assert sorted(path.name for path in folder.iterdir()) == ["cocoa.txt", "coffee.txt", "tea.md"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../cocoa.txt", "not a plain file name"),
        ("/tmp/cocoa.txt", "not a plain file name"),
        ("a\\cocoa.txt", "not a plain file name"),
        ("C:cocoa.txt", "not a plain file name"),
        (".cocoa.txt", "not a plain file name"),
        ("..", "not a plain file name"),
        ("", "not a plain file name"),
        ("co\0coa.txt", "cannot be shown"),
        ("co\u202ecoa.txt", "cannot be shown"),
        ("é" * 120 + ".txt", "more than 200 bytes"),
        ("cocoa.exe", ".exe files are not supported"),
        ("photo.PNG", "photo.PNG was not added: images are not supported."),
        ("cocoa", "files without a suffix are not supported"),
    ],
)
def test_a_name_that_is_not_fit_is_refused(folder, upload, name, why):
    with pytest.raises(UploadError, match=why):
        add(folder, name, upload, Limits())
    assert sorted(path.name for path in folder.iterdir()) == ["coffee.txt", "tea.md"]


def test_a_file_that_is_too_large_is_refused(folder, upload):
    with pytest.raises(UploadError, match=r"cocoa.txt is larger than 0 MB: split it"):
        add(folder, "cocoa.txt", upload, Limits(file_bytes=5))


def test_a_file_is_replaced_only_where_that_is_chosen(folder, upload):
    with pytest.raises(UploadError, match=r"coffee.txt is in the folder already"):
        add(folder, "coffee.txt", upload, Limits())
    add(folder, "coffee.txt", upload, Limits(), replace=True)
    assert (folder / "coffee.txt").read_text() == "Cocoa is sweet."


def test_a_link_is_never_written_through(folder, upload, tmp_path):
    (tmp_path / "outside.txt").write_text("outside")
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    with pytest.raises(UploadError, match="not an ordinary file"):
        add(folder, "link.txt", upload, Limits(), replace=True)
    with pytest.raises(UploadError, match="not in the folder"):
        remove(folder, "link.txt", tmp_path / "trash")
    assert (tmp_path / "outside.txt").read_text() == "outside"


def test_a_removed_file_is_kept(folder, tmp_path):
    (folder / "deep").mkdir()
    (folder / "tea.md").rename(folder / "deep" / "tea.md")
    kept = remove(folder, "deep/tea.md", tmp_path / "trash")
    assert kept.name == "tea.md" and "Green tea" in kept.read_text()
    assert not (folder / "deep" / "tea.md").exists()


@pytest.mark.parametrize("path", ["../outside.txt", "none.txt", "", ".", "deep", "ABSOLUTE", "deep/../tea.md"])
def test_what_is_not_a_file_of_the_folder_is_not_removed(folder, tmp_path, path):
    (folder / "deep").mkdir()
    (tmp_path / "outside.txt").write_text("outside")
    with pytest.raises(UploadError, match="not in the folder"):
        remove(folder, path.replace("ABSOLUTE", str(tmp_path / "outside.txt")), tmp_path / "trash")
    assert (tmp_path / "outside.txt").exists() and (folder / "tea.md").exists()


def test_a_folder_that_cannot_be_written_is_said(tmp_path, upload):
    with pytest.raises(UploadError, match=r"cocoa.txt cannot be written to .* \(No such file or directory\)"):
        add(tmp_path / "none", "cocoa.txt", upload, Limits())


def test_an_archive_is_added_and_removed_as_a_whole(folder, tmp_path):
    upload = tmp_path / "upload.zip"
    with zipfile.ZipFile(upload, "w") as archive:
        archive.writestr("a.md", "Tea.")
    add(folder, "teas.zip", upload, Limits())
    with pytest.raises(UploadError, match=r"teas\.zip/a\.md is in an archive: remove the whole archive"):
        remove(folder, "teas.zip/a.md", tmp_path / "trash")
    assert remove(folder, "teas.zip", tmp_path / "trash").name == "teas.zip"
    assert not (folder / "teas.zip").exists()
