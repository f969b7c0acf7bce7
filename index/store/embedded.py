"""The embedded index: SQLite and FAISS in a folder. It is the default."""

import errno
import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from index.embed.late_interaction import Floats
from index.errors import IndexDamagedError, IndexNotWritableError, IndexUnusableError
from index.folder_size import folder_bytes
from index.store.integrity import file_problems
from index.store.protocols import Index, IndexedModel, PassageCosines, Work
from index.store.records import StoredPassage
from index.store.schema import OF_EACH_DOCUMENT, slots, spaced
from index.store.store import Store
from index.store.vector_cache import VectorSnapshot, cache_is_valid, load
from index.store.vector_file import remove_leftovers
from index.store.vector_index import kind_for
from index.store.writer import IndexWriter
from index.types import Passage

LOCK_NAME = "build.lock"
ROWS_AT_ONCE = 50_000  # rows compared at once if only some documents are searched
_STORED_PASSAGES = """
SELECT start, "end", passage.text, sentences, passage.section, vectors, tokens, offsets, full_text.text AS terms,
    full_text.section AS section_terms, full_text.name AS name_terms
FROM passage JOIN document ON document.id = passage.document LEFT JOIN encoding USING (digest)
LEFT JOIN full_text ON full_text.rowid = passage.id WHERE path = ?"""
_CACHE_PROBLEM = "The cached vectors differ from those of the index: run python -m index build --full."


class VectorMemory:
    """Hold the vectors of the last generation that was searched. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: VectorSnapshot | None = None

    def of(self, store: Store) -> VectorSnapshot:
        """Return the vectors of a store's generation. Call it inside a snapshot."""
        with self._lock:
            held = self._held
            if held and held.origin == store.origin() and held.generation > store.generation():
                return load(store)  # a build has published meanwhile, and another search has its vectors already
            self._held = load(store, held)
            return self._held


class EmbeddedStore(Store):
    """Read an index with its vectors: the SearchStore of a folder."""

    memory: VectorMemory
    _vectors: VectorSnapshot | None = None

    def sample(self, count: int) -> list[Passage]:
        """Return up to `count` passages: as many of a long document as of a short one, evenly spaced in each."""
        with self.snapshot():
            of_each = slots(count, self.describe().documents)
            rows = self.connection.execute(OF_EACH_DOCUMENT.format("?"), (of_each,))
            chosen = spaced([row["id"] for row in rows], count)
            passages = self.passages(chosen)
        return [passages[number] for number in chosen]

    def nearest(self, query: Floats, k: int, only: Sequence[int] | None = None) -> list[int]:
        """Return the passages of the k vectors nearest to a query; of the passages `only`, every vector is compared.

        Call it inside a snapshot.
        """
        vectors = self._loaded()
        if only is None:
            return [int(vectors.owners[row]) for row, _ in vectors.vectors.search(query, k)]
        rows = np.flatnonzero(np.isin(vectors.owners, np.array(only, dtype=np.int64)))
        parts = [rows[first : first + ROWS_AT_ONCE] for first in range(0, len(rows), ROWS_AT_ONCE)]
        scores = np.concatenate([np.empty(0), *(vectors.vectors.cosines(part, query) for part in parts)])
        return [int(owner) for owner in vectors.owners[rows[np.argsort(-scores, kind="stable")[:k]]]]

    def cosines(self, numbers: Sequence[int], query: Floats) -> PassageCosines:
        """Return the cosines of passages and of their sentences. Call it inside a snapshot."""
        vectors = self._loaded()
        firsts = np.searchsorted(vectors.owners, numbers)
        sizes = np.searchsorted(vectors.owners, numbers, side="right") - firsts
        begins = np.cumsum(sizes) - sizes
        rows = np.arange(sizes.sum()) + np.repeat(firsts - begins, sizes)
        return PassageCosines(vectors.vectors.cosines(rows, query), begins)

    def search_kind(self) -> str:
        """Return how vectors are searched."""
        description = self.describe()
        return kind_for(description.passages + self.sentence_count(), description.width)

    def problems(self) -> list[str]:
        """Check the file against itself, and the cached vectors. Call it inside a snapshot."""
        found = file_problems(self)
        try:
            with self.reading():
                passages, indexed = self.connection.execute(
                    "SELECT (SELECT count(*) FROM passage), (SELECT count(*) FROM full_text)"
                ).fetchone()
            if passages != indexed:
                found.append(f"There are {passages} passages and {indexed} in the full text.")
            if not found and not cache_is_valid(self):
                found.append(_CACHE_PROBLEM)
        except IndexDamagedError as error:
            found = found or [str(error)]
        return found

    def stored_passages(self, path: str) -> list[StoredPassage]:
        """Return the columns of the passages of a document."""
        with self.reading():
            return [
                StoredPassage(
                    **{**row, "sentences": json.loads(row["sentences"]), "section": json.loads(row["section"])}
                )
                for row in self.connection.execute(_STORED_PASSAGES, (path,))
            ]

    def _loaded(self) -> VectorSnapshot:
        self._vectors = self._vectors or self.memory.of(self)
        return self._vectors


