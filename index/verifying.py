"""Check an index against itself and against its folder."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from index.errors import ReadingError
from index.reading import read_bytes
from index.records import KeptPassage
from index.store import Store
from index.words import forms, stems

_PLACE = 4  # bytes: two numbers of 16 bits


def verify(store: Store, folder: Path) -> list[str]:
    """What is wrong, a sentence each; nothing where every range, vector, word and hash is as it should be.

    A file that changed after the last build is not the index's fault, but is said, since its quotes may be stale.
    """
    with store.snapshot():
        found = store.problems()
        vector, token = store.vector_size(), store.token_size()
        for kept in store.kept_passages():
            found += [f"{kept.path} [{kept.start}, {kept.end}): {problem}." for problem in _wrong(kept, vector, token)]
        written: Counter[str] = Counter()
        for record in store.files().values():
            if record.reason:
                continue
            document = store.document(record.path)
            written.update(forms(document.text) if document else ())
            try:
                now = hashlib.sha256(read_bytes(folder, record.path)).hexdigest()
            except ReadingError as error:
                found.append(f"{record.path} is in the index, but {error}")
                continue
            if now != record.sha256:
                found.append(f"{record.path} has changed since it was read: run python -m index build.")
        if written != store.forms():
            found.append("The list of words that spelling is checked by is not that of the documents.")
    return found


def _wrong(kept: KeptPassage, vector: int, token: int) -> Iterator[str]:
    """What is wrong with a passage; `vector` and `token` are the bytes that one of each takes."""
    inside = all(kept.start <= start < end <= kept.end for start, end in kept.sentences)
    if len(kept.text) != kept.end - kept.start or not inside:
        yield "a range is outside the document"
    if kept.vectors is None or len(kept.vectors) != (1 + len(kept.sentences)) * vector:
        yield "its vectors are missing or of the wrong size"
    elif kept.tokens is None or kept.places is None or len(kept.tokens) * _PLACE != len(kept.places) * token:
        yield "its tokens are missing or of the wrong size"
    if kept.words != " ".join(stems(kept.text)):
        yield "the full text holds other words"
