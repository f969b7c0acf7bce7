"""Where an index is, as options name it."""

import argparse
from pathlib import Path

import pytest

from app import main
from index.errors import IndexUnusableError
from index.location import add_index, chosen_index, folder_of
from index.postgres.address import read_address


@pytest.fixture
def read():
    parser = argparse.ArgumentParser(exit_on_error=False)
    add_index(parser, has_replica=True)
    return lambda *arguments: parser.parse_args(arguments)


def test_a_folder_is_a_path(read):
    assert chosen_index(read()) == Path(".index")
    assert chosen_index(read("--index", "some/place")) == Path("some/place")
    assert folder_of(Path("some/place")) == Path("some/place")


def test_a_database_is_named_without_its_password(read):
    index = chosen_index(read("--index", "postgresql://ada:secret@db.example:5433/docs?schema=team"))
    assert str(index) == "postgresql://db.example:5433/docs?schema=team"
    assert "secret" not in repr(index)
    assert folder_of(index) == Path(".index")


def test_a_replica_is_read_and_the_database_is_built(read):
    arguments = "--index postgresql://db.example/docs --replica postgresql://copy.example/docs".split()
    index = chosen_index(read(*arguments))
    assert str(index) == str(index.for_building()) == "postgresql://db.example/docs"
    assert (index._readable.place, index.for_building()._readable.place) == (
        "postgresql://copy.example/docs",
        "postgresql://db.example/docs",
    )


def test_a_folder_has_no_replica(read):
    with pytest.raises(IndexUnusableError, match=r"^\.index is a folder and has no replica postgresql://copy"):
        chosen_index(read("--replica", "postgresql://copy.example/docs"))


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("postgresql://db/docs?schema=My-Team", "My-Team is no name of a schema: use lower-case letters, digits and _"),
        ("postgresql://db/docs?nonsense=1", "cannot be read: give it as postgresql://user@host:5432/database"),
        ("postgresql://db:port/docs%", "cannot be read: give it as postgresql://user@host:5432/database"),
    ],
)
def test_an_address_that_cannot_be_read_is_a_wrong_usage(read, url, problem):
    with pytest.raises(argparse.ArgumentError, match=problem):
        read("--index", url)


def test_without_the_package_it_is_named(read, monkeypatch):
    monkeypatch.setattr("index.location.find_spec", lambda name: None)
    with pytest.raises(
        argparse.ArgumentError, match=r"one more package: install it with pip install -e '\.\[postgres\]'"
    ):
        read("--index", "postgresql://db/docs")


def test_the_limits_of_reading_can_be_overruled():
    address = read_address("postgresql://db/docs?options=-c%20statement_timeout%3D100&sslmode=verify-full")
    reading = address.conninfo_for(reading=True)
    assert "sslmode=verify-full" in reading
    assert reading.index("statement_timeout=30s") < reading.index("statement_timeout=100")
    assert "default_transaction_read_only=on" in reading
    assert "default_transaction_read_only" not in address.conninfo_for(reading=False)


def test_a_page_over_a_database_that_is_not_there_says_so(folder, capsys):
    assert main([str(folder), "--index", "postgresql://127.0.0.1:1/docs", "--no-history"]) == 1
    error = capsys.readouterr().err
    assert error.startswith("The database postgresql://127.0.0.1:1/docs cannot be reached (")
    assert error.count("\n") == 1
