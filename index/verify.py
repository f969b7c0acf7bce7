"""Check an index against itself and against its folder."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from index.errors import IndexDamagedError, ReadingError
from index.ingest.scan import read_bytes
from index.store.integrity import file_problems
from index.store.records import FileRecord, StoredPassage
from index.store.store import Store
from index.store.vector_cache import cache_is_valid
from index.text.analysis import forms, name_text, stems
from index.types import Document

_OFFSET_BYTES = 2
_STORED_PASSAGES = """
SELECT start, "end", passage.text, sentences, passage.section, vectors, tokens, offsets, full_text.text AS terms,
    full_text.section AS section_terms, full_text.name AS name_terms
FROM passage JOIN document ON document.id = passage.document LEFT JOIN encoding USING (digest)
LEFT JOIN full_text ON full_text.rowid = passage.id WHERE path = ?"""


def verify(store: Store, folder: Path) -> list[str]:
    """Return one sentence for each problem of an index; an empty list if every range, vector, term and hash is right.

    A file that changed after the last build is listed too, since its quotes may be stale.

    Raises:
        IndexUnusableError: the index cannot be read.
    """
    with store.snapshot():
        found = file_problems(store)
        try:
            found += _content_problems(store, is_intact=not found)
            for record in store.files().values():
                found += _changed(record, folder)
        except IndexDamagedError as error:
            found = found or [str(error)]
    return found


def _content_problems(store: Store, is_intact: bool) -> Iterator[str]:
    with store.reading():
        passages, indexed = store.connection.execute(
            "SELECT (SELECT count(*) FROM passage), (SELECT count(*) FROM full_text)"
        ).fetchone()
    if passages != indexed:
        yield f"There are {passages} passages and {indexed} in the full text."
    vector, token = store.vector_size(), store.token_size()
    words: Counter[str] = Counter()
    terms: Counter[str] = Counter()
    for record in store.files().values():
        document = store.document(record.path)
        if document is None:
            continue
        words.update(forms(document.text))
        for passage in _stored_passages(store, record.path):
            where = f"{record.path} [{passage.start}, {passage.end})"
            yield from (f"{where}: {problem}." for problem in _passage_problems(document, passage, vector, token))
            terms.update(set(f"{passage.terms} {passage.section_terms} {passage.name_terms}".split()))
    if words != store.word_counts() or terms != store.term_counts():
        yield "The counts of the documents' words are wrong."
    elif is_intact and not cache_is_valid(store):
        yield "The cached vectors differ from those of the index: run python -m index build --full."


def _stored_passages(store: Store, path: str) -> Iterator[StoredPassage]:
    with store.reading():
        for row in store.connection.execute(_STORED_PASSAGES, (path,)).fetchall():
            values = {**row, "sentences": json.loads(row["sentences"]), "section": json.loads(row["section"])}
            yield StoredPassage(**values)


def _passage_problems(document: Document, passage: StoredPassage, vector: int, token: int) -> Iterator[str]:
    """Yield the problems of a passage. `vector` and `token` are the bytes of one vector and one token."""
    inside = all(passage.start <= start < end <= passage.end for start, end in passage.sentences)
    if document.text[passage.start : passage.end] != passage.text or not inside:
        yield "a range differs from the document"
    if passage.vectors is None or len(passage.vectors) != (1 + len(passage.sentences)) * vector:
        yield "its vectors are missing or have the wrong size"
    elif (
        passage.tokens is None
        or passage.offsets is None
        or len(passage.tokens) * _OFFSET_BYTES != len(passage.offsets) * token
    ):
        yield "its tokens are missing or have the wrong size"
    texts = passage.text, " ".join(passage.section), name_text(document.path)
    expected = [" ".join(stems(text, document.language)) for text in texts]
    if [passage.terms, passage.section_terms, passage.name_terms] != expected:
        yield "the full text has other terms"


def _changed(record: FileRecord, folder: Path) -> Iterator[str]:
    if record.reason or record.original:
        return
    try:
        if hashlib.sha256(read_bytes(folder, record.path)).hexdigest() != record.sha256:
            yield f"{record.path} has changed since it was read: run python -m index build."
    except ReadingError as error:
        yield f"{record.path} is in the index, but {error}"
