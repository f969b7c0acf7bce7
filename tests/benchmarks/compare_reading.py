"""Compare what is read of the files below a folder with another converter and, if given, with ground truth.

    python tests/benchmarks/compare_reading.py FOLDER [--truth FOLDER] [--markitdown PATH] [--each]

`--truth` names a folder with a Markdown file for each document (`notes.docx.md` for `notes.docx`). `--markitdown` is
the path of the command `markitdown`, installed in an environment of its own (`pip install markitdown[all]`).

Texts are compared by their runs of five words without Markdown's marks. For each format the table shows the share of
the reference's runs that a text has, and the share of its own runs that the reference has. The reference is the ground
truth; without one, the other converter's text. Rows of tables are compared apart, by their words: Footnote writes them
as "Name: value", so that a row makes sense alone.
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
from index.types import Document

RUN = 5
MARKUP = re.compile(r"!\[[^\]]*\]\([^)]*\)|\]\([^)]*\)|<[^<>]+>|&[a-z]+;|[\\*_`#|\[]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """The share of the reference's runs in a text, and of a text's runs in the reference; and of its table words."""

    recall: float
    precision: float
    cells: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text without its tables, and the rows of its tables."""

    prose: str
    rows: str

    @classmethod
    def of_markdown(cls, text: str) -> "Text":
        """Divide Markdown at its tables."""
        lines = text.splitlines()
        rows = [line for line in lines if line.lstrip().startswith("|")]
        return cls(prose="\n".join(line for line in lines if line not in rows), rows="\n".join(rows))

    @classmethod
    def of_document(cls, document: Document) -> "Text":
        """Divide a document at the rows of its tables."""
        parts: dict[bool, list[str]] = {True: [], False: []}
        for block in document.blocks:
            parts[block.kind == "table_row"].append(document.text[block.start : block.end])
        return cls(prose="\n\n".join(parts[False]), rows="\n".join(parts[True]))


def words(text: str) -> list[str]:
    """Return the words of a text without Markdown's marks."""
    return re.findall(r"\w+", MARKUP.sub(" ", unicodedata.normalize("NFKC", text)).casefold())


def runs(text: str) -> Counter[tuple[str, ...]]:
    """Count the runs of five words of a text; a shorter text is one run."""
    found = words(text)
    return Counter(tuple(found[start : start + RUN]) for start in range(max(1, len(found) - RUN + 1)) if found)


def compare(text: Text, reference: Text) -> Shares:
    """Compare a text with a reference."""
    own, others = runs(text.prose), runs(reference.prose)
    common = sum((own & others).values())
    cells = Counter(words(reference.rows))
    found = sum((cells & Counter(words(f"{text.rows}\n{text.prose}"))).values())
    return Shares(
        recall=common / sum(others.values()) if others else 1.0,
        precision=common / sum(own.values()) if own else float(not others),
        cells=found / sum(cells.values()) if cells else None,
    )


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
            reference = Text.of_markdown(truth.read_text("utf-8")) if truth else texts.pop("markitdown")
            shares = {name: compare(text, reference) for name, text in texts.items()}
            found[str(kind(path))].append(shares)
            if options.each:
                print(path, *(f"{name} {one.recall:.2f}/{one.precision:.2f}" for name, one in shares.items()))
    print(
        "| format (documents) | reader | runs found | runs right | table words found |",
        "|---|---|---|---|---|",
        sep="\n",
    )
    for suffix, rows in sorted(found.items()):
        for name in rows[0]:
            recall = sum(row[name].recall for row in rows) / len(rows)
            precision = sum(row[name].precision for row in rows) / len(rows)
            cells = [cells for row in rows if (cells := row[name].cells) is not None]
            tables = f"{sum(cells) / len(cells):.3f} ({len(cells)})" if cells else ""
            print(f"| {suffix} ({len(rows)}) | {name} | {recall:.3f} | {precision:.3f} | {tables} |")


def _own(reader: Parser, folder: Path, path: str) -> Text:
    try:
        return Text.of_document(reader.read(path, read_bytes(folder, path)))
    except ReadingError as error:
        print(error)
        return Text(prose="", rows="")


def _converted(command: str, path: Path) -> Text:
    done = subprocess.run([command, str(path)], capture_output=True, text=True)
    return Text.of_markdown(done.stdout)


if __name__ == "__main__":
    main()
