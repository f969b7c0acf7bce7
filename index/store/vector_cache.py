"""What searching needs in memory of one generation: derived from the store, and kept in a file so that it is opened,
not made again, at the next start.

The file names the store and generation that it was made of and its checksum. It may be older than the store: then what
is missing is read from there. Where there is any doubt it is thrown away.
"""

import contextlib
import hashlib
import json
import mmap
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.store.store import Store
from index.store.vector_index import Codes, VectorIndex

FILE_NAME = "vectors.bin"
_FORMAT = 2
_HEAD = 4096
_REWRITTEN_PAST = 1 / 8


@dataclass(frozen=True, slots=True, eq=False)
class Derived:
    """One generation's vectors and the passage that each belongs to, in the order of the passages' numbers: a passage's
    own vector first, then its sentences'. `origin` names the store."""

    origin: int
    generation: int
    owners: NDArray[np.int64]
    vectors: VectorIndex
    passages: int


def derive(store: Store, held: Derived | None = None) -> Derived:
    """What belongs to the store's generation, made from what is held of an earlier one or from the file, as far as it
    goes. To be called in a snapshot."""
    if held is None or held.origin != store.origin():
        held = _open(store)
    if held is None:
        held = _brought_up_to_date(_nothing(store), store)
        _write(held, store.folder)
    return held if held.generation == store.generation() else _brought_up_to_date(held, store)


def keep(store: Store) -> None:
    """Write the file anew where an eighth of it or more is out of date. For the only builder, in a snapshot."""
    for left in store.folder.glob(f"{FILE_NAME}?*"):
        left.unlink(missing_ok=True)
    head = _head(store)
    numbers = store.passage_numbers()
    lasting = np.searchsorted(numbers, head["last"], side="right") if head else 0
    past = head["passages"] if head else 0
    if len(numbers) - lasting + past - lasting > past * _REWRITTEN_PAST:
        _write(_brought_up_to_date(_open(store) or _nothing(store), store), store.folder)


def is_sound(store: Store) -> bool:
    """Whether the file, if there is one for this store, says what the store says. To be called in a snapshot."""
    held = _open(store)
    if held is None:
        return True
    now, afresh = _brought_up_to_date(held, store), _brought_up_to_date(_nothing(store), store)
    return np.array_equal(now.owners, afresh.owners) and np.array_equal(now.vectors.rows, afresh.vectors.rows)


def _write(held: Derived, folder: Path) -> None:
    """Write the file; where it cannot be written, it is done without."""
    codes = held.vectors.codes
    parts = [held.owners, held.vectors.rows, *((codes.centroids, codes.rows) if codes else ())]
    content = [np.ascontiguousarray(part).data.cast("B") for part in parts if part.size]
    digest = hashlib.sha256()
    for part in content:
        digest.update(part)
    head = {
        "format": _FORMAT,
        "origin": held.origin,
        "generation": held.generation,
        "passages": held.passages,
        "last": int(held.owners.max(initial=0)),
        "shape": held.vectors.rows.shape,
        "coded": codes is not None,
        "sha256": digest.hexdigest(),
    }
    fresh = folder / f"{FILE_NAME}.{os.getpid()}.{threading.get_ident()}"
    with contextlib.suppress(OSError):
        with fresh.open("wb") as file:
            file.write(json.dumps(head).encode().ljust(_HEAD))
            file.writelines(content)
        fresh.replace(folder / FILE_NAME)


def _head(store: Store) -> dict[str, Any] | None:
    """What the file says of itself; None if there is none of this store, or it is of a later time."""
    try:
        with (store.folder / FILE_NAME).open("rb") as file:
            head = json.loads(file.read(_HEAD))
        known = (head["format"], head["origin"]) == (_FORMAT, store.origin())
        return head if known and head["generation"] <= store.generation() else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _open(store: Store) -> Derived | None:
    """What the file holds; None if there is none of this store, or it is damaged or of a later time."""
    head = _head(store)
    if head is None:
        return None
    try:
        with (store.folder / FILE_NAME).open("rb") as file:
            content = np.frombuffer(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), dtype=np.uint8)
        count, width = head["shape"]
        if hashlib.sha256(content[_HEAD:].data).hexdigest() != head["sha256"]:
            return None
        shapes: list[tuple[Any, tuple[int, ...]]] = [(np.int64, (count,)), (np.float16, (count, width))]
        if head["coded"]:
            shapes += [(np.float32, (width // 2, 16, 2)), (np.uint8, (count, width // 4))]
        parts, start = [], _HEAD
        for dtype, shape in shapes:
            size = int(np.prod(shape)) * np.dtype(dtype).itemsize
            parts.append(content[start : start + size].view(dtype).reshape(shape))
            start += size
        owners, rows, *coded = parts
        codes = Codes(*coded) if coded else None
        return Derived(head["origin"], head["generation"], owners, VectorIndex(rows, codes), head["passages"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _nothing(store: Store) -> Derived:
    rows = np.empty((0, store.describe().width), dtype=np.float16)
    return Derived(store.origin(), 0, np.empty(0, dtype=np.int64), VectorIndex(rows), 0)


def _brought_up_to_date(held: Derived, store: Store) -> Derived:
    numbers = store.passage_numbers()
    owners, rows = store.vectors_after(int(held.owners.max(initial=0)))
    codes = held.vectors.codes
    if len(held.owners):
        lasting = np.isin(held.owners, numbers)
        runs = np.flatnonzero(np.diff(lasting, prepend=False, append=False)).reshape(-1, 2)
        rows = np.concatenate([*(held.vectors.rows[first:last] for first, last in runs), rows])  # copied but once
        owners = np.concatenate([held.owners[lasting], owners])
        codes = codes and Codes(codes.centroids, codes.rows[lasting])
    return Derived(held.origin, store.generation(), owners, VectorIndex(rows, codes), len(numbers))
