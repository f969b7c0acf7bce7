"""Stage a build in temporary tables, then publish it in one transaction.

Temporary tables keep a build out of memory and invisible to readers. Vectors are the exception: they are saved at once,
under the digest of what was encoded, so that the next build finds them if this one is interrupted. Readers never look
at vectors without a passage.
"""

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace

from index.store.change_list import list_changes
from index.store.encoding_queue import StagedQueue
from index.store.records import (
    Changes,
    Description,
    Difference,
    FileRecord,
    PassageDigest,
)
from index.store.schema import CHECKSUMS, blocks_json
from index.store.store import Store
from index.store.vector_cache import save_cache
from index.text.analysis import forms, name_text, stems
from index.types import Document, Passage

_STAGING_TABLES = """
DROP TABLE IF EXISTS staged_document;
DROP TABLE IF EXISTS staged_passage;
DROP TABLE IF EXISTS staged_count;
DROP TABLE IF EXISTS staged_skipped_file;
DROP TABLE IF EXISTS staged_removal;
CREATE TEMP TABLE staged_document AS SELECT * FROM document WHERE 0;
CREATE TEMP TABLE staged_passage AS
    SELECT passage.*, '' AS terms, '' AS section_terms, '' AS name_terms FROM passage WHERE 0;
CREATE UNIQUE INDEX temp.staged_document_id ON staged_document(id);
CREATE UNIQUE INDEX temp.staged_passage_id ON staged_passage(id);
CREATE TEMP TABLE staged_count (kind TEXT, word TEXT, count INTEGER, PRIMARY KEY (kind, word)) WITHOUT ROWID;
CREATE TEMP TABLE staged_skipped_file AS SELECT * FROM skipped_file WHERE 0;
CREATE TEMP TABLE staged_removal (path TEXT PRIMARY KEY, new_path TEXT) WITHOUT ROWID;
"""
# Passages that are new, removed and unchanged, for each value of the column {0}.
_COUNT_CHANGES = """
SELECT {0} AS path, sum(max(new - old, 0)) AS added, sum(max(old - new, 0)) AS removed, sum(min(old, new)) AS unchanged
FROM (
    SELECT path, digest, sum(old) AS old, sum(new) AS new FROM (
        SELECT new_path AS path, digest, 1 AS old, 0 AS new FROM staged_removal
        JOIN document USING (path) JOIN passage ON passage.document = document.id
        UNION ALL SELECT path, digest, 0, 1 FROM staged_passage AS passage
        JOIN staged_document AS document ON passage.document = document.id)
    GROUP BY {0}, digest) GROUP BY {0}"""
_FILE_COLUMNS = "path, size, modified_ns, changed_ns, inode, sha256, reader, limits"
_DOCUMENT_COLUMNS = (
    f"id, {_FILE_COLUMNS}, title, unit, language, note, left_out, ocr_pages, date, blocks, pages, page_labels, text"
)
_SKIPPED_COLUMNS = f"{_FILE_COLUMNS}, reason, original"
_PUBLISH = (
    f"""INSERT INTO document SELECT {_DOCUMENT_COLUMNS}, checksum({CHECKSUMS["document.head_crc"]}),
    checksum({CHECKSUMS["document.crc"]}) FROM staged_document""",
    f"""INSERT INTO skipped_file SELECT {_SKIPPED_COLUMNS}, checksum({CHECKSUMS["skipped_file.crc"]})
    FROM staged_skipped_file""",
    f"""INSERT INTO passage SELECT {CHECKSUMS["passage.crc"]}, checksum({CHECKSUMS["passage.crc"]})
    FROM staged_passage""",
    """INSERT INTO full_text (rowid, text, section, name)
    SELECT id, terms, section_terms, name_terms FROM staged_passage""",
    """INSERT INTO word SELECT word, count FROM staged_count WHERE kind = 'word'
    ON CONFLICT DO UPDATE SET document_count = document_count + excluded.document_count""",
    """INSERT INTO term SELECT word, count FROM staged_count WHERE kind = 'term'
    ON CONFLICT DO UPDATE SET passage_count = passage_count + excluded.passage_count""",
    "DELETE FROM word WHERE document_count = 0",
    "DELETE FROM term WHERE passage_count = 0",
    "DELETE FROM encoding WHERE digest IN (SELECT digest FROM encoding EXCEPT SELECT digest FROM passage)",
)


