"""The command `python -m index`: build, status, verify and text."""

import argparse
import dataclasses
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from index.build import Report, build, compare
from index.errors import FootnoteError, IndexUnusableError
from index.ingest.limits import add_limits, limits_of
from index.ingest.scan import scan
from index.store.records import Changes, LedgerEntry
from index.store.store import Store
from index.store.vector_index import kind_for
from index.verify import verify

_NAMED = 20


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 is done, 1 an error that the user can put right."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except FootnoteError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(
            "Cancelled; the last whole index is kept, and what was embedded is kept for the next build.",
            file=sys.stderr,
        )
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m index", description="The index of a folder of documents.")
    commands = parser.add_subparsers(required=True, metavar="build|status|verify|text")
    for name, run, text in (
        ("build", _build, "embed what changed since the last build"),
        ("status", _status, "say what the index holds and how the folder differs from it"),
        ("verify", _verify, "check everything in the index against itself and the folder"),
        ("text", _text, "print a document's text as it was read, which citations' positions count in"),
    ):
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("--sources", type=Path, default=Path("sources"), help="the folder of documents (sources)")
        command.add_argument("--index", type=Path, default=Path(".index"), help="the folder of the index (.index)")
        command.add_argument("--json", action="store_true", help="print one JSON object")
        command.set_defaults(run=run)
        if name == "text":
            command.add_argument("document", help="its path in the folder")
        if name == "status":
            command.add_argument(
                "--files", action="store_true", help="name every file, not only those not read in full"
            )
        if name == "build":
            add_limits(command)
            command.add_argument("--model", help="a sentence-transformers name or folder (all-MiniLM-L6-v2)")
            command.add_argument("--full", action="store_true", help="start afresh, keeping nothing")
    return parser


def _build(options: argparse.Namespace) -> int:
    from index.embed.encoder import load_encoder

    scan(options.sources)
    encoder = load_encoder(options.model, options.index)
    report = run_build(build(options.sources, options.index, encoder, options.full, limits_of(options)))
    for reason in [*report.unreadable.values(), *report.partial.values()]:
        print(reason, file=sys.stderr)
    _print(
        options,
        dataclasses.asdict(report),
        "\n".join(
            [
                *_named(report.changes, report.generation),
                f"{report.changes}; {report.embedded} embedded; generation {report.generation} holds "
                f"{report.documents} documents, {report.passages} passages.",
            ]
        ),
    )
    return 1 if report.unreadable else 0


def _named(changes: Changes, generation: int) -> list[str]:
    """A line for each file that a build changed, as many as are read at a glance; none for the first build."""
    if generation == 1:
        return []
    more = sum(changes.counts.values()) - _NAMED
    return [*(f"{file}." for file in changes.files[:_NAMED]), *([f"... and {more} more files."] if more > 0 else [])]


def run_build(steps: Any) -> Report:
    """Run a build to its end with its progress on standard error where that is a terminal, and return the report."""
    report = None
    for step in steps:
        if isinstance(step, Report):
            report = step
        else:
            show_progress(f"{step.stage} {step.done}/{step.total}")
    show_progress("")
    assert report is not None
    return report


def show_progress(text: str) -> None:
    """Put a text in place of the last on standard error, where that is a terminal; "" leaves nothing."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def _status(options: argparse.Namespace) -> int:
    found = scan(options.sources)
    with Store.open(options.index) as store, store.snapshot():
        description = store.describe()
        difference = compare(found.files, store.files())
        changes, ledger = store.changes(), store.ledger()
        sentences = store.sentences()
    skipped = [LedgerEntry(path, "skipped", why) for path, why in found.skipped.items()]
    ledger = sorted([*ledger, *skipped], key=lambda entry: entry.path)
    search = kind_for(description.passages + sentences, description.width)
    built = datetime.fromtimestamp(description.built_at).strftime("%Y-%m-%d %H:%M:%S")
    _print(
        options,
        {
            **dataclasses.asdict(description),
            "changes": dataclasses.asdict(changes),
            "sentences": sentences,
            "search": search,
            "difference": dataclasses.asdict(difference),
            "current": not difference,
            "files": [dataclasses.asdict(entry) for entry in ledger],
        },
        "\n".join(
            [
                f"{description.documents} documents, {description.passages} passages, {sentences} sentences; "
                f"generation {description.generation} of {built}, model {description.model}; search is {search}.",
                f"That build: {changes}.",
                *_named(changes, description.generation),
                f"Since then: {difference}.",
                *(str(entry) for entry in ledger if options.files or entry.state != "indexed"),
            ]
        ),
    )
    return 0


def _verify(options: argparse.Namespace) -> int:
    with Store.open(options.index) as store:
        found = verify(store, options.sources)
    _print(options, {"sound": not found, "problems": found}, "\n".join(found) or "The index is sound.")
    return 1 if found else 0


def _text(options: argparse.Namespace) -> int:
    with Store.open(options.index) as store:
        document = store.document(options.document)
    if document is None:
        raise IndexUnusableError(f"The index has no document {options.document}: index status --files names them all.")
    if options.json:
        print(json.dumps(dataclasses.asdict(document), ensure_ascii=False))
    else:
        sys.stdout.write(document.text)
    return 0


def _print(options: argparse.Namespace, data: dict[str, Any], text: str) -> None:
    print(json.dumps(data, ensure_ascii=False) if options.json else text)


if __name__ == "__main__":
    sys.exit(main())
