"""What an index offers: one protocol for reading, one for building, and one to open either.

The embedded index (SQLite and FAISS, in a folder) and PostgreSQL implement them. A reader sees one generation; a build
publishes the next one as a whole.
"""

from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from index.embed.late_interaction import Floats, StoredTokens
from index.store.records import (
    Changes,
    Claim,
    Description,
    Difference,
    FileRecord,
    FileStatus,
    PassageDigest,
    PassageEncoding,
    StoredPassage,
)
from index.types import Document, Passage

Numbers = NDArray[np.int64]


class PassageCosines(NamedTuple):
    """Hold the cosines of passages, of each its own and then its sentences', and where those of each begin."""

    cosines: Floats
    begins: Numbers


class IndexedModel(Protocol):
    """What an index notes of the model that it is built with."""

    @property
    def name(self) -> str: ...
    @property
    def fingerprint(self) -> str: ...
    @property
    def width(self) -> int: ...
    def token_axes(self) -> Floats: ...


class SearchStore(Protocol):
    """What searching, answering and page reading need of a store."""

    def snapshot(self) -> AbstractContextManager[None]:
        """Read one generation inside the block, even if a build publishes another one meanwhile."""

    def describe(self) -> Description: ...
    def origin(self) -> int: ...
    def generation(self) -> int: ...
    def changes(self) -> Changes: ...
    def files(self) -> dict[str, FileRecord]: ...
    def file(self, path: str) -> FileRecord | None: ...
    def file_statuses(self) -> list[FileStatus]: ...
    def document(self, path: str) -> Document | None: ...
    def languages(self) -> list[str]: ...
    def titles(self) -> dict[str, str]: ...
    def dates(self) -> dict[str, str]: ...
    def has_quote(self, path: str, quote: str) -> bool: ...
    def sentence_count(self) -> int: ...
    def sample(self, count: int) -> list[Passage]: ...
    def passages(self, numbers: Iterable[int]) -> dict[int, Passage]: ...
    def passages_of(self, path: str) -> list[Passage]: ...
    def vectors_of(self, path: str) -> list[Floats]: ...
    def numbers_of(self, paths: Iterable[str]) -> list[int]: ...

    def nearest(self, query: Floats, k: int, only: Sequence[int] | None = None) -> list[int]:
        """Return the passages of the k vectors nearest to a query; of the passages `only`, every vector is compared."""

    def cosines(self, numbers: Sequence[int], query: Floats) -> PassageCosines: ...
    def search_kind(self) -> str: ...
    def keyword_search(
        self, terms: Sequence[str], k: int, only: Sequence[int] | None = None
    ) -> list[tuple[int, float]]: ...
    def passage_counts(self, terms: Sequence[str]) -> Mapping[str, int]: ...
    def word_counts(self) -> dict[str, int]: ...
    def acronym_texts(self) -> Iterable[str]: ...
    def token_axes(self) -> Floats: ...
    def tokens(self, numbers: Iterable[int]) -> dict[int, StoredTokens]: ...

    def problems(self) -> list[str]:
        """Check the store against itself. Return one sentence for each problem."""

    def stored_passages(self, path: str) -> list[StoredPassage]: ...
    def term_counts(self) -> dict[str, int]: ...
    def vector_size(self) -> int: ...
    def token_size(self) -> int: ...


class EncodingQueue(Protocol):
    """What encoding needs of a store: a queue of passages that lack vectors, and a place for these."""

    def token_axes(self) -> Floats: ...

    def waiting(self) -> int:
        """Return how many passages are in the queue, including those that are being encoded."""

    def claims(self) -> Generator[Claim, None, None]:
        """Yield passages of the queue until none is left. Save the vectors of one claim before the next.

        A claim is empty if other processes are encoding all that are left.
        """

    def save_encodings(self, encodings: Iterable[PassageEncoding]) -> None: ...


class Work(Protocol):
    """What a worker needs: the passages that builds of other processes queue."""

    def queue(self) -> EncodingQueue | None:
        """Return the queue of the running build; None if no passage waits."""


class BuildStore(EncodingQueue, Protocol):
    """What building needs of a store. Everything is staged until `publish`.

    The passages of a document are staged before it, in parts, so that those of a large one are never all in memory.
    """

    def describe(self) -> Description: ...
    def files(self) -> dict[str, FileRecord]: ...
    def add_passages(self, passages: Sequence[PassageDigest]) -> None:
        """Stage some passages of the document that comes next."""

    def drop_passages(self) -> None:
        """Drop the passages that were staged since the last document."""

    def add(self, file: FileRecord, document: Document) -> None:
        """Stage a document with the passages that were staged since the last one."""

    def add_skipped(self, file: FileRecord) -> None: ...

    def queue(self) -> int:
        """Put the passages that were staged since the last call and have no vectors into the queue; return how many.

        Call it between documents.
        """

    def publish(self, difference: Difference, touched: Iterable[FileRecord]) -> Changes:
        """Publish all that is staged as the next generation, in one transaction, and return what changed.

        `touched` are files whose size and times changed but not their content.
        """


class Index(Protocol):
    """Where an index is. Safe to share between threads."""

    @property
    def folder(self) -> Path:
        """The folder for what belongs to one machine: the log of questions, and removed documents."""

    def exists(self) -> bool: ...
    def open(self) -> AbstractContextManager[SearchStore]: ...
    def size(self) -> int: ...

    def lock(self) -> AbstractContextManager[None]:
        """Be the only build inside the block.

        Raises:
            IndexNotWritableError: another build is running, or the index cannot be written.
        """

    def open_build(self, model: IndexedModel, chunking: int, full: bool) -> AbstractContextManager[BuildStore]:
        """Open the index for a build inside `lock`, created if there is none; `full` starts from nothing."""

    def open_work(self, model: IndexedModel) -> AbstractContextManager[Work]:
        """Open the index to encode passages for builds that other processes run.

        Raises:
            IndexUnusableError: it is not in a database.
        """

    def with_replica(self, url: str) -> "Index":
        """Return the same index, read from a replica of its database.

        Raises:
            IndexUnusableError: it is not in a database.
        """

    def for_building(self) -> "Index":
        """Return the same index, read where it is written and not from a copy that may lag behind."""
