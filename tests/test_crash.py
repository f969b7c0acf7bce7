"""A builder that is killed at any moment leaves a whole index, which is read meanwhile and completed by the next."""

import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from conftest import FakeEncoder

from index.building import build
from index.derived import derive
from index.searching import Searcher
from index.store import Store
from index.verifying import verify

BUILD = """
import sys
from pathlib import Path
from conftest import FakeEncoder
from index.building import build
print("ready", flush=True)
sys.stdin.readline()
for _ in build(Path(sys.argv[1]), Path(sys.argv[2]), FakeEncoder()):
    pass
"""
WORDS = "green black white tea coffee cocoa milk water sugar leaf kettle cup pot spoon".split()


def change(folder, chance):
    """Some files are added, edited, deleted and renamed."""
    for _ in range(chance.randrange(1, 5)):
        files = sorted(folder.glob("*.md"))
        path, name = chance.choice(files), folder / f"{chance.randrange(10**6)}.md"
        match chance.choice(("add", "add", "edit", "delete", "rename")):
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
        derived = derive(store)
        passages = store.passages(derived.owners.tolist())
        rows = {number: derived.vectors.rows[derived.owners == number].tobytes() for number in passages}
    return sorted((p.path, p.copies, p.start, p.end, p.text, p.section, rows[n]) for n, p in passages.items())


def fresh(folder, index):
    list(build(folder, index, FakeEncoder()))
    return held(index)


def kill_builders(folder, index, scratch, times, seed):
    """Kill a builder so many times after changes to the folder; how often it was still at work."""
    chance = random.Random(seed)
    list(build(folder, index, FakeEncoder()))
    before, wrong, stop = held(index), [], threading.Event()

    def read():
        searcher = Searcher(index, FakeEncoder())
        while not stop.is_set():
            try:
                searcher.search("green tea in a cup", 3)
            except Exception as error:
                wrong.append(repr(error))

    reader = threading.Thread(target=read)
    reader.start()
    killed = 0
    try:
        for number in range(times):
            change(folder, chance)
            command = [sys.executable, "-c", BUILD, str(folder), str(index)]
            with subprocess.Popen(
                command, cwd=Path(__file__).parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            ) as builder:
                builder.stdout.readline()
                builder.stdin.write(b"\n")
                builder.stdin.flush()
                time.sleep(chance.random() * 0.3)
                builder.kill()
                killed += builder.wait() == -signal.SIGKILL
            after = fresh(folder, scratch / str(number))
            now = held(index)
            assert now in (before, after), f"round {number}: neither the old index nor the new one"
            with Store.open(index) as store:
                assert [
                    found for found in verify(store, folder) if "changed since" not in found and "but" not in found
                ] == []
            before = now
    finally:
        stop.set()
        reader.join()
    assert wrong == []
    assert fresh(folder, index) == fresh(folder, scratch / "last")
    return killed


def test_a_killed_builder_leaves_a_whole_index(folder, index, tmp_path):
    assert kill_builders(folder, index, tmp_path, 25, seed=1) >= 8


@pytest.mark.slow
def test_hundreds_of_killed_builders_leave_a_whole_index(folder, index, tmp_path):
    assert kill_builders(folder, index, tmp_path, 300, seed=2) >= 100
