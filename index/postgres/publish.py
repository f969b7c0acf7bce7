"""Publish what a build has staged as the next generation, in one transaction."""

import json
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

from psycopg import Connection

from index.errors import IndexUnusableError
from index.postgres.halfvec import drop_graph, make_graph
from index.postgres.postings import update_postings
from index.postgres.store import storable
from index.postgres.tables import DOCUMENT_COLUMNS, PASSAGE_COLUMNS, SKIPPED_COLUMNS, one_row
from index.postgres.work import Edition
from index.store.change_list import list_changes
from index.store.records import Changes, Difference, FileRecord
from index.text.analysis import forms

_ANALYZED_SHARE = 0.1  # of new passages, from which the planner's statistics are made again
_CLEAR = (
    *(f"DELETE FROM {table}" for table in ("posting", "term", "word", "skipped_file", "passage", "document")),
    "UPDATE meta SET documents = 0, passages = 0, sentences = 0, terms = 0",
)
_REMOVAL = """
CREATE TEMP TABLE staged_removal (path text COLLATE "C" PRIMARY KEY, new_path text COLLATE "C") ON COMMIT DROP;
INSERT INTO staged_removal
SELECT path, path FROM staged_document UNION ALL SELECT path, path FROM staged_skipped_file"""
_GONE = """
CREATE TEMP TABLE staged_gone ON COMMIT DROP AS
SELECT passage.id, terms, section_terms, name_terms, encoding, sentence_count, length
FROM staged_removal JOIN document USING (path) JOIN passage ON passage.document = document.id"""
# Passages that are new, removed and unchanged, for each value of the column {0}.
_COUNT_CHANGES = """
SELECT {0} AS path, sum(greatest(new - old, 0))::bigint AS added,
    sum(greatest(old - new, 0))::bigint AS removed, sum(least(old, new))::bigint AS unchanged
FROM (
    SELECT {0} AS path, digest, sum(old) AS old, sum(new) AS new FROM (
        SELECT new_path AS path, digest, 1 AS old, 0 AS new FROM staged_removal
        JOIN document USING (path) JOIN passage ON passage.document = document.id
        JOIN encoding ON encoding.id = passage.encoding
        UNION ALL SELECT path, digest, 0, 1 FROM staged_passage AS passage
        JOIN staged_document AS document ON passage.document = document.id) AS sides
    GROUP BY 1, digest) AS passages GROUP BY 1"""
_INSERT = (
    f"INSERT INTO document ({DOCUMENT_COLUMNS}) SELECT {DOCUMENT_COLUMNS} FROM staged_document",
    f"INSERT INTO skipped_file ({SKIPPED_COLUMNS}) SELECT {SKIPPED_COLUMNS} FROM staged_skipped_file",
    """INSERT INTO word SELECT word, sum(count) FROM staged_word GROUP BY word
    ON CONFLICT (word) DO UPDATE SET document_count = word.document_count + excluded.document_count""",
)
_INSERT_PASSAGES = f"""
INSERT INTO passage ({PASSAGE_COLUMNS}, encoding)
SELECT {", ".join(f"staged_passage.{name}" for name in PASSAGE_COLUMNS.split(", "))}, encoding.id
FROM staged_passage JOIN encoding ON encoding.edition = %s AND encoding.digest = staged_passage.digest
ORDER BY staged_passage.id"""
_UNUSED = """
WITH unused AS (
    SELECT DISTINCT encoding AS id FROM staged_gone
    WHERE NOT EXISTS (SELECT 1 FROM passage WHERE passage.encoding = staged_gone.encoding)),
vectors AS (DELETE FROM vector USING unused WHERE vector.encoding = unused.id)
DELETE FROM encoding USING unused WHERE encoding.id = unused.id"""
_COUNTS = "SELECT count(*) AS count, coalesce(sum(sentence_count), 0) AS sentences, coalesce(sum(length), 0) AS terms"
_UPDATE_META = f"""
UPDATE meta SET edition = %s, generation = generation + 1, built_at = %s,
    documents = meta.documents - %s + (SELECT count(*) FROM staged_document),
    passages = meta.passages - gone.count + staged.count,
    sentences = meta.sentences - gone.sentences + staged.sentences,
    terms = meta.terms - gone.terms + staged.terms
FROM ({_COUNTS} FROM staged_gone) AS gone, ({_COUNTS} FROM staged_passage) AS staged
RETURNING meta.passages"""


