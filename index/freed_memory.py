"""Give the memory of large blocks back to the machine as soon as they are freed."""

import ctypes

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # the options of mallopt
_LARGE_BYTES = 2**20
_KEPT_BYTES = 8 * 2**20  # at the end of the heap, so that it does not grow and shrink all the time


def give_back_large_blocks() -> None:
    """Have glibc map blocks of 1 MB or more by themselves. Other C libraries stay as they are.

    If this is not set, the size grows with each block that is freed, up to 32 MB. Large blocks then lie between small
    ones, and their memory stays with the process: 100 MB after a build of files with very long texts.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, TypeError, AttributeError):  # Windows and macOS have no such function
        return
    mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)
    mallopt(_TRIM_THRESHOLD, _KEPT_BYTES)
