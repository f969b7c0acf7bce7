"""Measure the memory that Python and NumPy allocate inside a block."""

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(slots=True)
class Memory:
    """Hold the peak of a block in megabytes, above what was there before; 0 until it ends."""

    peak_mb: float = 0.0


@contextmanager
def measured() -> Iterator[Memory]:
    found = Memory()
    tracemalloc.start(1)
    try:
        before, _ = tracemalloc.get_traced_memory()
        yield found
        found.peak_mb = (tracemalloc.get_traced_memory()[1] - before) / 1e6
    finally:
        tracemalloc.stop()
