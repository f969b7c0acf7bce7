"""One index in PostgreSQL and many processes: builders and server processes that are killed, two app servers, two
workers and many askers."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from support.fakes import FakeEncoder
from support.postgres import PostgresServer
from support.served import app

from index.build import build
from index.errors import DatabaseUnreachableError, IndexUnusableError
from index.postgres.index import PostgresIndex
from index.search.searcher import Searcher
from index.verify import verify

ROOT = Path(__file__).parents[2]
SECONDS = 120.0
ASKERS = 16
DRINKS = ("coffee", "cocoa", "tea")
# A builder that takes a moment for each passage.
BUILDER = """
import sys, time
from pathlib import Path
import index.build
from index.location import database
from support.fakes import FakeEncoder, ReadHere

class SlowEncoder(FakeEncoder):
    def encode_passages(self, passages):
        for encoded in super().encode_passages(passages):
            time.sleep(0.002)
            yield encoded

index.build.Parser = ReadHere
print("ready", flush=True)
list(index.build.build(Path(sys.argv[1]), database(sys.argv[2]), SlowEncoder()))
"""
pytestmark = pytest.mark.slow


@pytest.fixture
def server():
    """A server of this test, whose processes it kills."""
    made = PostgresServer()
    yield made
    made.remove()


def write(folder, generation):
    """Write documents that name one generation, so that an answer of two is seen."""
    for drink in DRINKS:
        text = "".join(
            f"# Part {part}\n\nA cup of {drink}, number {part}, in round {generation}.\n\n" for part in range(40)
        )
        (folder / f"{drink}.md").write_text(text)


def rounds_of(hits):
    return {hit.passage.text.rsplit(" ", 1)[1] for hit in hits}


@contextmanager
def asking(index):
    """Search all the time, and collect what was torn and what failed."""
    torn, failed, stop = [], [], threading.Event()

    def ask():
        searcher = Searcher(index, FakeEncoder())
        while not stop.is_set():
            try:
                hits = searcher.search("a cup of tea and cocoa", 9).hits
            except Exception as error:
                failed.append(str(error) if isinstance(error, DatabaseUnreachableError) else repr(error))
                time.sleep(0.2)
                continue
            if len(rounds_of(hits)) != 1:
                torn.append(rounds_of(hits))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        yield torn, failed
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)


def test_builders_and_server_processes_are_killed_and_nothing_is_seen_by_half(server, tmp_path, read_here):
    chance, index, folder = random.Random(7), PostgresIndex(f"{server.url}?schema=kills"), tmp_path / "sources"
    folder.mkdir()
    write(folder, 0)
    list(build(folder, index, FakeEncoder()))
    killed = Counter()
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    with asking(index) as (torn, failed):
        for number in range(1, 25):
            write(folder, number)
            command = [sys.executable, "-c", BUILDER, str(folder), index.url]
            builder = subprocess.Popen(
                command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            )
            assert builder.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0.0, 1.2))
            if number % 3 and builder.poll() is None:
                builder.kill()
                killed["builder"] += 1
            elif processes := server.processes():
                os.kill(chance.choice(processes), signal.SIGKILL)
                killed["server"] += 1
            builder.wait(60)
            builder.stdout.close()
            server.wait_until_it_answers()
            if number % 4 == 0:
                *_, report = _patiently(folder, index)
                assert report.documents == len(DRINKS)
                with index.open() as store:
                    assert [problem for problem in verify(store, folder)] == []
    index.close()
    assert torn == []
    assert killed["builder"] >= 6 and killed["server"] >= 6, killed
    assert all("was lost" in text or "cannot be reached" in text for text in failed)


def _patiently(folder, index):
    """Build, again if the server is still starting."""
    for _ in range(20):
        try:
            return list(build(folder, index, FakeEncoder()))
        except IndexUnusableError:
            time.sleep(0.5)
    raise AssertionError("no build went through")


class Askers:
    """Threads that search two app servers all the time. Each answer must be of one generation."""

    def __init__(self, addresses):
        self.errors, self.answers, self.seen = [], Counter(), set()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(addresses[n % 2], n)) for n in range(ASKERS)]

    def _ask(self, address, number):
        with httpx.Client(base_url=address, timeout=60) as client:
            while not self._stop.is_set():
                reply = client.post("api/search", json={"query": f"a cup of {DRINKS[number % 3]}", "k": 9})
                if reply.status_code != 200:
                    self.errors.append(reply.text)
                    return
                rounds = {hit["text"].rsplit(" ", 1)[1] for hit in reply.json()["hits"]}
                if len(rounds) != 1:
                    self.errors.append(f"torn: {rounds}")
                self.answers[address] += 1
                self.seen |= {(address, one) for one in rounds}

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join(60)


def test_two_app_servers_and_two_workers_serve_sixteen_askers_without_an_error(server, tmp_path, compiled):
    folder = tmp_path / "sources"
    folder.mkdir()
    write(folder, 0)
    url = f"{server.url}?schema=many"
    command = [sys.executable, "-m", "index", "build", "--sources", str(folder), "--index", url]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with ExitStack() as stack:
        for _ in range(2):
            worker = subprocess.Popen(
                [*command, "--worker"], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            stack.callback(worker.wait, 60)
            stack.callback(worker.kill)
        options = ["--no-build", "--read-only", "--no-history"]
        addresses = [stack.enter_context(app(folder, url, *options)).address for _ in range(2)]
        for address in addresses:
            assert httpx.get(f"{address}health/ready", timeout=60).json() == {"ready": True}
        askers = stack.enter_context(Askers(addresses))
        deadline, number = time.monotonic() + SECONDS, 0
        while time.monotonic() < deadline and not askers.errors:
            number += 1
            write(folder, number)
            done = subprocess.run([*command, "--json"], cwd=ROOT, check=True, capture_output=True, text=True)
            assert json.loads(done.stdout)["generation"] == number + 1
            for address in addresses:  # both see the new generation at once
                status = httpx.get(f"{address}api/status", timeout=60).json()
                assert status["generation"] == number + 1
    assert askers.errors == []
    assert min(askers.answers.values()) > 20 and number >= 3
    for address in addresses:
        assert len([one for one in askers.seen if one[0] == address]) >= 3, "the askers saw few generations"
    index = PostgresIndex(url)
    with index.open() as store:
        assert verify(store, folder) == []
    index.close()
