"""Documents, passages, vectors and full text: one SQLite file, the truth that everything else is derived from.

Readers see whole generations only: a build saves vectors by the digest of what was encoded, which no reader looks at,
and then publishes all its changes in one transaction.
"""

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexUnusableError
from index.records import Change, Description, FileRecord, KeptPassage
from index.tokens import Floats, KeptTokens
from index.types import Block, Document, Passage, Span
from index.words import forms, stems

FORMAT = 3
FILE_NAME = "footnote.db"
_SCHEMA = """
CREATE TABLE meta (
    format INTEGER, splitting INTEGER, model TEXT, fingerprint TEXT, width INTEGER, generation INTEGER, built_at REAL,
    axes BLOB);
CREATE TABLE document (
    id INTEGER PRIMARY KEY, path TEXT UNIQUE NOT NULL, size INTEGER, modified_ns INTEGER, sha256 TEXT NOT NULL,
    title TEXT, text TEXT, blocks TEXT, pages TEXT);
CREATE TABLE unreadable (path TEXT PRIMARY KEY, size INTEGER, modified_ns INTEGER, reason TEXT NOT NULL);
CREATE TABLE passage (
    id INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES document(id) ON DELETE CASCADE,
    start INTEGER, "end" INTEGER, sentences TEXT, section TEXT, digest TEXT NOT NULL);
CREATE INDEX passage_document ON passage(document);
CREATE INDEX passage_digest ON passage(digest);
CREATE TABLE encoding (digest TEXT PRIMARY KEY, vectors BLOB NOT NULL, tokens BLOB NOT NULL, places BLOB NOT NULL);
CREATE TABLE form (word TEXT PRIMARY KEY, documents INTEGER NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(text, section, tokenize = 'unicode61', detail = 'full');
CREATE VIRTUAL TABLE vocabulary USING fts5vocab('words', 'row');
"""
_PASSAGE = """
SELECT passage.id, path, start, "end", substr(text, start + 1, "end" - start), sentences, section, pages
FROM passage JOIN document ON document.id = passage.document"""
_STORED = np.float16
_AT_ONCE = 500


