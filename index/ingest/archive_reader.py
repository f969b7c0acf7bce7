"""Read the files of archives, one after the other."""

import gzip
import posixpath
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Self

from index.errors import ReadingError
from index.ingest.archive_files import (
    DAMAGED,
    MAX_TAR_HEADERS,
    MAX_ZIP_LIST,
    BoundedReader,
    Version,
    is_file,
    ordinary_members,
    version_of,
)
from index.ingest.limits import MEGABYTE, Limits

_ReadMember = Callable[[int], bytes]


class ArchiveReader:
    """Read files of archives. The last archive stays open, so that its list is read, and a .tar.gz unpacked, once."""

    def __init__(self) -> None:
        self._version: Version | None = None
        self._opened = ExitStack()
        self._members: dict[str, _ReadMember] = {}

    def read(self, path: Path, name: str, limits: Limits) -> bytes:
        """Read a file of an archive; of a larger one than the limit, one byte more.

        Raises:
            ReadingError: there is no such file, or it is damaged.
        """
        try:
            version = version_of(path, limits)
            if version != self._version:
                self.close()
                self._members = self._open(path, limits)
                self._version = version
            if name not in self._members:
                raise ReadingError("is no longer in its archive: build again.")
            return self._members[name](limits.file_bytes + 1)
        except DAMAGED as error:
            raise ReadingError(f"is in a damaged archive ({str(error)[:100]}): save the archive again.") from error
        except OSError as error:
            reason = error.strerror or error
            raise ReadingError(
                f"cannot be unpacked ({reason}): check the archive, and the space on the disk."
            ) from error

    def close(self) -> None:
        self._version, self._members = None, {}
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self, path: Path, limits: Limits) -> dict[str, _ReadMember]:
        file = self._opened.enter_context(path.open("rb"))
        if path.suffix.lower() == ".zip":
            return self._open_zip(file)
        return self._open_tar(file if path.suffix.lower() == ".tar" else self._unpacked(file, limits), limits)

    def _open_zip(self, file: IO[bytes]) -> dict[str, _ReadMember]:
        source = BoundedReader(file, MAX_ZIP_LIST)
        archive = self._opened.enter_context(zipfile.ZipFile(source))

        def reading(member: zipfile.ZipInfo) -> _ReadMember:
            def read(max_bytes: int) -> bytes:
                source.allow(MAX_ZIP_LIST + max_bytes)
                with archive.open(member) as stream:
                    return stream.read(max_bytes)

            return read

        members = filter(is_file, reversed(archive.infolist()))  # of two with one name, the first
        return {posixpath.normpath(member.filename): reading(member) for member in members}

    def _open_tar(self, file: IO[bytes], limits: Limits) -> dict[str, _ReadMember]:
        source = BoundedReader(file, MAX_TAR_HEADERS)
        archive = self._opened.enter_context(tarfile.open(fileobj=source, mode="r:"))  # noqa: SIM115

        def reading(member: tarfile.TarInfo) -> _ReadMember:
            def read(max_bytes: int) -> bytes:
                source.allow(MAX_TAR_HEADERS + max_bytes)
                stream = archive.extractfile(member)
                return stream.read(min(member.size, max_bytes)) if stream else b""

            return read

        members = reversed(list(ordinary_members(archive, limits)))
        return {posixpath.normpath(member.name): reading(member) for member in members}

    def _unpacked(self, file: IO[bytes], limits: Limits) -> IO[bytes]:
        """Unpack a .tar.gz into a temporary file: a packed one can only be read from its start."""
        unpacked = self._opened.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
        with gzip.open(file) as content:
            while (block := content.read(MEGABYTE)) and unpacked.tell() < limits.unpacked_bytes:
                unpacked.write(block)
        unpacked.seek(0)
        return unpacked
