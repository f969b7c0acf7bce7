"""Replace a file as a whole: readers see the old content or the new, never a part."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO


@contextlib.contextmanager
def atomic_write(path: Path, mode: int = 0o600) -> Iterator[IO[bytes]]:
    """Open a temporary file beside `path` for writing and move it to `path` when the block ends without an error.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with atomic_write(Path(folder) / "tea.txt") as file:
    ...         _ = file.write(b"Steep it.")
    ...     (Path(folder) / "tea.txt").read_bytes()
    b'Steep it.'

    Raises:
        OSError: the folder cannot be written. The temporary file is removed, and `path` is as it was.
    """
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", suffix=".part", delete=False) as file:
        temporary = Path(file.name)
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            temporary.chmod(mode)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
