"""Builders that are killed at any moment."""

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from index.build import build
from index.search.searcher import Searcher
from index.store.embedded import index_of
from index.store.store import Store
from index.store.vector_cache import load
from index.verify import verify
from support.fakes import FakeEncoder
from support.faults import failing

SERVER = """
import os
import sys
from pathlib import Path
import index.build
import index.ingest.readers.markdown
from support.fakes import FakeEncoder, ReadHere
from support.faults import failing
index.build.Parser = ReadHere
folder, place = map(Path, sys.argv[1:])
print("ready", flush=True)
for line in sys.stdin:
    how, number = line.split()
    builder = os.fork()
    if not builder:
        try:
            with failing(place) as disk:
                disk.fails = lambda at: at == int(number) and os.kill(os.getpid(), 9)
                list(index.build.build(folder, place, FakeEncoder(), how == "full"))
            os._exit(0)
        finally:
            os._exit(1)
    print(builder, flush=True)
    sys.stdin.readline()
    print(os.waitpid(builder, 0)[1], flush=True)
"""
MAX_SECONDS = 0.3  # a little more than a build takes
WORDS = "green black white tea coffee cocoa milk water sugar leaf kettle cup pot spoon".split()


def change(folder, chance):
    """Some files are added, unless there are many, edited, deleted and renamed."""
    for _ in range(chance.randrange(1, 5)):
        files = sorted(folder.glob("*.md"))
        path, name = chance.choice(files), folder / f"{chance.randrange(10**6)}.md"
        match chance.choice(("edit", "delete", "rename", *["add"] * 2 * (len(files) < 12))):
            case "add":
                name.write_text(text(chance))
            case "edit":
                path.write_text(path.read_text() + text(chance))
            case "delete" if len(files) > 3:
                path.unlink()
            case "rename":
                path.rename(name)


def text(chance):
    return "".join(f"# {word}\n\n{' '.join(chance.choices(WORDS, k=8))}.\n\n" for word in chance.choices(WORDS, k=9))


def held(index):
    """All that an index holds: each passage with its place and vectors."""
    with Store.open(index) as store, store.snapshot():
        snapshot = load(store)
        passages = store.passages(snapshot.owners.tolist())
        rows = {number: snapshot.vectors.rows[snapshot.owners == number].tobytes() for number in passages}
    return sorted((p.path, p.copies, p.start, p.end, p.text, p.section, rows[n]) for n, p in passages.items())


def fresh(folder, index):
    list(build(folder, index, FakeEncoder()))
    return held(index)


class Builders:
    """Starts builders by fork from a process that has imported all that they need, and searched nothing."""

    def __init__(self, folder, index):
        tests = Path(__file__).parents[1]
        self._server = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(folder), str(index)],
            cwd=tests.parent,
            env={**os.environ, "PYTHONPATH": f"{tests.parent}{os.pathsep}{tests}"},
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._server.stdout.readline() == "ready\n"

    def kill_one(self, how, write, seconds):
        """Start a full build or an update, and kill it at one of its writes, or after some time if `write` is 0.

        Return whether it was killed before its end.
        """
        builder = int(self._say(f"{how} {write}"))
        if not write:
            time.sleep(seconds)
            os.kill(builder, signal.SIGKILL)  # until it is waited for, its number is not given to another
        status = int(self._say("wait"))
        assert status in (0, signal.SIGKILL), "the builder failed"
        return status != 0

    def _say(self, word):
        self._server.stdin.write(f"{word}\n")
        self._server.stdin.flush()
        return self._server.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._server.communicate()


def count_writes(folder, index, scratch, full):
    """Count the writes of a build, in a copy of its index."""
    with Store.open(index):  # while it is open, no reader tidies up
        shutil.copytree(index, scratch, ignore=shutil.ignore_patterns("*-shm"))
    with failing(scratch) as disk:
        list(build(folder, scratch, FakeEncoder(), full))
    shutil.rmtree(scratch)
    return len(disk.points)


def kill_builders(folder, index, scratch, times, seed):
    """Kill builders after changes to the folder: half of them at a random write, the others after a random time."""
    chance = random.Random(seed)
    list(build(folder, index, FakeEncoder()))
    before, wrong, stop = held(index), [], threading.Event()

    def read():
        searcher = Searcher(index, FakeEncoder())
        while not stop.wait(0.01):
            try:
                searcher.search("green tea in a cup", 3)
            except Exception as error:
                wrong.append(repr(error))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        with Builders(folder, index) as builders:
            for number in range(times):
                change(folder, chance)
                how = chance.choice(["full", *["changed"] * 5])
                if number % 2:
                    writes = count_writes(folder, index, scratch / "copy", how == "full")
                    # The last writes depend on readers, which keep SQLite from tidying up.
                    write = chance.randrange(1, writes)
                    killed = builders.kill_one(how, write, 0)
                    assert killed or write > writes // 2, f"round {number}: write {write} of {writes} never came"
                else:
                    builders.kill_one(how, 0, chance.random() * MAX_SECONDS)
                now = held(index)
                if now != before:
                    before = fresh(folder, scratch / "fresh")
                    shutil.rmtree(scratch / "fresh")
                assert now == before, f"round {number}: neither the old index nor the new one"
                with index_of(index).open() as store:
                    problems = verify(store, folder)
                assert [found for found in problems if "changed since" not in found and "but" not in found] == []
    finally:
        stop.set()
        reader.join()
    assert wrong == []
    assert fresh(folder, index) == fresh(folder, scratch / "last")
