"""Whatever write, sync or rename of a build fails, nothing published is lost and the next build completes it."""

import errno
import re
import shutil

import pytest
from support.crash import fresh, held
from support.fakes import FakeEncoder
from support.faults import failing

from index.build import build
from index.errors import FootnoteError
from index.store.embedded import index_of
from index.store.writer import IndexWriter
from index.verify import verify

DISK = (
    r"cannot be (read or )?written.*(make room and try again; nothing is lost|"
    r"check the disk, its room and permissions; nothing is lost|name another with --index)\.$"
)


class WriterOnDisk(IndexWriter):
    """Holds hardly anything of what is staged in memory, so that little is enough to be written."""

    def __init__(self, store):
        super().__init__(store)
        store.connection.execute("PRAGMA temp.cache_size = 1")


@pytest.fixture(autouse=True)
def small_steps(monkeypatch, read_here):
    monkeypatch.setattr("index.store.embedded.IndexWriter", WriterOnDisk)
    monkeypatch.setattr("index.embed_passages.SAVE_EVERY", 4)


@pytest.fixture(params=["first", "later", "full"])
def attempt(request, tmp_path):
    """Builds once on a disk whose points fail as said; returns the points and what went wrong."""
    folder, index, before = tmp_path / "sources", tmp_path / "index", tmp_path / "before"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.md").write_text(f"# Tea\n\nNote {number}.\n\n## Cups\n\nCup {number}. It is full.\n")
    if request.param != "first":
        list(build(folder, before, FakeEncoder()))
    (folder / "0.md").unlink()
    (folder / "1.md").rename(folder / "one.md")
    (folder / "2.md").write_text("# Coffee\n\nIt is hot.\n")
    (folder / "6.txt").write_text(f"{'long' * 50}. " * 40)
    for number in range(7, 12):
        (folder / f"{number}.md").write_text(f"Another note, number {number}.\n")
    states = [held(before) if before.exists() else [], fresh(folder, tmp_path / "after")]

    def run(fails, error):
        shutil.rmtree(index, ignore_errors=True)
        if before.exists():
            shutil.copytree(before, index)
        said = ""
        with failing(index) as disk:
            disk.fails, disk.error = fails, error
            try:
                list(build(folder, index, FakeEncoder(), full=request.param == "full"))
            except FootnoteError as problem:
                said = str(problem)
        try:
            now = held(index)
        except FootnoteError as problem:
            assert request.param == "first" and "There is no index" in str(problem)
            now = []
        assert now in states
        assert said or now == states[1]
        list(build(folder, index, FakeEncoder()))
        assert held(index) == states[1]
        with index_of(index).open() as store:
            assert verify(store, folder) == []
        return disk.points, said

    return run


def check(attempt, points, fails_at, error):
    """Have each of the points fail, and with it those that `fails_at` says."""
    for number in points:
        reached, said = attempt(fails_at(number), error)
        assert len(reached) >= number
        assert not said or re.search(DISK, said)


def once(number):
    return lambda at: at == number


def from_then_on(number):
    return lambda at: at >= number


def never(at):
    return False


def test_one_point_of_each_kind_fails(attempt):
    points, said = attempt(never, errno.EIO)
    assert said == ""
    kinds = [points.index(kind) + 1 for kind in dict.fromkeys(points)]
    check(attempt, kinds[::2], once, errno.ENOSPC)
    check(attempt, kinds[1::2], once, errno.EIO)


@pytest.mark.slow
@pytest.mark.parametrize(("fails_at", "error"), [(once, errno.ENOSPC), (once, errno.EIO), (from_then_on, errno.ENOSPC)])
def test_every_point_fails(attempt, fails_at, error):
    points, _ = attempt(never, error)
    check(attempt, range(1, len(points) + 1), fails_at, error)