class IndexWriter(StagedQueue):
    """Collect the changes of one build: the BuildStore of a folder. Only one build may run at a time."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        with store.writing():
            self._connection.executescript(_STAGING_TABLES)
            self._document, self._passage = self._connection.execute(
                """SELECT (SELECT ifnull(max(id), 0) + 1 FROM document),
                ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'passage'), 0) + 1"""
            ).fetchone()

    def describe(self) -> Description:
        """Return the model, generation and size of the index."""
        return self._store.describe()

    def files(self) -> dict[str, FileRecord]:
        """Return every file that the last build saw, by path."""
        return self._store.files()

    def add_passages(self, passages: Sequence[PassageDigest]) -> None:
        """Stage some passages of the document that comes next."""
        with self._store.writing():
            if not self._connection.in_transaction:
                self._connection.execute("BEGIN")  # of the temporary tables only: it locks nothing
            for passage, digest in passages:
                self._add_passage(passage, digest)

    def drop_passages(self) -> None:
        """Drop the passages that were staged since the last document."""
        with self._store.writing():
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def add(self, file: FileRecord, document: Document) -> None:
        """Stage a document with the passages that were staged since the last one.

        It replaces what the index has under its path.
        """
        with self._store.writing():
            self._insert(
                "staged_document",
                {
                    "id": self._document,
                    **_file_values(file),
                    "sha256": document.sha256,
                    "title": document.title,
                    "unit": document.unit,
                    "language": document.language,
                    "note": document.note,
                    "left_out": json.dumps(document.left_out),
                    "ocr_pages": json.dumps(document.ocr_pages),
                    "date": document.date,
                    "blocks": blocks_json(document.blocks),
                    "pages": json.dumps(document.pages),
                    "page_labels": json.dumps(document.page_labels),
                    "text": document.text,
                },
            )
            self._count("word", forms(document.text))
            self._document += 1
            if self._connection.in_transaction:
                self._connection.execute("COMMIT")

    def add_skipped(self, file: FileRecord) -> None:
        """Stage that a file cannot be read or is a copy. It replaces what the index has under its path."""
        with self._store.writing():
            self._insert(
                "staged_skipped_file", {**_file_values(file), "reason": file.reason, "original": file.original}
            )

    def publish(self, difference: Difference, touched: Iterable[FileRecord]) -> Changes:
        """Publish all that is staged as the next generation, and return what changed.

        `touched` are files whose size and times changed but not their content. The index keeps the changes of the last
        build with a difference. A new index becomes the current one.
        """
        changes = self._publish(difference, touched)
        self._store.activate()
        self._store.checkpoint()
        with self._store.snapshot():
            save_cache(self._store)
        return changes

    def _publish(self, difference: Difference, touched: Iterable[FileRecord]) -> Changes:
        with self._store.transaction():
            self._connection.execute(
                """INSERT INTO staged_removal
                SELECT path, path FROM staged_document UNION ALL SELECT path, path FROM staged_skipped_file"""
            )
            removals = [*((path, path) for path in difference.removed), *difference.renamed]
            self._connection.executemany("INSERT INTO staged_removal VALUES (?, ?)", removals)
            changes = self._changes(difference)
            for row in self._connection.execute("SELECT path FROM staged_removal").fetchall():
                self._remove(row["path"])
            for statement in _PUBLISH:
                self._connection.execute(statement)
            self._update_times(touched)
            total = self._connection.execute("SELECT count(*) FROM passage").fetchone()[0]
            changes = replace(changes, unchanged=total - changes.added)
            self._connection.execute(
                "UPDATE meta SET generation = generation + 1, built_at = ?, changes = ifnull(?, changes)",
                (time.time(), json.dumps(asdict(changes)) if difference else None),
            )
            self._store.update_checksum()
        return changes

    def _add_passage(self, passage: Passage, digest: str) -> None:
        terms = stems(passage.text, passage.language)
        section_terms = stems(" ".join(passage.section), passage.language)
        name_terms = stems(name_text(passage.path), passage.language)
        self._insert(
            "staged_passage",
            {
                "id": self._passage,
                "document": self._document,
                "start": passage.start,
                "end": passage.end,
                "pages": json.dumps(passage.pages),
                "page_names": json.dumps(passage.page_names),
                "is_ocr": passage.is_ocr,
                "section": json.dumps(passage.section, ensure_ascii=False),
                "sentences": json.dumps(passage.sentences),
                "digest": digest,
                "text": passage.text,
                "terms": " ".join(terms),
                "section_terms": " ".join(section_terms),
                "name_terms": " ".join(name_terms),
            },
        )
        self._count("term", {*terms, *section_terms, *name_terms})
        self._passage += 1

    def _changes(self, difference: Difference) -> Changes:
        counts = {row["path"]: row for row in self._connection.execute(_COUNT_CHANGES.format("path"))}
        return list_changes(difference, counts, self._connection.execute(_COUNT_CHANGES.format("''")).fetchone())

    def _update_times(self, files: Iterable[FileRecord]) -> None:
        rows = [(file.size, file.modified_ns, file.changed_ns, file.inode, file.path) for file in files]
        for table in ("document", "skipped_file"):
            query = f"UPDATE {table} SET size = ?, modified_ns = ?, changed_ns = ?, inode = ? WHERE path = ?"
            self._connection.executemany(query, rows)

    def _remove(self, path: str) -> None:
        self._connection.execute("DELETE FROM skipped_file WHERE path = ?", (path,))
        found = self._connection.execute("SELECT id, text FROM document WHERE path = ?", (path,)).fetchone()
        if found is None:
            return
        inside = "rowid IN (SELECT id FROM passage WHERE document = ?)"
        query = f"SELECT text || ' ' || section || ' ' || name AS terms FROM full_text WHERE {inside}"
        passages = self._connection.execute(query, (found["id"],)).fetchall()
        words = [(word,) for word in forms(found["text"])]
        self._connection.executemany("UPDATE word SET document_count = document_count - 1 WHERE word = ?", words)
        terms = [(term,) for passage in passages for term in set(passage["terms"].split())]
        self._connection.executemany("UPDATE term SET passage_count = passage_count - 1 WHERE word = ?", terms)
        self._connection.execute(f"DELETE FROM full_text WHERE {inside}", (found["id"],))
        self._connection.execute("DELETE FROM document WHERE id = ?", (found["id"],))

    def _count(self, kind: str, words: set[str]) -> None:
        query = "INSERT INTO staged_count VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1"
        self._connection.executemany(query, [(kind, word) for word in words])

    def _insert(self, table: str, values: dict[str, str | int]) -> None:
        columns = ", ".join(f'"{name}"' for name in values)
        query = f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(values))})"
        self._connection.execute(query, [*values.values()])


def _file_values(file: FileRecord) -> dict[str, str | int]:
    return {name: getattr(file, name) for name in _FILE_COLUMNS.split(", ")}
