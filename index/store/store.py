"""Query documents, passages, vectors and full text. One SQLite file holds them all.

Readers see whole generations only: a build publishes all its changes in one transaction (see `writer`).
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.embed.late_interaction import CODES_PER_BYTE, Floats, StoredTokens
from index.store.connection import IndexFile, damaged_error
from index.store.records import Change, Changes, Description, FileRecord, FileStatus
from index.store.schema import SELECT_PASSAGES, document_of, intact_sql, passage_of
from index.types import Document, Passage

VECTOR_TYPE = np.float16
_PASSAGES = SELECT_PASSAGES.format("")
_MAX_KEYS = 500  # in one query
_MAX_LOOKED_UP = 50  # passages for a keyword search of some only
_VECTORS_AT_ONCE = 4_000
_FILE_COLUMNS = "path, size, modified_ns, changed_ns, inode, sha256, reader, limits"


class PassageVectors(NamedTuple):
    """Hold vectors, shape (n, width), and the number of the passage that each belongs to, shape (n,)."""

    owners: NDArray[np.int64]
    vectors: NDArray[np.float16]


class Store(IndexFile):
    """Read an index. Each method raises IndexDamagedError if it meets a value that no build wrote."""

    def describe(self) -> Description:
        """Return the model, generation and size of the index."""
        with self.reading():
            query = """SELECT model, fingerprint, width, chunking, generation, built_at,
                (SELECT count(*) FROM document) AS documents, (SELECT count(*) FROM passage) AS passages FROM meta"""
            return Description(**self.connection.execute(query).fetchone())

    def generation(self) -> int:
        """Return the number of the last published build."""
        return self._integer("SELECT generation FROM meta")

    def origin(self) -> int:
        """Return a number that differs between indexes that were created in the same folder."""
        return self._integer("SELECT origin FROM meta")

    def changes(self) -> Changes:
        """Return what the last published build changed."""
        with self.reading():
            found = json.loads(self.connection.execute("SELECT changes FROM meta").fetchone()[0])
            return Changes(**{**found, "files": tuple(Change(**file) for file in found["files"])})

    def files(self) -> dict[str, FileRecord]:
        """Return every file that the last build saw, by path."""
        with self.reading():
            rows = self.connection.execute(
                f"""SELECT {_FILE_COLUMNS}, '' AS reason, note, '' AS original FROM document
                UNION ALL SELECT {_FILE_COLUMNS}, reason, '', original FROM skipped_file ORDER BY path"""
            )
            return {row["path"]: FileRecord(**row) for row in rows}

    def file(self, path: str) -> FileRecord | None:
        """Return the file of one document, or None if there is no such document."""
        with self.reading():
            query = f"SELECT {_FILE_COLUMNS}, note FROM document WHERE path = ?"
            row = self.connection.execute(query, (path,)).fetchone()
            return FileRecord(**row) if row else None

    def file_statuses(self) -> list[FileStatus]:
        """Return the state of every file that the last build saw, by path."""
        with self.reading():
            rows = self.connection.execute(
                """SELECT path, iif(note = '', 'indexed', 'partial') AS state, note AS reason,
                length(text) AS characters, json_array_length(pages) AS pages, unit,
                left_out, (SELECT count(*) FROM passage WHERE passage.document = document.id) AS passages FROM document
                UNION ALL SELECT path, iif(reason = '', 'copy', 'unreadable'),
                iif(reason = '', path || ' is a copy of ' || original || '.', reason), 0, 0, '', '[]', 0
                FROM skipped_file ORDER BY path"""
            )
            return [FileStatus(**{**row, "left_out": dict(json.loads(row["left_out"]))}) for row in rows]

    def document(self, path: str) -> Document | None:
        """Return a document as it was read, or None if there is none."""
        with self.reading():
            query = f"SELECT *, {intact_sql('document.crc')} AS is_intact FROM document WHERE path = ?"
            row = self.connection.execute(query, (path,)).fetchone()
            if row is None:
                return None
            self._check(row)
            return document_of(row)

    def languages(self) -> list[str]:
        """Return the languages of the documents, those with the most passages first."""
        with self.reading():
            query = f"""SELECT language, path, min({intact_sql("document.head_crc")}) AS is_intact FROM document
                JOIN (SELECT document, count(*) AS passages FROM passage GROUP BY document) ON document = document.id
                GROUP BY language ORDER BY sum(passages) DESC, language"""
            rows = self.connection.execute(query).fetchall()
            for row in rows:
                self._check(row)
            return [row["language"] for row in rows]

    def has_quote(self, path: str, quote: str) -> bool:
        """Return whether a passage of a document has a quote in it."""
        query = """SELECT EXISTS(SELECT 1 FROM passage JOIN document ON document.id = passage.document
            WHERE path = ? AND instr(passage.text, ?))"""
        return bool(self._integer(query, path, quote))

    def passage_numbers(self) -> NDArray[np.int64]:
        """Return the number of every passage, in order. A number is never used twice."""
        with self.reading():
            rows = self.connection.execute("SELECT id FROM passage ORDER BY id")
            return np.array([row["id"] for row in rows], dtype=np.int64)

    def sentence_count(self) -> int:
        """Return the number of sentences."""
        return self._integer("SELECT ifnull(sum(json_array_length(sentences)), 0) FROM passage")

    def vectors_after(self, number: int) -> Iterator[PassageVectors]:
        """Yield the vectors of the passages past a number, some thousand at a time, in the order of the numbers.

        The vector of a passage precedes those of its sentences.
        """
        with self.reading():
            size, blobs, owners = self.vector_size(), bytearray(), []
            query = f"""SELECT passage.id, vectors, {intact_sql("encoding.vectors_crc")}
                FROM passage JOIN encoding USING (digest) WHERE passage.id > ? ORDER BY passage.id"""
            for owner, blob, is_intact in self.connection.execute(query, (number,)):
                if not is_intact or not blob or len(blob) % size:
                    raise damaged_error(self.folder, "the checksum of some vectors differs")
                owners += [owner] * (len(blob) // size)
                blobs += blob
                if len(owners) >= _VECTORS_AT_ONCE:
                    yield self._batch(owners, blobs)
                    owners, blobs = [], bytearray()
            if owners:
                yield self._batch(owners, blobs)

    def _batch(self, owners: Sequence[int], blobs: bytearray) -> PassageVectors:
        vectors = np.frombuffer(blobs, dtype=VECTOR_TYPE).reshape(-1, self._width())
        return PassageVectors(np.array(owners, dtype=np.int64), vectors)

    def passages(self, numbers: Iterable[int]) -> dict[int, Passage]:
        """Return passages by number. Their checksums are compared, since they are quoted."""
        with self.reading():
            rows = self._by_number(f"{_PASSAGES} WHERE passage.id IN", numbers)
            return {row["id"]: self._checked_passage(row) for row in rows}

    def passages_of(self, path: str) -> list[Passage]:
        """Return the passages of one document, in order."""
        with self.reading():
            rows = self.connection.execute(f"{_PASSAGES} WHERE path = ? ORDER BY passage.start", (path,))
            return [self._checked_passage(row) for row in rows]

    def token_axes(self) -> Floats:
        """Return the axes that token vectors are projected on, shape (width, axes)."""
        with self.reading():
            row = self.connection.execute(f"SELECT rows, {intact_sql('axis.crc')} AS is_intact FROM axis").fetchone()
            if not row["is_intact"]:
                raise damaged_error(self.folder, "the checksum of the axes differs")
            return np.frombuffer(row["rows"], dtype=np.float32).reshape(self._width(), -1)

    def tokens(self, numbers: Iterable[int]) -> dict[int, StoredTokens]:
        """Return the packed token vectors of passages by number."""
        with self.reading():
            size = self.token_size()
            query = f"""SELECT passage.id, path, tokens, offsets, {intact_sql("encoding.crc")} AS is_intact FROM passage
                JOIN encoding USING (digest) JOIN document ON document.id = passage.document WHERE passage.id IN"""
            rows = self._by_number(query, numbers)
            for row in rows:
                self._check(row)
            return {
                row["id"]: StoredTokens(
                    packed=np.frombuffer(row["tokens"], dtype=np.uint8).reshape(-1, size),
                    offsets=np.frombuffer(row["offsets"], dtype=np.uint16),
                )
                for row in rows
            }

    def keyword_search(
        self, terms: Sequence[str], k: int, only: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """Return the k passages with the highest BM25 score for any of the terms, best first.

        `only` are the numbers of the passages to search.
        """
        match = " OR ".join(f'"{term}"' for term in terms)
        # Few passages are looked up one by one. Of many, all that match are filtered: "+" prevents the look-up.
        rowid = "rowid" if only is not None and len(only) <= _MAX_LOOKED_UP else "+rowid"
        filtered = "" if only is None else f"AND {rowid} IN (SELECT value FROM json_each(?))"
        query = f"""SELECT rowid, -bm25(full_text, 1.0, 2.0, 2.0) FROM full_text WHERE full_text MATCH ? {filtered}
            ORDER BY 2 DESC, rowid LIMIT ?"""
        values = (match, *([] if only is None else [json.dumps(list(only))]), k)
        with self.reading():
            return [(number, score) for number, score in self.connection.execute(query, values)] if terms else []

    def passage_counts(self, terms: Sequence[str]) -> dict[str, int]:
        """Return how many passages have each term. Terms that no passage has are left out."""
        with self.reading():
            rows = self._select("SELECT word, passage_count FROM term WHERE word IN", terms)
            found = {row["word"]: int(row["passage_count"]) for row in rows}
            if min(found.values(), default=1) < 1:
                raise ValueError("a term with a count below 1")
            return found

    def term_counts(self) -> dict[str, int]:
        """Return every term and how many passages have it."""
        with self.reading():
            return {row["word"]: row["passage_count"] for row in self.connection.execute("SELECT * FROM term")}

    def word_counts(self) -> dict[str, int]:
        """Return every word, folded but not stemmed, and how many documents have it."""
        with self.reading():
            return {row["word"]: row["document_count"] for row in self.connection.execute("SELECT * FROM word")}

    def acronym_texts(self) -> Iterator[str]:
        """Yield the texts of the passages that may define acronyms: they hold two capital letters in a row."""
        with self.reading():
            rows = self.connection.execute("SELECT text FROM passage WHERE text GLOB '*[A-Z][A-Z]*' ORDER BY id")
            yield from (row["text"] for row in rows)

    def token_size(self) -> int:
        """Return the bytes of one stored token."""
        return self._integer("SELECT length(rows) / 4 FROM axis") // self._width() // CODES_PER_BYTE

    def vector_size(self) -> int:
        """Return the bytes of one stored vector."""
        return self._width() * np.dtype(VECTOR_TYPE).itemsize

    def titles(self) -> dict[str, str]:
        """Return the title of each document by path."""
        with self.reading():
            rows = self.connection.execute("SELECT path, title FROM document ORDER BY path")
            return {row["path"]: row["title"] for row in rows}

    def dates(self) -> dict[str, str]:
        """Return the date of each document by path: its own, or else that of its file."""
        with self.reading():
            rows = self.connection.execute(
                """SELECT path, iif(date = '', date(modified_ns / 1000000000, 'unixepoch', 'localtime'), date) AS date
                FROM document ORDER BY path"""
            )
            return {row["path"]: row["date"] for row in rows}

    def numbers_of(self, paths: Iterable[str]) -> list[int]:
        """Return the numbers of the passages of some documents, in order."""
        query = "SELECT passage.id FROM passage JOIN document ON document.id = passage.document WHERE path IN"
        with self.reading():
            return sorted(row["id"] for row in self._select(query, paths))

    def vectors_of(self, path: str) -> list[Floats]:
        """Return the vectors of each passage of a document, in order: its own and then its sentences'."""
        query = """SELECT vectors FROM passage JOIN encoding USING (digest)
            JOIN document ON document.id = passage.document WHERE path = ? ORDER BY passage.start"""
        with self.reading():
            width = self._width()
            blobs = [row["vectors"] for row in self.connection.execute(query, (path,))]
            return [np.frombuffer(blob, dtype=VECTOR_TYPE).reshape(-1, width).astype(np.float32) for blob in blobs]

    def _width(self) -> int:
        return self._integer("SELECT width FROM meta")

    def _integer(self, query: str, *values: str | int) -> int:
        with self.reading():
            return int(self.connection.execute(query, values).fetchone()[0])

    def _select(self, query: str, keys: Iterable[int | str]) -> list[sqlite3.Row]:
        keys = list(keys)
        rows: list[sqlite3.Row] = []
        for first in range(0, len(keys), _MAX_KEYS):
            some = keys[first : first + _MAX_KEYS]
            rows += self.connection.execute(f"{query} ({', '.join('?' * len(some))})", some)
        return rows

    def _by_number(self, query: str, numbers: Iterable[int]) -> list[sqlite3.Row]:
        """Select rows of passages, which must all be there."""
        numbers = set(numbers)
        rows = self._select(query, numbers)
        if len(rows) != len(numbers):
            raise damaged_error(self.folder, "a passage is missing")
        return rows

    def _checked_passage(self, row: sqlite3.Row) -> Passage:
        self._check(row)
        return passage_of(row)

    def _check(self, row: sqlite3.Row) -> None:
        if not row["is_intact"]:
            raise damaged_error(self.folder, f"the checksum of a part of {row['path']} differs")
