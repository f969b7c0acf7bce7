"""Stage a build in temporary tables, out of memory and invisible to readers.

Vectors are the exception: they are saved under the digest of what was encoded, so that the next build finds them if
this one is interrupted. Readers look at the vectors of published passages only.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from psycopg import Connection

from index.postgres.publish import publish
from index.postgres.store import PostgresStore, storable
from index.postgres.tables import DOCUMENT_COLUMNS, FILE_COLUMNS, PASSAGE_COLUMNS, SKIPPED_COLUMNS, one_row
from index.postgres.work import Edition, Queue
from index.store.records import Changes, Description, Difference, FileRecord, PassageDigest
from index.store.schema import blocks_json
from index.text.acronyms import definitions
from index.text.analysis import forms, name_text, stems
from index.types import Document, Passage

_FLUSH_EVERY = 2_000  # passages
_FLUSH_CHARACTERS = 8_000_000  # of documents
_STAGING_TABLES = f"""
DROP TABLE IF EXISTS staged_document, staged_passage, staged_skipped_file, staged_word, queued;
CREATE TEMP TABLE staged_document AS SELECT {DOCUMENT_COLUMNS} FROM document WITH NO DATA;
CREATE TEMP TABLE staged_passage AS SELECT {PASSAGE_COLUMNS}, ''::text COLLATE "C" AS digest FROM passage WITH NO DATA;
CREATE INDEX ON staged_passage (id);
CREATE TEMP TABLE staged_skipped_file AS SELECT {SKIPPED_COLUMNS} FROM skipped_file WITH NO DATA;
CREATE TEMP TABLE staged_word (word text COLLATE "C", count integer);
CREATE TEMP TABLE queued (digest text COLLATE "C" PRIMARY KEY);
"""
_QUEUE = """
WITH staged AS (SELECT * FROM staged_passage WHERE id BETWEEN %(first)s AND %(last)s),
new AS (INSERT INTO queued SELECT DISTINCT digest FROM staged ON CONFLICT DO NOTHING RETURNING digest)
INSERT INTO work (edition, digest, start, "end", text, section, sentences)
SELECT DISTINCT ON (digest) %(edition)s, digest, start, "end", text, section, sentences
FROM staged JOIN new USING (digest)
WHERE NOT EXISTS (
    SELECT 1 FROM encoding WHERE edition = %(edition)s AND encoding.digest = staged.digest)
ORDER BY digest, id"""
_Row = tuple[object, ...]


class PostgresWriter(Queue):
    """Collect the changes of one build: the BuildStore of PostgreSQL. Only one build may run at a time."""

    def __init__(self, connection: Connection[Any], edition: Edition) -> None:
        super().__init__(connection, edition.id)
        self._now = edition
        self._store = PostgresStore(connection)
        connection.execute(_STAGING_TABLES)
        connection.execute("DELETE FROM work")  # of a build that was interrupted
        row = one_row(connection, "SELECT last_document, last_passage FROM meta")
        self._last_document, self._last_passage = int(row["last_document"]), int(row["last_passage"])
        self._queued = self._last_passage  # the last passage that was looked at for the queue
        self._staged = 0  # passages of the document that comes next
        self._characters = 0
        self._documents: list[_Row] = []
        self._passages: list[_Row] = []
        self._words: Counter[str] = Counter()

    def describe(self) -> Description:
        """Return the model, generation and size of the index."""
        return self._store.describe()

    def files(self) -> dict[str, FileRecord]:
        """Return every file that the last build saw, by path; none for a full build."""
        return {} if self._now.is_new else self._store.files()

    def add_passages(self, passages: Sequence[PassageDigest]) -> None:
        """Stage some passages of the document that comes next."""
        for passage, digest in passages:
            self._add_passage(passage, digest)
        self._staged += len(passages)
        if len(self._passages) >= _FLUSH_EVERY:
            self._flush()

    def drop_passages(self) -> None:
        """Drop the passages that were staged since the last document."""
        self._flush()
        self._connection.execute("DELETE FROM staged_passage WHERE document = %s", (self._last_document + 1,))
        self._staged = 0

    def add(self, file: FileRecord, document: Document) -> None:
        """Stage a document with the passages that were staged since the last one.

        It replaces what the index has under its path.
        """
        self._last_document += 1
        self._documents.append(
            (
                self._last_document,
                *_file_values(replace(file, sha256=document.sha256)),
                storable(document.title),
                document.unit,
                document.language,
                storable(document.note),
                json.dumps(document.left_out),
                json.dumps(document.ocr_pages),
                document.date,
                blocks_json(document.blocks),
                json.dumps(document.pages),
                json.dumps(document.page_labels),
                storable(document.text),
                self._staged,
            )
        )
        self._words.update(map(storable, forms(document.text)))
        self._staged, self._characters = 0, self._characters + len(document.text)
        if self._characters >= _FLUSH_CHARACTERS:
            self._flush()

    def add_skipped(self, file: FileRecord) -> None:
        """Stage that a file cannot be read or is a copy. It replaces what the index has under its path."""
        values = (*_file_values(file), storable(file.reason), storable(file.original))
        self._copy("staged_skipped_file", SKIPPED_COLUMNS, [values])

    def queue(self) -> int:
        """Put the passages that were staged since the last call and have no vectors into the queue, for this process
        and for workers; return how many."""
        self._flush()
        numbers = {"first": self._queued + 1, "last": self._last_passage}
        found = self._connection.execute(_QUEUE, {"edition": self._now.id, **numbers}).rowcount
        self._queued = self._last_passage
        return found

    def publish(self, difference: Difference, touched: Iterable[FileRecord]) -> Changes:
        """Publish all that is staged as the next generation, in one transaction, and return what changed.

        `touched` are files whose size and times changed but not their content. The index keeps the changes of the last
        build with a difference.
        """
        self._flush()
        self._connection.execute(
            "UPDATE meta SET last_document = %s, last_passage = %s", (self._last_document, self._last_passage)
        )
        return publish(self._connection, self._now, difference, touched)

    def _add_passage(self, passage: Passage, digest: str) -> None:
        self._last_passage += 1
        terms, section_terms, name_terms = (
            [storable(term) for term in stems(text, passage.language)]
            for text in (passage.text, " ".join(passage.section), name_text(passage.path))
        )
        self._passages.append(
            (
                self._last_passage,
                self._last_document + 1,
                passage.start,
                passage.end,
                json.dumps(passage.pages),
                json.dumps(passage.page_names),
                passage.is_ocr,
                json.dumps(passage.section),
                json.dumps(passage.sentences),
                storable(passage.text),
                " ".join(terms),
                " ".join(section_terms),
                " ".join(name_terms),
                len(terms) + len(section_terms) + len(name_terms),
                len(passage.sentences),
                bool(definitions(passage.text)),
                digest,
            )
        )

    def _flush(self) -> None:
        """Copy what was collected into the temporary tables."""
        self._copy("staged_document", DOCUMENT_COLUMNS, self._documents)
        self._copy("staged_passage", f"{PASSAGE_COLUMNS}, digest", self._passages)
        self._copy("staged_word", "word, count", [*self._words.items()])
        self._documents, self._passages, self._words, self._characters = [], [], Counter(), 0

    def _copy(self, table: str, columns: str, rows: Iterable[_Row]) -> None:
        with self._connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def _file_values(file: FileRecord) -> _Row:
    found = (getattr(file, name) for name in FILE_COLUMNS.split(", "))
    return tuple(storable(value) if isinstance(value, str) else value for value in found)
