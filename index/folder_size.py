"""Count the bytes of a folder while other processes write to it."""

import os
import stat
from contextlib import suppress
from pathlib import Path


def folder_bytes(folder: Path, recursive: bool = False) -> int:
    """Return the bytes of the regular files in a folder. Files that vanish meanwhile count as none."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                status = Path(parent, name).lstat()
                total += status.st_size if stat.S_ISREG(status.st_mode) else 0
        if not recursive:
            break
    return total
