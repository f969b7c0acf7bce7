"""Wrong values of options are refused by the option's name, in every command."""

import argparse
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.command_docs import commands

WRONG_NUMBERS = ["0", "-1", "1.5", "1e9", "abc", "", " 1", "99999999999", "٣", "0x10", "nan"]
VALUED = [
    (name, action)
    for name, parser in commands().items()
    for action in parser._actions
    if action.option_strings and action.nargs != 0
]


def ids(value):
    return value if isinstance(value, str) else value.option_strings[0]


def refused(name, action, value, capsys):
    """The message by which a command refuses an option's value; None if it takes it."""
    parser = commands()[name]
    needed = [
        one.choices[0] if one.choices else "x" for one in parser._actions if not one.option_strings and one.nargs != "?"
    ]
    try:
        parser.parse_args([*map(str, needed), f"{action.option_strings[0]}={value}"])
    except SystemExit as stopped:
        assert stopped.code == 2
        return capsys.readouterr().err.strip().splitlines()[-1]
    return None


@pytest.mark.parametrize(
    ("name", "action"), [(n, a) for n, a in VALUED if isinstance(a.default, int) or a.metavar == "N"], ids=ids
)
def test_a_wrong_number_is_refused_by_the_name_of_its_option(name, action, capsys):
    for value in WRONG_NUMBERS:
        message = refused(name, action, value, capsys)
        assert message and f"argument {action.option_strings[0]}:" in message, (value, message)
        assert "is not a whole number from" in message and "_" not in message


@pytest.mark.parametrize(("name", "action"), [(n, a) for n, a in VALUED if a.choices], ids=ids)
def test_a_wrong_choice_is_refused_by_the_name_of_its_option(name, action, capsys):
    for value in ("", "nothing", "TYPO"):
        assert f"argument {action.option_strings[0]}: invalid choice" in refused(name, action, value, capsys)


def is_path(action):
    return getattr(action.type, "__name__", "") == "path_value"


@pytest.mark.parametrize(("name", "action"), [(n, a) for n, a in VALUED if is_path(a)], ids=ids)
def test_an_empty_path_is_refused_by_the_name_of_its_option(name, action, capsys):
    for value in ("", "  ", "a\0b"):
        message = refused(name, action, value, capsys)
        assert message and f"argument {action.option_strings[0]}: the name of a file or folder is empty" in message


@pytest.mark.parametrize(
    ("option", "values"),
    [
        ("--port", ["0", "65536", "99999", "-1", "http", ""]),
        ("--name", ["", "http://docs.example", "a b", "a/b", "docs.example:80", "*"]),
        ("--root-path", ["docs", "//evil.example", "http://x"]),
        ("--trusted-proxy", ["", "proxy", "1.2.3", "10.0.0.0/99", "*"]),
    ],
)
def test_a_wrong_address_is_refused_by_the_name_of_its_option(option, values, capsys):
    action = next(one for one in commands()["serve"]._actions if option in one.option_strings)
    for value in values:
        message = refused("serve", action, value, capsys)
        assert message and f"argument {option}: " in message, value


@pytest.mark.parametrize(("name", "action"), VALUED, ids=ids)
@settings(max_examples=8, deadline=None, derandomize=True)
@given(value=st.text(max_size=20))
def test_any_value_is_taken_or_refused_by_the_name_of_its_option(name, action, value):
    parser = commands()[name]
    kind = parser._registry_get("type", action.type, action.type) or str
    try:
        kind(value)
    except argparse.ArgumentTypeError as error:
        assert str(error) and not re.search(r"_[a-z]|object at", str(error).replace(value, ""))
    # any other error would be a traceback, or a message with the name of a function