class EmbeddedIndex:
    """The index of a folder, and its vectors in memory. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._memory = VectorMemory()

    def __str__(self) -> str:
        return str(self.folder)

    def exists(self) -> bool:
        """Return whether the folder has an index, usable or not."""
        return Store.exists(self.folder)

    @contextmanager
    def open(self) -> Iterator[EmbeddedStore]:
        """Open the index to read it.

        Raises:
            IndexUnusableError: see `Store.open`.
        """
        with EmbeddedStore.open(self.folder) as store:
            store.memory = self._memory
            yield store

    def size(self) -> int:
        """Return the bytes of the index."""
        return folder_bytes(self.folder)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Be the only build inside the block.

        Raises:
            IndexNotWritableError: another build is running, or the folder cannot be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder / LOCK_NAME, timeout=0):
                yield
        except Timeout as error:
            raise IndexNotWritableError(f"Another build of {self} is running: try again when it is done.") from error
        except OSError as error:
            is_full = error.errno == errno.ENOSPC
            advice = "make room and try again; nothing is lost" if is_full else "name another with --index"
            raise IndexNotWritableError(
                f"The index cannot be written to {self} ({error.strerror}): {advice}."
            ) from error

    @contextmanager
    def open_build(self, model: IndexedModel, chunking: int, full: bool) -> Iterator[IndexWriter]:
        """Open the index for a build. With `full`, or if there is none, a new one is built beside it."""
        Store.remove_leftovers(self.folder)
        remove_leftovers(self.folder)
        if not full and self.exists():
            store = Store.open(self.folder)
        else:
            store = Store.create(
                self.folder,
                model=model.name,
                fingerprint=model.fingerprint,
                width=model.width,
                chunking=chunking,
                axes=model.token_axes(),
            )
        with store:
            if not full:  # at once, so that the next build finds what an interrupted build has embedded
                store.activate()
            yield IndexWriter(store)

    def open_work(self, model: IndexedModel) -> AbstractContextManager[Work]:
        """Refuse, since one process builds the index of a folder."""
        raise IndexUnusableError(
            f"{self} is a folder, which workers with {model.name} cannot share: name a database with --index."
        )

    def with_replica(self, url: str) -> Index:
        """Refuse, since a folder has no replica."""
        raise IndexUnusableError(f"{self} is a folder and has no replica {url}: name a database with --index.")

    def for_building(self) -> "EmbeddedIndex":
        """Return the index: it is read where it is written."""
        return self


def index_of(place: Path | Index) -> Index:
    """Return the index of a folder; an index itself stays as it is."""
    return EmbeddedIndex(place) if isinstance(place, Path) else place
