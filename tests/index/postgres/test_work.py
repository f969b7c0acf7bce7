import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from support.fakes import FakeEncoder

from index.__main__ import main
from index.build import Report, build
from index.errors import IndexUnusableError
from index.store.embedded import index_of
from index.verify import verify
from index.worker import WAITING, work

# A worker that takes a while for each passage.
SLOW_WORKER = """
import sys, time
from support.fakes import FakeEncoder
from index.location import database
from index.worker import work

class SlowEncoder(FakeEncoder):
    def encode_passages(self, passages):
        for encoded in super().encode_passages(passages):
            time.sleep(0.05)
            yield encoded

for step in work(database(sys.argv[1]), SlowEncoder()):
    print(step.stage, step.done, flush=True)
"""


@pytest.fixture(autouse=True)
def often(monkeypatch, read_here):
    monkeypatch.setattr("index.worker.POLL_SECONDS", 0.05)
    monkeypatch.setattr("index.postgres.work.CLAIMED", 64)


@pytest.fixture
def many(folder):
    for number in range(300):
        (folder / f"{number}.md").write_text(f"Note {number} is of tea.")
    return folder


class Waiting(FakeEncoder):
    """Encodes its first passage once it may."""

    def __init__(self, gate: threading.Event) -> None:
        super().__init__()
        self._gate = gate

    def encode_passages(self, passages):
        assert self._gate.wait(60)
        return super().encode_passages(passages)


def test_a_worker_encodes_what_a_build_of_another_process_queues(database, many):
    claimed, has_worked, worker = threading.Event(), threading.Event(), FakeEncoder()

    def run_worker():
        for step in work(database, worker):
            if step.stage != WAITING and step.done >= 100:
                break
        has_worked.set()

    thread = threading.Thread(target=run_worker)
    thread.start()
    # The build holds its first claim until the worker has encoded a hundred of the rest.
    steps = build(many, database, Waiting(has_worked))
    *_, report = steps
    thread.join(60)
    claimed.set()
    assert isinstance(report, Report)
    assert (report.documents, report.passages, report.embedded) == (302, 303, 303)
    assert len(worker.encoded) >= 100
    with database.open() as store:
        assert verify(store, many) == []


def test_a_worker_of_another_model_says_so(database, many):
    build_steps = build(many, database, FakeEncoder())
    for step in build_steps:
        if step.stage == "Embedding":
            break
    other = work(database, FakeEncoder("other", "g" * 8))
    with pytest.raises(IndexUnusableError, match=r"The build uses the model fake with other weights than other here"):
        next(other)
    build_steps.close()


def test_a_worker_waits_while_there_is_no_index(database):
    steps = work(database, FakeEncoder())
    assert [next(steps).stage, next(steps).stage] == [WAITING, WAITING]
    steps.close()


def test_a_folder_has_no_workers(folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("index.embed.encoder.load_encoder", lambda name, cache: FakeEncoder())
    with pytest.raises(IndexUnusableError, match=r"is a folder, which workers with fake cannot share: name a database"):
        next(work(index_of(tmp_path / "index"), FakeEncoder()))
    assert main(["build", "--worker", "--index", str(tmp_path / "index")]) == 1
    assert "is a folder, which workers" in capsys.readouterr().err


@pytest.mark.slow
def test_the_share_of_a_killed_worker_is_taken_over(database, many):
    tests = Path(__file__).parents[2]
    paths = f"{tests.parent}{os.pathsep}{tests}"
    worker = subprocess.Popen(
        [sys.executable, "-c", SLOW_WORKER, database.url],
        env={**os.environ, "PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert worker.stdout.readline() == "Waiting 0\n"
        has_claimed = threading.Event()

        def kill_at_its_first_passage():
            for line in worker.stdout:
                if line.startswith("Embedding"):
                    has_claimed.set()
                    time.sleep(0.2)
                    os.kill(worker.pid, signal.SIGKILL)
                    return

        thread = threading.Thread(target=kill_at_its_first_passage)
        thread.start()
        encoder = Waiting(has_claimed)
        *_, report = build(many, database, encoder)
        thread.join(60)
    finally:
        worker.kill()
        worker.wait(30)
    assert (report.documents, report.embedded) == (302, 303)
    assert len(set(encoder.encoded)) == 303  # the worker saved nothing
    with database.open() as store:
        assert verify(store, many) == []
