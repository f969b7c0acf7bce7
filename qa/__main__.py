"""The commands `footnote` and `python -m qa`: the parser and the dispatch."""

import argparse
import importlib
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from index.output import end_quietly, run_command

if __name__ == "__main__":
    end_quietly()

from index.ingest.limits import add_limits, path_value, whole_number
from index.location import add_index
from qa.answer.pipeline import PASSAGES
from qa.version import installed_version
from qa.written.options import add_llm

# Commands that other modules parse. They are imported when they run, since the page takes seconds to import.
_ELSEWHERE = {
    "serve": "open the page",
    "mcp": "serve MCP tools over standard input and output",
    "build": "index what has changed since the last build",
    "status": "show what the index contains and how the folder differs from it",
    "text": "print a document's text, in which citations count characters",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command. Return 0 if it succeeds and 1 after an error that the user can fix."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    return run_command(lambda: _run(given))


def _run(arguments: list[str]) -> int:
    if arguments and arguments[0] in ("serve", "mcp"):
        return int(importlib.import_module("app").main(arguments[1:], arguments[0]))
    if arguments and (arguments[0] in _ELSEWHERE or _is_index_check(arguments)):
        return int(importlib.import_module("index.__main__").main(arguments))
    options = _parser().parse_args(arguments)
    if options.verbose:
        logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.WARNING)
        logging.getLogger("footnote").setLevel(logging.INFO)
    module, _, function = options.run.partition(":")
    return int(getattr(importlib.import_module(module), function)(options))


def _is_index_check(arguments: list[str]) -> bool:
    """Say whether `verify` names no receipt, so that it checks the index."""
    return arguments[0] == "verify" and _parser().parse_args(arguments).receipt is None


def _parser() -> argparse.ArgumentParser:
    name = "footnote" if Path(sys.argv[0]).stem == "footnote" else "python -m qa"
    parser = argparse.ArgumentParser(prog=name, description="Ask a folder of documents.")
    parser.add_argument("--version", action="version", version=f"footnote {installed_version()}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", title="commands")
    for command, text in _ELSEWHERE.items():
        commands.add_parser(command, help=text, add_help=False)
    _add_ask(commands.add_parser("ask", help="answer a question, or each line of standard input"))
    _add_verify(commands.add_parser("verify", help="check a receipt against the folder, or the index without one"))
    _add_changes(commands.add_parser("changes", help="ask logged questions again and show which answers changed"))
    _add_evaluate(commands.add_parser("evaluate", help="measure the answers to a file of questions"))
    _add_calibrate(commands.add_parser("calibrate", help="fit ranking and confidence to sets of questions"))
    _add_user(commands.add_parser("user", help="add or remove a user who may sign in to the page"))
    return parser


