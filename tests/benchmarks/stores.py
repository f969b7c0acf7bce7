"""Measure both stores as an index grows: the folder (SQLite and FAISS) and PostgreSQL. Print a table and draw a plot.

    python tests/benchmarks/stores.py [--passages 10000 100000] [--stores folder postgres] [--plot FILE] [--keep DIR]

The corpus is generated, and so are the vectors: a text's vector is the mean of those of its words. So no time goes into
a model, and the figures are those of reading, staging, loading, indexing and searching. Each size is built and asked in
processes of its own. PostgreSQL is a server that is started for it on loopback, with the settings of `SERVER`. With
--keep, corpora and folders stay in DIR; the server's files are always removed.
"""

import argparse
import json
import multiprocessing
import resource
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median, quantiles

import numpy as np
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).parents[1]))

from corpus import write_corpus
from support.fakes import ReadHere
from support.postgres import PostgresServer

import index.build
from index.embed.late_interaction import EncodedPassage, EncodedQuestion, Floats, unit
from index.location import database
from index.search.searcher import Searcher
from index.store.embedded import index_of
from index.store.protocols import Index
from index.text.analysis import words
from index.types import Passage

SERVER = {
    "shared_buffers": "'2GB'",
    "maintenance_work_mem": "'4GB'",
    "max_parallel_maintenance_workers": "2",
    "max_wal_size": "'8GB'",
    "work_mem": "'64MB'",
    "fsync": "on",
    "full_page_writes": "on",
    "jit": "off",
    "random_page_cost": "1.1",
}
ASKED = 200
ASKERS = (1, 4, 16)
WIDTH, AXES, VOCABULARY = 384, 128, 30_000
LABELS = {
    "reading": "read and staged, s",
    "loading": "vectors saved, s",
    "publishing": "published, with the graph of vectors, s",
    "size": "index, MB",
    "build_memory": "peak memory of the build, MB",
    "unchanged": "rebuild, nothing changed, s",
    "edited": "rebuild, one passage edited, s",
    "open": "first search, s",
    **{
        f"{askers}_{name}": f"{askers} askers, {text}, ms"
        for askers in ASKERS
        for name, text in (("p50", "median"), ("p95", "95th percentile"))
    },
    "memory": "peak memory of answering, MB",
}


