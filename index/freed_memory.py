"""Give memory that is freed back to the machine. This works with glibc; other C libraries stay as they are."""

import contextlib
import ctypes

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # the options of mallopt
_LARGE_BYTES = 2**20
_KEPT_BYTES = 8 * 2**20  # at the end of the heap, so that it does not grow and shrink all the time
_NO_GLIBC = (OSError, TypeError, AttributeError)


def give_back_large_blocks() -> None:
    """Have blocks of 1 MB or more given back as soon as they are freed.

    If this is not set, the size grows with each block that is freed, up to 32 MB. Large blocks then lie between small
    ones, and their memory stays with the process: 100 MB after a build of files with very long texts.
    """
    with contextlib.suppress(*_NO_GLIBC):
        library = ctypes.CDLL(None)
        library.mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)
        library.mallopt(_TRIM_THRESHOLD, _KEPT_BYTES)


def give_back_small_blocks() -> None:
    """Give back all that is free now. This takes some milliseconds."""
    with contextlib.suppress(*_NO_GLIBC):
        ctypes.CDLL(None).malloc_trim(0)
