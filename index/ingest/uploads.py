"""Add files to a folder of documents, move removed ones to a trash folder, and restore them."""

import shutil
import time
from pathlib import Path

from index.atomic_write import atomic_write
from index.errors import UploadError
from index.ingest.archive_files import is_archive
from index.ingest.formats import kind
from index.ingest.limits import MEGABYTE, Limits
from index.ingest.scan import as_shown, locate, scan

MAX_NAME_BYTES = 200  # most file systems take 255 bytes, and a temporary copy has a longer name
_IMAGES = dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".heic", ".svg"), "images")


def add(folder: Path, name: str, content: Path, limits: Limits, replace: bool = False) -> None:
    """Copy the file `content` into a folder under a plain name. Readers of the folder see the whole file or none.

    Raises:
        UploadError: the name is unsuitable or taken, the format is not read, the file is too large, or the folder
            cannot be written.
    """
    _check_name(name)
    size = content.stat().st_size
    if size > limits.file_bytes:
        raise UploadError(f"{name} is larger than {limits.file_bytes // MEGABYTE} MB: split it into smaller files.")
    target = folder / name
    if target.is_symlink() or (target.exists() and not target.is_file()):
        raise UploadError(f"{name} is not an ordinary file in the folder: give the new file another name.")
    if target.exists() and not replace:
        raise UploadError(f"{name} is in the folder already: replace it, or give the new file another name.")
    try:
        with content.open("rb") as source, atomic_write(target, mode=0o644) as copy:
            shutil.copyfileobj(source, copy)
    except OSError as error:
        raise UploadError(f"{name} cannot be written to {folder} ({error.strerror}): check the folder.") from error


def remove(folder: Path, path: str, trash: Path) -> Path:
    """Move the file `path` of a folder to the trash, and return its new place.

    Raises:
        UploadError: there is no such file in the folder, or it cannot be moved.
    """
    found = scan(folder)
    source = locate(folder, path)
    known = found.files.keys() | found.skipped.keys()
    is_known = path in known or (is_archive(path) and any(name.startswith(f"{path}/") for name in known))
    if path in known and any(is_archive(name) for name in Path(path).parts[:-1]):
        raise UploadError(f"{path} is in an archive: remove the whole archive, or unpack it first.")
    if not is_known or source.is_symlink() or not source.is_file():
        raise UploadError(f"{path} is not in the folder: it may have been removed already.")
    moved = trash / f"{time.time_ns()}" / Path(path).name
    try:
        moved.parent.mkdir(parents=True)
        shutil.move(source, moved)
    except OSError as error:
        raise UploadError(f"{path} cannot be moved to {trash} ({error.strerror}): check the folders.") from error
    return moved


def restore(folder: Path, path: str, removed: Path) -> None:
    """Move a removed file back to its place in the folder.

    Raises:
        UploadError: it is no longer in the trash, its place is taken, or it cannot be moved.
    """
    target = folder / path
    if removed.name != target.name or removed.is_symlink() or not removed.is_file():
        raise UploadError(f"{path} is no longer in the trash: add it again.")
    if not target.parent.resolve().is_relative_to(folder.resolve()) or target.exists() or target.is_symlink():
        raise UploadError(f"{path} is in the folder already: remove or rename that file first.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(removed, target)
    except OSError as error:
        raise UploadError(f"{path} cannot be moved to {folder} ({error.strerror}): check the folder.") from error


def _check_name(name: str) -> None:
    shown = as_shown(name)
    if not name or name.startswith(".") or "/" in name or "\\" in name or ":" in name:
        raise UploadError(f"{shown or 'A file without a name'} is not a plain file name: rename it.")
    if shown != name:
        raise UploadError(f"{shown} holds characters that cannot be shown: rename it.")
    if len(name.encode("utf-8", "surrogatepass")) > MAX_NAME_BYTES:
        raise UploadError(f"{name[:40]}… has a name of more than {MAX_NAME_BYTES} bytes: shorten it.")
    if kind(name) is None and not is_archive(name):
        suffix = Path(name).suffix
        kinds = f"{suffix} files" if suffix else "files without a suffix"
        raise UploadError(f"{name} was not added: {_IMAGES.get(suffix.lower(), kinds)} are not supported.")
