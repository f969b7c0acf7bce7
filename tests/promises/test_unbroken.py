"""An index goes on answering, or says in one sentence what to do, whatever has become of the place that it lies in."""

import os
import shutil
import sqlite3
import tempfile
import threading
import time
from pathlib import Path

import pytest
from support.crash import fresh, held
from support.fakes import FakeEncoder

from index.build import Report, build
from index.errors import IndexUnusableError
from index.search.searcher import Searcher
from index.store.connection import DATABASE_NAME
from index.store.embedded import index_of
from index.store.records import Difference
from index.verify import verify

NOBODY = 65534


@pytest.fixture
def read_only(folder, run, index):
    """An index in a folder that may not be written, by a user who may not write it."""
    run()
    place = Path(tempfile.mkdtemp())
    shutil.copytree(index, place / "index")
    shutil.copytree(folder, place / "sources")
    for path in [*place.rglob("*"), place]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    root = hasattr(os, "setresuid") and os.geteuid() == 0
    if root:
        os.setresuid(NOBODY, NOBODY, 0)
    try:
        if os.access(place / "index", os.W_OK):
            pytest.skip("this system lets everyone write")
        yield place
    finally:
        if root:
            os.setresuid(0, 0, 0)
        for path in [place, *place.rglob("*")]:
            path.chmod(0o755)
        shutil.rmtree(place)


def test_an_index_that_cannot_be_written_answers_and_is_verified(read_only, encoder):
    (hit,) = Searcher(read_only / "index", encoder).search("green tea", 1).hits
    assert hit.passage.text == "Green tea steeps for two minutes."
    with index_of(read_only / "index").open() as store:
        assert verify(store, read_only / "sources") == []


def test_a_build_of_an_index_that_cannot_be_written_says_so(read_only, encoder):
    for full in (False, True):
        with pytest.raises(IndexUnusableError, match=r"cannot be written to .* \(Permission denied\): name another"):
            list(build(read_only / "sources", read_only / "index", encoder, full))


def test_of_builders_at_once_one_builds_and_the_others_are_refused(folder, index, tmp_path, read_here):
    together = threading.Barrier(4)
    ends = []

    def build_together():
        together.wait()
        try:
            *_, report = build(folder, index, FakeEncoder())
            ends.append(report)
        except IndexUnusableError as error:
            ends.append(str(error))

    builders = [threading.Thread(target=build_together) for _ in range(4)]
    for builder in builders:
        builder.start()
    for builder in builders:
        builder.join()
    refused = f"Another build of {index} is running: try again when it is done."
    assert {end for end in ends if not isinstance(end, Report)} <= {refused}
    assert {end.generation for end in ends if isinstance(end, Report)} == {1}
    assert held(index) == fresh(folder, tmp_path / "fresh")


def test_a_file_of_an_earlier_time_and_an_index_of_a_later_one_are_compared_by_content(run, folder, index):
    run()
    with index_of(index).open() as store:
        store.connection.execute("UPDATE meta SET built_at = ?", (time.time() + 1e9,))
        store.update_checksum()
    (folder / "coffee.txt").write_text("Coffee comes from Yemen.")
    os.utime(folder / "coffee.txt", (0, 0))
    assert run().difference == Difference(edited=("coffee.txt",))
    with index_of(index).open() as store:
        assert store.describe().built_at < time.time() + 1
        assert verify(store, folder) == []


@pytest.mark.parametrize("of_footnote", [False, True])
def test_a_database_with_other_tables_is_replaced(run, folder, index, encoder, of_footnote):
    index.mkdir()
    with sqlite3.connect(index / DATABASE_NAME) as connection:
        connection.execute("CREATE TABLE meta (format INTEGER, splitting INTEGER, model TEXT)")
        connection.execute("INSERT INTO meta VALUES (6, 1, 'fake')")
        if not of_footnote:
            connection.execute("ALTER TABLE meta RENAME TO recipe")
    connection.close()
    problem = "was made by an older version" if of_footnote else "is damaged"
    with pytest.raises(IndexUnusableError, match=rf"The index in .* {problem}.*: run python -m index build.*\.$"):
        Searcher(index, encoder).search("tea", 1)
    assert run().generation == 1
    assert Searcher(index, encoder).search("green tea", 1).hits[0].passage.path == "tea.md"
