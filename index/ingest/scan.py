"""A folder -> its files, as it lists them: nothing is opened but the list of what is to be ignored."""

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
_UNSHOWN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


@dataclass(frozen=True, slots=True)
class File:
    """A file of a kind that Footnote reads: nothing has been opened yet."""

    path: str
    size: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Folder:
    """The files to read, by path, sorted, and why each of the others is skipped."""

    files: dict[str, File] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)


def scan(folder: Path) -> Folder:
    """What lies below a folder. Hidden files, and what a file `.footnoteignore` names as `.gitignore` does, are as if
    they were not there.

    Raises:
        SourcesError: the folder is missing or is not a folder.
    """
    if not folder.is_dir():
        raise SourcesError(f"There is no folder {folder}: make it, or name another with --sources.")
    files: dict[str, File] = {}
    skipped: dict[str, str] = {}
    for path, found in _walk(folder, "", _ignored(folder)):
        if isinstance(found, File):
            files[path] = found
        else:
            skipped[path] = found
    return Folder(dict(sorted(files.items())), dict(sorted(skipped.items())))


def read_bytes(folder: Path, path: str, limits: Limits | None = None) -> bytes:
    """The bytes of one file of the folder; never of one outside it, whatever links have been put in its way.

    Raises:
        ReadingError: it is too large, gone, no longer an ordinary file, or may not be read.
    """
    most = (limits or Limits()).file_bytes
    try:
        with open(folder / path, "rb", opener=_open_ordinary) as file:
            content = file.read(min(os.fstat(file.fileno()).st_size, most) + 1)
    except OSError as error:
        raise ReadingError(
            f"{path} cannot be opened ({error.strerror}): check the file and its permissions."
        ) from error
    if len(content) > most:
        raise ReadingError(f"{path} is larger than {most // MEGABYTE} MB: split it into smaller files.")
    return content


def as_shown(name: str) -> str:
    """A name with "�" for every character that cannot be shown: control characters, marks of direction and the like.

    >>> as_shown("tea\\u202egnp.exe")
    'tea�gnp.exe'
    """
    if name.isprintable():
        return name
    return "".join("�" if unicodedata.category(character) in _UNSHOWN else character for character in name)


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
    """The path of each file with the file, or with why it is skipped."""
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
                    yield path, why or File(path, status.st_size, status.st_mtime_ns)
            except OSError as error:
                yield path, f"{path} cannot be looked at ({error.strerror}): check its permissions."


def _why_skipped(path: str, status: os.stat_result) -> str:
    shown = as_shown(path)
    if shown != path:
        return f"{shown} is skipped, since its name holds characters that cannot be shown: rename it."
    if stat.S_ISLNK(status.st_mode):
        return f"{path} is skipped, since it is a symbolic link: put the file itself there."
    if not stat.S_ISREG(status.st_mode):
        return f"{path} is skipped, since it is not an ordinary file."
    if kind(path) is None:
        suffix = Path(path).suffix
        return f"{path} is skipped, since {f'{suffix} files are' if suffix else 'a file without a suffix is'} not read."
    return ""
