"""Explain errors of PostgreSQL in one sentence each."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors
from psycopg_pool import PoolClosed, PoolTimeout

from index.errors import DatabaseUnreachableError, IndexNotWritableError, IndexUnusableError

_MAY_NOT_WRITE = errors.InsufficientPrivilege, errors.ReadOnlySqlTransaction
_NO_INDEX = errors.UndefinedTable, errors.InvalidSchemaName
_FULL = errors.DiskFull, errors.OutOfMemory
_TOO_LONG = errors.QueryCanceled, errors.LockNotAvailable
_DAMAGED = errors.DataCorrupted, errors.IndexCorrupted
_LOST = psycopg.OperationalError, psycopg.InterfaceError, errors.IdleInTransactionSessionTimeout


@contextmanager
def explained(place: str) -> Iterator[None]:
    """Raise IndexUnusableError for errors of the server or the connection. A mistake in our own code stays as it is."""
    try:
        yield
    except (PoolTimeout, PoolClosed) as error:
        raise unreachable(place, "no connection was free in time") from error
    except psycopg.Error as error:
        if explanation := _explanation(place, error):
            raise explanation from error
        raise


def unreachable(place: str, reason: str) -> DatabaseUnreachableError:
    """Say that the server cannot be reached."""
    return DatabaseUnreachableError(
        f"The database {place} cannot be reached ({reason}): check that it runs, its address and your password, "
        "then try again."
    )


def reason_of(error: BaseException) -> str:
    """Return the first line of an error that says why.

    >>> reason_of(OSError("connection failed: Connection refused\\n\\tIs the server running?"))
    'connection failed: Connection refused'
    """
    lines = [line.strip(" -\t.") for line in str(error).splitlines()]
    telling = [line for line in lines if line and not line.startswith("Multiple connection attempts")]
    return telling[0] if telling else type(error).__name__


def _explanation(place: str, error: psycopg.Error) -> IndexUnusableError | None:
    reason = reason_of(error)
    if isinstance(error, _MAY_NOT_WRITE):
        return IndexNotWritableError(f"The index in {place} cannot be written ({reason}): use a role that may build.")
    if isinstance(error, _NO_INDEX):
        return no_index(place)
    if isinstance(error, _FULL):
        return IndexUnusableError(
            f"The index in {place} cannot be written ({reason}): make room and try again; nothing is lost."
        )
    if isinstance(error, _TOO_LONG):
        return IndexUnusableError(
            f"The database {place} took too long ({reason}): try again, or raise statement_timeout in the address."
        )
    if isinstance(error, _DAMAGED):
        return IndexUnusableError(f"The database {place} is damaged ({reason}): restore it from its backup.")
    if isinstance(error, _LOST):
        return DatabaseUnreachableError(f"The connection to the database {place} was lost ({reason}): try again.")
    return None


def no_index(place: str) -> IndexUnusableError:
    """Say that there is no index."""
    return IndexUnusableError(f"There is no index in {place}: run python -m index build.")
