"""Check an index against itself and against its folder."""

import hashlib
from pathlib import Path

from index.errors import ReadingError
from index.reading import read_bytes
from index.store import Store


def verify(store: Store, folder: Path) -> list[str]:
    """What is wrong, a sentence each; nothing where every range, vector, word and hash is as it should be.

    A file that changed after the last build is not the index's fault, but is said, since its quotes may be stale.
    """
    with store.snapshot():
        found = store.problems()
        for record in store.files().values():
            if record.reason:
                continue
            try:
                now = hashlib.sha256(read_bytes(folder, record.path)).hexdigest()
            except ReadingError as error:
                found.append(f"{record.path} is in the index, but {error}")
                continue
            if now != record.sha256:
                found.append(f"{record.path} has changed since it was read: run python -m index build.")
    return found
