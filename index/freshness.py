"""Check whether the file of a quote still has the content that was indexed."""

import hashlib
import os
import stat
import threading
from collections import OrderedDict
from pathlib import Path

from index.errors import ReadingError
from index.ingest.scan import read_bytes
from index.store.embedded import index_of
from index.store.protocols import Index
from index.store.records import FileRecord
from index.types import Passage

MAX_CACHED_HASHES = 10_000


class FileHashes:
    """Hash files of a folder, each once as long as its size, times and inode stay the same. Safe to share between
    threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._hashes: OrderedDict[tuple[str | int, ...], str] = OrderedDict()

    def has_content(self, record: FileRecord) -> bool:
        """Return whether a file has the content that was indexed.

        Only a regular file of the indexed size inside the folder is opened; links are not followed.
        """
        path = self._folder / record.path
        try:
            status = path.lstat()
            if not stat.S_ISREG(status.st_mode) or status.st_size != record.size or self._is_behind_a_link(path):
                return False
        except (OSError, ValueError):
            return False
        key = (record.path, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
        with self._lock:
            found = self._hashes.get(key)
        if found is None:
            try:
                found = hashlib.sha256(read_bytes(self._folder, record.path)).hexdigest()
            except ReadingError:
                return False
            with self._lock:
                self._hashes[key] = found
                if len(self._hashes) > MAX_CACHED_HASHES:
                    self._hashes.popitem(last=False)
        return found == record.sha256

    def _is_behind_a_link(self, path: Path) -> bool:
        """Return whether a folder on the way from the sources to a file is a link."""
        inside = path.parent.relative_to(self._folder)
        return os.path.realpath(path.parent) != os.path.realpath(self._folder) + (
            f"{os.sep}{inside}" * (inside != Path())
        )


class Freshness:
    """Check quotes against the index and the files. Safe to share between threads."""

    def __init__(self, sources: Path, index: Path | Index, hashes: FileHashes | None = None) -> None:
        self._hashes = hashes or FileHashes(sources)
        self._index = index_of(index)

    def is_current(self, passage: Passage) -> bool:
        """Return whether the file of a passage still has the indexed content."""
        return self.still_says(passage.path, passage.text)

    def still_says(self, path: str, quote: str) -> bool:
        """Return whether a passage of a document has a quote in it, and its file still has the indexed content."""
        with self._index.open() as store:
            record = store.file(path)
            if record is None or not store.has_quote(path, quote):
                return False
        return self._hashes.has_content(record)
