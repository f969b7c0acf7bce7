"""What reading costs beside embedding, for each kind of file below a folder.

    python tests/benchmarks/reading.py FOLDER

Every file is read as a build reads it, in the process for that, and split into passages; up to 200 passages of each
kind are then embedded. What cannot be read is listed with the reason.
"""

import argparse
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from index.embed.encoder import load_encoder
from index.errors import ReadingError
from index.ingest.formats import kind
from index.ingest.sandbox import Parser
from index.ingest.scan import read_bytes, scan
from index.text.chunking import split
from index.types import Passage

EMBEDDED = 200


@dataclass
class Kind:
    files: int = 0
    passages: int = 0
    reading: float = 0.0
    splitting: float = 0.0
    slowest: float = 0.0
    slowest_file: str = ""
    sample: list[Passage] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    encoder = load_encoder()
    kinds: dict[str, Kind] = defaultdict(Kind)
    refused = []
    with Parser() as reader:
        for path in scan(folder).files:
            of = kinds[str(kind(path))]
            started = time.perf_counter()
            try:
                document = reader.read(path, read_bytes(folder, path))
            except ReadingError as error:
                refused.append(str(error))
                continue
            finally:
                taken = time.perf_counter() - started
                of.files, of.reading = of.files + 1, of.reading + taken
                if taken > of.slowest:
                    of.slowest, of.slowest_file = taken, path
            passages = list(split(document, encoder.count, encoder.limit))
            of.splitting += time.perf_counter() - started - taken
            of.passages += len(passages)
            of.sample += passages[:: max(1, len(passages) // 10)][: EMBEDDED - len(of.sample)]
    print("| kind | files | passages | reading, ms a passage | splitting | embedding | slowest file, s |")
    print("|---|---|---|---|---|---|---|")
    for name, of in sorted(kinds.items()):
        if not of.passages:
            continue
        started = time.perf_counter()
        for _ in encoder.encode_passages(sorted(of.sample, key=lambda passage: -len(passage.text))):
            pass
        embedding = (time.perf_counter() - started) / len(of.sample)
        figures = [of.reading / of.passages, of.splitting / of.passages, embedding]
        shown = " | ".join(f"{1e3 * figure:.2f}" for figure in figures)
        print(f"| {name} | {of.files} | {of.passages} | {shown} | {of.slowest:.2f} ({of.slowest_file}) |")
    print(f"\n{len(refused)} refused:", *refused, sep="\n")


if __name__ == "__main__":
    main()
