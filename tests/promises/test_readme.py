"""What README tells people to type works."""

import re
from pathlib import Path

import pytest

import app
import index.__main__
import qa.__main__

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def test_it_names_the_two_commands():
    assert "pip install -e . && python app.py" in README
    assert "pip install -e '.[test]' && pytest" in README


def test_its_picture_is_there():
    for path in re.findall(r"!\[.*?\]\((.*?)\)", README):
        assert (ROOT / path).is_file()


@pytest.mark.parametrize(("module", "command"), re.findall(r"^python -m (index|qa) (\w+)", README, re.MULTILINE))
def test_its_commands_exist(module, command):
    main = {"index": index.__main__.main, "qa": qa.__main__.main}[module]
    with pytest.raises(SystemExit, match="0"):
        main([command, "--help"])


def test_its_flags_exist(capsys):
    known = (ROOT / "tests" / "benchmarks" / "growth.py").read_text("utf-8")
    for main, arguments in (
        (app.main, []),
        (index.__main__.main, ["build"]),
        (index.__main__.main, ["status"]),
        (qa.__main__.main, ["ask"]),
        (qa.__main__.main, ["evaluate"]),
        (qa.__main__.main, ["user"]),
    ):
        with pytest.raises(SystemExit, match="0"):
            main([*arguments, "--help"])
        known += capsys.readouterr().out
    for flag in set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", README)) - {"--help"}:
        assert flag in known
