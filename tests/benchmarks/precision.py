"""Compare the precisions in which OpenVINO runs the model: speed, and recall with an index of the same or another one.

    python tests/benchmarks/precision.py SET ...

A SET is a file in SQuAD's layout, whose odd articles are asked about, or a folder with documents/ and
questions.jsonl. Times are the least of some rounds in which the precisions take turns.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from index.build import build
from index.embed.encoder import Encoder
from index.embed.model_files import find_weights
from index.embed.openvino_model import PRECISIONS
from index.embed.runtime import open_runtime
from index.search.searcher import Searcher
from index.store.embedded import index_of
from qa.evaluation.calibration import search_each
from qa.evaluation.corpora import Corpus, read_corpora

ROUNDS = 5
TIMED_PASSAGES = 64
QUESTION = "How long may employees stay away without a doctor's note?"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("sets", nargs="+", type=Path, metavar="SET")
    parser.add_argument("--sample", type=int, default=1000, help="ask at most N questions of a set (1000)")
    parser.add_argument(
        "--precisions", nargs="+", choices=PRECISIONS, default=PRECISIONS, help="which to compare (all)"
    )
    options = parser.parse_args()
    weights = find_weights(None)
    encoders = {}
    for precision in options.precisions:
        started = time.process_time()
        runtime = open_runtime(weights, (), (precision,))
        print(f"{precision}: {runtime.method}, compiled in {time.process_time() - started:.0f} s of processor time")
        if runtime.method.startswith(precision) and "OpenVINO" in runtime.method:
            encoders[precision] = Encoder(weights, runtime)
    for path in options.sets:
        with tempfile.TemporaryDirectory() as scratch:
            measure(read_corpora([path], "odd", options.sample)[0], Path(scratch), encoders)


def measure(corpus: Corpus, scratch: Path, encoders: Mapping[str, Encoder]) -> None:
    """Print the tables of a set."""
    sources = corpus.sources(scratch)
    for name, encoder in encoders.items():
        for _ in build(sources, scratch / name, encoder):
            pass
    with index_of(scratch / next(iter(encoders))).open() as store:
        passages = sorted(store.sample(TIMED_PASSAGES), key=lambda passage: -len(passage.text))
    rates(encoders, lambda encoder: list(encoder.encode_passages(passages)), len(passages))
    print("\n| index | questions | right passage first | among five |\n|---|---|---|---|")
    for index in encoders:
        for asked, encoder in encoders.items():
            searcher = Searcher(scratch / index, encoder)
            holds = [one.holds for one in search_each(corpus, searcher, lambda done: None)]
            first, five = (np.mean([any(one[:depth]) for one in holds]) for depth in (1, 5))
            print(f"| {index} | {asked} | {first:.4f} | {five:.4f} | {corpus.name}, {len(holds)} questions", flush=True)


def rates(encoders: Mapping[str, Encoder], passages: Callable[[Encoder], object], count: int) -> None:
    """Print passages a second and milliseconds a question of each precision."""
    best = {name: [float("inf"), float("inf")] for name in encoders}
    for _ in range(ROUNDS):
        for name, encoder in encoders.items():
            for column, work in enumerate((passages, lambda encoder: encoder.encode_question(QUESTION))):
                started = time.perf_counter()
                work(encoder)
                best[name][column] = min(best[name][column], time.perf_counter() - started)
    print("\n| precision | passages a second | a question, ms |\n|---|---|---|")
    for name, (all_passages, question) in best.items():
        print(f"| {name} | {count / all_passages:.1f} | {question * 1e3:.1f} |")


if __name__ == "__main__":
    main()
