"""Whether a passage's file still is what was read."""

import hashlib
from pathlib import Path

from index.store import Store
from index.types import Passage


class Freshness:
    """Compares files with what the index says of them. Safe to share between threads."""

    def __init__(self, sources: Path, index: Path) -> None:
        self._sources = sources
        self._index = index

    def is_current(self, passage: Passage) -> bool:
        """Whether the passage's file has the size and time of its last reading or else the same bytes."""
        with Store.open(self._index) as store:
            record = store.file(passage.path)
        if record is None:
            return False
        path = self._sources / passage.path
        try:
            status = path.stat()
            if (status.st_size, status.st_mtime_ns) == (record.size, record.modified_ns):
                return True
            return hashlib.sha256(path.read_bytes()).hexdigest() == record.sha256
        except OSError:
            return False
