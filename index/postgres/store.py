"""Read one generation of an index in PostgreSQL."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import numpy as np
from psycopg import Connection, IsolationLevel

from index.embed.late_interaction import CODES_PER_BYTE, Floats, StoredTokens
from index.errors import IndexUnusableError
from index.postgres import halfvec
from index.postgres.postings import keyword_search, wrong_terms
from index.postgres.tables import FILE_COLUMNS
from index.store.protocols import PassageCosines
from index.store.records import Change, Changes, Description, FileRecord, FileStatus, StoredPassage
from index.store.schema import OF_EACH_DOCUMENT, document_of, passage_of, slots, spaced
from index.types import Document, Passage

_BYTES = 2  # of a number of a vector
_NOT_STORABLE = re.compile("[\0\ud800-\udfff]")
SELECT_PASSAGES = """
SELECT passage.id, path, passage.start, passage."end", passage.text, sentences, section, passage.pages,
    passage.page_names, unit, passage.is_ocr, language,
    (SELECT coalesce(json_agg(skipped_file.path), '[]')::text FROM skipped_file WHERE original = document.path)
        AS copies
FROM passage JOIN document ON document.id = passage.document"""


class PostgresStore:
    """Read an index through one connection, in one thread at a time."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection
        self._edition: int | None = None
        self._width = 0

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read one generation inside the block, even if a build publishes another one meanwhile."""
        connection = self._connection
        connection.isolation_level, connection.read_only = IsolationLevel.REPEATABLE_READ, True
        try:
            with connection.transaction():
                self._edition = None
                yield
        finally:
            if not connection.closed:
                connection.isolation_level, connection.read_only = None, None

    def describe(self) -> Description:
        """Return the model, generation and size of the index."""
        return Description(
            **self._row(
                """SELECT model, fingerprint, width, chunking, generation, built_at, documents, passages
                FROM meta JOIN edition ON edition.id = meta.edition"""
            )
        )

    def generation(self) -> int:
        """Return the number of the last published build."""
        return int(self._row("SELECT generation FROM meta")["generation"])

    def origin(self) -> int:
        """Return a number that differs between indexes that were created in the same place."""
        return int(self._row("SELECT origin FROM meta")["origin"])

    def changes(self) -> Changes:
        """Return what the last published build changed."""
        found = json.loads(self._row("SELECT changes FROM meta")["changes"])
        return Changes(**{**found, "files": tuple(Change(**file) for file in found.get("files", ()))})

    def files(self) -> dict[str, FileRecord]:
        """Return every file that the last build saw, by path."""
        rows = self._rows(
            f"""SELECT {FILE_COLUMNS}, '' AS reason, note, '' AS original FROM document
            UNION ALL SELECT {FILE_COLUMNS}, reason, '', original FROM skipped_file ORDER BY path"""
        )
        return {row["path"]: FileRecord(**row) for row in rows}

    def file(self, path: str) -> FileRecord | None:
        """Return the file of one document, or None if there is no such document."""
        rows = self._rows(f"SELECT {FILE_COLUMNS}, note FROM document WHERE path = %s", storable(path))
        return FileRecord(**rows[0]) if rows else None

    def file_statuses(self) -> list[FileStatus]:
        """Return the state of every file that the last build saw, by path."""
        rows = self._rows(
            """SELECT path, CASE WHEN note = '' THEN 'indexed' ELSE 'partial' END AS state, note AS reason,
            length(text) AS characters, json_array_length(pages::json) AS pages, unit, left_out, passages FROM document
            UNION ALL SELECT path, CASE WHEN reason = '' THEN 'copy' ELSE 'unreadable' END,
            CASE WHEN reason = '' THEN path || ' is a copy of ' || original || '.' ELSE reason END, 0, 0, '', '[]', 0
            FROM skipped_file ORDER BY path"""
        )
        return [FileStatus(**{**row, "left_out": dict(json.loads(row["left_out"]))}) for row in rows]

    def document(self, path: str) -> Document | None:
        """Return a document as it was read, or None if there is none."""
        rows = self._rows("SELECT * FROM document WHERE path = %s", storable(path))
        return document_of(rows[0]) if rows else None

    def languages(self) -> list[str]:
        """Return the languages of the documents, those with the most passages first."""
        rows = self._rows(
            """SELECT language FROM document WHERE passages > 0 GROUP BY language
            ORDER BY sum(passages) DESC, language COLLATE "C" """
        )
        return [row["language"] for row in rows]

    def titles(self) -> dict[str, str]:
        """Return the title of each document by path."""
        return {row["path"]: row["title"] for row in self._rows("SELECT path, title FROM document ORDER BY path")}

    def dates(self) -> dict[str, str]:
        """Return the date of each document by path: its own, or else that of its file."""
        rows = self._rows("SELECT path, date, modified_ns FROM document ORDER BY path")
        return {row["path"]: row["date"] or _day(row["modified_ns"]) for row in rows}

    def has_quote(self, path: str, quote: str) -> bool:
        """Return whether a passage of a document has a quote in it."""
        query = """SELECT EXISTS(SELECT 1 FROM passage JOIN document ON document.id = passage.document
            WHERE path = %s AND position(%s IN passage.text) > 0) AS found"""
        return bool(self._row(query, storable(path), storable(quote))["found"])

    def sentence_count(self) -> int:
        """Return the number of sentences."""
        return int(self._row("SELECT sentences FROM meta")["sentences"])

    def sample(self, count: int) -> list[Passage]:
        """Return up to `count` passages: as many of a long document as of a short one, evenly spaced in each."""
        chosen = OF_EACH_DOCUMENT.format("%s")
        rows = self._rows(
            f"{SELECT_PASSAGES} WHERE passage.id IN ({chosen}) ORDER BY passage.id",
            slots(count, self.describe().documents),
        )
        return [passage_of(row) for row in spaced(rows, count)]

    def passages(self, numbers: Iterable[int]) -> dict[int, Passage]:
        """Return passages by number."""
        return {row["id"]: passage_of(row) for row in self._by_number(f"{SELECT_PASSAGES} WHERE passage.id =", numbers)}

    def passages_of(self, path: str) -> list[Passage]:
        """Return the passages of one document, in order."""
        rows = self._rows(f"{SELECT_PASSAGES} WHERE path = %s ORDER BY passage.start", storable(path))
        return [passage_of(row) for row in rows]

    def vectors_of(self, path: str) -> list[Floats]:
        """Return the vectors of each passage of a document, in order: its own and then its sentences'."""
        rows = self._rows(
            f"""SELECT {halfvec.SELECT_VECTORS} AS vectors FROM passage JOIN vector USING (encoding)
            JOIN document ON document.id = passage.document WHERE path = %s GROUP BY passage.id, passage.start
            ORDER BY passage.start""",
            storable(path),
        )
        width = self._now()[1]
        return [halfvec.vectors_of(row["vectors"], width) for row in rows]

    def numbers_of(self, paths: Iterable[str]) -> list[int]:
        """Return the numbers of the passages of some documents, in order."""
        query = """SELECT passage.id FROM passage JOIN document ON document.id = passage.document
            WHERE path = ANY(%s) ORDER BY 1"""
        return [row["id"] for row in self._rows(query, list(map(storable, paths)))]

    def nearest(self, query: Floats, k: int, only: Sequence[int] | None = None) -> list[int]:
        """Return the passages of the k vectors nearest to a query; of the passages `only`, every vector is compared.

        With a graph, about 0.98 of the nearest are found.
        """
        return halfvec.nearest(self._connection, self._now()[0], query, k, only)

    def cosines(self, numbers: Sequence[int], query: Floats) -> PassageCosines:
        """Return the cosines of passages and of their sentences."""
        return halfvec.cosines(self._connection, numbers, query)

    def search_kind(self) -> str:
        """Return how vectors are searched."""
        return halfvec.GRAPH if halfvec.has_graph(self._connection, self._now()[0]) else halfvec.EXACT

    def keyword_search(
        self, terms: Sequence[str], k: int, only: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """Return the k passages with the highest BM25 score for any of the terms, best first."""
        return keyword_search(self._connection, [storable(term) for term in terms], k, only)

    def passage_counts(self, terms: Sequence[str]) -> dict[str, int]:
        """Return how many passages have each term. Terms that no passage has are left out."""
        rows = self._rows("SELECT word, passage_count FROM term WHERE word = ANY(%s)", list(map(storable, terms)))
        return {row["word"]: row["passage_count"] for row in rows}

    def term_counts(self) -> dict[str, int]:
        """Return every term and how many passages have it."""
        return {row["word"]: row["passage_count"] for row in self._rows("SELECT * FROM term")}

    def word_counts(self) -> dict[str, int]:
        """Return every word, folded but not stemmed, and how many documents have it."""
        return {row["word"]: row["document_count"] for row in self._rows("SELECT * FROM word")}

    def acronym_texts(self) -> list[str]:
        """Return the texts of the passages that define acronyms."""
        return [row["text"] for row in self._rows("SELECT text FROM passage WHERE has_acronym ORDER BY id")]

    def token_axes(self) -> Floats:
        """Return the axes that token vectors are projected on, shape (width, axes)."""
        row = self._row("SELECT width, axes FROM meta JOIN edition ON edition.id = meta.edition")
        return np.frombuffer(row["axes"], dtype=np.float32).reshape(row["width"], -1)

    def tokens(self, numbers: Iterable[int]) -> dict[int, StoredTokens]:
        """Return the packed token vectors of passages by number."""
        query = """SELECT passage.id, tokens, offsets FROM passage JOIN encoding ON encoding.id = passage.encoding
            WHERE passage.id ="""
        return {
            row["id"]: StoredTokens(
                packed=np.frombuffer(row["tokens"], dtype=np.uint8).reshape(len(row["offsets"]) // 2, -1),
                offsets=np.frombuffer(row["offsets"], dtype=np.uint16),
            )
            for row in self._by_number(query, numbers)
        }

    def problems(self) -> list[str]:
        """Check the tables against each other. PostgreSQL checks its own files (pg_amcheck, data checksums)."""
        found = []
        counts = self._row(
            """SELECT (SELECT count(*) FROM document) AS documents, (SELECT count(*) FROM passage) AS passages,
            (SELECT coalesce(sum(sentence_count), 0) FROM passage) AS sentences FROM meta"""
        )
        if counts != self._row("SELECT documents, passages, sentences FROM meta"):
            found.append("The counts of documents, passages and sentences are wrong.")
        if wrong := wrong_terms(self._connection):
            found.append(f"{wrong} terms have postings that are wrong.")
        return [f"{text} Run python -m index build --full." for text in found]

    def stored_passages(self, path: str) -> list[StoredPassage]:
        """Return the columns of the passages of a document."""
        rows = self._rows(
            f"""SELECT passage.start, "end", passage.text, sentences, section, tokens, offsets, terms, section_terms,
            name_terms, (SELECT {halfvec.SELECT_VECTORS} FROM vector WHERE vector.encoding = encoding.id) AS vectors
            FROM passage JOIN document ON document.id = passage.document
            LEFT JOIN encoding ON encoding.id = passage.encoding WHERE path = %s""",
            storable(path),
        )
        return [
            StoredPassage(**{**row, "sentences": json.loads(row["sentences"]), "section": json.loads(row["section"])})
            for row in rows
        ]

    def vector_size(self) -> int:
        """Return the bytes of one stored vector."""
        return self._now()[1] * _BYTES

    def token_size(self) -> int:
        """Return the bytes of one stored token."""
        return int(self.token_axes().shape[1]) // CODES_PER_BYTE

    def _now(self) -> tuple[int, int]:
        """Return the edition that is read, and the width of its vectors."""
        if self._edition is None:
            row = self._row("SELECT edition, width FROM meta JOIN edition ON edition.id = meta.edition")
            self._edition, self._width = row["edition"], row["width"]
        return self._edition, self._width

    def _rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        return list(self._connection.execute(query, values, binary=True))

    def _row(self, query: str, *values: object) -> dict[str, Any]:
        rows = self._rows(query, *values)
        if not rows:
            raise IndexUnusableError("The index has not been built yet: run python -m index build.")
        return rows[0]

    def _by_number(self, query: str, numbers: Iterable[int]) -> list[dict[str, Any]]:
        """Select rows of passages, which must all be there."""
        chosen = list(set(numbers))
        rows = self._rows(f"{query} ANY(%s)", chosen)
        if len(rows) != len(chosen):
            raise IndexUnusableError("A passage is missing in the database: run python -m index build --full.")
        return rows


def storable(text: str) -> str:
    """Return a text that PostgreSQL can store: as long, without NUL and lone surrogates.

    >>> storable("a\\0b"), storable("a\\ud800b")
    ('a\ufffdb', 'a\ufffdb')
    """
    return _NOT_STORABLE.sub("\ufffd", text)


def _day(modified_ns: int) -> str:
    return datetime.fromtimestamp(modified_ns / 1e9).strftime("%Y-%m-%d")
