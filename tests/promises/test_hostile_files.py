"""A folder of hostile files is built while questions are asked: each file is read or refused, and harms nothing."""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from support.hostile_files import HOSTILE

from index.embed.encoder import load_encoder
from index.search.searcher import Searcher

ROOT = Path(__file__).parents[2]
MAX_ABOVE_IDLE_MB = 300
# An app without its page: a library that builds in a thread, with vectors that need no model, and answers meanwhile.
# It says when it idles, and then waits for the folder to be filled.
APP = """
import json, sys
from pathlib import Path
import numpy as np
from index.embed.encoder import load_encoder
from index.embed.late_interaction import EncodedPassage
from index.library import Library

QUESTION = "How long is tea brewed?"

def without_model(passages):
    for passage in passages:
        vectors = np.full((1 + len(passage.spans), encoder.width), 0.05, dtype=np.float32)
        yield EncodedPassage(
            vectors=vectors,
            tokens=vectors[:1],
            offsets=np.array([[0, 1]], dtype=np.uint16),
            is_punctuation=np.array([False]),
        )

encoder = load_encoder()
encoder.encode_passages = without_model
library = Library(sources=Path(sys.argv[1]), index=Path(sys.argv[2]), load=lambda: encoder)
library.start_build()
library.wait()
library.search(QUESTION, 5)
print("idle", flush=True)
sys.stdin.readline()
library.start_build()
while library.is_building:
    library.search(QUESTION, 5)
    library._build.wait(1)
result = library.search(QUESTION, 5)
statuses = {status.path: status.reason for status in library.file_statuses() if status.reason}
print(json.dumps({"problem": library.problem, "passages": result.total_passages, "reasons": statuses}))
library.close()
"""


def own_memory_mb(process):
    """Return the memory that a process cannot give back: without pages of files, such as mapped vectors."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(status.partition("RssAnon:")[2].split()[0]) / 1024 if "RssAnon:" in status else 0.0


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux counts it")
def test_hostile_files_are_read_or_refused_and_harm_no_other(tmp_path, record_property):
    folder, index, log = tmp_path / "files", tmp_path / "index", tmp_path / "log"
    folder.mkdir()
    (folder / "tea.md").write_text("# Tea\n\nTea is brewed for four minutes.\n")
    load_encoder()  # compiles the model, if no test has: that takes memory, once for a machine
    peaks = [0.0]
    with (
        log.open("w") as errors,
        subprocess.Popen(
            [sys.executable, "-c", APP, str(folder), str(index)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        ) as app,
    ):

        def watch():
            while app.poll() is None:
                peaks[0] = max(peaks[0], own_memory_mb(app))
                time.sleep(0.02)

        assert app.stdout.readline() == "idle\n", log.read_text()[-2000:]
        idle = own_memory_mb(app)
        for name, make in HOSTILE.items():
            (folder / name).write_bytes(make())
        watcher = threading.Thread(target=watch)
        watcher.start()
        output, _ = app.communicate("\n")
        watcher.join()
    errors = log.read_text()
    assert app.returncode == 0 and "Traceback" not in errors, errors[-2000:]
    report = json.loads(output)
    print(errors[-3000:], json.dumps(report, indent=1), f"{peaks[0] - idle:.0f} MB above {idle:.0f} MB")
    record_property("MB above idle", round(peaks[0] - idle))
    assert report["problem"] == ""
    assert all(reason.endswith(".") and "\n" not in reason for reason in report["reasons"].values())
    assert not [*tmp_path.rglob("escape*")] and not Path("/tmp/escape.xml").exists()
    found = Searcher(index, load_encoder()).search("How long is tea brewed?", 5)
    assert "tea.md" in [hit.passage.path for hit in found.hits]
    assert peaks[0] - idle < MAX_ABOVE_IDLE_MB
