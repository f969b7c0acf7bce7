"""Read where an index is: a folder, or a PostgreSQL database."""

import argparse
from importlib.util import find_spec
from pathlib import Path

from index.errors import IndexUnusableError
from index.ingest.limits import path_value
from index.store.embedded import index_of
from index.store.protocols import Index

SCHEMES = ("postgresql://", "postgres://")


def add_index(parser: argparse.ArgumentParser, has_replica: bool = False) -> None:
    """Add the options that say where the index is."""
    text = "the folder of the index, or a database as postgresql://user@host/name (.index)"
    parser.add_argument("--index", type=index_value, default=Path(".index"), help=text)
    if has_replica:
        text = "a read replica of the index's database to answer from, as postgresql://user@host/name"
        parser.add_argument("--replica", metavar="URL", help=text)


def index_value(text: str) -> Path | Index:
    """Read the value of --index."""
    if not text.startswith(SCHEMES):
        return path_value(text)
    try:
        return database(text)
    except IndexUnusableError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def database(url: str) -> Index:
    """Return the index of a database.

    Raises:
        IndexUnusableError: an address cannot be read, or the extra `postgres` is not installed.
    """
    if not find_spec("psycopg") or not find_spec("psycopg_pool"):
        raise IndexUnusableError(
            "An index in PostgreSQL needs one more package: install it with pip install -e '.[postgres]'."
        )
    from index.postgres.index import PostgresIndex

    return PostgresIndex(url)


def chosen_index(options: argparse.Namespace) -> Path | Index:
    """Return the index that the options name, read from its replica if they name one.

    Raises:
        IndexUnusableError: there is a replica, but the index is a folder.
    """
    place: Path | Index = options.index
    if not options.replica:
        return place
    return index_of(place).with_replica(options.replica)


def folder_of(place: Path | Index) -> Path:
    """Return the folder for what belongs to this machine."""
    return place if isinstance(place, Path) else place.folder
