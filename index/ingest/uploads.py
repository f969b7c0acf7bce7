"""Files put into a folder of documents and taken out of it: none outside it is ever touched, and none is lost."""

import os
import shutil
import tempfile
import time
from pathlib import Path

from index.errors import FilingError
from index.ingest.formats import kind
from index.ingest.limits import MEGABYTE, Limits
from index.ingest.scan import as_shown, scan

LONGEST_NAME = 200  # bytes; most file systems take 255, and a copy in the making has a longer one


def add(folder: Path, name: str, content: Path, limits: Limits, replace: bool = False) -> None:
    """Put a copy of the file `content` into a folder under a plain name; it is there at once and whole, or not at all.

    Raises:
        FilingError: the name is not fit, the kind is not read, the file is too large, the name is taken, or the folder
            cannot be written.
    """
    _check_name(name)
    size = content.stat().st_size
    if size > limits.file_bytes:
        raise FilingError(f"{name} is larger than {limits.file_bytes // MEGABYTE} MB: split it into smaller files.")
    target = folder / name
    if target.is_symlink() or (target.exists() and not target.is_file()):
        raise FilingError(f"{name} is not an ordinary file in the folder: give the new one another name.")
    if target.exists() and not replace:
        raise FilingError(f"{name} is in the folder already: choose to replace it, or give the new one another name.")
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".", suffix=".part", delete=False) as copy:
            made = Path(copy.name)
            try:
                with content.open("rb") as source:
                    shutil.copyfileobj(source, copy)
                copy.flush()
                os.fsync(copy.fileno())
                made.chmod(0o644)
                made.replace(target)
            finally:
                made.unlink(missing_ok=True)
    except OSError as error:
        raise FilingError(f"{name} cannot be written to {folder} ({error.strerror}): check the folder.") from error


def remove(folder: Path, path: str, trash: Path) -> Path:
    """Move a file of the folder, `path` in it, to a folder of removed files; where it is now.

    Raises:
        FilingError: there is no such file in the folder, or it cannot be moved.
    """
    found = scan(folder)
    source = folder / path
    if path not in found.files.keys() | found.skipped.keys() or source.is_symlink() or not source.is_file():
        raise FilingError(f"{path} is not in the folder: it may have been removed already.")
    kept = trash / f"{time.time_ns()}" / Path(path).name
    try:
        kept.parent.mkdir(parents=True)
        shutil.move(source, kept)
    except OSError as error:
        raise FilingError(f"{path} cannot be moved to {trash} ({error.strerror}): check the folders.") from error
    return kept


def _check_name(name: str) -> None:
    shown = as_shown(name)
    if not name or name.startswith(".") or "/" in name or "\\" in name or ":" in name:
        raise FilingError(f"{shown or 'A file without a name'} is not a plain file name: rename it.")
    if shown != name:
        raise FilingError(f"{shown} holds characters that cannot be shown: rename it.")
    if len(name.encode("utf-8", "surrogatepass")) > LONGEST_NAME:
        raise FilingError(f"{name[:40]}… has a name of more than {LONGEST_NAME} bytes: give it a shorter one.")
    if kind(name) is None:
        suffix = Path(name).suffix
        kinds = f"{suffix} files" if suffix else "files without a suffix"
        raise FilingError(f"{name} is not added, since {kinds} are not read.")
