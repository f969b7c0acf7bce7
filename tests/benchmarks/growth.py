"""Measure build, start, search and memory as an index grows; print a table and draw a plot.

    python tests/benchmarks/growth.py [--passages 1000 10000 100000] [--plot FILE] [--keep DIR]

Each size is a generated corpus of documents of ten passages, built and searched in separate processes. With --keep the
corpora and indexes stay in DIR and are used again.
"""

import argparse
import json
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from corpus import PASSAGES_A_DOCUMENT, write_corpus

from index.build import Report, build
from index.embed.encoder import Encoder, load_encoder
from index.embed.late_interaction import EncodedPassage
from index.search.searcher import Searcher
from index.types import Passage
from qa.answer.pipeline import answer
from qa.types import Answer

ASKED = 200
ASKERS = (1, 4, 16)
RUNS = 3
LABELS = {
    "build": "build, s",
    "build_memory": "peak memory of the build, MB",
    "size": "index, MB",
    "unchanged": "rebuild, nothing changed, s",
    "edited": "rebuild, one passage edited, s",
    "edited_embedding": "embedding in that rebuild, s",
    "renamed": "rebuild, one document renamed, s",
    "deleted": "rebuild, one document deleted, s",
    "command": "`qa ask`, from command to answer, s",
    "open": "index opened, s",
    "first": "first answer after that, ms",
    "1_p50": "answer, median, ms",
    "1_p95": "answer, 95th percentile, ms",
    "4_p95": "4 clients at once, 95th percentile, ms",
    "16_p95": "16 clients at once, 95th percentile, ms",
    "errors": "failed questions",
    "right": "questions answered correctly",
    "memory": "peak memory of answering, MB",
}


class TimedEncoder:
    """An encoder that counts the seconds for which a build waits for vectors."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.seconds = 0.0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._encoder, name)

    def encode_passages(self, passages: Iterable[Passage]) -> Iterator[EncodedPassage]:
        encoded = self._encoder.encode_passages(passages)
        while True:
            started = time.perf_counter()
            found = next(encoded, None)
            self.seconds += time.perf_counter() - started
            if found is None:
                return
            yield found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--passages", type=int, nargs="+", default=[1_000, 10_000, 100_000], help="the sizes")
    parser.add_argument("--plot", type=Path, help="where to put the picture (needs matplotlib)")
    parser.add_argument("--keep", type=Path, help="the folder to keep corpora and indexes in")
    options = parser.parse_args()
    found = {}
    with tempfile.TemporaryDirectory() as scratch:
        for passages in options.passages:
            print(f"{passages} passages ...", file=sys.stderr, flush=True)
            found[passages] = measure(passages, (options.keep or Path(scratch)) / str(passages))
    print(f"| passages | {' | '.join(f'{passages:,}' for passages in found)} |\n|---|{'---|' * len(found)}")
    for name, label in LABELS.items():
        print(f"| {label} | {' | '.join(f'{figures[name]:.4g}' for figures in found.values())} |")
    if options.plot:
        plot(found, options.plot)


def measure(passages: int, folder: Path) -> dict[str, float]:
    """Return all figures for a corpus of a size, built in a folder."""
    sources, index = folder / "sources", folder / "index"
    questions = write_corpus(sources, passages)
    built, kept = {}, folder / "build.json"
    if kept.exists():
        built = json.loads(kept.read_text())
    else:
        seconds, memory = run("index", "build", "--sources", str(sources), "--index", str(index))
        built = {"build": seconds, "build_memory": memory}
        kept.write_text(json.dumps(built))
    size = sum(path.stat().st_size for path in index.glob("*.*")) / 1e6
    ask = ["qa", "ask", "--no-build", "--sources", str(sources), "--index", str(index), questions[0][0]]
    command = median(run(*ask)[0] for _ in range(RUNS))
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        asked = pool.apply(answering, (index, questions))
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        rebuilt = pool.apply(rebuilding, (sources, index))
    return {**built, "size": size, "command": command, **asked, **rebuilt}


def run(module: str, *arguments: str) -> tuple[float, float]:
    """Return the seconds that a command takes and its peak memory in megabytes."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", module, *arguments], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, f"{module} {arguments}"
    return time.perf_counter() - started, usage.ru_maxrss / 1e3


