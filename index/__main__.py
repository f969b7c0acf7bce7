"""The command `python -m index`: build, status, verify and text."""

import argparse
import dataclasses
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from index.output import end_quietly, run_command, write, write_json

if __name__ == "__main__":
    end_quietly()

from index.build import Progress, Report, build, compare
from index.errors import IndexUnusableError
from index.freshness import FileHashes
from index.ingest.limits import add_limits, limits_of, path_value
from index.ingest.lockdown import sandbox_text
from index.ingest.sandbox import Parser
from index.ingest.scan import scan
from index.location import add_index, folder_of
from index.log import configure_logging
from index.store.embedded import index_of
from index.store.records import Changes, FileStatus
from index.verify import verify
from index.worker import work

MAX_LISTED_FILES = 20
_CANCELLED = "Cancelled. The index is unchanged, and the next build continues from here."


def main(arguments: list[str] | None = None) -> int:
    """Run the command. Return 0 for success, 1 for an error that the user can fix."""
    return run_command(lambda: _run(arguments), if_cancelled=_CANCELLED)


def _run(arguments: list[str] | None) -> int:
    options = _parser().parse_args(arguments)
    configure_logging(options.verbose)
    return int(options.run(options))


def _parser() -> argparse.ArgumentParser:
    name = "footnote" if Path(sys.argv[0]).stem == "footnote" else "python -m index"
    parser = argparse.ArgumentParser(prog=name, description="Manage the index of a folder of documents.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", title="commands")
    for name, run, text in (
        ("build", _build, "index what has changed since the last build"),
        ("status", _status, "show what the index contains and how the folder differs from it"),
        ("verify", _verify, "check the index against itself and the folder"),
        ("text", _text, "print a document's text, in which citations count characters"),
    ):
        command = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        command.add_argument(
            "--sources", type=path_value, default=Path("sources"), help="the folder of documents (sources)"
        )
        add_index(command)
        command.add_argument("--json", action="store_true", help="print one JSON object")
        command.add_argument("--verbose", action="store_true", help="log every event to standard error")
        command.set_defaults(run=run)
        if name == "text":
            command.add_argument("document", help="the document's path in the folder")
        if name == "status":
            command.add_argument(
                "--files", action="store_true", help="list every file, not only those that need attention"
            )
        if name == "build":
            add_limits(command)
            command.add_argument("--model", help="a sentence-transformers name or folder (all-MiniLM-L6-v2)")
            command.add_argument("--full", action="store_true", help="build a new index from scratch")
            text = "embed passages for builds on other machines, until stopped (needs a database)"
            command.add_argument("--worker", action="store_true", help=text)
    return parser


def _build(options: argparse.Namespace) -> int:
    from index.embed.encoder import load_encoder

    if options.worker:
        return _work(options)
    scan(options.sources)
    encoder = load_encoder(options.model, folder_of(options.index))
    report = run_build(build(options.sources, options.index, encoder, options.full, limits_of(options)))
    for reason in [*report.unreadable.values(), *report.partial.values()]:
        print(reason, file=sys.stderr)
    _print(
        options,
        dataclasses.asdict(report),
        [
            *_change_lines(report.changes, report.generation),
            f"{report.changes}; {report.embedded} embedded; generation {report.generation} holds "
            f"{_things(report.documents, 'document')}, {_things(report.passages, 'passage')}.",
        ],
    )
    return 1 if report.unreadable else 0


def _work(options: argparse.Namespace) -> int:
    from index.embed.encoder import load_encoder

    index = index_of(options.index)
    steps = work(index, load_encoder(options.model, folder_of(options.index)))
    stage = ""
    try:
        for step in steps:
            if step.stage != stage:
                print(f"{step.stage} ({index}).", file=sys.stderr, flush=True)
            stage = step.stage
    except KeyboardInterrupt:
        print("Stopped. Others encode what this worker had claimed.", file=sys.stderr)
    return 0


def _things(number: int, thing: str) -> str:
    return f"{number} {thing}{'s' if number != 1 else ''}"


def _change_lines(changes: Changes, generation: int) -> list[str]:
    """Return a line for each of the first files that a build changed; none for the first build."""
    if generation == 1:
        return []
    more = sum(changes.counts.values()) - MAX_LISTED_FILES
    lines = [f"{file}." for file in changes.files[:MAX_LISTED_FILES]]
    return [*lines, f"... and {more} more files."] if more > 0 else lines


def run_build(steps: Iterator[Progress | Report]) -> Report:
    """Run a build, show its progress on standard error if that is a terminal, and return its report."""
    report = None
    for step in steps:
        if isinstance(step, Report):
            report = step
        else:
            show_progress(f"{step}.")
    show_progress("")
    assert report is not None
    return report


def show_progress(text: str) -> None:
    """Replace the last line on standard error, if that is a terminal."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def _status(options: argparse.Namespace) -> int:
    from index.embed.encoder import encoding_method

    found = scan(options.sources)
    with index_of(options.index).open() as store, store.snapshot():
        description = store.describe()
        difference = compare(found.files, store.files(), FileHashes(options.sources).has_content)
        changes, statuses = store.changes(), store.file_statuses()
        sentences, search = store.sentence_count(), store.search_kind()
    skipped = [FileStatus(path=path, state="skipped", reason=reason) for path, reason in found.skipped.items()]
    statuses = sorted([*statuses, *skipped], key=lambda status: status.path)
    built = datetime.fromtimestamp(description.built_at).strftime("%Y-%m-%d %H:%M:%S")
    method = encoding_method(description.fingerprint, options.index)
    with Parser() as parser:
        measures = parser.measures()
    _print(
        options,
        {
            **dataclasses.asdict(description),
            "sandbox": {measure.name: measure.holds for measure in measures},
            "changes": dataclasses.asdict(changes),
            "sentences": sentences,
            "search": search,
            "encoding": method,
            "difference": dataclasses.asdict(difference),
            "current": not difference,
            "files": [dataclasses.asdict(status) for status in statuses],
        },
        [
            f"{_things(description.documents, 'document')}, {_things(description.passages, 'passage')}, "
            f"{_things(sentences, 'sentence')}.",
            f"Generation {description.generation} of {built}, model {description.model}"
            f"{f' in {method}' if method else ''}; search is {search}.",
            sandbox_text(measures),
            f"Last build: {changes}.",
            *_change_lines(changes, description.generation),
            f"Since then: {difference}.",
            *(str(status) for status in statuses if options.files or status.state != "indexed"),
        ],
    )
    return 0


def _verify(options: argparse.Namespace) -> int:
    with index_of(options.index).open() as store:
        found = verify(store, options.sources)
    _print(options, {"sound": not found, "problems": found}, found or ["The index is sound."])
    return 1 if found else 0


def _text(options: argparse.Namespace) -> int:
    with index_of(options.index).open() as store:
        document = store.document(options.document)
    if document is None:
        raise IndexUnusableError(f"The index has no document {options.document}: index status --files lists them all.")
    if options.json:
        write_json(dataclasses.asdict(document))
    else:
        write(document.text, end="")
    return 0


def _print(options: argparse.Namespace, data: Mapping[str, object], lines: list[str]) -> None:
    if options.json:
        write_json(data)
    else:
        write("\n".join(lines))


if __name__ == "__main__":
    sys.exit(main())
