"""List the files of a folder, and why some are skipped. Opens only the list of files to ignore."""

import contextlib
import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from pathspec import GitIgnoreSpec

from index.errors import ReadingError, SourcesError
from index.ingest.archive_files import MAX_LISTED, is_archive, list_archive
from index.ingest.archive_reader import ArchiveReader
from index.ingest.content_type import is_known
from index.ingest.formats import kind
from index.ingest.limits import MEGABYTE, Limits
from index.ingest.readers.encoding import decode

IGNORE_FILE = ".footnoteignore"
_INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_LEFT_OUT = (".", "~$")  # hidden files, and the locks of files that are open in an office program
_SYSTEM_FILES = frozenset({"desktop.ini", "Desktop.ini", "Thumbs.db", "thumbs.db", "ehthumbs.db", "__MACOSX", "Icon\r"})
_INDEX_FILES = frozenset({"footnote.db"})
_HIDDEN_CHARACTERS = "its name has characters that cannot be shown: rename it."
_SAVE_AS = {
    ".pages": ".docx or .pdf",
    ".key": ".pptx or .pdf",
    ".numbers": ".xlsx",
    ".wpd": ".docx",
    ".one": ".pdf",
}
_SAMPLE_BYTES = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file in a format that Footnote reads. It has not been opened yet."""

    path: str
    size: int
    modified_ns: int
    changed_ns: int = 0
    inode: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """The files to read and why each other file is skipped, both by path and sorted."""

    files: dict[str, File] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)


def scan(folder: Path, limits: Limits | None = None) -> Folder:
    """List the files below a folder.

    Hidden files, and files that a `.footnoteignore` excludes by the rules of `.gitignore`, are left out altogether.

    Raises:
        SourcesError: the folder is missing or is not a folder.
    """
    if not folder.is_dir():
        raise SourcesError(f"There is no folder {folder}: create it, or name another with --sources.")
    files: dict[str, File] = {}
    skipped: dict[str, str] = {}
    for path, found in _Walk(folder, limits or Limits()).entries(folder):
        if isinstance(found, File) and path not in files:
            files[path] = found
        elif not isinstance(found, File):
            skipped[path] = found
    return Folder(files=dict(sorted(files.items())), skipped=dict(sorted(skipped.items())))


def read_bytes(folder: Path, path: str, limits: Limits | None = None, archives: ArchiveReader | None = None) -> bytes:
    """Read the bytes of one file of the folder. Never follows a link out of it.

    With `archives`, many files of an archive are read faster.

    Raises:
        ReadingError: the file is too large, gone, not an ordinary file, or not readable.
    """
    limits = limits or Limits()
    max_bytes = limits.file_bytes
    outer, inner = _archive_of(path)
    file_path = locate(folder, outer)
    try:
        if inner and file_path.is_file():
            with contextlib.nullcontext(archives) if archives else ArchiveReader() as reader:
                return _read_archived(reader, file_path, path, inner, limits)
        with open(locate(folder, path) if inner else file_path, "rb", opener=_open_ordinary) as file:
            content = file.read(min(os.fstat(file.fileno()).st_size, max_bytes) + 1)
    except OSError as error:
        raise ReadingError(
            f"{path} cannot be opened ({error.strerror}): check the file and its permissions."
        ) from error
    if len(content) > max_bytes:
        raise ReadingError(f"{path} is larger than {max_bytes // MEGABYTE} MB: split it into smaller files.")
    return content


def _read_archived(reader: ArchiveReader, file: Path, path: str, inner: str, limits: Limits) -> bytes:
    try:
        content = reader.read(file, inner, limits)
    except ReadingError as error:
        raise ReadingError(f"{path} {error}") from error
    if len(content) > limits.file_bytes:
        raise ReadingError(f"{path} is larger than {limits.file_bytes // MEGABYTE} MB: split it into smaller files.")
    return content


def as_shown(name: str) -> str:
    """Replace each character that cannot be shown (controls, marks of direction) with "�".

    >>> as_shown("tea\\u202egnp.exe")
    'tea�gnp.exe'
    """
    if name.isprintable():
        return name
    return "".join("�" if unicodedata.category(character) in _INVISIBLE else character for character in name)


def locate(folder: Path, path: str) -> Path:
    """Return the file of a path whose names are in Unicode's composed form (NFC), in which form a system has them.

    >>> locate(Path("/none"), "tea.md").as_posix()
    '/none/tea.md'
    """
    found = folder
    for name in PurePosixPath(path).parts:
        inner = found / name
        if not name.isascii() and not inner.exists():
            with contextlib.suppress(OSError):
                same = (one for one in found.iterdir() if unicodedata.normalize("NFC", one.name) == name)
                inner = next(same, inner)
        found = inner
    return found


def _open_ordinary(path: str, flags: int) -> int:
    number = os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise OSError(0, "it is not an ordinary file")
    return number


def _archive_of(path: str) -> tuple[str, str]:
    """Split a path in that of an archive and the name in it; without an archive, the second is empty."""
    parts = PurePosixPath(path).parts
    for end in range(1, len(parts)):
        if is_archive(parts[end - 1]):
            return "/".join(parts[:end]), "/".join(parts[end:])
    return path, ""


def _ignored(folder: Path) -> GitIgnoreSpec | None:
    """Read the list of files to ignore, in any encoding.

    Raises:
        SourcesError: it cannot be read; the files that it names would be published otherwise.
    """
    file = folder / IGNORE_FILE
    try:
        return GitIgnoreSpec.from_lines(decode(file.read_bytes()).lstrip("\ufeff").splitlines())
    except FileNotFoundError:
        return None
    except (OSError, ReadingError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SourcesError(f"{file} cannot be read ({reason}): correct it, or remove it.") from error


class _Walk:
    """The walk through a folder: each path with the file, or with the reason why it is skipped."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._ignored, self._limits = _ignored(folder), limits
        self._archived = 0  # files in archives so far

    def entries(self, folder: Path, prefix: str = "") -> Iterator[tuple[str, File | str]]:
        try:
            entries = list(os.scandir(folder))
        except OSError as error:
            yield prefix or ".", f"{prefix or 'The folder'} cannot be listed ({error.strerror}): check its permissions."
            return
        if prefix and _have_index(entries):
            return  # an index, with the documents in its trash
        for entry in entries:
            path = prefix + unicodedata.normalize("NFC", entry.name)
            if _is_left_out(entry.name):
                continue
            try:
                is_folder = entry.is_dir(follow_symlinks=False)
                if self._is_ignored(f"{path}/" if is_folder else path):
                    continue
                if is_folder:
                    yield from self.entries(Path(entry.path), f"{path}/")
                else:
                    yield from self._file(Path(entry.path), path, entry.stat(follow_symlinks=False))
            except OSError as error:
                yield path, f"{path} cannot be accessed ({error.strerror}): check its permissions."

    def _is_ignored(self, path: str) -> bool:
        return self._ignored is not None and self._ignored.match_file(path)

    def _file(self, file: Path, path: str, status: os.stat_result) -> Iterator[tuple[str, File | str]]:
        if why := _why_skipped(path, status):
            yield path, why
        elif is_archive(path):
            yield from self._archive(file, path, status)
        elif kind(path) is None and not (not file.suffix and _is_readable(file)):
            yield path, _not_read(path)
        else:
            yield path, _found(path, status.st_size, status)

    def _archive(self, file: Path, path: str, status: os.stat_result) -> Iterator[tuple[str, File | str]]:
        """Yield the files in an archive, with its own path before theirs."""
        try:
            members = list_archive(file, self._limits)
        except ReadingError as error:
            yield path, f"{path} {error}"
            return
        self._archived += len(members)
        if self._archived > MAX_LISTED:
            yield path, f"{path} is skipped because the archives hold more than {MAX_LISTED:,} files: unpack it."
            return
        for member in members:
            inner = unicodedata.normalize("NFC", f"{path}/{member.name}")
            names = member.name.split("/")
            if any(map(_is_left_out, names)) or self._is_ignored(inner):
                continue
            if as_shown(inner) != inner:
                yield as_shown(inner), f"{as_shown(inner)} is skipped because {_HIDDEN_CHARACTERS}"
            elif kind(inner) is None:
                yield inner, _not_read(inner)
            else:
                yield inner, _found(inner, member.size, status)


