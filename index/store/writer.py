"""A build's changes to an index: staged in temporary tables, out of memory and of readers' sight, then published.

Vectors are saved at once, by the digest of what was encoded: they outlast an interrupted build, and no reader looks at
them. Everything else appears in one transaction.
"""

import json
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from typing import Any

from index.embed.late_interaction import Floats, StoredTokens
from index.store.records import Change, Changes, Difference, FileRecord
from index.store.schema import CHECKED, PASSAGES, passage_of
from index.store.store import STORED, Store
from index.text.analysis import forms, stems
from index.types import Document, Passage

_STAGED = """
DROP TABLE IF EXISTS staged_document;
DROP TABLE IF EXISTS staged_passage;
DROP TABLE IF EXISTS staged_word;
DROP TABLE IF EXISTS staged_other;
DROP TABLE IF EXISTS staged_going;
CREATE TEMP TABLE staged_document AS SELECT * FROM document WHERE 0;
CREATE TEMP TABLE staged_passage AS SELECT passage.*, '' AS stems, '' AS section_stems FROM passage WHERE 0;
CREATE UNIQUE INDEX temp.staged_document_id ON staged_document(id);
CREATE UNIQUE INDEX temp.staged_passage_id ON staged_passage(id);
CREATE TEMP TABLE staged_word (kind TEXT, word TEXT, held INTEGER, PRIMARY KEY (kind, word)) WITHOUT ROWID;
CREATE TEMP TABLE staged_other AS SELECT * FROM other WHERE 0;
CREATE TEMP TABLE staged_going (path TEXT PRIMARY KEY, now TEXT) WITHOUT ROWID;
"""
_PASSAGES_CHANGED = """
SELECT {0}, sum(max(new - old, 0)), sum(max(old - new, 0)), sum(min(old, new)) FROM (
    SELECT path, digest, sum(old) AS old, sum(new) AS new FROM (
        SELECT now AS path, digest, 1 AS old, 0 AS new FROM staged_going
        JOIN document USING (path) JOIN passage ON passage.document = document.id
        UNION ALL SELECT path, digest, 0, 1 FROM staged_passage AS passage
        JOIN staged_document AS document ON passage.document = document.id)
    GROUP BY {0}, digest) GROUP BY {0}"""
MOST_NAMED = 300
_COUNT = "ON CONFLICT DO UPDATE SET held = held + excluded.held"


