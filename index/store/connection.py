"""Open, create and replace the SQLite file of an index, and turn SQLite's errors into errors for the user."""

import json
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Self

from index.embed.late_interaction import Floats
from index.errors import IndexDamagedError, IndexOutdatedError, IndexUnusableError
from index.store.records import Changes
from index.store.schema import FORMAT, SCHEMA, checksum, checksum_sql, intact_sql

DATABASE_NAME = "footnote.db"
_NEW_NAME = f"{DATABASE_NAME}.new"
# SQLite's own reports, and text columns whose bytes are not UTF-8.
SQLITE_ERRORS = (sqlite3.DatabaseError, UnicodeDecodeError)
# What reading a damaged value raises: JSON that does not parse, blobs of a wrong size, missing rows.
_VALUE_ERRORS = (ArithmeticError, LookupError, MemoryError, TypeError, ValueError)


class IndexFile:
    """Hold the connection to an index. Use it in one thread at a time; open another one for another thread."""

    def __init__(self, connection: sqlite3.Connection, folder: Path) -> None:
        self.connection = connection
        self.folder = folder

    @staticmethod
    def exists(folder: Path) -> bool:
        """Return whether a folder has an index, usable or not."""
        return (folder / DATABASE_NAME).exists()

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the index of a folder, which may be read-only.

        Raises:
            IndexUnusableError: there is no index, or it cannot be read.
            IndexOutdatedError: an older version made it.
            IndexDamagedError: it is damaged.
        """
        path = folder / DATABASE_NAME
        if not path.is_file():
            raise IndexUnusableError(f"There is no index in {folder}: run python -m index build.")
        try:
            store = cls(_connect(path, "?immutable=1" if _is_unused_read_only(folder) else ""), folder)
        except SQLITE_ERRORS as error:
            raise index_error(folder, error) from error
        try:
            store._check_format()
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def create(cls, folder: Path, *, model: str, fingerprint: str, width: int, chunking: int, axes: Floats) -> Self:
        """Create an empty index beside the current one, which stays in use until `activate`.

        The new index continues the generation numbers of the current one.

        Raises:
            IndexUnusableError: the folder cannot be written.
        """
        generation = _last_generation(folder)
        try:
            store = cls(_connect(folder / _NEW_NAME), folder)
            description = (FORMAT, chunking, model, fingerprint, width, generation)
            row = (*description, time.time(), time.time_ns(), json.dumps(asdict(Changes())))
            store.connection.executescript(f"BEGIN; {SCHEMA} COMMIT;")
            store.connection.execute(f"INSERT INTO meta SELECT {', '.join('?' * len(row))}, NULL", row)
            store.update_checksum()
            store.connection.execute("INSERT INTO axis VALUES (?1, checksum(?1))", (axes.tobytes(),))
        except sqlite3.DatabaseError as error:
            raise index_error(folder, error) from error
        return store

    def activate(self) -> None:
        """Make a created index the current one. Readers of the previous index are not disturbed."""
        path, new = self.folder / DATABASE_NAME, self.folder / _NEW_NAME
        if not new.exists():
            return
        try:
            previous = type(self).open(self.folder) if path.exists() else None
        except (IndexDamagedError, IndexOutdatedError):
            previous = None
        with self.writing():
            if previous:
                with previous:
                    self.connection.backup(previous.connection)
            self.connection.close()
            if not previous:
                for name in (f"{path.name}-wal", f"{path.name}-shm", f"{path.name}-journal"):
                    (self.folder / name).unlink(missing_ok=True)
                new.replace(path)
            self.connection = _connect(path)
            self.connection.execute("PRAGMA journal_mode = WAL")
        self.remove_leftovers(self.folder)

    @staticmethod
    def remove_leftovers(folder: Path) -> None:
        """Remove the files of an interrupted build."""
        for leftover in folder.glob(f"{_NEW_NAME}*"):
            leftover.unlink(missing_ok=True)

    def update_checksum(self) -> None:
        """Update the checksum of the description after a change."""
        self.connection.execute(f"UPDATE meta SET crc = {checksum_sql('meta.crc')}")

    def close(self) -> None:
        """Close the file. The object cannot be used afterwards."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Raise IndexDamagedError or IndexUnusableError for errors that reading rows causes inside the block."""
        try:
            yield
        except sqlite3.ProgrammingError:  # a mistake in our own code
            raise
        except SQLITE_ERRORS as error:
            raise index_error(self.folder, error) from error
        except _VALUE_ERRORS as error:
            raise damaged_error(self.folder, f"{type(error).__name__}: {error}") from error

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Raise IndexUnusableError for errors of SQLite inside the block."""
        try:
            yield
        except sqlite3.ProgrammingError:
            raise
        except SQLITE_ERRORS as error:
            raise index_error(self.folder, error) from error

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read one generation inside the block, even if a build publishes another one meanwhile."""
        self.connection.execute("BEGIN")
        try:
            yield
        finally:
            self._roll_back()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write everything inside the block, or nothing if it raises."""
        with self.writing():
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise

    def checkpoint(self) -> None:
        """Move the write-ahead log into the file as far as readers allow. The rest follows at a later build."""
        with suppress(sqlite3.OperationalError):
            self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def _roll_back(self) -> None:
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")

    def _check_format(self) -> None:
        with self.reading():
            version = self.connection.execute("SELECT format FROM meta").fetchone()[0]
            if version != FORMAT:
                raise _format_error(self.folder, version)
            if not self.connection.execute(f"SELECT {intact_sql('meta.crc')} FROM meta").fetchone()[0]:
                raise sqlite3.DatabaseError("the checksum of its description differs")


def _connect(path: Path, query: str = "") -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}{query}", timeout=30, isolation_level=None, check_same_thread=False, uri=True
    )
    connection.row_factory = sqlite3.Row
    connection.create_function("checksum", -1, checksum, deterministic=True)
    try:
        for statement in ("PRAGMA foreign_keys = ON", "PRAGMA synchronous = FULL", "SELECT * FROM sqlite_master"):
            connection.execute(statement)
    except SQLITE_ERRORS:
        connection.close()
        raise
    return connection


def _is_unused_read_only(folder: Path) -> bool:
    """Return whether a folder cannot be written and no other process writes its index: SQLite then needs no locks."""
    return not os.access(folder, os.W_OK) and not (folder / f"{DATABASE_NAME}-wal").exists()


def _last_generation(folder: Path) -> int:
    """Return the generation of the current index, whatever its format; 0 if there is none to read."""
    path = folder / DATABASE_NAME
    try:
        with closing(_connect(path, "?mode=rw")) as connection:
            return int(connection.execute("SELECT generation FROM meta").fetchone()[0])
    except (*SQLITE_ERRORS, TypeError, ValueError):
        return 0


def sqlite_code(error: Exception) -> int:
    """Return the primary result code of SQLite."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF


def index_error(folder: Path, error: Exception) -> IndexUnusableError:
    """Explain an error of SQLite to the user."""
    code = sqlite_code(error)
    if code == sqlite3.SQLITE_FULL:
        problem = f"cannot be written ({error}): make room and try again; nothing is lost."
    elif code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        problem = f"cannot be read or written ({error}): check the disk, its room and permissions; nothing is lost."
    elif code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        problem = f"is in use by another program ({error}): wait until it is done and try again."
    else:
        return damaged_error(folder, str(error))
    return IndexUnusableError(f"The index in {folder} {problem}")


def damaged_error(folder: Path, reason: str) -> IndexDamagedError:
    """Explain that an index is damaged."""
    return IndexDamagedError(f"The index in {folder} is damaged ({reason})")


def _format_error(folder: Path, version: object) -> IndexUnusableError:
    if isinstance(version, int) and version > FORMAT:
        return IndexUnusableError(
            f"The index in {folder} was made by a newer version of Footnote: update Footnote, or name another folder "
            "with --index."
        )
    return IndexOutdatedError(f"The index in {folder} was made by an older version of Footnote")
