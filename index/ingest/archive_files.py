"""Treat archives (.zip, .tar, .tar.gz) as folders: list the files in them."""

import gzip
import io
import os
import posixpath
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from index.errors import ReadingError
from index.ingest.limits import Limits

SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz")
_MAX_MEMBERS = 10_000
MAX_ZIP_LIST, MAX_TAR_HEADERS = 2**23, 2**24  # bytes
MAX_LISTED = 100_000  # files of all archives whose lists are in memory
DAMAGED = (
    *(zipfile.BadZipFile, gzip.BadGzipFile, tarfile.TarError, zlib.error, EOFError),
    *(NotImplementedError, RuntimeError, ValueError, KeyError),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveFile:
    """A file in an archive and its unpacked size."""

    name: str
    size: int


Version = tuple[Path, Limits, int, int, int]


def version_of(path: Path, limits: Limits) -> Version:
    """Return what differs if an archive was changed, or is read with other limits."""
    status = path.stat()
    return path, limits, status.st_mtime_ns, status.st_size, status.st_ino


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """The files of one version of an archive."""

    version: Version
    files: tuple[ArchiveFile, ...]


_LISTED: dict[Path, _Listed] = {}  # each archive is listed once for each of its versions


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
    version = version_of(path, limits)
    known = _LISTED.get(path)
    if known is None or known.version != version:
        files = _list(path, limits)
        if sum(len(one.files) for one in list(_LISTED.values())) + len(files) > MAX_LISTED:
            _LISTED.clear()
        known = _LISTED[path] = _Listed(version=version, files=files)
    return known.files


def _list(path: Path, limits: Limits) -> tuple[ArchiveFile, ...]:
    if path.stat().st_size > limits.unpacked_bytes:
        raise ReadingError(f"is larger than {limits.unpacked_bytes:,} bytes: split it.")
    try:
        found = _list_zip(path) if path.suffix.lower() == ".zip" else _list_tar(path, limits)
    except (*DAMAGED, OSError) as error:
        raise ReadingError(f"is damaged ({str(error)[:100] or type(error).__name__}): save it again.") from error
    if len(found) > _MAX_MEMBERS:
        raise ReadingError(f"holds more than {_MAX_MEMBERS:,} files: split it.")
    if sum(one.size for one in found) > limits.unpacked_bytes:
        raise ReadingError(f"unpacks to more than {limits.unpacked_bytes:,} bytes: split it.")
    plain = (ArchiveFile(name=posixpath.normpath(one.name), size=one.size) for one in found)
    return tuple({one.name: one for one in plain if not one.name.startswith(("/", "../", "."))}.values())


def _list_zip(path: Path) -> list[ArchiveFile]:
    with path.open("rb") as file, zipfile.ZipFile(BoundedReader(file, MAX_ZIP_LIST)) as packed:
        members = packed.infolist()
        if any(member.flag_bits & 1 for member in members):
            raise ReadingError("is encrypted: unpack it.")
        return [ArchiveFile(name=one.filename, size=one.file_size) for one in members if is_file(one)]


def _list_tar(path: Path, limits: Limits) -> list[ArchiveFile]:
    found: list[ArchiveFile] = []
    is_packed = path.suffix.lower() != ".tar"
    with (
        gzip.open(path) if is_packed else path.open("rb") as content,
        tarfile.open(fileobj=BoundedReader(content, MAX_TAR_HEADERS), mode="r:") as tar,
    ):
        for one in ordinary_members(tar, limits):
            found.append(ArchiveFile(name=one.name, size=one.size))
            if len(found) > _MAX_MEMBERS:
                break
    return found


def is_file(member: zipfile.ZipInfo) -> bool:
    """Say whether a member is an ordinary file; a link to another would be read as the path of that."""
    return not member.is_dir() and not stat.S_ISLNK(member.external_attr >> 16)


def ordinary_members(tar: tarfile.TarFile, limits: Limits) -> Iterator[tarfile.TarInfo]:
    """Yield the ordinary files. tarfile would hold all that it has seen."""
    while one := tar.next():
        tar.members.clear()  # type: ignore[attr-defined]
        if one.offset_data + one.size > limits.unpacked_bytes:
            raise ReadingError(f"unpacks to more than {limits.unpacked_bytes:,} bytes: split it.")
        if one.isreg():
            yield one


class BoundedReader(io.RawIOBase):
    """Read at most a number of bytes of a file: lists of members may claim any length, and libraries believe them."""

    def __init__(self, file: IO[bytes] | gzip.GzipFile, max_bytes: int) -> None:
        self._file = file
        self._left = max_bytes

    def allow(self, max_bytes: int) -> None:
        """Let this number of bytes be read from now on."""
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