class Staging:
    """The changes of one build, which no other may run beside."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection = store.connection
        self._connection.executescript(_STAGED)
        self._documents, self._passages = self._connection.execute(
            """SELECT (SELECT ifnull(max(id), 0) FROM document),
            ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'passage'), 0)"""
        ).fetchone()

    def add(self, file: FileRecord, document: Document, passages: Sequence[tuple[Passage, str]]) -> None:
        """Stage a document, in place of what the index has of its path, with its passages and their digests."""
        self._documents += 1
        blocks = json.dumps([(block.start, block.end, block.level, block.kind) for block in document.blocks])
        known = (self._documents, file.path, file.size, file.modified_ns, document.sha256)
        said = (document.title, document.unit, document.language, document.note)
        lists = (json.dumps(document.ocr_pages), blocks, json.dumps(document.pages))
        self._insert("staged_document", [(*known, *said, *lists, document.text, None)])
        rows = []
        for passage, digest in passages:
            self._passages += 1
            section, sentences = json.dumps(passage.section, ensure_ascii=False), json.dumps(passage.sentences)
            pages = json.dumps(passage.pages)
            place = (self._passages, self._documents, passage.start, passage.end, pages)
            found, above = (stems(text, document.language) for text in (passage.text, " ".join(passage.section)))
            rows.append(
                (
                    *place,
                    passage.is_ocr,
                    section,
                    sentences,
                    digest,
                    passage.text,
                    None,
                    " ".join(found),
                    " ".join(above),
                )
            )
            self._count("stem", {*found, *above})
        self._insert("staged_passage", rows)
        self._count("form", forms(document.text))

    def add_other(self, file: FileRecord) -> None:
        """Stage that a file cannot be read or is a copy, in place of what the index has of its path."""
        row = (file.path, file.size, file.modified_ns, file.sha256, file.reason, file.original, None)
        self._insert("staged_other", [row])

    def missing(self) -> list[int]:
        """The numbers of staged passages that are to be encoded, the longest first."""
        rows = self._connection.execute(
            """SELECT min(id) FROM staged_passage WHERE digest NOT IN (SELECT digest FROM encoding)
            GROUP BY digest ORDER BY "end" - start DESC"""
        )
        return [row[0] for row in rows]

    def passage(self, number: int) -> Passage:
        """A staged passage."""
        query = f"{PASSAGES.format('staged_')} WHERE passage.id = ?"
        return passage_of(self._connection.execute(query, (number,)).fetchone()[1:])

    def save_encodings(self, encodings: Iterable[tuple[int, Floats, StoredTokens]]) -> None:
        """Keep the vectors of staged passages, by number."""
        rows = [
            (vectors.astype(STORED).tobytes(), tokens.packed.tobytes(), tokens.places.tobytes(), number)
            for number, vectors, tokens in encodings
        ]
        query = """INSERT OR REPLACE INTO encoding SELECT digest, ?1, ?2, ?3, checksum(digest, ?1, ?2, ?3)
            FROM staged_passage WHERE id = ?4"""
        with self._store.transaction():
            self._connection.executemany(query, rows)

    def publish(self, difference: Difference, touched: Iterable[FileRecord]) -> Changes:
        """Make what is staged the next generation, all or nothing of it; returns what it changed, which is
        kept with it, unless that is only the times of files."""
        with self._store.transaction():
            self._connection.execute(
                """INSERT INTO staged_going
                SELECT path, path FROM staged_document UNION ALL SELECT path, path FROM staged_other"""
            )
            going = [*((path, path) for path in difference.removed), *difference.renamed]
            self._connection.executemany("INSERT INTO staged_going VALUES (?, ?)", going)
            changes = self._changes(difference)
            for path in self._connection.execute("SELECT path FROM staged_going").fetchall():
                self._remove(*path)
            for statement in (
                f"""INSERT INTO document SELECT id, path, size, modified_ns, sha256, title, unit, language, note,
                ocr_pages, blocks, pages, text, checksum({CHECKED["document"]}) FROM staged_document""",
                f"""INSERT INTO other SELECT path, size, modified_ns, sha256, reason, original,
                checksum({CHECKED["other"]}) FROM staged_other""",
                f"""INSERT INTO passage SELECT {CHECKED["passage"]}, checksum({CHECKED["passage"]})
                FROM staged_passage""",
                "INSERT INTO words (rowid, text, section) SELECT id, stems, section_stems FROM staged_passage",
                f"INSERT INTO form SELECT word, held FROM staged_word WHERE kind = 'form' {_COUNT}",
                f"INSERT INTO stem SELECT word, held FROM staged_word WHERE kind = 'stem' {_COUNT}",
                "DELETE FROM form WHERE held = 0",
                "DELETE FROM stem WHERE held = 0",
                """DELETE FROM encoding WHERE digest IN
                (SELECT digest FROM encoding EXCEPT SELECT digest FROM passage)""",
            ):
                self._connection.execute(statement)
            stamps = [(file.size, file.modified_ns, file.path) for file in touched]
            for table in ("document", "other"):
                query = f"UPDATE {table} SET size = ?, modified_ns = ? WHERE path = ?"
                self._connection.executemany(query, stamps)
            kept = self._connection.execute("SELECT count(*) FROM passage").fetchone()[0] - changes.added
            changes = replace(changes, kept=kept)
            self._connection.execute(
                "UPDATE meta SET generation = generation + 1, built_at = ?, changes = ifnull(?, changes)",
                (time.time(), json.dumps(asdict(changes)) if difference else None),
            )
            self._store.seal()
        return changes

    def _changes(self, difference: Difference) -> Changes:
        counts = {path: count for path, *count in self._connection.execute(_PASSAGES_CHANGED.format("path"))}
        found = [("renamed", now, was) for was, now in difference.renamed]
        found += [(what, path, "") for what in ("edited", "removed", "added") for path in getattr(difference, what)]
        files = tuple(Change(*file, *counts.get(file[1], ())) for file in found[:MOST_NAMED])
        named = dict(Counter(what for what, _, _ in found))
        _, added, removed, kept = self._connection.execute(_PASSAGES_CHANGED.format("''")).fetchone() or ("", 0, 0, 0)
        return Changes(named, added, removed, kept, files)

    def _remove(self, path: str) -> None:
        self._connection.execute("DELETE FROM other WHERE path = ?", (path,))
        found = self._connection.execute("SELECT id, text FROM document WHERE path = ?", (path,)).fetchone()
        if found is None:
            return
        number, text = found
        inside = "rowid IN (SELECT id FROM passage WHERE document = ?)"
        held = self._connection.execute(
            f"SELECT text || ' ' || section FROM words WHERE {inside}", (number,)
        ).fetchall()
        self._subtract("form", [forms(text)])
        self._subtract("stem", [set(row[0].split()) for row in held])
        self._connection.execute(f"DELETE FROM words WHERE {inside}", (number,))
        self._connection.execute("DELETE FROM document WHERE id = ?", (number,))

    def _count(self, kind: str, found: set[str]) -> None:
        rows = [(kind, word, 1) for word in found]
        self._connection.executemany(f"INSERT INTO staged_word VALUES (?, ?, ?) {_COUNT}", rows)

    def _subtract(self, kind: str, found: Iterable[set[str]]) -> None:
        rows = [(word,) for words in found for word in words]
        self._connection.executemany(f"UPDATE {kind} SET held = held - 1 WHERE word = ?", rows)

    def _insert(self, table: str, rows: list[tuple[Any, ...]]) -> None:
        if rows:
            self._connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