def _is_left_out(name: str) -> bool:
    """Say whether a name is that of a hidden file, a lock or a file of the operating system."""
    return name.startswith(_LEFT_OUT) or name in _SYSTEM_FILES


def _have_index(entries: Iterable["os.DirEntry[str]"]) -> bool:
    return any(entry.name in _INDEX_FILES for entry in entries)


def _found(path: str, size: int, status: os.stat_result) -> File:
    return File(
        path=path,
        size=size,
        modified_ns=status.st_mtime_ns,
        changed_ns=status.st_ctime_ns,
        inode=status.st_ino,
    )


def _is_readable(file: Path) -> bool:
    """Say whether a file without a suffix is text or of another known format, by its first bytes."""
    with open(file, "rb", opener=_open_ordinary) as stream:
        sample = stream.read(_SAMPLE_BYTES)
    if is_known(sample):
        return True
    try:
        return bool(decode(sample[: sample.rfind(b"\n") + 1] or sample).strip())
    except ReadingError:
        return False


def _why_skipped(path: str, status: os.stat_result) -> str:
    shown = as_shown(path)
    if shown != path:
        return f"{shown} is skipped because {_HIDDEN_CHARACTERS}"
    if stat.S_ISLNK(status.st_mode):
        return f"{path} is skipped because it is a symbolic link: put the file itself in the folder."
    if not stat.S_ISREG(status.st_mode):
        return f"{path} is skipped because it is not an ordinary file."
    return ""


def _not_read(path: str) -> str:
    suffix = PurePosixPath(path).suffix
    advice = f": save it as {_SAVE_AS[suffix.lower()]}." if suffix.lower() in _SAVE_AS else "."
    return f"{path} is skipped because {f'{suffix} files' if suffix else 'files without a suffix'} are not read{advice}"
