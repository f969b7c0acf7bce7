"""Compare what is read of the files below a folder with another converter and, if given, with ground truth.

    python tests/benchmarks/compare_reading.py FOLDER [--truth FOLDER] [--markitdown PATH] [--each]

`--truth` names a folder with a Markdown file for each document (`notes.docx.md` for `notes.docx`). `--markitdown` is
the path of the command `markitdown`, installed in an environment of its own (`pip install markitdown[all]`).

Texts are compared by their runs of five words without Markdown's marks. For each format the table shows the share of
the reference's runs that a text has, and the share of its own runs that the reference has. The reference is the ground
truth; without one, the other converter's text.
"""

import argparse
import re
import subprocess
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from index.errors import ReadingError
from index.ingest.formats import kind
from index.ingest.sandbox import Parser
from index.ingest.scan import read_bytes, scan

RUN = 5
MARKUP = re.compile(r"!\[[^\]]*\]\([^)]*\)|\]\([^)]*\)|<[^<>]+>|&[a-z]+;|[\\*_`#|\[]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """The share of the reference's runs in a text, and of a text's runs in the reference."""

    recall: float
    precision: float


def runs(text: str) -> Counter[tuple[str, ...]]:
    """Count the runs of five words of a text; a shorter text is one run."""
    plain = MARKUP.sub(" ", unicodedata.normalize("NFKC", text)).casefold()
    words = re.findall(r"\w+", plain)
    return Counter(tuple(words[start : start + RUN]) for start in range(max(1, len(words) - RUN + 1)) if words)


def compare(text: str, reference: str) -> Shares:
    """Compare a text with a reference."""
    own, others = runs(text), runs(reference)
    common = sum((own & others).values())
    return Shares(recall=common / max(1, sum(others.values())), precision=common / max(1, sum(own.values())))


def main() -> None:
    """Read every file, and print a table of the formats."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--markitdown")
    parser.add_argument("--each", action="store_true", help="print a line for each file")
    options = parser.parse_args()
    found: dict[str, list[dict[str, Shares]]] = defaultdict(list)
    with Parser() as reader:
        for path in scan(options.folder).files:
            truth = options.truth / f"{Path(path).name}.md" if options.truth else None
            if truth and not truth.exists():
                continue
            texts = {"footnote": _own(reader, options.folder, path)}
            if options.markitdown:
                texts["markitdown"] = _converted(options.markitdown, options.folder / path)
            reference = truth.read_text("utf-8") if truth else texts.pop("markitdown", "")
            shares = {name: compare(text, reference) for name, text in texts.items()}
            found[str(kind(path))].append(shares)
            if options.each:
                print(path, *(f"{name} {one.recall:.2f}/{one.precision:.2f}" for name, one in shares.items()))
    print("| format (documents) | reader | runs found | runs right |", "|---|---|---|---|", sep="\n")
    for suffix, rows in sorted(found.items()):
        for name in rows[0]:
            recall = sum(row[name].recall for row in rows) / len(rows)
            precision = sum(row[name].precision for row in rows) / len(rows)
            print(f"| {suffix} ({len(rows)}) | {name} | {recall:.3f} | {precision:.3f} |")


def _own(reader: Parser, folder: Path, path: str) -> str:
    try:
        return reader.read(path, read_bytes(folder, path)).text
    except ReadingError as error:
        print(error)
        return ""


def _converted(command: str, path: Path) -> str:
    done = subprocess.run([command, str(path)], capture_output=True, text=True)
    return done.stdout


if __name__ == "__main__":
    main()
