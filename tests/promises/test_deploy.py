"""The examples of deployment are valid, and their commands are understood."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.command_docs import commands

FOLDER = Path(__file__).parents[2] / ".github" / "deploy"


def documents() -> Iterator[dict[str, Any]]:
    for path in sorted(FOLDER.glob("*.yaml")):
        yield from yaml.safe_load_all(path.read_text("utf-8"))


def command_lines() -> list[list[str]]:
    """The arguments of `footnote` in all examples."""
    found = []
    for document in documents():
        for service in document.get("services", {}).values():
            if "build" in service:
                found.append(service["command"])
        if document.get("kind") == "Deployment":
            found += [one["args"] for one in document["spec"]["template"]["spec"]["containers"]]
    return found


@pytest.mark.parametrize("line", command_lines(), ids=" ".join)
def test_every_command_is_understood(line: list[str]) -> None:
    name, *arguments = [re.sub(r"\$\{\w+:-(.*?)\}", r"\1", one) for one in line]
    options = commands()[name].parse_args(arguments)
    assert str(options.index).startswith("postgresql://")


def test_there_are_examples_of_each_process() -> None:
    told = [" ".join(line) for line in command_lines()]
    for words in ("--no-build --read-only", "--worker", "--watch"):
        assert len([line for line in told if words in line]) == 2, words


def test_the_files_that_are_mounted_exist() -> None:
    (compose,) = (one for one in documents() if "services" in one)
    mounted = [
        volume.partition(":")[0]
        for service in compose["services"].values()
        for volume in service.get("volumes", [])
        if volume.startswith("./")
    ]
    assert len(mounted) == 2 and all((FOLDER / name).is_file() for name in mounted)


def test_app_servers_only_read() -> None:
    for line in command_lines():
        if "--no-build" in line:
            assert {"--no-build", "--read-only", "--no-history"} <= set(line)
            assert any(one.startswith("--index=postgresql://reader@") for one in line)
