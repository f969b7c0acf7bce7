"""The tables of an index, and how their rows are read and checked. Raise `FORMAT` when a table changes."""

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol, TypeVar

from index.types import Block, Document, Passage

FORMAT = 13
SCHEMA = """
CREATE TABLE meta (
    format INTEGER, chunking INTEGER, model TEXT, fingerprint TEXT, width INTEGER, generation INTEGER, built_at REAL,
    origin INTEGER, changes TEXT, crc INTEGER);
CREATE TABLE axis (rows BLOB, crc INTEGER);
CREATE TABLE document (
    id INTEGER PRIMARY KEY, path TEXT UNIQUE NOT NULL, size INTEGER, modified_ns INTEGER, changed_ns INTEGER,
    inode INTEGER, sha256 TEXT NOT NULL, reader INTEGER, limits TEXT, title TEXT, unit TEXT, language TEXT, note TEXT,
    left_out TEXT, ocr_pages TEXT, date TEXT, blocks TEXT, pages TEXT, page_labels TEXT, text TEXT,
    head_crc INTEGER, crc INTEGER);
CREATE TABLE skipped_file (
    path TEXT PRIMARY KEY, size INTEGER, modified_ns INTEGER, changed_ns INTEGER, inode INTEGER, sha256 TEXT NOT NULL,
    reader INTEGER, limits TEXT, reason TEXT NOT NULL, original TEXT NOT NULL, crc INTEGER);
CREATE INDEX skipped_file_original ON skipped_file(original);
CREATE TABLE passage (
    id INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER NOT NULL REFERENCES document(id) ON DELETE CASCADE,
    start INTEGER, "end" INTEGER, pages TEXT, page_names TEXT, is_ocr INTEGER, section TEXT, sentences TEXT,
    digest TEXT NOT NULL, text TEXT, crc INTEGER);
CREATE INDEX passage_document ON passage(document);
CREATE INDEX passage_digest ON passage(digest);
CREATE TABLE encoding (
    digest TEXT PRIMARY KEY, vectors BLOB NOT NULL, tokens BLOB NOT NULL, offsets BLOB NOT NULL, vectors_crc INTEGER,
    crc INTEGER);
CREATE TABLE word (word TEXT PRIMARY KEY, document_count INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE term (word TEXT PRIMARY KEY, passage_count INTEGER NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE full_text USING fts5(text, section, name, tokenize = 'unicode61', detail = 'full');
"""


class Row(Protocol):
    """A row of a table, whose columns are read by name."""

    def __getitem__(self, name: str, /) -> Any: ...


_DOCUMENT_HEAD = (
    "id, path, sha256, reader, limits, title, unit, language, note, left_out, ocr_pages, date, pages, page_labels"
)
# The columns that each checksum is made of. Sizes and times of files may change without it. What is read without the
# rest of a row has its own checksum: a document without its text, and vectors without tokens.
CHECKSUMS = {
    "meta.crc": "format, chunking, model, fingerprint, width, generation, built_at, origin, changes",
    "axis.crc": "rows",
    "document.head_crc": _DOCUMENT_HEAD,
    "document.crc": f"{_DOCUMENT_HEAD}, blocks, text",
    "encoding.vectors_crc": "digest, vectors",
    "encoding.crc": "digest, tokens, offsets",
    "skipped_file.crc": "path, sha256, reader, limits, reason, original",
    "passage.crc": 'id, document, start, "end", pages, page_names, is_ocr, section, sentences, digest, text',
}


def checksum_sql(name: str) -> str:
    """Return the SQL that computes a checksum of `CHECKSUMS`.

    >>> checksum_sql("axis.crc")
    'checksum(axis.rows)'
    """
    table = name.partition(".")[0]
    return f"checksum({', '.join(f'{table}.{column}' for column in CHECKSUMS[name].split(', '))})"


def intact_sql(*names: str) -> str:
    """Return the SQL that is true if checksums of `CHECKSUMS` are right.

    >>> intact_sql("axis.crc")
    '(axis.crc IS checksum(axis.rows))'
    """
    return f"({' AND '.join(f'{name} IS {checksum_sql(name)}' for name in names)})"


