"""The commands `ask`, `verify`, `changes` and `user`: build what has changed, answer, print."""

import argparse
import getpass
import logging
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from index.__main__ import run_build
from index.build import build, check_fits, why_build
from index.compatibility import BuildReason
from index.embed.encoder import Encoder, load_encoder
from index.errors import IndexNotWritableError, IndexUnusableError
from index.ingest.limits import Limits, limits_of
from index.ingest.sandbox import Parser
from index.ingest.scan import read_bytes
from index.library import Library
from index.location import chosen_index, folder_of
from index.output import write, write_json
from index.store.embedded import index_of
from index.store.protocols import Index
from qa.errors import ReceiptError, UsageError
from qa.formatting import change_markdown, check_text, to_json, to_terminal
from qa.history import read_history
from qa.receipt import read_receipt
from qa.receipt import to_text as receipt_text
from qa.receipt_check import check_receipt
from qa.service import AskOptions, QAService
from qa.types import Turn, as_turn
from qa.web.users import add_user, remove_user
from qa.written.connection import Endpoint
from qa.written.options import llm_of

_LOGGER = logging.getLogger("footnote")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A question of standard input. `history` is None if the line does not bring one."""

    question: str
    history: Any = None


_LINE = TypeAdapter(_Line)


def run_ask(options: argparse.Namespace) -> int:
    """Answer a question, or one a line from standard input."""
    if options.receipt and options.question is None:
        raise UsageError("A receipt is of one answer: give the question as an argument.")
    endpoint = llm_of(options)
    service = open_service(options, keeps_history=not options.no_history, endpoint=endpoint)
    turns: list[Turn] = []
    lines = [_Line(question=options.question)] if options.question is not None else _read(sys.stdin)
    if options.question is None and sys.stdin.isatty():
        print("Type a question and press Enter. Ctrl-D ends.", file=sys.stderr)
    for line in lines:
        started = time.perf_counter()
        earlier = turns if options.follow and line.history is None else read_history(line.history or [])
        reply = service.ask(line.question, earlier, AskOptions(k=options.k, only=options.only))
        turns = [*earlier, as_turn(reply)]
        seconds = time.perf_counter() - started
        _LOGGER.info("Answered in %.3f s with confidence %.3f: %s", seconds, reply.confidence, reply.question)
        if options.json:
            write_json(to_json(reply, seconds))
        else:
            write(to_terminal(reply) + "\n")
        if options.receipt:
            _save(receipt_text(service.receipt(reply)), options.receipt)
    return 0


def _save(text: str, file: Path) -> None:
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        raise UsageError(f"{file} cannot be written ({error.strerror}): name another file.") from error


def run_verify(options: argparse.Namespace) -> int:
    """Check every quote of a receipt against the folder. Return 1 unless all hold."""
    try:
        receipt = read_receipt(options.receipt.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise ReceiptError(f"{options.receipt} cannot be read ({reason}): name a file of ask --receipt.") from error
    limits = limits_of(options)
    with Parser(limits) as parser:
        check = check_receipt(receipt, lambda path: parser.read(path, read_bytes(options.sources, path, limits)))
    if options.json:
        write_json({"holds": check.holds, **asdict(check)})
    else:
        write(check_text(check))
    return 0 if check.holds else 1


def run_changes(options: argparse.Namespace) -> int:
    """Ask the logged questions again, and print those whose answers have changed."""
    found = open_service(options, keeps_history=False).changes()
    if options.json:
        write_json([asdict(change) for change in found])
    else:
        write("\n".join(map(change_markdown, found)) or "No answer has changed.")
    return 0


def run_user(options: argparse.Namespace) -> int:
    """Add a user to the file of users, with a new password, or remove one."""
    if options.action == "remove":
        remove_user(options.file, options.name)
        write(f"Removed {options.name} from {options.file}.")
        return 0
    is_new = add_user(options.file, options.name, _new_password(options.name))
    write(
        f"Added {options.name} to {options.file}."
        if is_new
        else f"Changed {options.name}'s password in {options.file}."
    )
    return 0


def _new_password(name: str) -> str:
    """Ask for a password twice; without a terminal, read it from the first line of standard input."""
    try:
        if not sys.stdin.isatty():
            password = sys.stdin.readline().removesuffix("\n").removesuffix("\r")
            if not password:
                raise EOFError
            return password
        password = getpass.getpass(f"Password for {name}: ")
        repeated = getpass.getpass("Repeat password: ")
    except EOFError as error:
        raise UsageError(
            "No password was entered, so nothing was written: enter it in a terminal, or as a line of standard input."
        ) from error
    if password != repeated:
        raise UsageError("The two passwords differ, so nothing was written: try again.")
    return password


def open_service(options: argparse.Namespace, keeps_history: bool, endpoint: Endpoint | None = None) -> QAService:
    """Bring the index up to date and open the service over it."""
    index = chosen_index(options)
    encoder = load_encoder(options.model, folder_of(index))
    limits = limits_of(options)
    bring_up_to_date(options.sources, index, encoder, limits, may_build=not options.no_build)
    library = Library(options.sources, index, lambda: encoder, limits, waits_for_builds=True)
    return QAService(library, keeps_history, endpoint, is_strict=bool(endpoint and options.strict))


def bring_up_to_date(
    sources: Path, index: Path | Index, encoder: Encoder, limits: Limits | None = None, may_build: bool = True
) -> None:
    """Build the index if there is none or the folder has changed, and announce it on standard error.

    If another build is under way or the index cannot be written, the existing index is used as it is.

    Raises:
        IndexUnusableError: there is no index and none can be built, or it was made with another model.
    """
    index = index_of(index)
    exists = index.exists()
    if not may_build:
        if not exists:
            raise IndexUnusableError(f"There is no index in {index}: leave out --no-build to build one.")
        with index.open() as store:
            check_fits(store.describe(), encoder)
        return
    reason = why_build(sources, index, encoder)
    if not reason:
        return
    try:
        _build(sources, index, encoder, limits, reason)
    except IndexNotWritableError as error:
        if not exists:
            raise
        print(f"Answering from the index as it is. {error}", file=sys.stderr)


def _build(sources: Path, index: Index, encoder: Encoder, limits: Limits | None, reason: BuildReason) -> None:
    steps = build(sources, index, encoder, limits=limits)
    first = next(steps)  # raises whatever prevents the build before it is announced
    if not reason.replaces_index:
        print(f"{reason.text}: building.", file=sys.stderr)
    for problem in run_build(chain([first], steps)).unreadable.values():
        print(problem, file=sys.stderr)


def _json_line(text: str) -> _Line | None:
    """Read a JSON object with a question. Return None if it is not JSON, but a question in braces."""
    try:
        return _LINE.validate_json(text)
    except ValidationError as error:
        if error.errors()[0]["type"] == "json_invalid":
            return None
        raise UsageError(
            'A line of JSON has no text as its "question": write {"question": "…", "history": […]}.'
        ) from error


def _read(lines: Iterable[str]) -> Iterator[_Line]:
    """Read a question from each line that is not blank: text, or a JSON object with `question` and `history`."""
    for text in map(str.strip, lines):
        line = _Line(question=text)
        if text.startswith("{"):
            line = _json_line(text) or line
        if line.question.strip():
            yield line
