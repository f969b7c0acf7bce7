"""The tables of an index, what their rows are read as and checked by; `FORMAT` is raised whenever they change."""

import json
import zlib
from collections.abc import Sequence
from typing import Any

from index.types import Passage

FORMAT = 8
SCHEMA = """
CREATE TABLE meta (
    format INTEGER, splitting INTEGER, model TEXT, fingerprint TEXT, width INTEGER, generation INTEGER, built_at REAL,
    origin INTEGER, changes TEXT, crc INTEGER);
CREATE TABLE axis (rows BLOB, crc INTEGER);
CREATE TABLE document (
    id INTEGER PRIMARY KEY, path TEXT UNIQUE NOT NULL, size INTEGER, modified_ns INTEGER, sha256 TEXT NOT NULL,
    title TEXT, unit TEXT, language TEXT, note TEXT, ocr_pages TEXT, blocks TEXT, pages TEXT, text TEXT, crc INTEGER);
CREATE TABLE other (
    path TEXT PRIMARY KEY, size INTEGER, modified_ns INTEGER, sha256 TEXT NOT NULL, reason TEXT NOT NULL,
    original TEXT NOT NULL, crc INTEGER);
CREATE INDEX other_original ON other(original);
CREATE TABLE passage (
    id INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER NOT NULL REFERENCES document(id) ON DELETE CASCADE,
    start INTEGER, "end" INTEGER, pages TEXT, is_ocr INTEGER, section TEXT, sentences TEXT,
    digest TEXT NOT NULL, text TEXT, crc INTEGER);
CREATE INDEX passage_document ON passage(document);
CREATE INDEX passage_digest ON passage(digest);
CREATE TABLE encoding (
    digest TEXT PRIMARY KEY, vectors BLOB NOT NULL, tokens BLOB NOT NULL, places BLOB NOT NULL, crc INTEGER);
CREATE TABLE form (word TEXT PRIMARY KEY, held INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE stem (word TEXT PRIMARY KEY, held INTEGER NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(text, section, name, tokenize = 'unicode61', detail = 'full');
"""
PASSAGES = """
SELECT passage.id, path, start, "end", passage.text, sentences, section, passage.pages, unit,
passage.is_ocr, (SELECT json_group_array(other.path) FROM other WHERE original = document.path), language
FROM {0}passage AS passage JOIN {0}document AS document ON document.id = passage.document"""
CHECKED = {
    "meta": "format, splitting, model, fingerprint, width, generation, built_at, origin, changes",
    "axis": "rows",
    "document": "id, path, sha256, title, unit, language, note, ocr_pages, blocks, pages, text",
    "encoding": "digest, vectors, tokens, places",
    "other": "path, sha256, reason, original",
    "passage": 'id, document, start, "end", pages, is_ocr, section, sentences, digest, text',
}


def checksum(*values: str | bytes | float | None) -> int:
    """A number that tells values of a row from any others, but for one in four thousand millions."""
    found = 0
    for value in values:
        found = zlib.crc32(value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass"), found)
        found = zlib.crc32(b"\0", found)  # so that it tells where one ends
    return found


def passage_of(row: Sequence[Any]) -> Passage:
    """The passage that a row of `PASSAGES` tells of, its number left out."""
    path, start, end, text, sentences, section, pages, unit, is_ocr, copies, language = row
    return Passage(
        path=path,
        start=start,
        end=end,
        text=text,
        sentences=pairs(sentences),
        section=tuple(json.loads(section)),
        pages=pairs(pages),
        unit=unit,
        is_ocr=bool(is_ocr),
        copies=tuple(sorted(json.loads(copies))),
        language=language,
    )


def pairs(written: str) -> tuple[tuple[int, int], ...]:
    """Pairs of numbers as they are written in a row."""
    return tuple((first, second) for first, second in json.loads(written))
