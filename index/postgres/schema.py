"""The tables of an index in PostgreSQL, and the migrations that bring older tables up to date.

They mirror those of SQLite (see `index.store.schema`). Four things differ. The vectors are rows, which pgvector
searches. Keyword search reads postings of our own: blocks of up to 128 passages that hold a term. The counts are
columns of `meta`, since counting rows takes long. Encodings belong to an edition: a full build writes a new edition
beside the one that is read.

To change a table, add a migration at the end of `MIGRATIONS`: it runs before the next build, in one transaction.
"""

from typing import Any

from psycopg import Connection

_FILE = """path text COLLATE "C", size bigint, modified_ns bigint, changed_ns bigint, inode bigint,
    sha256 text NOT NULL, reader integer, limits text"""
_FIRST = f"""
CREATE TABLE edition (
    id integer PRIMARY KEY, model text, fingerprint text, width integer, chunking integer, axes bytea);
CREATE TABLE meta (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only), version integer, edition integer, origin bigint,
    generation integer, built_at double precision, changes text, documents bigint, passages bigint, sentences bigint,
    terms bigint, last_document bigint, last_passage bigint);
CREATE TABLE document (
    id bigint PRIMARY KEY, {_FILE}, title text, unit text, language text, note text, left_out text, ocr_pages text,
    date text, blocks text, pages text, page_labels text, text text, passages integer, UNIQUE (path));
CREATE TABLE skipped_file ({_FILE}, reason text NOT NULL, original text COLLATE "C" NOT NULL, PRIMARY KEY (path));
CREATE INDEX skipped_file_original ON skipped_file (original);
CREATE TABLE encoding (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, edition integer NOT NULL, digest text COLLATE "C" NOT NULL,
    tokens bytea NOT NULL, offsets bytea NOT NULL, UNIQUE (edition, digest));
ALTER TABLE encoding ALTER tokens SET STORAGE EXTERNAL, ALTER offsets SET STORAGE EXTERNAL;
CREATE TABLE vector (
    encoding bigint NOT NULL, position smallint NOT NULL, edition integer NOT NULL, vector halfvec NOT NULL,
    PRIMARY KEY (encoding, position));
CREATE TABLE passage (
    id bigint PRIMARY KEY, document bigint NOT NULL REFERENCES document ON DELETE CASCADE, start integer,
    "end" integer, pages text, page_names text, is_ocr boolean, section text, sentences text, text text, terms text,
    section_terms text, name_terms text, length integer, sentence_count integer, has_acronym boolean,
    encoding bigint NOT NULL);
CREATE INDEX passage_document ON passage (document);
CREATE INDEX passage_encoding ON passage (encoding);
CREATE INDEX passage_acronym ON passage (id) WHERE has_acronym;
CREATE TABLE posting (
    term text COLLATE "C", first bigint, last bigint, passages bigint[], frequencies smallint[], lengths smallint[],
    PRIMARY KEY (term, first));
CREATE TABLE word (word text COLLATE "C" PRIMARY KEY, document_count integer NOT NULL);
CREATE TABLE term (word text COLLATE "C" PRIMARY KEY, passage_count integer NOT NULL);
CREATE UNLOGGED TABLE work (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, edition integer NOT NULL, digest text NOT NULL, start integer,
    "end" integer, text text, section text, sentences text, language text);
CREATE INDEX work_size ON work (("end" - start) DESC, id);
"""
MIGRATIONS = (_FIRST,)


def migrate(connection: Connection[Any], schema: str, origin: int) -> None:
    """Create the tables, or bring them up to date. The connection's schema is created too."""
    with connection.transaction():
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        found = version(connection)
        for migration in MIGRATIONS[found:]:
            connection.execute(migration)
        if not found:
            connection.execute(
                """INSERT INTO meta (version, edition, origin, generation, built_at, changes, documents, passages,
                sentences, terms, last_document, last_passage)
                VALUES (0, 0, %s, 0, 0, '{}', 0, 0, 0, 0, 0, 0)""",
                (origin,),
            )
        connection.execute("UPDATE meta SET version = %s WHERE version < %s", (len(MIGRATIONS), len(MIGRATIONS)))


def has_edition(connection: Connection[Any]) -> bool:
    """Return whether a build has begun an index in the tables."""
    row = connection.execute("SELECT EXISTS (SELECT 1 FROM meta WHERE edition > 0) AS found").fetchone()
    return bool(row and row["found"])


def version(connection: Connection[Any]) -> int:
    """Return the number of migrations that the tables have; 0 if there are none."""
    row = connection.execute("SELECT to_regclass('meta') IS NOT NULL AS exists").fetchone()
    if not row or not row["exists"]:
        return 0
    found = connection.execute("SELECT version FROM meta").fetchone()
    return int(found["version"]) if found else 0
