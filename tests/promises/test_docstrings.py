"""The examples in docstrings hold, and there are some in every folder of pure functions."""

import doctest
import importlib
import pkgutil

import pytest

import index
import qa

MODULES = [
    module.name
    for package in (index, qa)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    if not module.name.endswith("__main__") and not module.ispkg
]
WITH_EXAMPLES = ("index.text", "index.search", "index.ingest", "qa.answer")


@pytest.mark.parametrize("name", MODULES)
def test_its_examples_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize("folder", WITH_EXAMPLES)
def test_a_folder_of_pure_functions_has_examples(folder: str) -> None:
    modules = [importlib.import_module(name) for name in MODULES if name.startswith(f"{folder}.")]
    examples = [test for module in modules for test in doctest.DocTestFinder().find(module) if test.examples]
    assert len(examples) >= 2


def test_a_wrong_example_is_found() -> None:
    example = doctest.DocTestParser().get_doctest(">>> 1 + 1\n3\n", {}, "wrong", None, None)
    assert doctest.DocTestRunner(verbose=False).run(example, out=lambda text: None).failed == 1
