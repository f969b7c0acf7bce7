import os
import sqlite3
import threading

import pytest

from index.errors import IndexDamagedError
from index.freshness import FileHashes, Freshness
from index.ingest import scan
from index.search.searcher import Searcher
from index.store.connection import DATABASE_NAME
from index.store.store import Store

pytestmark = pytest.mark.stores

GREEN = "Green tea steeps for two minutes."


@pytest.fixture
def freshness(run, folder, index):
    run()
    return Freshness(folder, index)


@pytest.fixture
def opened(monkeypatch):
    """The paths that are opened below the folder from now on."""
    paths = []
    read = scan.read_bytes
    monkeypatch.setattr("index.freshness.read_bytes", lambda folder, path: paths.append(path) or read(folder, path))
    return paths


def test_a_quote_is_current_until_its_file_changes(freshness, folder):
    assert freshness.still_says("tea.md", GREEN)
    (folder / "tea.md").touch()
    assert freshness.still_says("tea.md", GREEN)
    (folder / "tea.md").write_text("Tea.")
    assert not freshness.still_says("tea.md", GREEN)
    (folder / "tea.md").unlink()
    assert not freshness.still_says("tea.md", GREEN)


def test_an_edit_that_keeps_size_and_time_is_stale(freshness, folder):
    path = folder / "tea.md"
    before = path.stat()
    path.write_text(path.read_text().replace("five", "nine"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not freshness.still_says("tea.md", GREEN)


def test_an_edit_that_keeps_size_and_time_is_stale_after_a_quote_too(freshness, folder):
    path = folder / "tea.md"
    before = path.stat()
    assert freshness.still_says("tea.md", GREEN)
    path.write_text(path.read_text().replace("five", "nine"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not freshness.still_says("tea.md", GREEN)


def test_a_file_is_hashed_once_until_it_changes(freshness, folder, opened):
    for _ in range(3):
        assert freshness.still_says("tea.md", GREEN)
    assert opened == ["tea.md"]
    (folder / "tea.md").touch()
    assert freshness.still_says("tea.md", GREEN)
    assert opened == ["tea.md", "tea.md"]


def test_what_is_no_file_of_the_same_size_is_not_opened(freshness, folder, opened):
    path = folder / "tea.md"
    size = path.stat().st_size
    path.unlink()
    os.mkfifo(path)
    asked = threading.Thread(target=lambda: freshness.still_says("tea.md", GREEN), daemon=True)
    asked.start()
    asked.join(60)
    assert not asked.is_alive()
    path.unlink()
    with path.open("wb") as file:
        file.truncate(3 * 2**30)
    assert not freshness.still_says("tea.md", GREEN)
    path.unlink()
    path.mkdir()
    assert not freshness.still_says("tea.md", GREEN)
    assert opened == [] and size != 3 * 2**30


@pytest.mark.parametrize("part", ["file", "folder"])
def test_a_link_is_not_followed(run, folder, index, opened, part):
    (folder / "deep").mkdir()
    (folder / "tea.md").rename(folder / "deep" / "tea.md")
    run()
    freshness = Freshness(folder, index)
    place = folder / "deep" / ("tea.md" if part == "file" else "")
    place.rename(folder.parent / "elsewhere")
    place.symlink_to(folder.parent / "elsewhere")
    assert (folder / "deep" / "tea.md").read_text().startswith("# Tea")
    assert not freshness.still_says("deep/tea.md", GREEN)
    assert opened == []


def test_a_folder_that_is_a_link_itself_is_no_problem(run, folder, index):
    run()
    (folder.parent / "link").symlink_to(folder)
    assert Freshness(folder.parent / "link", index).still_says("tea.md", GREEN)


@pytest.mark.folder_only
def test_the_cache_of_hashes_is_bounded(run, folder, index, monkeypatch):
    monkeypatch.setattr("index.freshness.MAX_CACHED_HASHES", 1)
    run()
    hashes = FileHashes(folder)
    with Store.open(index) as store:
        records = [store.file(path) for path in ("tea.md", "coffee.txt", "tea.md")]
    assert all(hashes.has_content(record) for record in records)
    assert len(hashes._hashes) == 1


@pytest.mark.folder_only
@pytest.mark.parametrize(
    ("table", "column", "old", "new"),
    [
        ("passage", "text", "Ethiopia", "Atlantis"),
        ("passage", "section", "[]", '["Cocoa"]'),
        ("passage", "sentences", "[[0,", "[[9,"),
        ("passage", "pages", "[]", "[[0, 7]]"),
    ],
)
def test_a_damaged_passage_is_never_quoted(run, index, encoder, table, column, old, new):
    run()
    searcher = Searcher(index, encoder)
    with sqlite3.connect(index / DATABASE_NAME) as connection:
        changed = connection.execute(f"UPDATE {table} SET {column} = replace({column}, ?, ?)", (old, new)).rowcount
    connection.close()
    assert changed
    with pytest.raises(IndexDamagedError, match=r"the checksum of a part of .* differs"):
        searcher.search("Where does coffee come from?", 3)


@pytest.mark.folder_only
def test_a_damaged_document_is_not_shown(run, index):
    run()
    with sqlite3.connect(index / DATABASE_NAME) as connection:
        connection.execute("UPDATE document SET text = replace(text, 'Ethiopia', 'Atlantis')")
    connection.close()
    with Store.open(index) as store:
        with pytest.raises(IndexDamagedError, match=r"the checksum of a part of coffee\.txt differs"):
            store.document("coffee.txt")
        assert store.document("tea.md").title == "Tea"


@pytest.mark.folder_only
def test_an_error_of_the_caller_stays_what_it_is(run, index):
    run()
    with pytest.raises(KeyError, match="mine"), Store.open(index) as store, store.snapshot():
        store.describe()
        raise KeyError("mine")
