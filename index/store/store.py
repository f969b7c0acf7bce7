"""Documents, passages, vectors and full text: one SQLite file, the truth that everything else is derived from.

Readers see whole generations only: a build publishes all its changes in one transaction (`staging`).
"""

import json
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index.embed.late_interaction import Floats, StoredTokens
from index.errors import IndexDamagedError, IndexUnusableError
from index.store.records import Change, Changes, Description, FileRecord, LedgerEntry
from index.store.schema import CHECKED, FORMAT, PASSAGES, SCHEMA, checksum, pairs, passage_of
from index.types import Block, Document, Passage, Span

FILE_NAME = "footnote.db"
_FRESH = f"{FILE_NAME}.new"
STORED = np.float16
_PASSAGES = PASSAGES.format("")
_AT_ONCE = 500
_ERRORS = (sqlite3.DatabaseError, UnicodeDecodeError)  # the latter by what SQLite says of damage
# What is raised where something is read that was never written.
_OF_DAMAGE = (ArithmeticError, AssertionError, LookupError, MemoryError, TypeError, ValueError)


class Store:
    """An open index. Use it in one thread at a time; open another for another."""

    def __init__(self, connection: sqlite3.Connection, folder: Path) -> None:
        self.connection = connection
        self.folder = folder

    @staticmethod
    def exists(folder: Path) -> bool:
        """Whether a folder holds an index, sound or not."""
        return (folder / FILE_NAME).exists()

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the index in a folder, which may be one that cannot be written.

        Raises:
            IndexUnusableError: there is none, or it is damaged or of another format.
        """
        path = folder / FILE_NAME
        if not path.is_file():
            raise IndexUnusableError(f"There is no index in {folder}: run python -m index build.")
        try:
            connection = _connect(path, "?immutable=1" if _is_at_rest(folder) else "")
            store = cls(connection, folder)
            found = connection.execute("SELECT format FROM meta").fetchone()
            if found == (FORMAT,):
                found = connection.execute(f"SELECT crc = checksum({CHECKED['meta']}) FROM meta").fetchone()
                if not found[0]:
                    raise sqlite3.DatabaseError("its description is not what was written")
                return store
        except _ERRORS as error:
            raise _unusable(folder, error) from error
        store.close()
        raise IndexDamagedError(f"The index in {folder} was made by another version: run python -m index build --full.")

    @classmethod
    def create(cls, folder: Path, model: str, fingerprint: str, width: int, splitting: int, axes: Floats) -> Self:
        """Make an empty index beside any that is there, which stays until this one is put in its place and whose
        generations it goes on counting.

        Raises:
            IndexUnusableError: the folder cannot be written.
        """
        try:
            with cls.open(folder) as old:
                generation = old.generation()
        except IndexUnusableError:
            generation = 0
        try:
            store = cls(_connect(folder / _FRESH), folder)
            kind = FORMAT, splitting, model, fingerprint, width
            row = (*kind, generation, time.time(), time.time_ns(), json.dumps(asdict(Changes())))
            store.connection.executescript(f"BEGIN; {SCHEMA} COMMIT;")
            store.connection.execute(f"INSERT INTO meta SELECT {', '.join('?' * len(row))}, NULL", row)
            store.seal()
            store.connection.execute("INSERT INTO axis VALUES (?1, checksum(?1))", (axes.tobytes(),))
        except sqlite3.DatabaseError as error:
            raise _unusable(folder, error) from error
        return store

    def put_in_place(self) -> None:
        """Become the index of the folder, unless it is already. Whoever reads the one that is there goes on
        undisturbed."""
        path, fresh = self.folder / FILE_NAME, self.folder / _FRESH
        if not fresh.exists():
            return
        try:
            old = Store.open(self.folder) if path.exists() else None
        except IndexDamagedError:
            old = None
        if old:
            with old:
                self.connection.backup(old.connection)
        self.connection.close()
        if not old:
            for name in (f"{path.name}-wal", f"{path.name}-shm", f"{path.name}-journal"):
                (self.folder / name).unlink(missing_ok=True)
            fresh.replace(path)
        self.connection = _connect(path)
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.sweep(self.folder)

    @staticmethod
    def sweep(folder: Path) -> None:
        """Take away what an interrupted build has left."""
        for left in folder.glob(f"{_FRESH}*"):
            left.unlink(missing_ok=True)

    def seal(self) -> None:
        """Note the checksum of what the index says of itself, after it has changed."""
        self.connection.execute(f"UPDATE meta SET crc = checksum({CHECKED['meta']})")

    def close(self) -> None:
        """Close the file; the store is of no use afterwards."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        try:
            if isinstance(error, _ERRORS):
                raise _unusable(self.folder, error) from error
            if isinstance(error, _OF_DAMAGE) and (found := self.problems()):
                raise IndexDamagedError(f"The index in {self.folder} is damaged. {found[0]}") from error
        finally:
            self.close()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All that is read inside is of one generation."""
        self.connection.execute("BEGIN")
        try:
            yield
        finally:
            self._roll_back()

    def describe(self) -> Description:
        """The index's model, generation and size."""
        row = self.connection.execute(
            """SELECT model, fingerprint, width, splitting, generation, built_at,
               (SELECT count(*) FROM document), (SELECT count(*) FROM passage) FROM meta"""
        ).fetchone()
        return Description(*row)

    def generation(self) -> int:
        """The number of the last published build."""
        return int(self.connection.execute("SELECT generation FROM meta").fetchone()[0])

    def changes(self) -> Changes:
        """What the last published build changed."""
        said = json.loads(self.connection.execute("SELECT changes FROM meta").fetchone()[0])
        return Changes(**{**said, "files": tuple(Change(**file) for file in said["files"])})

    def origin(self) -> int:
        """Tells this index from any made anew in its place."""
        return int(self.connection.execute("SELECT origin FROM meta").fetchone()[0])

    def files(self) -> dict[str, FileRecord]:
        """Every file that the last build read or could not read, by path."""
        rows = self.connection.execute(
            """SELECT path, size, modified_ns, sha256, '', note, '' FROM document
               UNION ALL SELECT path, size, modified_ns, sha256, reason, '', original FROM other ORDER BY path"""
        )
        return {row[0]: FileRecord(*row) for row in rows}

    def file(self, path: str) -> FileRecord | None:
        """One document's file as it was when it was read, or None."""
        row = self.connection.execute(
            "SELECT path, size, modified_ns, sha256 FROM document WHERE path = ?", (path,)
        ).fetchone()
        return FileRecord(*row) if row else None

    def ledger(self) -> list[LedgerEntry]:
        """What became of every file that the last build read or could not read, by path."""
        rows = self.connection.execute(
            """SELECT path, iif(note = '', 'indexed', 'partial'), note, length(text), json_array_length(pages), unit,
               (SELECT count(*) FROM passage WHERE passage.document = document.id) FROM document
               UNION ALL SELECT path, iif(reason = '', 'copy', 'unreadable'),
               iif(reason = '', path || ' is a copy of ' || original || '.', reason), 0, 0, '', 0 FROM other
               ORDER BY path"""
        )
        return [LedgerEntry(*row) for row in rows]

    def document(self, path: str) -> Document | None:
        """The document as it was read, or None."""
        row = self.connection.execute(
            """SELECT path, text, sha256, title, blocks, pages, unit, note, ocr_pages, language FROM document
            WHERE path = ?""",
            (path,),
        ).fetchone()
        if row is None:
            return None
        path, text, sha256, title, blocks, pages, unit, note, ocr_pages, language = row
        return Document(
            path=path,
            text=text,
            sha256=sha256,
            title=title,
            blocks=tuple(Block(*block) for block in json.loads(blocks)),
            pages=pairs(pages),
            unit=unit,
            note=note,
            ocr_pages=tuple(json.loads(ocr_pages)),
            language=language,
        )

    def languages(self) -> list[str]:
        """The languages of the documents, those of the most passages first."""
        query = """SELECT language FROM document JOIN passage ON passage.document = document.id
            GROUP BY language ORDER BY count(*) DESC, language"""
        return [row[0] for row in self.connection.execute(query)]

    def holds(self, path: str, quote: str) -> bool:
        """Whether a passage of a document holds a quote, wherever it stands now."""
        query = """SELECT EXISTS(SELECT 1 FROM passage JOIN document ON document.id = passage.document
                   WHERE path = ? AND instr(passage.text, ?))"""
        return bool(self.connection.execute(query, (path, quote)).fetchone()[0])

    def passage_numbers(self) -> NDArray[np.int64]:
        """The number of every passage, in order; none is ever given to another."""
        return np.array(
            [row[0] for row in self.connection.execute("SELECT id FROM passage ORDER BY id")], dtype=np.int64
        )

    def sentences(self) -> int:
        """How many sentences there are."""
        return int(
            self.connection.execute("SELECT ifnull(sum(json_array_length(sentences)), 0) FROM passage").fetchone()[0]
        )

    def vectors_after(self, number: int) -> tuple[NDArray[np.int64], NDArray[np.float16]]:
        """The vectors of the passages past a number, each passage's own before its sentences', in the order of the
        numbers: the passage that each belongs to, shape (n,), and the vectors, (n, width).

        Raises:
            IndexUnusableError: some are of the wrong size.
        """
        width, size = self._width(), self.vector_size()
        found = "FROM passage JOIN encoding USING (digest) WHERE passage.id > ?"
        total = self.connection.execute(f"SELECT ifnull(sum(length(vectors)), 0) {found}", (number,)).fetchone()[0]
        owners = np.empty(total // size, dtype=np.int64)
        rows = np.empty((total // size, width), dtype=STORED)
        first = 0
        for owner, blob in self.connection.execute(
            f"SELECT passage.id, vectors {found} ORDER BY passage.id", (number,)
        ):
            if not blob or len(blob) % size:
                raise sqlite3.DatabaseError("vectors of the wrong size")
            last = first + len(blob) // size
            owners[first:last], rows[first:last] = owner, np.frombuffer(blob, dtype=STORED).reshape(-1, width)
            first = last
        return owners, rows

    def passages(self, numbers: Iterable[int]) -> dict[int, Passage]:
        """Passages by number."""
        rows = self._many(f"{_PASSAGES} WHERE passage.id IN", numbers)
        return {row[0]: passage_of(row[1:]) for row in rows}

    def passages_of(self, path: str) -> list[Passage]:
        """The passages of one document, in order."""
        return [
            passage_of(row[1:])
            for row in self.connection.execute(f"{_PASSAGES} WHERE path = ? ORDER BY start", (path,))
        ]

    def spans(self, numbers: Iterable[int]) -> dict[int, list[Span]]:
        """The sentences of passages by number, as ranges of each passage's own text."""
        rows = self._many("SELECT id, start, sentences FROM passage WHERE id IN", numbers)
        return {
            number: [(first - start, last - start) for first, last in json.loads(sentences)]
            for number, start, sentences in rows
        }

    def token_axes(self) -> Floats:
        """What token vectors were projected on: shape (width, axes)."""
        blob = self.connection.execute("SELECT rows FROM axis").fetchone()[0]
        return np.frombuffer(blob, dtype=np.float32).reshape(self._width(), -1)

    def tokens(self, numbers: Iterable[int]) -> dict[int, StoredTokens]:
        """The packed token vectors of passages by number, and their places."""
        half = self.token_size()
        query = "SELECT passage.id, tokens, places FROM passage JOIN encoding USING (digest) WHERE passage.id IN"
        return {
            number: StoredTokens(
                np.frombuffer(packed, dtype=np.uint8).reshape(-1, half),
                np.frombuffer(places, dtype=np.uint16).reshape(-1, 2),
            )
            for number, packed, places in self._many(query, numbers)
        }

    def keyword_search(
        self, question: Sequence[str], k: int, only: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """The k passages best by BM25 for any of the stems, with their scores (higher is better), best first.

        `only` are the numbers of the passages to search.
        """
        if not question:
            return []
        match = " OR ".join(f'"{stem}"' for stem in question)
        filtered = "" if only is None else "AND rowid IN (SELECT value FROM json_each(?))"
        query = f"""SELECT rowid, -bm25(words, 1.0, 2.0) FROM words WHERE words MATCH ? {filtered}
            ORDER BY 2 DESC, rowid LIMIT ?"""
        rows = self.connection.execute(query, (match, *([] if only is None else [json.dumps(list(only))]), k))
        return [(row[0], row[1]) for row in rows]

    def frequencies(self, question: Sequence[str]) -> dict[str, int]:
        """How many passages hold each stem; stems that none holds are left out."""
        return dict(self._many("SELECT word, held FROM stem WHERE word IN", question))

    def forms(self) -> dict[str, int]:
        """Every word of the documents as it is written but for case, and how many documents hold it."""
        return dict(self.connection.execute("SELECT word, held FROM form"))

    def problems(self) -> list[str]:
        """What SQLite finds wrong inside the file, and which rows are not what was written, a sentence each; nothing
        where all is well."""
        found = []
        try:
            said = [row[0] for row in self.connection.execute("PRAGMA integrity_check")]
            found += [f"SQLite says: {text}." for text in said if text != "ok"]
            with closing(sqlite3.connect(":memory:")) as fresh:
                fresh.executescript(SCHEMA)
                names = "SELECT name, sql FROM sqlite_master ORDER BY 1"
                if fresh.execute(names).fetchall() != self.connection.execute(names).fetchall():
                    found.append("Its tables are not what they should be.")
            for table, columns in CHECKED.items():
                query = f"SELECT count(*) FROM {table} WHERE crc IS NOT checksum({columns})"
                if count := self.connection.execute(query).fetchone()[0]:
                    found.append(f"Of the table {table}, {count} rows are not what was written.")
            self.connection.execute("INSERT INTO words(words) VALUES ('integrity-check')")
        except _ERRORS as error:
            if isinstance(_unusable(self.folder, error), IndexDamagedError):
                found.append(f"It is damaged inside ({error}).")
            elif _code(error) != sqlite3.SQLITE_READONLY:  # then the full text is taken as it is
                raise
        return [f"{text} Run python -m index build --full." for text in found]

    def stems(self) -> dict[str, int]:
        """Every stem of the documents and how many passages hold it."""
        return dict(self.connection.execute("SELECT word, held FROM stem"))

    def token_size(self) -> int:
        """The bytes of one kept token: half a byte an axis."""
        size, width = self.connection.execute("SELECT length(rows), width FROM meta, axis").fetchone()
        return int(size) // (int(width) * np.dtype(np.float32).itemsize) // 2

    def vector_size(self) -> int:
        """The bytes of one kept vector."""
        return self._width() * np.dtype(STORED).itemsize

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is kept, or nothing of it."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.connection.execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise

    def checkpoint(self) -> None:
        """Take what has been written aside into the file, as far as readers let it; what stays is taken in later."""
        with suppress(sqlite3.OperationalError):
            self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def titles(self) -> dict[str, str]:
        """Return the title of each document by path."""
        return dict(self.connection.execute("SELECT path, title FROM document ORDER BY path"))

    def numbers_of(self, paths: Iterable[str]) -> list[int]:
        """Return the numbers of the passages of some documents, in order."""
        query = """SELECT passage.id FROM passage JOIN document ON document.id = passage.document WHERE path IN"""
        return sorted(row[0] for row in self._many(query, paths))

    def vectors_of(self, path: str) -> list[NDArray[np.float32]]:
        """Return the vectors of each passage of a document, in order: the passage's own and then its sentences'."""
        rows = self.connection.execute(
            """SELECT vectors FROM passage JOIN encoding USING (digest) JOIN document ON document.id = passage.document
            WHERE path = ? ORDER BY start""",
            (path,),
        )
        width = self._width()
        return [np.frombuffer(row[0], dtype=STORED).reshape(-1, width).astype(np.float32) for row in rows]

    def _roll_back(self) -> None:
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")

    def _width(self) -> int:
        return int(self.connection.execute("SELECT width FROM meta").fetchone()[0])

    def _many(self, query: str, keys: Iterable[Any]) -> Iterator[Any]:
        keys = list(keys)
        for first in range(0, len(keys), _AT_ONCE):
            some = keys[first : first + _AT_ONCE]
            yield from self.connection.execute(f"{query} ({', '.join('?' * len(some))})", some)


def _connect(path: Path, query: str = "") -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}{query}", timeout=30, isolation_level=None, check_same_thread=False, uri=True
    )
    connection.create_function("checksum", -1, checksum, deterministic=True)
    try:
        for statement in ("PRAGMA foreign_keys = ON", "PRAGMA synchronous = FULL", "SELECT * FROM sqlite_master"):
            connection.execute(statement)
    except _ERRORS:
        connection.close()
        raise
    return connection


def _is_at_rest(folder: Path) -> bool:
    """Whether a folder cannot be written and nobody else writes the index in it: it is then read as it is."""
    return not os.access(folder, os.W_OK) and not (folder / f"{FILE_NAME}-wal").exists()


def _code(error: Exception) -> int:
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF


def _unusable(folder: Path, error: Exception) -> IndexUnusableError:
    """What an error of SQLite means to the user."""
    code = _code(error)
    if code == sqlite3.SQLITE_FULL:
        said = f"cannot be written ({error}): make room and try again; nothing is lost."
    elif code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        said = f"cannot be read or written ({error}): check the disk, its room and permissions; nothing is lost."
    elif code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        said = f"is in use by another program ({error}): wait for its end and try again."
    else:
        return IndexDamagedError(
            f"The index in {folder} is damaged or not Footnote's ({error}): run python -m index build --full."
        )
    return IndexUnusableError(f"The index in {folder} {said}")
