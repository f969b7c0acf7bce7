"""A folder of hostile files is built: each is read or refused in a sentence, and harms no other."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.hostile_files import HOSTILE

from index.embed.encoder import load_encoder
from index.search.searcher import Searcher

ROOT = Path(__file__).parents[2]
BUILD = """
import json, resource, sys
from pathlib import Path
import numpy as np
from index.build import Report, build
from index.embed.encoder import load_encoder
from index.embed.late_interaction import EncodedPassage

def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

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
encoder.encode_question("How long is tea brewed?")
encoder.encode_passages = without_model
idle = peak_mb()
*_, report = build(Path(sys.argv[1]), Path(sys.argv[2]), encoder)
assert isinstance(report, Report)
print(json.dumps({"unreadable": report.unreadable, "partial": report.partial, "above_idle_mb": peak_mb() - idle}))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux counts it")
def test_hostile_files_are_read_or_refused_and_harm_no_other(tmp_path, record_property):
    folder, index = tmp_path / "files", tmp_path / "index"
    folder.mkdir()
    for name, make in HOSTILE.items():
        (folder / name).write_bytes(make())
    (folder / "tea.md").write_text("# Tea\n\nTea is brewed for four minutes.\n")
    command = [sys.executable, "-c", BUILD, str(folder), str(index)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]
    report = json.loads(done.stdout)
    record_property("above idle MB", report["above_idle_mb"])
    print(done.stderr[-3000:], json.dumps(report, indent=1))
    assert "Traceback" not in done.stderr
    assert all(reason.endswith(".") and "\n" not in reason for reason in report["unreadable"].values())
    assert not [*tmp_path.rglob("escape*")] and not Path("/tmp/escape.xml").exists()
    found = Searcher(index, load_encoder()).search("How long is tea brewed?", 5)
    assert "tea.md" in [hit.passage.path for hit in found.hits]