def _add_ask(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("question", nargs="?", help="the question; without one, each line of standard input is asked")
    parser.add_argument(
        "--k", type=whole_number(1, 1_000), default=PASSAGES, help=f"the number of hits to list ({PASSAGES})"
    )
    text = "answer from these documents only: a path, a folder/ or a pattern such as '*.pdf' (repeatable)"
    parser.add_argument("--only", action="append", default=[], metavar="PATTERN", help=text)
    parser.add_argument("--no-build", action="store_true", help="answer from the index as it is")
    parser.add_argument("--follow", action="store_true", help="treat the lines of standard input as one conversation")
    parser.add_argument("--no-history", action="store_true", help="do not log the questions")
    _add_alias(parser, "--keep-no-questions", "no_history", action="store_true")
    text = "save the answer as a receipt, which the command verify checks"
    parser.add_argument("--receipt", type=Path, metavar="FILE", help=text)
    parser.add_argument("--json", action="store_true", help="print a JSON object for each question")
    _add_places(parser)
    add_llm(parser)
    parser.set_defaults(run="qa.commands:run_ask")


def _add_verify(parser: argparse.ArgumentParser) -> None:
    text = "a file saved by ask --receipt; without one, the index is checked"
    parser.add_argument("receipt", nargs="?", type=Path, metavar="RECEIPT", help=text)
    parser.add_argument("--sources", type=Path, default=Path("sources"), help="the folder of documents (sources)")
    add_index(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    add_limits(parser)
    _add_verbose(parser)
    parser.set_defaults(run="qa.commands:run_verify")


def _add_changes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-build", action="store_true", help="answer from the index as it is")
    parser.add_argument("--json", action="store_true", help="print JSON")
    _add_places(parser)
    parser.set_defaults(run="qa.commands:run_changes")


def _add_evaluate(parser: argparse.ArgumentParser) -> None:
    _add_questions(parser)
    parser.add_argument(
        "--off-topic", type=path_value, metavar="FILE", help="a file of questions about other documents"
    )
    _add_alias(parser, "--foreign", "off_topic", type=path_value)
    parser.add_argument("--baseline", action="store_true", help="also measure ranking whole passages by cosine")
    _add_alias(parser, "--plain", "baseline", action="store_true")
    kinds = ("typo", "uppercase")
    parser.add_argument("--perturb", choices=kinds, help="ask with a typo in a rare word, or in uppercase")
    old_names = {"slip": "typo", "capitals": "uppercase"}
    _add_alias(parser, "--disturb", "perturb", type=lambda text: old_names.get(text, text), choices=kinds)
    text = "ask each question after a turn about another document or conversation"
    parser.add_argument("--unrelated-history", action="store_true", help=text)
    _add_alias(parser, "--after-others", "unrelated_history", action="store_true")
    parser.add_argument("--json", action="store_true", help="print JSON")
    _add_places(parser)
    add_llm(parser)
    parser.set_defaults(run="qa.evaluation.commands:run_evaluate")


def _add_calibrate(parser: argparse.ArgumentParser) -> None:
    text = "a folder with documents/ and questions.jsonl, a folder of those, or SQuAD's layout (.json)"
    parser.add_argument("sets", nargs="+", type=path_value, metavar="SET", help=text)
    articles = ("all", "even", "odd")
    text = "of a SQuAD file, ask only about every second article (even)"
    parser.add_argument("--articles", choices=articles, default="even", help=text)
    text = "ask at most N questions of each set, evenly spaced (480)"
    parser.add_argument("--sample", type=whole_number(1, 1_000_000), default=480, metavar="N", help=text)
    _add_alias(parser, "--sources", "sources", type=path_value)
    _add_index(parser)
    parser.set_defaults(run="qa.evaluation.commands:run_calibrate")


def _add_user(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("add", "remove"), help="add asks for a new password")
    parser.add_argument("name", help="the user's name")
    parser.add_argument("--file", type=path_value, default=Path("users"), help="the file of users (users)")
    _add_verbose(parser)
    parser.set_defaults(run="qa.commands:run_user")


def _add_questions(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=path_value, help="JSON lines of question and answers, or SQuAD's layout (.json)")
    text = "ask only about every second document, or in every second conversation"
    parser.add_argument("--articles", choices=("all", "even", "odd"), default="all", help=text)
    parser.add_argument(
        "--sample", type=whole_number(1, 1_000_000), metavar="N", help="ask N of the questions, evenly spaced"
    )


def _add_places(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--sources", type=path_value, default=Path("sources"), help="the folder of documents (sources)")
    _add_index(parser)


def _add_index(parser: argparse.ArgumentParser) -> None:
    add_index(parser, has_replica=True)
    parser.add_argument("--model", help="a sentence-transformers name or folder (all-MiniLM-L6-v2)")
    add_limits(parser)
    _add_verbose(parser)


def _add_verbose(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--verbose", action="store_true", help="log every event to standard error")


def _add_alias(parser: argparse.ArgumentParser, flag: str, dest: str, **settings: object) -> None:
    """Accept the flag's former name for one release. The help does not show it."""
    parser.add_argument(flag, dest=dest, default=argparse.SUPPRESS, help=argparse.SUPPRESS, **settings)  # type: ignore[arg-type]


if __name__ == "__main__":
    sys.exit(main())
