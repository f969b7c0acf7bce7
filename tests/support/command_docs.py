"""The options of every command as Markdown tables: `python -m tests.support.command_docs` writes
them into the docs."""

import argparse
import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from unittest.mock import patch

import app
import index.__main__
import qa.__main__

ROOT = Path(__file__).parents[2]
INDEX, QA = ROOT / "index" / "README.md", ROOT / "qa" / "README.md"
HEADING = "## Commands\n"
IN_INDEX = ("build", "status", "text", "verify")  # the others are described in qa/README.md


class _Parsed(Exception):
    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self.parser = parser


def parser_of(main: Callable[[list[str]], int]) -> argparse.ArgumentParser:
    """Return the parser that a program's `main` makes."""

    def stop(self: argparse.ArgumentParser, *_: object, **__: object) -> None:
        raise _Parsed(self)

    with patch.object(argparse.ArgumentParser, "parse_args", stop):
        try:
            main([])
        except _Parsed as stopped:
            return stopped.parser
    raise AssertionError("main parsed no options.")


@cache
def commands() -> dict[str, argparse.ArgumentParser]:
    """Return the parser of each command of `footnote`, by its name."""
    asking = _subcommands(parser_of(qa.__main__.main))
    pages = {name: parser_of(partial(app.main, command=name)) for name in ("serve", "mcp")}
    return {**asking, **_of_index(), **pages, "verify": asking["verify"]}


@cache
def _of_index() -> dict[str, argparse.ArgumentParser]:
    return _subcommands(parser_of(index.__main__.main))


@cache
def parsers() -> list[argparse.ArgumentParser]:
    """Return the parsers of all commands, and of the programs that have them."""
    return [*map(parser_of, (app.main, index.__main__.main, qa.__main__.main)), *commands().values()]


def _subcommands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    (action,) = (one for one in parser._actions if isinstance(one, argparse._SubParsersAction))
    for listed in action._choices_actions:
        parser = action.choices[listed.dest]
        parser.description = parser.description or listed.help
    return dict(action.choices)


def options_of(parser: argparse.ArgumentParser) -> dict[str, str]:
    """Return what each option and argument means, by how it is written; hidden ones and --help are left out."""
    return dict(_options(parser))


def _options(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    for action in sorted(parser._actions, key=lambda action: bool(action.option_strings)):
        if action.help == argparse.SUPPRESS or isinstance(action, argparse._HelpAction):
            continue
        value = action.metavar or (f"{{{','.join(action.choices)}}}" if action.choices else action.dest.upper())
        if action.option_strings:
            written = ", ".join(action.option_strings)
            written += "" if action.nargs == 0 else f" {value}"
        else:
            written = f"[{value}]" if action.nargs == "?" else str(value)
        yield written, (action.help or "").replace("%%", "%")


def reference(found: dict[str, argparse.ArgumentParser]) -> str:
    """Return a section for each command: what it does, and a table of its options."""
    return "\n".join(_section(name, parser) for name, parser in found.items())


def _section(name: str, parser: argparse.ArgumentParser) -> str:
    rows = [f"| `{written}` | {_cell(meaning)} |" for written, meaning in _options(parser)]
    description = (parser.description or "").strip().rstrip(".")
    return "\n".join(
        [
            f"### {name}",
            "",
            f"{description[:1].upper()}{description[1:]}.",
            "",
            "| Option | Meaning |",
            "|---|---|",
            *rows,
            "",
        ]
    )


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("|", r"\|")


def documents() -> dict[Path, str]:
    """Return the two documents as they should be."""
    names = list(commands())
    chosen = {
        INDEX: {name: parser for name, parser in _of_index().items() if name in IN_INDEX},
        QA: {name: commands()[name] for name in names if name not in IN_INDEX or name == "verify"},
    }
    return {
        path: path.read_text("utf-8").partition(HEADING)[0] + f"{HEADING}\n{reference(found)}"
        for path, found in chosen.items()
    }


if __name__ == "__main__":
    for path, text in documents().items():
        path.write_text(text, "utf-8")
