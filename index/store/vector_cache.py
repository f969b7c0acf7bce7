"""The vector index of one generation, cached on disk for a fast start.

An older generation, in memory or in the file, is updated from the index. A file that is damaged or of another index is
ignored.
"""

import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.store.store import Store
from index.store.vector_file import Vectors, open_file, read_header, write_file
from index.store.vector_index import Codes, VectorIndex

_MAX_STALE_SHARE = 1 / 8
_WRITING = threading.Lock()  # a build and a search need the same file at the same time: the second one finds it written


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class VectorSnapshot:
    """Hold the vectors of one generation and the passage that each belongs to, in the order of the passages' numbers.

    The vector of a passage precedes those of its sentences. `origin` identifies the index.
    """

    origin: int
    generation: int
    owners: NDArray[np.int64]
    vectors: VectorIndex
    passages: int


def load(store: Store, previous: VectorSnapshot | None = None) -> VectorSnapshot:
    """Return the vectors of the store's generation, reusing those of an earlier one or of the file.

    Call it inside a snapshot of the store. Vectors of the file take no memory of their own, so it is written if many
    are new, as they are between the publishing of a build and its own writing, and preferred if it is newer.
    """
    if previous and (previous.origin, previous.generation) == (store.origin(), store.generation()):
        return previous
    save_cache(store)
    header = read_header(store)
    if previous and previous.origin == store.origin() and not (header and header.generation > previous.generation):
        return _updated(Vectors(previous.owners, previous.vectors.rows, previous.vectors.codes), store)
    found = open_file(store)
    if found is None:  # it is damaged, or its folder cannot be written
        write_file(_empty(store), store)
        found, header = open_file(store), read_header(store)
    if found is None:
        return _updated(_empty(store), store)
    if header and header.generation == store.generation():
        return _snapshot(found, store, header.passages)
    return _updated(found, store)


def save_cache(store: Store) -> None:
    """Write the file again if more than an eighth of it is out of date."""
    with _WRITING:
        header = read_header(store)
        numbers = store.passage_numbers()
        lasting = int(np.searchsorted(numbers, header.last, side="right")) if header else 0
        cached = header.passages if header else 0
        if len(numbers) - lasting + cached - lasting > cached * _MAX_STALE_SHARE:
            write_file(open_file(store) or _empty(store), store)


def cache_is_valid(store: Store) -> bool:
    """Return whether the file, if there is one, has the vectors of the store. Call it inside a snapshot."""
    cached = open_file(store)
    if cached is None:
        return True
    lasting, place = cached.lasting(store), 0
    for owners, vectors in store.vectors_after(0):
        known = int(np.searchsorted(owners, cached.last, side="right"))
        rows = lasting[place : place + known]
        if not np.array_equal(cached.owners[rows], owners[:known]):
            return False
        if not np.array_equal(cached.rows[rows], vectors[:known]):
            return False
        place += known
    return place == len(lasting)


def _empty(store: Store) -> Vectors:
    rows = np.empty((0, store.describe().width), dtype=np.float16)
    return Vectors(np.empty(0, dtype=np.int64), rows, None)


def _updated(old: Vectors, store: Store) -> VectorSnapshot:
    """Drop the vectors of passages that are gone and add those of new passages, in memory."""
    lasting = np.isin(old.owners, store.passage_numbers())
    runs = np.flatnonzero(np.diff(lasting, prepend=False, append=False)).reshape(-1, 2)
    new = list(store.vectors_after(old.last))
    parts = [old.rows[:0], *(old.rows[first:last] for first, last in runs), *(batch.vectors for batch in new)]
    owners = np.concatenate([old.owners[lasting], *(batch.owners for batch in new)])
    codes = old.codes and Codes(centroids=old.codes.centroids, rows=old.codes.rows[lasting])
    vectors = Vectors(owners, np.concatenate(parts), codes)  # one copy of the old rows only
    return _snapshot(vectors, store, len(store.passage_numbers()))


def _snapshot(vectors: Vectors, store: Store, passages: int) -> VectorSnapshot:
    return VectorSnapshot(
        origin=store.origin(),
        generation=store.generation(),
        owners=vectors.owners,
        vectors=VectorIndex(vectors.rows, vectors.codes),
        passages=passages,
    )