SELECT_PASSAGES = f"""
SELECT passage.id, path, passage.start, passage."end", passage.text, sentences, section, passage.pages,
    passage.page_names, unit, passage.is_ocr, language, {intact_sql("passage.crc", "document.head_crc")} AS is_intact,
    (SELECT json_group_array(skipped_file.path) FROM skipped_file WHERE original = document.path) AS copies
FROM {{0}}passage AS passage JOIN {{0}}document AS document ON document.id = passage.document"""

# A document has as many slots as the parameter {}; the first passage of each is taken.
OF_EACH_DOCUMENT = """SELECT min(id) AS id FROM (
    SELECT id, document, (row_number() OVER (PARTITION BY document ORDER BY id) - 1) * {}
        / count(*) OVER (PARTITION BY document) AS slot FROM passage) AS numbered
    GROUP BY document, slot ORDER BY id"""
_CHECKED_AT_ONCE = 1_000_000  # characters, since a copy of a text may take much memory
Item = TypeVar("Item")


def checksum(*values: str | bytes | float | None) -> int:
    """Compute the CRC-32 of a row's values.

    >>> checksum("ab", "c") == checksum("a", "bc")
    False
    """
    found = 0
    for value in values:
        for part in _parts(value) if isinstance(value, str) and len(value) > _CHECKED_AT_ONCE else (value,):
            content = part if isinstance(part, bytes) else str(part).encode("utf-8", "surrogatepass")
            found = zlib.crc32(content, found)
        found = zlib.crc32(b"\0", found)  # marks the end of each value
    return found


def _parts(text: str) -> Iterator[str]:
    return (text[start : start + _CHECKED_AT_ONCE] for start in range(0, len(text), _CHECKED_AT_ONCE))


def passage_of(row: Row) -> Passage:
    """Read a row of `SELECT_PASSAGES`."""
    return Passage(
        path=row["path"],
        start=row["start"],
        end=row["end"],
        text=row["text"],
        sentences=pairs(row["sentences"]),
        section=tuple(json.loads(row["section"])),
        pages=pairs(row["pages"]),
        page_names=tuple(json.loads(row["page_names"])),
        unit=row["unit"],
        is_ocr=bool(row["is_ocr"]),
        copies=tuple(sorted(json.loads(row["copies"]))),
        language=row["language"],
    )


def blocks_json(blocks: Iterable[Block]) -> str:
    """Return the blocks of a document as JSON. `json.dumps` takes ten times the memory for many of them.

    >>> blocks_json([Block(0, 3, 1, "heading"), Block(5, 9)])
    '[[0, 3, 1, "heading"], [5, 9, 0, "paragraph"]]'
    """
    rows = (f'[{one.start}, {one.end}, {one.level}, "{one.kind}"]' for one in blocks)
    return f"[{', '.join(rows)}]"


def document_of(row: Row) -> Document:
    """Read a row of the table `document`."""
    return Document(
        path=row["path"],
        text=row["text"],
        sha256=row["sha256"],
        title=row["title"],
        blocks=tuple(Block(*block) for block in json.loads(row["blocks"])),
        pages=pairs(row["pages"]),
        unit=row["unit"],
        page_labels=tuple(json.loads(row["page_labels"])),
        note=row["note"],
        left_out=tuple((what, number) for what, number in json.loads(row["left_out"])),
        ocr_pages=tuple(json.loads(row["ocr_pages"])),
        date=row["date"],
        language=row["language"],
    )


def pairs(text: str) -> tuple[tuple[int, int], ...]:
    """Read pairs of numbers from JSON.

    >>> pairs("[[0, 4], [5, 9]]")
    ((0, 4), (5, 9))
    """
    return tuple((first, second) for first, second in json.loads(text))


def slots(count: int, documents: int) -> int:
    """Return the slots of each document for a sample of a number of passages."""
    return max(1, count // max(documents, 1))


def spaced(items: Sequence[Item], count: int) -> Sequence[Item]:
    """Return up to `count` items, evenly spaced.

    >>> spaced("abcdefg", 3)
    'adg'
    """
    return items[:: max(1, -(-len(items) // count))]
