"""Check the SQLite file of an index against itself."""

import sqlite3
from contextlib import closing

from index.errors import IndexDamagedError
from index.store.connection import SQLITE_ERRORS, index_error, sqlite_code
from index.store.schema import CHECKSUMS, SCHEMA, intact_sql
from index.store.store import Store


def file_problems(store: Store) -> list[str]:
    """Return one sentence for each problem: SQLite's own check, the tables, and the checksums of all rows.

    Raises:
        IndexUnusableError: the file cannot be read.
    """
    found: list[str] = []
    try:
        found += [f"SQLite reports: {text}." for text in _sqlite_problems(store.connection)]
        if not _has_the_tables(store.connection):
            found.append("Its tables differ from those of this version.")
        for name in CHECKSUMS:
            table = name.partition(".")[0]
            query = f"SELECT count(*) FROM {table} WHERE NOT {intact_sql(name)}"
            if count := store.connection.execute(query).fetchone()[0]:
                found.append(f"In the table {table}, {count} rows have a wrong checksum.")
        store.connection.execute("INSERT INTO full_text(full_text) VALUES ('integrity-check')")
    except SQLITE_ERRORS as error:
        problem = index_error(store.folder, error)
        if isinstance(problem, IndexDamagedError):
            found.append(f"It is damaged inside ({error}).")
        elif sqlite_code(error) != sqlite3.SQLITE_READONLY:  # a read-only index skips the check of the full text
            raise problem from error
    return [f"{text} Run python -m index build --full." for text in found]


def _sqlite_problems(connection: sqlite3.Connection) -> list[str]:
    return [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]


def _has_the_tables(connection: sqlite3.Connection) -> bool:
    query = "SELECT name, sql FROM sqlite_master ORDER BY 1"
    with closing(sqlite3.connect(":memory:")) as fresh:
        fresh.executescript(SCHEMA)
        return fresh.execute(query).fetchall() == [tuple(row) for row in connection.execute(query)]
