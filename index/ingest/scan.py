"""List the files of a folder, and why some are skipped. Opens only the list of files to ignore."""

import os
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pathspec import GitIgnoreSpec

from index.errors import ReadingError, SourcesError
from index.ingest.formats import kind
from index.ingest.limits import MEGABYTE, Limits

IGNORE_FILE = ".footnoteignore"
_INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


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


def scan(folder: Path) -> Folder:
    """List the files below a folder.

    Hidden files, and files that a `.footnoteignore` excludes by the rules of `.gitignore`, are left out altogether.

    Raises:
        SourcesError: the folder is missing or is not a folder.
    """
    if not folder.is_dir():
        raise SourcesError(f"There is no folder {folder}: create it, or name another with --sources.")
    files: dict[str, File] = {}
    skipped: dict[str, str] = {}
    for path, found in _walk(folder, "", _ignored(folder)):
        if isinstance(found, File):
            files[path] = found
        else:
            skipped[path] = found
    return Folder(files=dict(sorted(files.items())), skipped=dict(sorted(skipped.items())))


def read_bytes(folder: Path, path: str, limits: Limits | None = None) -> bytes:
    """Read the bytes of one file of the folder. Never follows a link out of it.

    Raises:
        ReadingError: the file is too large, gone, not an ordinary file, or not readable.
    """
    max_bytes = (limits or Limits()).file_bytes
    try:
        with open(folder / path, "rb", opener=_open_ordinary) as file:
            content = file.read(min(os.fstat(file.fileno()).st_size, max_bytes) + 1)
    except OSError as error:
        raise ReadingError(
            f"{path} cannot be opened ({error.strerror}): check the file and its permissions."
        ) from error
    if len(content) > max_bytes:
        raise ReadingError(f"{path} is larger than {max_bytes // MEGABYTE} MB: split it into smaller files.")
    return content


def as_shown(name: str) -> str:
    """Replace each character that cannot be shown (controls, marks of direction) with "�".

    >>> as_shown("tea\\u202egnp.exe")
    'tea�gnp.exe'
    """
    if name.isprintable():
        return name
    return "".join("�" if unicodedata.category(character) in _INVISIBLE else character for character in name)


def _open_ordinary(path: str, flags: int) -> int:
    number = os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise OSError(0, "it is not an ordinary file")
    return number


def _ignored(folder: Path) -> GitIgnoreSpec | None:
    try:
        return GitIgnoreSpec.from_lines((folder / IGNORE_FILE).read_text("utf-8").splitlines())
    except (OSError, ValueError):
        return None


def _walk(folder: Path, prefix: str, ignored: GitIgnoreSpec | None) -> Iterator[tuple[str, File | str]]:
    """Yield the path of each file with the file, or with the reason why it is skipped."""
    try:
        entries = os.scandir(folder)
    except OSError as error:
        yield prefix or ".", f"{prefix or 'The folder'} cannot be listed ({error.strerror}): check its permissions."
        return
    with entries:
        for entry in entries:
            path = prefix + entry.name
            if entry.name.startswith("."):
                continue
            try:
                is_folder = entry.is_dir(follow_symlinks=False)
                if ignored and ignored.match_file(f"{path}/" if is_folder else path):
                    continue
                if is_folder:
                    yield from _walk(Path(entry.path), f"{path}/", ignored)
                else:
                    status = entry.stat(follow_symlinks=False)
                    why = _why_skipped(path, status)
                    yield (
                        path,
                        why
                        or File(
                            path=path,
                            size=status.st_size,
                            modified_ns=status.st_mtime_ns,
                            changed_ns=status.st_ctime_ns,
                            inode=status.st_ino,
                        ),
                    )
            except OSError as error:
                yield path, f"{path} cannot be accessed ({error.strerror}): check its permissions."


def _why_skipped(path: str, status: os.stat_result) -> str:
    shown = as_shown(path)
    if shown != path:
        return f"{shown} is skipped because its name has characters that cannot be shown: rename it."
    if stat.S_ISLNK(status.st_mode):
        return f"{path} is skipped because it is a symbolic link: put the file itself in the folder."
    if not stat.S_ISREG(status.st_mode):
        return f"{path} is skipped because it is not an ordinary file."
    if kind(path) is None:
        suffix = Path(path).suffix
        return f"{path} is skipped because {f'{suffix} files' if suffix else 'files without a suffix'} are not read."
    return ""