class Store:
    """An open index. Use it in one thread at a time; open another for another."""

    def __init__(self, connection: sqlite3.Connection, folder: Path) -> None:
        self._connection = connection
        self.folder = folder

    @staticmethod
    def exists(folder: Path) -> bool:
        """Whether a folder holds an index, sound or not."""
        return (folder / FILE_NAME).exists()

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the index in a folder.

        Raises:
            IndexUnusableError: there is none, or it is damaged or of another format.
        """
        path = folder / FILE_NAME
        if not path.is_file():
            raise IndexUnusableError(f"There is no index in {folder}: run python -m index build.")
        connection: sqlite3.Connection | None = None
        try:
            connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = FULL")
            found = connection.execute("SELECT format FROM meta").fetchone()
        except sqlite3.DatabaseError as error:
            if connection:
                connection.close()
            raise IndexUnusableError(_damaged(folder, error)) from error
        if found is None or found[0] != FORMAT:
            connection.close()
            raise IndexUnusableError(
                f"The index in {folder} was made by another version: run python -m index build --full."
            )
        return cls(connection, folder)

    @classmethod
    def create(cls, folder: Path, model: str, fingerprint: str, width: int, splitting: int, axes: Floats) -> Self:
        """Make an empty index, in place of any that is there.

        Raises:
            IndexUnusableError: the folder cannot be written.
        """
        path = folder / FILE_NAME
        fresh = folder / f"{FILE_NAME}.new"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name in (fresh.name, f"{fresh.name}-wal", f"{fresh.name}-shm"):
                (folder / name).unlink(missing_ok=True)
            connection = sqlite3.connect(fresh, isolation_level=None)
            connection.execute("PRAGMA synchronous = FULL")
            connection.executescript(f"BEGIN; {_SCHEMA} COMMIT;")
            row = (FORMAT, splitting, model, fingerprint, width, 0, time.time(), axes.tobytes())
            connection.execute("INSERT INTO meta VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
            connection.close()
            for name in (f"{path.name}-wal", f"{path.name}-shm"):
                (folder / name).unlink(missing_ok=True)
            fresh.replace(path)
            with sqlite3.connect(path) as connection:
                connection.execute("PRAGMA journal_mode = WAL")
            connection.close()
        except (OSError, sqlite3.OperationalError) as error:
            message = f"The index cannot be written to {folder} ({error}): name another folder with --index."
            raise IndexUnusableError(message) from error
        return cls.open(folder)

    def close(self) -> None:
        """Close the file; the store is of no use afterwards."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All that is read inside is of one generation."""
        try:
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                self._connection.execute("ROLLBACK")
        except sqlite3.DatabaseError as error:
            raise IndexUnusableError(_damaged(self.folder, error)) from error

    def describe(self) -> Description:
        """The index's model, generation and size."""
        row = self._connection.execute(
            """SELECT model, fingerprint, width, splitting, generation, built_at,
               (SELECT count(*) FROM document), (SELECT count(*) FROM passage) FROM meta"""
        ).fetchone()
        return Description(*row)

    def generation(self) -> int:
        """The number of the last published build."""
        return int(self._connection.execute("SELECT generation FROM meta").fetchone()[0])

    def files(self) -> dict[str, FileRecord]:
        """Every file that the last build saw, by path."""
        rows = self._connection.execute(
            """SELECT path, size, modified_ns, sha256, '' FROM document
               UNION ALL SELECT path, size, modified_ns, '', reason FROM unreadable ORDER BY path"""
        )
        return {row[0]: FileRecord(*row) for row in rows}

    def file(self, path: str) -> FileRecord | None:
        """One document's file as it was when it was read, or None."""
        row = self._connection.execute(
            "SELECT path, size, modified_ns, sha256 FROM document WHERE path = ?", (path,)
        ).fetchone()
        return FileRecord(*row) if row else None

    def document(self, path: str) -> Document | None:
        """The document as it was read, or None."""
        row = self._connection.execute(
            "SELECT path, text, sha256, title, blocks, pages FROM document WHERE path = ?", (path,)
        ).fetchone()
        if row is None:
            return None
        path, text, sha256, title, blocks, pages = row
        return Document(
            path, text, sha256, title, tuple(Block(*block) for block in json.loads(blocks)), tuple(json.loads(pages))
        )

    def section_names(self) -> list[str]:
        """The innermost heading above each passage that has one, in the order of the passages."""
        rows = self._connection.execute("SELECT DISTINCT section FROM passage ORDER BY id")
        return [path[-1] for path in (json.loads(row[0]) for row in rows) if path]

    def passage_ids(self) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """Every passage's number and vectors, shape (1 + sentences, width), in the order of the numbers."""
        width = self._width()
        rows = self._connection.execute("SELECT id, vectors FROM passage JOIN encoding USING (digest) ORDER BY id")
        return ((number, _from_blob(blob, width)) for number, blob in rows)

    def passages(self, numbers: Iterable[int]) -> dict[int, Passage]:
        """Passages by number."""
        rows = self._many(f"{_PASSAGE} WHERE passage.id IN", numbers)
        return {row[0]: _passage(row[1:]) for row in rows}

    def passages_of(self, path: str) -> list[Passage]:
        """The passages of one document, in order."""
        return [
            _passage(row[1:]) for row in self._connection.execute(f"{_PASSAGE} WHERE path = ? ORDER BY start", (path,))
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
        blob = self._connection.execute("SELECT axes FROM meta").fetchone()[0]
        return np.frombuffer(blob, dtype=np.float32).reshape(self._width(), -1)

    def tokens(self, numbers: Iterable[int]) -> dict[int, KeptTokens]:
        """The packed token vectors of passages by number, and their places."""
        half = self.token_size()
        query = "SELECT passage.id, tokens, places FROM passage JOIN encoding USING (digest) WHERE passage.id IN"
        return {
            number: KeptTokens(
                np.frombuffer(packed, dtype=np.uint8).reshape(-1, half),
                np.frombuffer(places, dtype=np.uint16).reshape(-1, 2),
            )
            for number, packed, places in self._many(query, numbers)
        }

    def keyword_search(self, question: Sequence[str], k: int) -> list[tuple[int, float]]:
        """The k passages best by BM25 for any of the stems, with their scores (higher is better), best first."""
        if not question:
            return []
        match = " OR ".join(f'"{stem}"' for stem in question)
        rows = self._connection.execute(
            "SELECT rowid, -bm25(words, 1.0, 2.0) FROM words WHERE words MATCH ? ORDER BY 2 DESC, rowid LIMIT ?",
            (match, k),
        )
        return [(row[0], row[1]) for row in rows]

    def frequencies(self, question: Sequence[str]) -> dict[str, int]:
        """How many passages hold each stem; stems that none holds are left out."""
        return dict(self._many("SELECT term, doc FROM vocabulary WHERE term IN", question))

    def forms(self) -> dict[str, int]:
        """Every word of the documents as it is written but for case, and how many documents hold it."""
        return dict(self._connection.execute("SELECT word, documents FROM form"))

    def known_digests(self, digests: Iterable[str]) -> set[str]:
        """Those digests whose vectors are already here."""
        return {row[0] for row in self._many("SELECT digest FROM encoding WHERE digest IN", digests)}

    def save_encodings(self, encodings: Iterable[tuple[str, Floats, KeptTokens]]) -> None:
        """Keep vectors for a build that is under way: they outlast its interruption, and no reader sees them."""
        rows = [
            (digest, vectors.astype(_STORED).tobytes(), tokens.packed.tobytes(), tokens.places.tobytes())
            for digest, vectors, tokens in encodings
        ]
        with self._transaction():
            self._connection.executemany("INSERT OR REPLACE INTO encoding VALUES (?, ?, ?, ?)", rows)

    def publish(self, changes: Iterable[Change], removed: Iterable[str], touched: Iterable[FileRecord]) -> int:
        """Make a build's changes the next generation, all or none of them, and return its number."""
        with self._transaction():
            for path in removed:
                self._remove(path)
            for change in changes:
                self._remove(change.file.path)
                self._insert(change)
            self._connection.executemany(
                "UPDATE document SET size = ?, modified_ns = ? WHERE path = ?",
                [(file.size, file.modified_ns, file.path) for file in touched],
            )
            self._connection.execute("DELETE FROM form WHERE documents = 0")
            self._connection.execute("DELETE FROM encoding WHERE digest NOT IN (SELECT digest FROM passage)")
            self._connection.execute("UPDATE meta SET generation = generation + 1, built_at = ?", (time.time(),))
        self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        return self.generation()

    def problems(self) -> list[str]:
        """What SQLite finds wrong inside the file, a sentence each; nothing where all is well."""
        found = [
            f"SQLite says: {row[0]}." for row in self._connection.execute("PRAGMA integrity_check") if row[0] != "ok"
        ]
        try:
            self._connection.execute("INSERT INTO words(words) VALUES ('integrity-check')")
        except sqlite3.DatabaseError as error:
            found.append(f"The full text is damaged ({error}).")
        counts = self._connection.execute(
            "SELECT (SELECT count(*) FROM passage), (SELECT count(*) FROM words)"
        ).fetchone()
        if counts[0] != counts[1]:
            found.append(f"There are {counts[0]} passages and {counts[1]} in the full text.")
        return found

    def kept_passages(self) -> Iterator[KeptPassage]:
        """Every passage as it is kept, to be checked."""
        query = f"""SELECT found.*, vectors, tokens, places, words.text FROM ({_PASSAGE}) AS found
            JOIN passage USING (id) LEFT JOIN encoding USING (digest) LEFT JOIN words ON words.rowid = passage.id"""
        for _, path, start, end, text, sentences, _, _, *rest in self._connection.execute(query):
            yield KeptPassage(path, start, end, text, json.loads(sentences), *rest)

    def token_size(self) -> int:
        """The bytes of one kept token: half a byte an axis."""
        size, width = self._connection.execute("SELECT length(axes), width FROM meta").fetchone()
        return int(size) // (int(width) * np.dtype(np.float32).itemsize) // 2

    def vector_size(self) -> int:
        """The bytes of one kept vector."""
        return self._width() * np.dtype(_STORED).itemsize

    def _insert(self, change: Change) -> None:
        file, document = change.file, change.document
        if document is None:
            row = (file.path, file.size, file.modified_ns, file.reason)
            self._connection.execute("INSERT INTO unreadable VALUES (?, ?, ?, ?)", row)
            return
        blocks = json.dumps([(block.start, block.end, block.level) for block in document.blocks])
        number = self._connection.execute(
            "INSERT INTO document VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(file.path, file.size, file.modified_ns, document.sha256),
                *(document.title, document.text, blocks, json.dumps(document.pages)),
            ),
        ).lastrowid
        self._connection.executemany(
            "INSERT INTO form VALUES (?, 1) ON CONFLICT (word) DO UPDATE SET documents = documents + 1",
            [(word,) for word in forms(document.text)],
        )
        for passage, digest in change.passages:
            row_number = self._connection.execute(
                "INSERT INTO passage VALUES (NULL, ?, ?, ?, ?, ?, ?)",
                (
                    *(number, passage.start, passage.end),
                    *(json.dumps(passage.sentences), json.dumps(passage.section, ensure_ascii=False), digest),
                ),
            ).lastrowid
            fields = (row_number, " ".join(stems(passage.text)), " ".join(stems(" ".join(passage.section))))
            self._connection.execute("INSERT INTO words (rowid, text, section) VALUES (?, ?, ?)", fields)

    def _remove(self, path: str) -> None:
        for (text,) in self._connection.execute("SELECT text FROM document WHERE path = ?", (path,)).fetchall():
            gone = [(word,) for word in forms(text)]
            self._connection.executemany("UPDATE form SET documents = documents - 1 WHERE word = ?", gone)
        query = "SELECT passage.id FROM passage JOIN document ON document.id = passage.document WHERE path = ?"
        self._connection.execute(f"DELETE FROM words WHERE rowid IN ({query})", (path,))
        self._connection.execute("DELETE FROM document WHERE path = ?", (path,))
        self._connection.execute("DELETE FROM unreadable WHERE path = ?", (path,))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            yield
            self._connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            self._roll_back()
            message = (
                f"The index in {self.folder} cannot be written ({error}): make room and try again; nothing is lost."
            )
            raise IndexUnusableError(message) from error
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def _width(self) -> int:
        return int(self._connection.execute("SELECT width FROM meta").fetchone()[0])

    def _many(self, query: str, keys: Iterable[Any]) -> Iterator[Any]:
        keys = list(keys)
        for first in range(0, len(keys), _AT_ONCE):
            some = keys[first : first + _AT_ONCE]
            yield from self._connection.execute(f"{query} ({', '.join('?' * len(some))})", some)


def _passage(row: Sequence[str]) -> Passage:
    path, start, end, text, sentences, section, pages = row
    document = Document(path, text, pages=tuple(json.loads(pages)))
    spans = tuple((first, last) for first, last in json.loads(sentences))
    return Passage(path, int(start), int(end), text, spans, tuple(json.loads(section)), document.page_at(int(start)))


def _from_blob(blob: bytes, width: int) -> NDArray[np.float32]:
    return np.frombuffer(blob, dtype=_STORED).reshape(-1, width).astype(np.float32)


def _damaged(folder: Path, error: Exception) -> str:
    return f"The index in {folder} is damaged or not Footnote's ({error}): run python -m index build --full."
