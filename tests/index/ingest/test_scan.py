import gzip
import io
import os
import tarfile
import unicodedata
import zipfile

import pytest
from support.memory import measured

from index.errors import ReadingError, SourcesError
from index.ingest import archive_files
from index.ingest.archive_reader import ArchiveReader
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


def test_what_systems_and_office_programs_leave_behind_is_not_there(folder):
    (folder / "__MACOSX").mkdir()
    for name in ("~$tea.docx", "desktop.ini", "Thumbs.db", ".DS_Store", "__MACOSX/tea.md"):
        (folder / name).write_text("x")
    assert (list(scan(folder).files), scan(folder).skipped) == (["coffee.txt", "tea.md"], {})


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_the_ignore_file_may_be_in_any_encoding(folder, encoding):
    (folder / "Entwürfe").mkdir()
    (folder / "Entwürfe" / "a.md").write_text("Tea.")
    (folder / IGNORE_FILE).write_bytes("Entwürfe/\ntea.md\n".encode(encoding))
    assert list(scan(folder).files) == ["coffee.txt"]


def test_an_ignore_file_that_cannot_be_read_is_an_error(folder):
    (folder / IGNORE_FILE).mkdir()
    with pytest.raises(SourcesError, match=r"footnoteignore cannot be read \(Is a directory\): correct it, or"):
        scan(folder)


def test_an_index_in_the_folder_and_its_trash_are_not_there(folder):
    (folder / "index" / "trash").mkdir(parents=True)
    (folder / "index" / "footnote.db").write_text("x")
    (folder / "index" / "trash" / "old.md").write_text("Tea.")
    assert list(scan(folder).files) == ["coffee.txt", "tea.md"]


def test_names_are_in_the_composed_form_and_their_files_are_found(folder):
    name = unicodedata.normalize("NFD", "Müller/Café.md")
    (folder / name).parent.mkdir()
    (folder / name).write_text("Tea.")
    path = unicodedata.normalize("NFC", name)
    assert path in scan(folder).files and path != name
    assert read_bytes(folder, path) == b"Tea."


def test_a_text_without_a_suffix_is_read_and_a_program_is_skipped(folder):
    (folder / "README").write_text("Steep it for two minutes.")
    (folder / "brew").write_bytes(b"\x7fELF\0\1\2")
    (folder / "report").write_bytes(b"%PDF-1.7\n\0\1\2")
    found = scan(folder)
    assert {"README", "report"} <= set(found.files)
    assert found.skipped == {"brew": "brew is skipped because files without a suffix are not read."}


def test_an_old_format_is_skipped_with_advice(folder):
    (folder / "tea.wpd").write_bytes(b"x")
    assert scan(folder).skipped == {"tea.wpd": "tea.wpd is skipped because .wpd files are not read: save it as .docx."}


def zipped(members):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return made.getvalue()


def tarred(members, mode):
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as archive:
        for name, text in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
    return made.getvalue()


MEMBERS = {
    "deep/a.md": "Green tea.",
    "b.exe": "x",
    "__MACOSX/a.md": "x",
    "../out.md": "x",
    "/etc/x.md": "x",
    ".h.md": "x",
}


@pytest.mark.parametrize(
    ("name", "content"),
    [("teas.zip", zipped(MEMBERS)), ("teas.tar", tarred(MEMBERS, "w")), ("teas.tar.gz", tarred(MEMBERS, "w:gz"))],
)
def test_an_archive_is_a_folder(folder, name, content):
    (folder / name).write_bytes(content)
    found = scan(folder)
    assert list(found.files) == ["coffee.txt", "tea.md", f"{name}/deep/a.md"]
    assert found.skipped == {f"{name}/b.exe": f"{name}/b.exe is skipped because .exe files are not read."}
    assert read_bytes(folder, f"{name}/deep/a.md") == b"Green tea."
    with pytest.raises(ReadingError, match=r"none\.md is no longer in its archive: build again"):
        read_bytes(folder, f"{name}/none.md")


def test_a_damaged_encrypted_or_exploding_archive_is_skipped_with_a_reason(folder):
    (folder / "bad.zip").write_bytes(b"no zip")
    encrypted = bytearray(zipped({"a.md": "Tea."}))
    encrypted[encrypted.index(b"PK\1\2") + 8] |= 1
    (folder / "secret.zip").write_bytes(encrypted)
    (folder / "bomb.zip").write_bytes(zipped({"a.md": "x" * 3_000_000}))
    found = scan(folder, Limits(unpacked_bytes=1_000_000))
    assert found.skipped == {
        "bad.zip": "bad.zip is damaged (File is not a zip file): save it again.",
        "secret.zip": "secret.zip is encrypted: unpack it.",
        "bomb.zip": "bomb.zip unpacks to more than 1,000,000 bytes: split it.",
    }
    with pytest.raises(ReadingError, match=r"bomb\.zip/a\.md is larger than 0 MB: split it"):
        read_bytes(folder, "bomb.zip/a.md", Limits(file_bytes=1000))


