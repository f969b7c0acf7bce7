"""The documentation is true: its commands run, its output is real, and its options are those of the commands."""

import ast
import importlib
import re
import shlex
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from support.command_docs import commands, documents, options_of, parsers

import index.__main__
import qa.__main__
from index.embed.encoder import Encoder

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
DOCUMENTATION = [
    ROOT / "README.md",
    *sorted(path for folder in (".github", "index", "qa", "tests") for path in (ROOT / folder).rglob("*.md")),
]
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")


def _path(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blocks(text: str, language: str) -> list[str]:
    """Return the fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_the_readme_names_the_two_commands() -> None:
    assert "pip install -e . && python app.py" in README
    assert "pip install -e '.[test]' && pytest" in README


@pytest.mark.parametrize("path", DOCUMENTATION, ids=_path)
def test_links_and_pictures_lead_to_files_and_headings(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?://)(.*?)\)", path.read_text("utf-8")):
        name, _, heading = target.partition("#")
        file = path.parent / name if name else path
        assert file.exists(), target
        if heading:
            headings = re.findall(r"^#+ (.*)$", file.read_text("utf-8"), re.MULTILINE)
            assert heading in [re.sub(r"[^\w -]", "", one).lower().replace(" ", "-") for one in headings], target


@pytest.mark.parametrize("path", documents(), ids=_path)
def test_the_options_of_every_command_are_documented_as_its_help_has_them(path: Path) -> None:
    assert path.read_text("utf-8") == documents()[path], "Run python -m tests.support.command_docs."


@pytest.mark.parametrize("name", commands())
def test_every_option_has_a_help_text(name: str) -> None:
    assert [option for option, meaning in options_of(commands()[name]).items() if not meaning] == []


@pytest.mark.parametrize("path", DOCUMENTATION, ids=_path)
def test_every_option_that_is_named_exists(path: Path) -> None:
    known = {option for parser in parsers() for action in parser._actions for option in action.option_strings}
    assert set(OPTION.findall(path.read_text("utf-8"))) - known - _options_of_scripts() == set()


@cache
def _options_of_scripts() -> set[str]:
    """The options that the benchmarks and other scripts of the tests have."""
    scripts = [*(ROOT / "tests" / "benchmarks").glob("*.py"), *(ROOT / "tests" / "support").glob("*.py")]
    return {
        argument.value
        for script in scripts
        for node in ast.walk(ast.parse(script.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "add_argument"
        for argument in node.args
        if isinstance(argument, ast.Constant)
    }


@pytest.mark.parametrize("path", DOCUMENTATION, ids=_path)
def test_every_script_that_is_named_exists(path: Path) -> None:
    named = re.findall(r"python (tests/\S+\.py)|python -m (tests\.[\w.]+)", path.read_text("utf-8"))
    scripts = {script or f"{module.replace('.', '/')}.py" for script, module in named}
    assert {script for script in scripts if not (ROOT / script).is_file()} == set()


def test_a_part_of_an_option_is_another_option() -> None:
    assert OPTION.findall("`--no-history`, `--k 5` and a-dash--no") == ["--no-history", "--k"]


COMMANDS = [
    *(command for path in DOCUMENTATION for command in re.findall(r"`(footnote [a-z].*?)`", path.read_text("utf-8"))),
    *(
        line.removeprefix("$ ")
        for path in DOCUMENTATION
        for language in ("sh", "console")
        for block in blocks(path.read_text("utf-8"), language)
        for line in block.splitlines()
        if re.match(r"(\$ )?(footnote|python app\.py|python -m (index|qa))\b", line)
    ),
]


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_that_is_shown_is_understood(line: str) -> None:
    program, name, *arguments = shlex.split(line.replace("python app.py", "footnote serve").removeprefix("python -m "))
    assert program in ("footnote", "index", "qa")
    parser = commands()[name]
    if arguments:
        parser.parse_args(arguments)


def sessions() -> list[tuple[str, str]]:
    """Return each command of the README's console blocks with what is printed after it."""
    return [
        (command, output)
        for block in blocks(README, "console")
        for command, output in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
    ]


def test_the_sessions_of_the_readme_print_what_they_show(
    model: Encoder, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.embed.encoder.load_encoder", lambda *_: model)
    monkeypatch.setattr("qa.commands.load_encoder", lambda *_: model)
    mains: dict[str, Callable[[list[str]], int]] = {"index": index.__main__.main, "qa": qa.__main__.main}
    places = ["--sources", str(ROOT / "sources"), "--index", str(tmp_path)]
    assert mains["index"](["build", *places]) == 0
    built = capsys.readouterr().out
    assert len(sessions()) >= 4
    for command, output in sessions():
        _, name, *arguments = shlex.split(command)
        if name == "build":
            assert output == built
            continue
        main = mains["qa" if name in ("ask", "changes") else "index"]
        main([name, *arguments, *places])
        shown = capsys.readouterr().out
        assert output.rstrip("\n") in (shown.rstrip("\n"), shown.split("\n\n")[0]), command


@pytest.mark.parametrize("folder", ["index", "qa"])
def test_every_module_is_described_once(folder: str) -> None:
    text = (ROOT / folder / "README.md").read_text("utf-8")
    section = re.findall(r"^## Modules\n(.*?)^## ", text, re.MULTILINE | re.DOTALL)[0]
    described = re.findall(r"^\| `(.*?\.py)` \| \w.* \|$", section, re.MULTILINE)
    modules = [
        path.relative_to(ROOT / folder).as_posix()
        for path in (ROOT / folder).rglob("*.py")
        if path.name != "__init__.py"
    ]
    assert (set(modules) - set(described), set(described) - set(modules)) == (set(), set()), "missing, superfluous"
    assert len(described) == len(modules)


CONSTANTS = [
    (folder, *row)
    for folder in ("index", "qa")
    for row in re.findall(
        r"^\| `(\S+)\.py` \| `(\w+)` \| (.*?) \| .+ \|$", (ROOT / folder / "README.md").read_text("utf-8"), re.MULTILINE
    )
]


@pytest.mark.parametrize(("folder", "module", "name", "value"), CONSTANTS)
def test_a_tuned_constant_has_the_value_that_is_documented(folder: str, module: str, name: str, value: str) -> None:
    code = importlib.import_module(f"{folder}.{module.replace('/', '.')}")
    assert getattr(code, name) == ast.literal_eval(value)