def publish(
    connection: Connection[Any], edition: Edition, difference: Difference, touched: Iterable[FileRecord]
) -> Changes:
    """Replace what is staged, in one transaction, and return what changed. See `BuildStore.publish`."""
    connection.execute("ANALYZE staged_document")
    connection.execute("ANALYZE staged_passage")
    make_graph(connection, edition.id, edition.width)
    with connection.transaction():
        if edition.is_new:
            for statement in _CLEAR:
                connection.execute(statement)
        _stage_removals(connection, difference)
        changes = _changes(connection, difference)
        update_postings(connection)
        _forget_words(connection)
        removed = _replace(connection, edition)
        _update_times(connection, touched)
        total = int(one_row(connection, _UPDATE_META, edition.id, time.time(), removed)["passages"])
        changes = replace(changes, unchanged=total - changes.added)
        if difference:
            connection.execute("UPDATE meta SET changes = %s", (json.dumps(asdict(changes)),))
    if edition.is_new:
        drop_graph(connection, edition.id - 1)
    if changes.added > _ANALYZED_SHARE * total:
        for table in ("document", "passage", "encoding", "vector", "posting", "term"):
            connection.execute(f"ANALYZE {table}")
    return changes


def _stage_removals(connection: Connection[Any], difference: Difference) -> None:
    """Name the documents that are removed or replaced, and the passages that go with them."""
    connection.execute(_REMOVAL)
    removals = [*((path, path) for path in difference.removed), *difference.renamed]
    with connection.cursor().copy("COPY staged_removal (path, new_path) FROM STDIN") as copy:
        for old, new in removals:
            copy.write_row((storable(old), storable(new)))
    connection.execute("ANALYZE staged_removal")
    connection.execute(_GONE)
    connection.execute("ANALYZE staged_gone")


def _changes(connection: Connection[Any], difference: Difference) -> Changes:
    counts = {row["path"]: row for row in connection.execute(_COUNT_CHANGES.format("path"))}
    return list_changes(difference, counts, connection.execute(_COUNT_CHANGES.format("''::text")).fetchone())


def _forget_words(connection: Connection[Any]) -> None:
    """Count the words of the documents that go no longer."""
    words: Counter[str] = Counter()
    with connection.cursor(name="gone_documents") as texts:  # a few texts at a time
        for row in texts.execute("SELECT text FROM document JOIN staged_removal USING (path)"):
            words.update(forms(row["text"]))
    query = """WITH gone AS (SELECT * FROM unnest(%s::text[], %s::integer[]) AS gone(word, count))
        UPDATE word SET document_count = document_count - gone.count FROM gone WHERE word.word = gone.word"""
    connection.execute(query, ([*words], [*words.values()]))


def _replace(connection: Connection[Any], edition: Edition) -> int:
    """Remove documents and insert those that are staged. Return how many were removed."""
    connection.execute("DELETE FROM skipped_file USING staged_removal WHERE skipped_file.path = staged_removal.path")
    query = "DELETE FROM document USING staged_removal WHERE document.path = staged_removal.path"
    removed = connection.execute(query).rowcount
    for statement in _INSERT:
        connection.execute(statement)
    connection.execute("DELETE FROM word WHERE document_count <= 0")
    staged = one_row(connection, "SELECT count(*) AS count FROM staged_passage")["count"]
    if connection.execute(_INSERT_PASSAGES, (edition.id,)).rowcount != staged:
        raise IndexUnusableError("Some vectors were lost while the index was built: build again.")
    if edition.is_new:
        for table, column in (("vector", "edition"), ("encoding", "edition"), ("edition", "id")):
            connection.execute(f"DELETE FROM {table} WHERE {column} <> %s", (edition.id,))
    else:
        connection.execute(_UNUSED)
    return removed


def _update_times(connection: Connection[Any], files: Iterable[FileRecord]) -> None:
    rows = [(file.size, file.modified_ns, file.changed_ns, file.inode, storable(file.path)) for file in files]
    for table in ("document", "skipped_file"):
        query = f"UPDATE {table} SET size = %s, modified_ns = %s, changed_ns = %s, inode = %s WHERE path = %s"
        connection.cursor().executemany(query, rows)
