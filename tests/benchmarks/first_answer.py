"""Time the start of the app on a built index: `python tests/benchmarks/first_answer.py [--sources DIR] [--rounds 5]`.

Each round starts `app.py` in a new process and asks by the HTTP API as soon as the port answers. Prints the least
seconds by the clock, and of processor time, from the end of Gradio's import to the end of the first answer, and of each
part. Parts in threads overlap.
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]
# Notes when Gradio is imported, and how long the app takes for each part. Each line: name, begin, end, processor time.
_NOTES = """
import importlib.abc, os, sys, threading, time

PARTS = {
    "index.embed.encoder": ["load_encoder"],
    "index.ingest.scan": ["scan"],
    "index.library": ["Library.search", "Library.contents"],
    "index.search.searcher": ["Searcher.search"],
    "qa.service": ["QAService.ask"],
    "qa.web.application": ["make_application"],
    "qa.web.server": ["serve"],
    "gradio": [],
}
NOTES = open(os.environ["FOOTNOTE_NOTES"], "a", buffering=1)

def note(name, begin, used):
    NOTES.write(f"{name}\\t{begin}\\t{time.time()}\\t{used}\\n")

def timed(name, function):
    def run(*args, **named):
        begin, used = time.time(), time.thread_time()
        try:
            return function(*args, **named)
        finally:
            note(name, begin, time.thread_time() - used)
    return run

class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name not in PARTS or name in seen:
            return None
        seen.add(name)
        spec = importlib.util.find_spec(name)
        execute = spec.loader.exec_module
        def exec_module(module):
            begin, used = time.time(), time.process_time()
            execute(module)
            note(f"import {name}", begin, time.process_time() - used)
            if name == "gradio":
                note("processor at import gradio", begin, time.process_time())
            for part in PARTS[name]:
                *owner, last = part.split(".")
                place = getattr(module, owner[0]) if owner else module
                setattr(place, last, timed(part, getattr(place, last)))
        spec.loader.exec_module = exec_module
        return spec

import importlib.util
seen = set()
sys.meta_path.insert(0, Finder())
"""


def main() -> None:
    """Build an index, then start the app on it some times and print the least of each part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=Path, default=ROOT / "sources")
    parser.add_argument("--question", default="How long does green tea steep?")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    least: dict[str, tuple[float, float]] = defaultdict(lambda: (float("inf"), float("inf")))
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder, "index")
        build = [sys.executable, "-m", "index", "build", "--sources", str(options.sources), "--index", str(index)]
        subprocess.run(build, check=True, cwd=ROOT)
        Path(folder, "sitecustomize.py").write_text(_NOTES)
        for number in range(options.rounds):
            notes = Path(folder, f"notes {number}")
            for name, (clock, processor) in measured(options, index, notes, folder).items():
                least[name] = min(least[name][0], clock), min(least[name][1], processor)
    print(f"{'':40} {'clock, s':>9} {'processor, s':>13}")
    for name, (clock, processor) in least.items():
        print(f"{name:40} {clock:9.2f} {processor:13.2f}")


def measured(options: argparse.Namespace, index: Path, notes: Path, path: str) -> dict[str, tuple[float, float]]:
    """Start the app, ask, and return the seconds of each part: by the clock, and of processor time."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, str(ROOT / "app.py"), "--sources", str(options.sources), "--index", str(index)]
    environment = {**os.environ, "PYTHONPATH": f"{path}{os.pathsep}{ROOT}", "FOOTNOTE_NOTES": str(notes)}
    began = time.time()
    process = subprocess.Popen(
        [*command, "--port", str(port), "--no-history"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    try:
        reply = asked(f"http://127.0.0.1:{port}/api/ask", options.question, process)
        ended, used = time.time(), processor_seconds(process.pid)
    finally:
        process.terminate()
        process.wait(30)
    assert reply["hits"], "the first answer has no hits"
    rows = [line.split("\t") for line in notes.read_text().splitlines()]
    parts = {name: (float(end) - float(begin), float(share)) for name, begin, end, share in reversed(rows)}
    imported = next(float(end) for name, _, end, _ in rows if name == "import gradio")
    at_import = next(float(share) for name, *_, share in rows if name == "processor at import gradio")
    found = {
        "start to Gradio imported": (imported - began, at_import),
        "Gradio imported to first answer": (ended - imported, used - at_import),
    }
    return found | {name: part for name, part in parts.items() if name != "processor at import gradio"}


def asked(address: str, question: str, process: "subprocess.Popen[bytes]") -> dict[str, object]:
    """Ask as soon as the port answers, and return the reply."""
    while process.poll() is None:
        try:
            return dict(httpx.post(address, json={"question": question}, timeout=120).raise_for_status().json())
        except httpx.ConnectError:
            time.sleep(0.01)
    raise RuntimeError("the app ended before it answered")


def processor_seconds(process: int) -> float:
    """Return the processor time that a process has used (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
