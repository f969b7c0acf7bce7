"""A folder -> its documents, and what could not be read and why."""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.errors import ReadingError, SourcesError
from index.markdown import read_markdown
from index.plaintext import read_plaintext
from index.types import Block, Document

READERS: dict[str, Callable[[str], tuple[Block, ...]]] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".txt": read_plaintext,
}
LARGEST_FILE = 64 * 2**20


@dataclass(frozen=True, slots=True)
class File:
    """A file of the folder that Footnote reads, as the folder lists it: nothing has been opened yet."""

    path: str
    size: int
    modified_ns: int


def scan(folder: Path) -> dict[str, File]:
    """The readable kinds of file below a folder, by path, sorted. Hidden files and symbolic links are passed over.

    Raises:
        SourcesError: the folder is missing or is not a folder.
    """
    if not folder.is_dir():
        raise SourcesError(f"There is no folder {folder}: make it, or name another with --sources.")
    return dict(sorted((file.path, file) for file in _walk(folder, "")))


def _walk(folder: Path, prefix: str) -> Iterator[File]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(Path(entry.path), f"{prefix}{entry.name}/")
            elif entry.is_file(follow_symlinks=False) and Path(entry.name).suffix.lower() in READERS:
                status = entry.stat(follow_symlinks=False)
                yield File(prefix + entry.name, status.st_size, status.st_mtime_ns)


def read_bytes(folder: Path, path: str) -> bytes:
    """The bytes of one file.

    Raises:
        ReadingError: it is too large, gone, or may not be read.
    """
    try:
        if (folder / path).stat().st_size > LARGEST_FILE:
            raise ReadingError(f"{path} is larger than {LARGEST_FILE >> 20} MB: split it into smaller files.")
        return (folder / path).read_bytes()
    except OSError as error:
        raise ReadingError(
            f"{path} cannot be opened ({error.strerror}): check the file and its permissions."
        ) from error


def read(path: str, content: bytes) -> Document:
    """The document that a file's bytes hold; its text is those bytes decoded as UTF-8, line ends and all.

    Raises:
        ReadingError: the bytes are not UTF-8 text.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ReadingError(f"{path} is not UTF-8 text (byte {error.start}): save it as UTF-8.") from error
    if "\0" in text:
        raise ReadingError(f"{path} holds NUL characters, so it is not text: save it as UTF-8 text.")
    blocks = READERS[Path(path).suffix.lower()](text)
    first = next((block for block in blocks if block.level), None)
    title = text[first.start : first.end] if first else Path(path).stem
    return Document(path, text, hashlib.sha256(content).hexdigest(), title, blocks)