def answering(index: Path, questions: Sequence[tuple[str, str]]) -> dict[str, float]:
    """Return the figures of one process that answers questions."""
    encoder = load_encoder(None, index)
    chosen = questions[:: max(1, len(questions) // ASKED)][:ASKED]
    searcher = Searcher(index, encoder)
    encoder.encode_question(questions[0][0])
    started = time.perf_counter()
    searcher.search("?", 1)  # there is nothing to search for: the index is opened, and no more
    opened = time.perf_counter() - started
    wrong = failed = 0

    def ask(asked: tuple[str, str]) -> float:
        nonlocal wrong, failed
        begun = time.perf_counter()
        try:
            reply = answer(asked[0], searcher)
        except Exception as error:
            failed += 1
            print(f"{asked[0]}: {error!r}", file=sys.stderr)
            return time.perf_counter() - begun
        wrong += not (isinstance(reply, Answer) and asked[1] in reply.text)
        return time.perf_counter() - begun

    figures = {"open": opened, "first": 1e3 * ask(chosen[0])}
    wrong = 0
    for askers in ASKERS:
        with ThreadPoolExecutor(askers) as pool:
            gate = threading.Barrier(askers)  # all ask at the same moment, again and again
            rounds = len(chosen) * min(askers, 4) // askers * askers
            taken = list(pool.map(lambda asked, gate=gate: gate.wait() >= 0 and ask(asked), (chosen * 4)[:rounds]))
        figures |= {f"{askers}_p50": 1e3 * median(taken), f"{askers}_p95": 1e3 * quantiles(taken, n=20)[-1]}
        if askers == 1:
            figures["right"] = 1 - wrong / len(chosen)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    return {**figures, "errors": failed, "memory": memory}


def rebuilding(sources: Path, index: Path) -> dict[str, float]:
    """Return the figures of rebuilds in one process with the model loaded."""
    encoder = TimedEncoder(load_encoder(None, index))
    edited = sorted(sources.rglob("*.md"))[-1]

    def rebuild(embedded: int) -> float:
        started = time.perf_counter()
        *_, report = build(sources, index, encoder)
        assert isinstance(report, Report) and report.embedded == embedded, report
        return time.perf_counter() - started

    rebuild(0)
    unchanged = median(rebuild(0) for _ in range(RUNS))
    before, taken = edited.read_text("utf-8"), []
    for _ in range(RUNS):
        edited.write_text(f"{before.rstrip()} Edit {time.time_ns()}.\n", "utf-8")
        encoder.seconds = 0.0
        taken.append((rebuild(1), encoder.seconds))
    seconds, embedding = sorted(taken)[RUNS // 2]
    other = edited.rename(edited.with_name("renamed.md"))
    renamed = rebuild(0)
    other.unlink()
    deleted = rebuild(0)
    edited.write_text(before, "utf-8")
    rebuild(PASSAGES_A_DOCUMENT)
    return {
        "unchanged": unchanged,
        "edited": seconds,
        "edited_embedding": embedding,
        "renamed": renamed,
        "deleted": deleted,
    }


def plot(found: dict[int, dict[str, float]], path: Path) -> None:
    """Draw the figures that grow, over the number of passages."""
    import matplotlib.pyplot as plt

    panels = {
        "Rebuild, seconds": {"unchanged": "nothing changed", "edited": "one passage edited"},
        "Start, seconds": {"command": "command to answer", "open": "index opened"},
        "Answer, milliseconds": {"1_p50": "median", "1_p95": "95th percentile"},
        "Megabytes": {"size": "index", "build_memory": "memory, building", "memory": "memory, answering"},
    }
    figure, axes = plt.subplots(1, len(panels), figsize=(13, 3.2), layout="constrained")
    for axis, (title, lines) in zip(axes, panels.items(), strict=True):
        for name, label in lines.items():
            axis.plot(list(found), [figures[name] for figures in found.values()], marker="o", label=label)
        axis.set(title=title, xscale="log", xlabel="passages", ylim=(0, None))
        axis.legend(frameon=False)
        axis.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    main()
