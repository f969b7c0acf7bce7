"""Check an index against itself and against its folder."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from index.errors import ReadingError
from index.ingest.scan import read_bytes
from index.store.records import FileRecord, KeptPassage
from index.store.schema import PASSAGES
from index.store.store import Store
from index.store.vector_cache import is_sound
from index.text.analysis import forms, name_text, stems
from index.types import Document

_PLACE = 4  # bytes: two numbers of 16 bits


def verify(store: Store, folder: Path) -> list[str]:
    """What is wrong, a sentence each; nothing where every range, vector, word and hash is as it should be.

    A file that changed after the last build is not the index's fault, but is said, since its quotes may be stale.
    """
    with store.snapshot():
        found = store.problems()
        passages, words = store.connection.execute(
            "SELECT (SELECT count(*) FROM passage), (SELECT count(*) FROM words)"
        ).fetchone()
        if passages != words:
            found.append(f"There are {passages} passages and {words} in the full text.")
        changed: list[str] = []
        sizes = store.vector_size(), store.token_size()
        written: Counter[str] = Counter()
        held: Counter[str] = Counter()
        for record in store.files().values():
            document = store.document(record.path)
            if document is None:
                continue
            written.update(forms(document.text))
            for kept in _kept_passages(store, record.path):
                where = f"{record.path} [{kept.start}, {kept.end})"
                found += [f"{where}: {problem}." for problem in _wrong(document, kept, *sizes)]
                held.update(set(f"{kept.words} {kept.section_words} {kept.name_words}".split()))
            changed += _changed(record, folder)
        if not found and not is_sound(store):
            found.append("The vectors in memory are not those of the index: run python -m index build --full.")
        if written != store.forms() or held != store.stems():
            found.append("The counts of the documents' words are wrong.")
    return found + changed


def _kept_passages(store: Store, path: str) -> Iterator[KeptPassage]:
    query = f"""SELECT found.*, vectors, tokens, places, words.text, words.section, words.name
        FROM ({PASSAGES.format("")} WHERE path = ?) AS found
        JOIN passage USING (id) LEFT JOIN encoding USING (digest) LEFT JOIN words ON words.rowid = passage.id"""
    for _, _, start, end, text, sentences, section, _, _, _, _, _, *rest in store.connection.execute(query, (path,)):
        yield KeptPassage(start, end, text, json.loads(sentences), json.loads(section), *rest)


def _changed(record: FileRecord, folder: Path) -> Iterator[str]:
    try:
        if hashlib.sha256(read_bytes(folder, record.path)).hexdigest() != record.sha256:
            yield f"{record.path} has changed since it was read: run python -m index build."
    except ReadingError as error:
        yield f"{record.path} is in the index, but {error}"


def _wrong(document: Document, kept: KeptPassage, vector: int, token: int) -> Iterator[str]:
    """What is wrong with a passage; `vector` and `token` are the bytes that one of each takes."""
    inside = all(kept.start <= start < end <= kept.end for start, end in kept.sentences)
    if document.text[kept.start : kept.end] != kept.text or not inside:
        yield "a range is not the document's"
    if kept.vectors is None or len(kept.vectors) != (1 + len(kept.sentences)) * vector:
        yield "its vectors are missing or of the wrong size"
    elif kept.tokens is None or kept.places is None or len(kept.tokens) * _PLACE != len(kept.places) * token:
        yield "its tokens are missing or of the wrong size"
    texts = kept.text, " ".join(kept.section), name_text(document.path)
    if (kept.words, kept.section_words, kept.name_words) != (
        *(" ".join(stems(text, document.language)) for text in texts),
    ):
        yield "the full text holds other words"
