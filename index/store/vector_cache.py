"""The vector index of one generation, cached on disk for a fast start.

The file names the index and the generation that it belongs to, and has a checksum. An older generation is updated from
the index; a file that is damaged or of another index is ignored.

The layout is a JSON header and the arrays, mapped into memory. safetensors would copy the arrays when it opens them:
300,000 vectors of 384 numbers took 0.3 to 0.7 s and 225 MB of memory of their own, against 0.1 to 0.2 s and none.
"""

import contextlib
import hashlib
import json
import mmap
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index.atomic_write import atomic_write
from index.store.store import Store
from index.store.vector_index import Codes, VectorIndex

CACHE_NAME = "vectors.bin"
_FORMAT = 3
_HEADER_BYTES = 4096
_MAX_STALE_SHARE = 1 / 8
_Scalar = TypeVar("_Scalar", bound=np.generic)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    """Describe the arrays of the file: `last` is the highest number of a passage, `rows` and `width` the vectors."""

    format: int
    origin: int
    generation: int
    passages: int
    last: int
    rows: int
    width: int
    has_codes: bool
    sha256: str


def load(store: Store, previous: VectorSnapshot | None = None) -> VectorSnapshot:
    """Return the vectors of the store's generation, reusing those of an earlier one or of the file.

    Call it inside a snapshot of the store.
    """
    if previous is None or previous.origin != store.origin():
        previous = _open(store)
    if previous is None:
        previous = _refresh(_empty(store), store)
        _write(previous, store.folder)
    return previous if previous.generation == store.generation() else _refresh(previous, store)


def save_cache(store: Store) -> None:
    """Write the file again if more than an eighth of it is out of date. Only the running build may call it."""
    for leftover in store.folder.glob(f".{CACHE_NAME}.*.part"):
        leftover.unlink(missing_ok=True)
    header = _header(store)
    numbers = store.passage_numbers()
    lasting = int(np.searchsorted(numbers, header.last, side="right")) if header else 0
    cached = header.passages if header else 0
    if len(numbers) - lasting + cached - lasting > cached * _MAX_STALE_SHARE:
        _write(_refresh(_open(store) or _empty(store), store), store.folder)


def cache_is_valid(store: Store) -> bool:
    """Return whether the file, if there is one, has the vectors of the store. Call it inside a snapshot."""
    cached = _open(store)
    if cached is None:
        return True
    refreshed, fresh = _refresh(cached, store), _refresh(_empty(store), store)
    return np.array_equal(refreshed.owners, fresh.owners) and np.array_equal(refreshed.vectors.rows, fresh.vectors.rows)


def _write(snapshot: VectorSnapshot, folder: Path) -> None:
    """Write the file. If the folder cannot be written, searching works without it."""
    codes = snapshot.vectors.codes
    arrays = [snapshot.owners, snapshot.vectors.rows, *((codes.centroids, codes.rows) if codes else ())]
    parts = [np.ascontiguousarray(array).data.cast("B") for array in arrays if array.size]
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    rows, width = snapshot.vectors.rows.shape
    header = _Header(
        format=_FORMAT,
        origin=snapshot.origin,
        generation=snapshot.generation,
        passages=snapshot.passages,
        last=int(snapshot.owners.max(initial=0)),
        rows=rows,
        width=width,
        has_codes=codes is not None,
        sha256=digest.hexdigest(),
    )
    with contextlib.suppress(OSError), atomic_write(folder / CACHE_NAME, mode=0o644) as file:
        file.write(json.dumps(asdict(header)).encode().ljust(_HEADER_BYTES))
        file.writelines(parts)


def _header(store: Store) -> _Header | None:
    """Return the header of the file; None if there is no file of this index, or it is newer than the snapshot."""
    try:
        with (store.folder / CACHE_NAME).open("rb") as file:
            header = _Header(**json.loads(file.read(_HEADER_BYTES)))
        matches = (header.format, header.origin) == (_FORMAT, store.origin())
        return header if matches and header.generation <= store.generation() else None
    except (OSError, ValueError, TypeError):
        return None


def _open(store: Store) -> VectorSnapshot | None:
    """Map the file into memory; None if it does not belong to this index or is damaged."""
    header = _header(store)
    if header is None:
        return None
    try:
        with (store.folder / CACHE_NAME).open("rb") as file:
            content = np.frombuffer(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), dtype=np.uint8)
        if hashlib.sha256(content[_HEADER_BYTES:].data).hexdigest() != header.sha256:
            return None
        arrays = _Arrays(content)
        owners = arrays.take(np.dtype(np.int64), header.rows)
        rows = arrays.take(np.dtype(np.float16), header.rows, header.width)
        codes = None
        if header.has_codes:
            centroids = arrays.take(np.dtype(np.float32), header.width // 2, 16, 2)
            codes = Codes(centroids=centroids, rows=arrays.take(np.dtype(np.uint8), header.rows, header.width // 4))
        return VectorSnapshot(
            origin=header.origin,
            generation=header.generation,
            owners=owners,
            vectors=VectorIndex(rows, codes),
            passages=header.passages,
        )
    except (OSError, ValueError, TypeError):
        return None


class _Arrays:
    """Read arrays that follow each other in the file."""

    def __init__(self, content: NDArray[np.uint8]) -> None:
        self._content = content
        self._position = _HEADER_BYTES

    def take(self, dtype: np.dtype[_Scalar], *shape: int) -> NDArray[_Scalar]:
        size = int(np.prod(shape)) * dtype.itemsize
        part = self._content[self._position : self._position + size]
        self._position += size
        return part.view(dtype).reshape(shape)


def _empty(store: Store) -> VectorSnapshot:
    rows = np.empty((0, store.describe().width), dtype=np.float16)
    owners = np.empty(0, dtype=np.int64)
    return VectorSnapshot(origin=store.origin(), generation=0, owners=owners, vectors=VectorIndex(rows), passages=0)


def _refresh(snapshot: VectorSnapshot, store: Store) -> VectorSnapshot:
    """Drop the vectors of passages that are gone and add those of new passages."""
    numbers = store.passage_numbers()
    owners, rows = store.vectors_after(int(snapshot.owners.max(initial=0)))
    codes = snapshot.vectors.codes
    if len(snapshot.owners):
        lasting = np.isin(snapshot.owners, numbers)
        runs = np.flatnonzero(np.diff(lasting, prepend=False, append=False)).reshape(-1, 2)
        rows = np.concatenate([*(snapshot.vectors.rows[first:last] for first, last in runs), rows])  # one copy only
        owners = np.concatenate([snapshot.owners[lasting], owners])
        codes = codes and Codes(centroids=codes.centroids, rows=codes.rows[lasting])
    return VectorSnapshot(
        origin=snapshot.origin,
        generation=store.generation(),
        owners=owners,
        vectors=VectorIndex(rows, codes),
        passages=len(numbers),
    )
