"""The index of a PostgreSQL database: its connections, its lock, and stores to read and to build it."""

import atexit
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool, PoolTimeout

from index.errors import IndexNotWritableError, IndexOutdatedError, IndexUnusableError
from index.postgres.address import Address, read_address
from index.postgres.failures import explained, no_index, reason_of, unreachable
from index.postgres.schema import MIGRATIONS, has_edition, migrate, version
from index.postgres.store import PostgresStore
from index.postgres.work import Editions, Worker
from index.postgres.writer import PostgresWriter
from index.store.protocols import IndexedModel

MAX_CONNECTIONS = 8  # of one process that reads
WAIT_SECONDS = 5.0  # for a free connection
_LOCK_TRIES, _LOCK_SECONDS = 5, 0.2
logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # a lost connection is reported once, by the errors here


@dataclass
class PostgresIndex:
    """The index of a database. Safe to share between threads.

    `replica` is the address of a copy to read from. Builds use `url`. `folder` has what belongs to this machine: the
    log of questions and removed documents.
    """

    url: str = field(repr=False)  # which may hold a password
    replica: str = field(default="", repr=False)
    folder: Path = Path(".index")
    _address: Address = field(init=False, repr=False)
    _pool: ConnectionPool[Connection[Any]] = field(init=False, repr=False)
    _opening: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _builder: Connection[Any] | None = field(default=None, repr=False)
    _is_known: bool = field(default=False, repr=False)

    def __post_init__(self) -> None:
        self._address = read_address(self.url)
        self._readable = read_address(self.replica) if self.replica else self._address
        self._pool = ConnectionPool(
            self._readable.conninfo_for(reading=True),
            min_size=0,
            max_size=MAX_CONNECTIONS,
            open=False,
            timeout=WAIT_SECONDS,
            check=ConnectionPool.check_connection,
            kwargs={"autocommit": True, "row_factory": dict_row},
        )

    def __str__(self) -> str:
        return self._address.place

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()

    def exists(self) -> bool:
        """Return whether the database has an index.

        Raises:
            IndexUnusableError: the database cannot be reached.
        """
        with self._connected() as connection:
            return version(connection) > 0 and has_edition(connection)

    @contextmanager
    def open(self) -> Iterator[PostgresStore]:
        """Open the index to read it. A connection that was lost is replaced.

        Raises:
            IndexUnusableError: the database cannot be reached, or has no index.
            IndexOutdatedError: an older version made it.
        """
        with self._connected() as connection:
            if not self._is_known:
                self._check(connection)
            yield PostgresStore(connection)

    def size(self) -> int:
        """Return the bytes of the tables and their indexes."""
        with self._connected() as connection:
            row = connection.execute(
                """SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint AS size FROM pg_class
                WHERE relkind = 'r' AND relnamespace = to_regnamespace(%s)""",
                (self._address.schema,),
            ).fetchone()
            return int(row["size"]) if row else 0

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Be the only build inside the block. The lock ends with the connection, so a killed build leaves none.

        Raises:
            IndexNotWritableError: another build is running, or the role may not build.
        """
        with self._writing() as connection:
            self._take_lock(connection)
            try:
                _add_extension(connection)
                migrate(connection, self._address.schema, time.time_ns())
                self._builder = connection
                yield
            finally:
                self._builder = None
                with suppress(psycopg.Error):  # a connection that was lost has lost its locks too
                    connection.execute("SELECT pg_advisory_unlock_all()")

    @contextmanager
    def open_build(self, model: IndexedModel, chunking: int, full: bool) -> Iterator[PostgresWriter]:
        """Open the index for a build inside `lock`. With `full`, or at first, a new edition begins."""
        connection = self._builder
        assert connection, "the lock is not taken"
        with explained(self._address.place):
            yield PostgresWriter(connection, Editions(connection).for_build(model, chunking, full))

    @contextmanager
    def open_work(self, model: IndexedModel) -> Iterator[Worker]:
        """Open the index to encode passages for a build that another process runs.

        Raises:
            IndexUnusableError: the index is built with another model.
        """
        with self._writing() as connection:
            yield Worker(connection, model)

    def with_replica(self, url: str) -> "PostgresIndex":
        """Return the same index, read from a replica of its database."""
        return PostgresIndex(self.url, url, self.folder)

    def for_building(self) -> "PostgresIndex":
        """Return the same index, read where it is written and not from the replica."""
        return PostgresIndex(self.url, folder=self.folder) if self.replica else self

    def _take_lock(self, connection: Connection[Any]) -> None:
        """Take the lock of builds. The server may need a moment to notice that a build was killed."""
        query = "SELECT pg_try_advisory_lock(hashtextextended('footnote build', hashtext(%s))) AS is_free"
        for _ in range(_LOCK_TRIES):
            row = connection.execute(query, (self._address.schema,)).fetchone()
            if row and row["is_free"]:
                return
            time.sleep(_LOCK_SECONDS)
        raise IndexNotWritableError(f"Another build of {self} is running: try again when it is done.")

    def _check(self, connection: Connection[Any]) -> None:
        found = version(connection)
        if not found or not has_edition(connection):
            raise no_index(str(self))
        if found > len(MIGRATIONS):
            raise IndexUnusableError(
                f"The index in {self} was made by a newer version of Footnote: update Footnote, or name another schema "
                "with ?schema= in the address."
            )
        if found < len(MIGRATIONS):
            raise IndexOutdatedError(f"The index in {self} was made by an older version of Footnote")
        self._is_known = True

    @contextmanager
    def _connected(self) -> Iterator[Connection[Any]]:
        place = self._readable.place
        with self._opening:
            if self._pool.closed:
                if reason := self._why_not():  # at once, where the pool would wait
                    raise unreachable(place, reason)
                self._pool.open()
                atexit.register(self._pool.close)
        with explained(place):
            try:
                connection = self._pool.getconn()
            except PoolTimeout as error:
                in_use = f"all {MAX_CONNECTIONS} connections are in use"
                raise unreachable(place, self._why_not() or in_use) from error
            try:
                yield connection
            finally:
                self._pool.putconn(connection)

    def _why_not(self) -> str:
        """Return why the server cannot be reached; "" if it can."""
        try:
            psycopg.connect(self._readable.conninfo_for(reading=True)).close()
        except psycopg.Error as error:
            return reason_of(error)
        return ""

    @contextmanager
    def _writing(self) -> Iterator[Connection[Any]]:
        try:
            connection = psycopg.connect(
                self._address.conninfo_for(reading=False), autocommit=True, row_factory=dict_row
            )
        except psycopg.Error as error:
            raise unreachable(str(self), reason_of(error)) from error
        try:
            with explained(str(self)):
                yield connection
        finally:
            with suppress(psycopg.Error):
                connection.close()


def _add_extension(connection: Connection[Any]) -> None:
    """Add pgvector to the database, which the role may not be allowed to do."""
    row = connection.execute("SELECT to_regtype('halfvec') IS NOT NULL AS exists").fetchone()
    if row and row["exists"]:
        return
    try:
        connection.execute("CREATE EXTENSION IF NOT EXISTS vector SCHEMA public")
    except psycopg.Error as error:
        raise IndexUnusableError(
            f"The database lacks the extension pgvector ({reason_of(error)}): install version 0.8 or later, and run "
            "CREATE EXTENSION vector as a superuser."
        ) from error
