"""The examples in docstrings hold."""

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


@pytest.mark.parametrize("name", MODULES)
def test_its_examples_hold(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