def test_a_folder_named_like_an_archive_is_a_folder(folder):
    (folder / "a.zip").mkdir()
    (folder / "a.zip" / "tea.md").write_text("Tea.")
    assert "a.zip/tea.md" in scan(folder).files and read_bytes(folder, "a.zip/tea.md") == b"Tea."


def with_long_header(names):
    """A .tar.gz with one file, whose header has an attribute of so many characters."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz", format=tarfile.PAX_FORMAT) as archive:
        entry = tarfile.TarInfo("tea.md")
        entry.pax_headers = {"comment": "x" * names}
        archive.addfile(entry)
    return made.getvalue()


TOO_LONG = "has too long a list of its files: split it."


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("many.zip", lambda: zipped(dict.fromkeys(map("{:060}".format, range(85_000)), "")), TOO_LONG),
        ("header.tgz", lambda: with_long_header(100_000_000), TOO_LONG),
        (
            "bomb.tgz",
            lambda: tarred({"a.md": "x" * 50_000_000, "b.md": "x"}, "w:gz"),
            "unpacks to more than 40,000,000 bytes: split it.",
        ),
    ],
)
def test_an_archive_takes_little_memory_whatever_its_list_claims(folder, name, content, reason):
    (folder / name).write_bytes(content())
    with measured() as memory:
        found = scan(folder, Limits(unpacked_bytes=40_000_000))
    assert found.skipped == {name: f"{name} {reason}"}
    assert memory.peak_mb < 60


def test_a_file_of_a_large_packed_archive_takes_the_memory_of_that_file(folder):
    (folder / "teas.tgz").write_bytes(tarred({"a.md": "x" * 50_000_000, "b.md": "Green tea."}, "w:gz"))
    with measured() as memory:
        assert read_bytes(folder, "teas.tgz/b.md") == b"Green tea."
    assert memory.peak_mb < 5


def test_many_files_of_an_archive_are_read_with_one_look_at_its_list(folder, monkeypatch):
    names = [f"{number}.md" for number in range(20)]
    (folder / "teas.zip").write_bytes(zipped({name: f"Tea {name}." for name in names}))
    (folder / "teas.tgz").write_bytes(tarred({name: f"Tea {name}." for name in names}, "w:gz"))
    opened = []
    for module, function in ((zipfile, "ZipFile"), (tarfile, "open"), (gzip, "open")):
        real = getattr(module, function)
        monkeypatch.setattr(
            module, function, lambda *args, real=real, **named: opened.append(1) or real(*args, **named)
        )
    with ArchiveReader() as archives:
        for archive in ("teas.tgz", "teas.zip"):
            for name in reversed(names):
                assert read_bytes(folder, f"{archive}/{name}", archives=archives) == f"Tea {name}.".encode()
        assert len(opened) == 3
        (folder / "teas.zip").write_bytes(zipped({"1.md": "Another tea."}))
        assert read_bytes(folder, "teas.zip/1.md", archives=archives) == b"Another tea."


def test_the_archives_of_a_folder_hold_so_many_files(folder, monkeypatch):
    monkeypatch.setattr("index.ingest.scan.MAX_LISTED", 5)
    for name in ("a.zip", "b.zip", "c.zip"):
        (folder / name).write_bytes(zipped(dict.fromkeys(("1.md", "2.md"), "Tea.")))
    found = scan(folder)
    assert [path for path in found.files if ".zip" in path] == ["a.zip/1.md", "a.zip/2.md", "b.zip/1.md", "b.zip/2.md"]
    assert found.skipped == {"c.zip": "c.zip is skipped because the archives hold more than 5 files: unpack it."}


def test_lists_of_archives_in_memory_are_limited(folder, monkeypatch):
    monkeypatch.setattr("index.ingest.archive_files.MAX_LISTED", 5)
    for version in range(4):
        (folder / f"{version}.zip").write_bytes(zipped(dict.fromkeys(("1.md", f"{version}.md"), "Tea.")))
        assert f"{version}.zip/{version}.md" in scan(folder).files
        assert sum(len(listed.files) for listed in archive_files._LISTED.values()) <= 5
