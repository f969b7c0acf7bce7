"""Whether a quote's file still is what was read, and still says it."""

import hashlib
from pathlib import Path

from index.store.store import Store
from index.types import Passage


class Freshness:
    """Compares files and quotes with what the index says of them. Safe to share between threads."""

    def __init__(self, sources: Path, index: Path) -> None:
        self._sources = sources
        self._index = index

    def is_current(self, passage: Passage) -> bool:
        """Whether a passage that was just found is what its file holds."""
        return self.still_says(passage.path, passage.text)

    def still_says(self, path: str, quote: str) -> bool:
        """Whether a passage of a document holds a quote, and its file has the size and time of its last reading, or
        else the same bytes."""
        with Store.open(self._index) as store:
            record = store.file(path)
            if record is None or not store.holds(path, quote):
                return False
        file = self._sources / path
        try:
            status = file.stat()
            if (status.st_size, status.st_mtime_ns) == (record.size, record.modified_ns):
                return True
            return hashlib.sha256(file.read_bytes()).hexdigest() == record.sha256
        except OSError:
            return False