class WordEncoder:
    """Encode texts by the vectors of their words, which are random."""

    name, fingerprint, width, limit = "words", "0" * 8, WIDTH, 200

    def __init__(self) -> None:
        threadpool_limits(1, user_api="blas")  # as with a model: small arrays only
        self._table = unit(np.random.default_rng(0).standard_normal((VOCABULARY, WIDTH), dtype=np.float32))

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def knows(self, word: str) -> bool:
        return True

    def token_axes(self) -> Floats:
        return np.ascontiguousarray(np.eye(WIDTH, dtype=np.float32)[:, :AXES])

    def encode_question(self, question: str) -> EncodedQuestion:
        found = words(question)
        tokens = self._rows([word.term for word in found])
        spans = tuple((word.start, word.end) for word in found)
        return EncodedQuestion(vector=unit(tokens.mean(axis=0)), tokens=tokens, spans=spans)

    def encode_passages(self, passages: Iterable[Passage]) -> Iterator[EncodedPassage]:
        for passage in passages:
            found = words(passage.text)
            tokens = self._rows([word.term for word in found])
            offsets = np.array([(word.start, word.end) for word in found], dtype=np.uint16).reshape(-1, 2)
            inside = [(offsets[:, 0] >= start) & (offsets[:, 1] <= end) for start, end in passage.spans]
            means = [tokens[one].mean(axis=0) if one.any() else tokens.mean(axis=0) for one in inside]
            yield EncodedPassage(
                vectors=unit(np.vstack([tokens.mean(axis=0), *means])),
                tokens=tokens,
                offsets=offsets,
                is_punctuation=np.zeros(len(tokens), bool),
            )

    def _rows(self, terms: Sequence[str]) -> Floats:
        return self._table[[zlib.crc32(term.encode()) % VOCABULARY for term in terms]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--passages", type=int, nargs="+", default=[10_000, 100_000], help="the sizes")
    parser.add_argument("--stores", nargs="+", default=["folder", "postgres"], choices=("folder", "postgres"))
    parser.add_argument("--plot", type=Path, help="where to put the picture (needs matplotlib)")
    parser.add_argument("--keep", type=Path, help="the folder to keep corpora and indexes in")
    options = parser.parse_args()
    found: dict[tuple[str, int], dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for passages in options.passages:
            firsts = {}
            for store in options.stores:
                print(f"{store}, {passages} passages ...", file=sys.stderr, flush=True)
                folder = (options.keep or Path(scratch)) / str(passages)
                found[store, passages], firsts[store] = measure(store, passages, folder)
                print(json.dumps(found[store, passages]), file=sys.stderr, flush=True)
            if len(firsts) == 2:
                same = sum(map(list.__eq__, *firsts.values())) / len(firsts["folder"])
                print(f"{passages} passages: the same first hit for {same:.3f} of the questions")
    heads = [f"{store} {passages:,}" for store, passages in found]
    print(f"| | {' | '.join(heads)} |\n|---|{'---|' * len(found)}")
    for name, label in LABELS.items():
        print(f"| {label} | {' | '.join(f'{figures[name]:.4g}' for figures in found.values())} |")
    if options.plot:
        plot(found, options.plot)


def measure(store: str, passages: int, folder: Path) -> tuple[dict[str, float], list[list[object]]]:
    """Return all figures of a store and size, and the first hit of each question."""
    sources = folder / "sources"
    questions = [question for question, _ in write_corpus(sources, passages)]
    chosen = questions[:: max(1, len(questions) // ASKED)][:ASKED]
    server = PostgresServer(SERVER) if store == "postgres" else None
    try:
        place = f"{server.url}?schema=growth" if server else str(folder / "index")
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            built = pool.apply(building, (sources, place))
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            asked, firsts = pool.apply(answering, (place, chosen))
        return {**built, **asked, "size": opened(place).size() / 1e6}, firsts
    finally:
        if server:
            server.remove()


def opened(place: str) -> Index:
    """Return the index of a place."""
    return database(place) if place.startswith("postgresql:") else index_of(Path(place))


def building(sources: Path, place: str) -> dict[str, float]:
    """Build an index, edit a passage and build it again, in a process of its own."""
    index.build.Parser = ReadHere  # type: ignore[misc,assignment]
    encoder, target, times = WordEncoder(), opened(place), {}
    began = time.perf_counter()
    for step in index.build.build(sources, target, encoder):
        now = time.perf_counter()
        times[getattr(step, "stage", "Report")] = now
    embedded = times.get("Embedding", times["Reading"])  # while files are read, or after it
    figures = {
        "reading": times["Reading"] - began,
        "loading": embedded - times["Reading"],
        "publishing": times["Report"] - embedded,
    }

    def rebuild() -> float:
        began = time.perf_counter()
        list(index.build.build(sources, target, encoder))
        return time.perf_counter() - began

    figures["unchanged"] = rebuild()
    edited = sorted(sources.rglob("*.md"))[-1]
    before, taken = edited.read_text("utf-8"), []
    for number in range(3):
        edited.write_text(f"{before.rstrip()} Edit {number}.\n", "utf-8")
        taken.append(rebuild())
    edited.write_text(before, "utf-8")
    rebuild()
    figures["edited"] = median(taken)
    return {**figures, "build_memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3}


def answering(place: str, questions: Sequence[str]) -> tuple[dict[str, float], list[list[object]]]:
    """Search from 1, 4 and 16 threads, in a process of its own."""
    searcher = Searcher(opened(place), WordEncoder())
    began = time.perf_counter()
    searcher.search(questions[0], 5)
    figures = {"open": time.perf_counter() - began}
    firsts = [[(hit.passage.path, hit.passage.start) for hit in searcher.search(one, 5).hits[:1]] for one in questions]

    def ask(question: str) -> float:
        begun = time.perf_counter()
        searcher.search(question, 5)
        return 1e3 * (time.perf_counter() - begun)

    for askers in ASKERS:
        gate = threading.Barrier(askers)  # all ask at the same moment, again and again
        rounds = len(questions) * min(askers, 4) // askers * askers
        with ThreadPoolExecutor(askers) as pool:
            taken = list(pool.map(lambda one, gate=gate: gate.wait() >= 0 and ask(one), (list(questions) * 4)[:rounds]))
        figures |= {f"{askers}_p50": median(taken), f"{askers}_p95": quantiles(taken, n=20)[-1]}
    return {**figures, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3}, firsts


def plot(found: dict[tuple[str, int], dict[str, float]], path: Path) -> None:
    """Draw the figures that grow, over the number of passages."""
    import matplotlib.pyplot as plt

    panels = {
        "Build without a model, seconds": ("reading", "loading", "publishing"),
        "One passage edited, seconds": ("edited",),
        "Search, median, milliseconds": ("1_p50", "16_p50"),
        "Megabytes": ("size", "memory"),
    }
    figure, axes = plt.subplots(1, len(panels), figsize=(14, 3.4), layout="constrained")
    stores = list(dict.fromkeys(store for store, _ in found))
    for axis, (title, names) in zip(axes, panels.items(), strict=True):
        for number, store in enumerate(stores):
            sizes = [passages for one, passages in found if one == store]
            for name, style in zip(names, ("-", "--", ":"), strict=False):
                values = [found[store, passages][name] for passages in sizes]
                label = f"{store}: {LABELS[name].rpartition(',')[0]}"
                axis.plot(sizes, values, style, marker="o", color=f"C{number}", label=label)
        axis.set(title=title, xscale="log", yscale="log", xlabel="passages")
        axis.legend(frameon=False, fontsize=7)
        axis.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    main()
