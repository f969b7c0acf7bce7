"""The examples in docstrings hold."""

import doctest
import importlib
import pkgutil

import pytest

import index.readers
import qa

MODULES = [
    f"{package.__name__}.{module.name}"
    for package in (index, index.readers, qa)
    for module in pkgutil.iter_modules(package.__path__)
    if module.name != "__main__" and not module.ispkg
]


@pytest.mark.parametrize("name", MODULES)
def test_its_examples_hold(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
