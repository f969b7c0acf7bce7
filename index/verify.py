"""Check an index against itself and against its folder."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from index.errors import IndexDamagedError, ReadingError
from index.ingest.scan import read_bytes
from index.store.protocols import SearchStore
from index.store.records import FileRecord, StoredPassage
from index.text.analysis import forms, name_text, stems
from index.types import Document

_OFFSET_BYTES = 2


def verify(store: SearchStore, folder: Path) -> list[str]:
    """Return one sentence for each problem of an index; an empty list if every range, vector, term and hash is right.

    A file that changed after the last build is listed too, since its quotes may be stale.

    Raises:
        IndexUnusableError: the index cannot be read.
    """
    with store.snapshot():
        found = store.problems()
        try:
            found += _content_problems(store)
            for record in store.files().values():
                found += _changed(record, folder)
        except IndexDamagedError as error:
            found = found or [str(error)]
    return found


def _content_problems(store: SearchStore) -> Iterator[str]:
    vector, token = store.vector_size(), store.token_size()
    words: Counter[str] = Counter()
    terms: Counter[str] = Counter()
    for record in store.files().values():
        document = store.document(record.path)
        if document is None:
            continue
        words.update(forms(document.text))
        for passage in store.stored_passages(record.path):
            where = f"{record.path} [{passage.start}, {passage.end})"
            yield from (f"{where}: {problem}." for problem in _passage_problems(document, passage, vector, token))
            terms.update(set(f"{passage.terms} {passage.section_terms} {passage.name_terms}".split()))
    if words != store.word_counts() or terms != store.term_counts():
        yield "The counts of the documents' words are wrong."


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
