"""The command `python -m qa`: ask and evaluate."""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain
from pathlib import Path

from index.__main__ import run_build
from index.building import build, check_fits, compare
from index.encoder import Encoder, load_encoder
from index.errors import FootnoteError, IndexUnusableError
from index.freshness import Freshness
from index.searching import Searcher
from index.store import Store
from qa.answering import PASSAGES, answer
from qa.evaluation import evaluate, read_questions
from qa.rendering import to_json, to_markdown


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 is done, 1 an error that the user can put right."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except FootnoteError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone; there is nobody to tell
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m qa", description="Ask a folder of documents.")
    commands = parser.add_subparsers(required=True, metavar="ask|evaluate")
    asking = commands.add_parser("ask", help="answer a question, or one a line from standard input")
    asking.add_argument("question", nargs="?")
    asking.add_argument("--k", type=_positive, default=PASSAGES, help=f"how many hits to list ({PASSAGES})")
    asking.add_argument("--no-build", action="store_true", help="answer from the index as it is")
    asking.set_defaults(run=_ask)
    evaluating = commands.add_parser("evaluate", help="measure the answers to a file of questions")
    evaluating.add_argument("file", type=Path, help="of SQuAD's layout (.json), or JSON lines of question and answers")
    evaluating.add_argument("--sample", type=_positive, help="take so many of the questions, evenly spaced")
    evaluating.set_defaults(run=_evaluate, no_build=False)
    for command in (asking, evaluating):
        command.add_argument("--sources", type=Path, default=Path("sources"), help="the folder of documents (sources)")
        command.add_argument("--index", type=Path, default=Path(".index"), help="the folder of the index (.index)")
        command.add_argument("--model", help="a sentence-transformers name or folder (all-MiniLM-L6-v2)")
        command.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _ask(options: argparse.Namespace) -> int:
    encoder = load_encoder(options.model)
    _bring_up_to_date(options, encoder)
    searcher = Searcher(options.index, encoder)
    freshness = Freshness(options.sources, options.index)
    for question in [options.question] if options.question is not None else _questions_from(sys.stdin):
        started = time.perf_counter()
        reply = answer(question, searcher, options.k, freshness.is_current)
        if options.json:
            print(json.dumps(to_json(reply, time.perf_counter() - started), ensure_ascii=False), flush=True)
        else:
            print(to_markdown(reply) + "\n", flush=True)
    return 0


def _questions_from(lines: Iterator[str]) -> Iterator[str]:
    """The question of each line that is not blank; a line may be a JSON object with `question` in it."""
    for line in map(str.strip, lines):
        if line.startswith("{"):
            try:
                entry = json.loads(line)
            except ValueError:
                entry = None
            if isinstance(entry, dict) and isinstance(entry.get("question"), str):
                line = entry["question"]
        if line:
            yield line


def _bring_up_to_date(options: argparse.Namespace, encoder: Encoder) -> None:
    """Build if there is no index or the folder has changed, and say so; with --no-build only check that it fits."""
    if not Store.exists(options.index):
        if options.no_build:
            raise IndexUnusableError(f"There is no index in {options.index}: leave out --no-build to make it.")
        reason = "There is no index yet"
    else:
        with Store.open(options.index) as store:
            check_fits(store.describe(), encoder)
            if options.no_build:
                return
            difference = compare(options.sources, store)
        if not difference:
            return
        reason = f"The folder has changed ({difference})"
    steps = build(options.sources, options.index, encoder)
    first = next(steps)  # whatever forbids the build is raised here, before it is announced
    print(f"{reason}: building.", file=sys.stderr)
    for problem in run_build(chain([first], steps)).unreadable.values():
        print(problem, file=sys.stderr)


def _evaluate(options: argparse.Namespace) -> int:
    questions, documents = read_questions(options.file)
    if options.sample:
        questions = questions[:: max(1, len(questions) // options.sample)][: options.sample]
    encoder = load_encoder(options.model)
    with tempfile.TemporaryDirectory() as scratch:
        if documents:
            options.sources, options.index = Path(scratch, "sources"), Path(scratch, "index")
            options.sources.mkdir()
            for path, text in documents.items():
                (options.sources / path).write_bytes(text.encode())
        _bring_up_to_date(options, encoder)
        searcher = Searcher(options.index, encoder)
        measures = evaluate(questions, lambda question: answer(question, searcher))
    if options.json:
        print(json.dumps({name: asdict(measured) for name, measured in measures.items()}))
    else:
        for name, measured in measures.items():
            print(f"{name:24} {measured.value:.3f}  [{measured.low:.3f}, {measured.high:.3f}]  n = {measured.count}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
