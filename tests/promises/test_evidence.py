"""The table of what was tried names every finding, and tests that exist."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
TABLE = (TESTS / "promises" / "README.md").read_text("utf-8")
FINDINGS = [*(f"H{n}" for n in range(1, 5)), *(f"M{n}" for n in range(1, 12)), *(f"L{n}" for n in range(1, 12))]
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)::(\w+)`", TABLE)))


@cache
def functions(path):
    return {
        node.name for node in ast.parse((TESTS / path).read_text("utf-8")).body if isinstance(node, ast.FunctionDef)
    }


def test_every_finding_has_a_row_with_a_test():
    rows = dict(re.findall(r"^\| ([HML]\d+) \|(.*)$", TABLE, re.MULTILINE))
    assert list(rows) == FINDINGS
    assert [finding for finding, row in rows.items() if "::test_" not in row] == []


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_a_named_test_exists(path, name):
    assert name in functions(path)
