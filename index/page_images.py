"""Draw a page of an indexed document, from the file that was indexed."""

import hashlib
from dataclasses import replace
from pathlib import Path

from index.errors import ReadingError
from index.ingest.formats import DRAWN, kind
from index.ingest.limits import Limits
from index.ingest.sandbox import Parser
from index.ingest.scan import read_bytes
from index.store.embedded import index_of
from index.store.protocols import Index
from index.types import Picture

MAX_DRAWING_SECONDS = 20.0


class PageImages:
    """Draw pages in a separate process, which starts with the first page. Safe to share between threads."""

    def __init__(self, sources: Path, index: Path | Index, limits: Limits | None = None) -> None:
        limits = limits or Limits()
        self._sources = sources
        self._index = index_of(index)
        self._parser = Parser(replace(limits, seconds=min(limits.seconds, MAX_DRAWING_SECONDS)))

    def can_draw(self, path: str) -> bool:
        """Return whether a document's format has pages to draw."""
        return kind(path) == DRAWN

    def draw(self, path: str, page: int, quote: str = "", onward: bool = False) -> Picture:
        """Draw a page, counted from 1, with a quote marked; with `onward` the next page, if the whole quote is there.

        Raises:
            ReadingError: the document is not in the index, has changed since it was indexed, or cannot be drawn.
        """
        with self._index.open() as store:
            record = store.file(path)
        if record is None:
            raise ReadingError(f"{path} is not in the index: update the library if it should be.")
        content = read_bytes(self._sources, path, self._parser.limits)
        if hashlib.sha256(content).hexdigest() != record.sha256:
            raise ReadingError(f"{path} has changed since it was read: update the library, then ask again.")
        return self._parser.draw(path, content, page, quote, onward)

    def close(self) -> None:
        """End the process."""
        self._parser.close()
