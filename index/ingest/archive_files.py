"""Treat archives (.zip, .tar, .tar.gz) as folders: list the files in them, and read one of them."""

import io
import posixpath
import stat
import tarfile
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from index.errors import ReadingError
from index.ingest.limits import Limits
from index.ingest.readers.archive import gunzip

SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz")
_MAX_MEMBERS = 10_000
_DAMAGED = (zipfile.BadZipFile, tarfile.TarError, EOFError, NotImplementedError, RuntimeError, ValueError, KeyError)


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
    with zipfile.ZipFile(path) as packed:
        members = packed.infolist()
        if any(member.flag_bits & 1 for member in members):
            raise ReadingError("is encrypted: unpack it.")
        return [ArchiveFile(name=one.filename, size=one.file_size) for one in members if _is_file(one)]


def _list_tar(path: Path, limits: Limits) -> list[ArchiveFile]:
    with _tar(path, limits) as tar:
        return [ArchiveFile(name=one.name, size=one.size) for one in tar if one.isreg()]


def read_archived(path: Path, name: str, limits: Limits) -> bytes:
    """Read one file of an archive.

    Raises:
        ReadingError: there is no such file, it is damaged or too large.
    """
    try:
        if path.suffix.lower() == ".zip":
            with zipfile.ZipFile(path) as packed:
                member = next(one for one in packed.infolist() if posixpath.normpath(one.filename) == name)
                with packed.open(member) as stream:
                    return stream.read(limits.file_bytes + 1)
        with _tar(path, limits) as tar:
            entry = next(one for one in tar if one.isreg() and posixpath.normpath(one.name) == name)
            extracted = tar.extractfile(entry)
            return extracted.read(limits.file_bytes + 1) if extracted else b""
    except StopIteration:
        raise ReadingError("is no longer in its archive: build again.") from None
    except (*_DAMAGED, OSError) as error:
        raise ReadingError(f"is in a damaged archive ({str(error)[:100]}): save the archive again.") from error


def _is_file(member: zipfile.ZipInfo) -> bool:
    """Say whether a member is an ordinary file; a link to another would be read as the path of that."""
    return not member.is_dir() and not stat.S_ISLNK(member.external_attr >> 16)


def _tar(path: Path, limits: Limits) -> tarfile.TarFile:
    if path.suffix.lower() == ".tar":
        return tarfile.open(path, "r:")
    return tarfile.open(fileobj=io.BytesIO(gunzip(path.read_bytes(), limits, limits.unpacked_bytes)), mode="r:")
