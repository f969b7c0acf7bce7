"""Treat archives (.zip, .tar, .tar.gz) as folders: list the files in them, and read one of them."""

import gzip
import io
import os
import posixpath
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO

from index.errors import ReadingError
from index.ingest.limits import Limits

SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz")
_MAX_MEMBERS = 10_000
_MAX_ZIP_LIST, _MAX_TAR_HEADERS = 2**23, 2**24  # bytes
_DAMAGED = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError),
    *(NotImplementedError, RuntimeError, ValueError, KeyError),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveFile:
    """A file in an archive and its unpacked size."""

    name: str
    size: int


def is_archive(path: str) -> bool:
    """Say whether a file's name is that of an archive.

    >>> is_archive("tea.ZIP"), is_archive("tea.txt.gz")
    (True, False)
    """
    return path.lower().endswith(SUFFIXES)


def list_archive(path: Path, limits: Limits) -> tuple[ArchiveFile, ...]:
    """List the files in an archive, with forward slashes. Names that lead out of it are left out.

    Raises:
        ReadingError: the archive is damaged, encrypted, too large or has too many files.
    """
    status = path.stat()
    return _listed(path, (status.st_mtime_ns, status.st_size, status.st_ino), limits)


@lru_cache(maxsize=256)
def _listed(path: Path, _: tuple[int, ...], limits: Limits) -> tuple[ArchiveFile, ...]:
    """List an archive once for each of its versions."""
    if path.stat().st_size > limits.unpacked_bytes:
        raise ReadingError(f"is larger than {limits.unpacked_bytes:,} bytes: split it.")
    try:
        found = _list_zip(path) if path.suffix.lower() == ".zip" else _list_tar(path, limits)
    except (*_DAMAGED, OSError) as error:
        raise ReadingError(f"is damaged ({str(error)[:100] or type(error).__name__}): save it again.") from error
    if len(found) > _MAX_MEMBERS:
        raise ReadingError(f"holds more than {_MAX_MEMBERS:,} files: split it.")
    if sum(one.size for one in found) > limits.unpacked_bytes:
        raise ReadingError(f"unpacks to more than {limits.unpacked_bytes:,} bytes: split it.")
    plain = (ArchiveFile(name=posixpath.normpath(one.name), size=one.size) for one in found)
    return tuple({one.name: one for one in plain if not one.name.startswith(("/", "../", "."))}.values())


def _list_zip(path: Path) -> list[ArchiveFile]:
    with path.open("rb") as file, zipfile.ZipFile(_BoundedReader(file, _MAX_ZIP_LIST)) as packed:
        members = packed.infolist()
        if any(member.flag_bits & 1 for member in members):
            raise ReadingError("is encrypted: unpack it.")
        return [ArchiveFile(name=one.filename, size=one.file_size) for one in members if _is_file(one)]


def _list_tar(path: Path, limits: Limits) -> list[ArchiveFile]:
    found: list[ArchiveFile] = []
    with _tar(path, _MAX_TAR_HEADERS) as tar:
        for one in _members(tar, limits):
            found.append(ArchiveFile(name=one.name, size=one.size))
            if len(found) > _MAX_MEMBERS:
                break
    return found


def read_archived(path: Path, name: str, limits: Limits) -> bytes:
    """Read one file of an archive.

    Raises:
        ReadingError: there is no such file, it is damaged or too large.
    """
    max_bytes = limits.file_bytes + 1
    try:
        if path.suffix.lower() == ".zip":
            with path.open("rb") as file, zipfile.ZipFile(_BoundedReader(file, _MAX_ZIP_LIST + max_bytes)) as packed:
                member = next(one for one in packed.infolist() if posixpath.normpath(one.filename) == name)
                with packed.open(member) as stream:
                    return stream.read(max_bytes)
        with _tar(path, _MAX_TAR_HEADERS + max_bytes) as tar:
            entry = next(one for one in _members(tar, limits) if posixpath.normpath(one.name) == name)
            extracted = tar.extractfile(entry)
            return extracted.read(min(entry.size, max_bytes)) if extracted else b""
    except StopIteration:
        raise ReadingError("is no longer in its archive: build again.") from None
    except (*_DAMAGED, OSError) as error:
        raise ReadingError(f"is in a damaged archive ({str(error)[:100]}): save the archive again.") from error


def _is_file(member: zipfile.ZipInfo) -> bool:
    """Say whether a member is an ordinary file; a link to another would be read as the path of that."""
    return not member.is_dir() and not stat.S_ISLNK(member.external_attr >> 16)


@contextmanager
def _tar(path: Path, max_bytes: int) -> Iterator[tarfile.TarFile]:
    """Open an archive, and read at most a number of bytes of it; what is skipped does not count."""
    is_packed = path.suffix.lower() != ".tar"
    with (
        gzip.open(path) if is_packed else path.open("rb") as content,
        tarfile.open(fileobj=_BoundedReader(content, max_bytes), mode="r:") as tar,
    ):
        yield tar


def _members(tar: tarfile.TarFile, limits: Limits) -> Iterator[tarfile.TarInfo]:
    """Yield the ordinary files. tarfile would hold all that it has seen."""
    while one := tar.next():
        tar.members.clear()  # type: ignore[attr-defined]
        if one.offset_data + one.size > limits.unpacked_bytes:
            raise ReadingError(f"unpacks to more than {limits.unpacked_bytes:,} bytes: split it.")
        if one.isreg():
            yield one


class _BoundedReader(io.RawIOBase):
    """Read at most a number of bytes of a file: lists of members may claim any length, and libraries believe them."""

    def __init__(self, file: IO[bytes] | gzip.GzipFile, max_bytes: int) -> None:
        self._file = file
        self._left = max_bytes

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(self._left + 1 if size < 0 else min(size, self._left + 1))
        self._left -= len(content)
        if self._left < 0:
            raise ReadingError("has too long a list of its files: split it.")
        return content

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True
