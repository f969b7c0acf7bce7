"""Bring an index up to date with its folder: embed what changed, then publish it as one new generation."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout

from index.errors import IndexUnusableError, ReadingError, SourcesError
from index.reading import File, read, read_bytes, scan
from index.records import Change, Description, FileRecord
from index.splitting import VERSION, split
from index.store import Store
from index.tokens import EncodedPassage, Floats, KeptTokens, pack
from index.types import Passage

LOCK_NAME = "build.lock"
_SAVE_EVERY = 64


class Encoder(Protocol):
    """What a build needs of a model."""

    @property
    def name(self) -> str: ...
    @property
    def fingerprint(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def limit(self) -> int: ...
    def count(self, texts: Sequence[str]) -> list[int]: ...
    def encode_passages(self, passages: Sequence[Passage]) -> Iterator[tuple[int, EncodedPassage]]: ...
    def token_axes(self) -> Floats: ...


@dataclass(frozen=True, slots=True)
class Difference:
    """The files that are in the folder and not in the index, in both but not alike, and in the index only."""

    added: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.edited or self.removed)

    def __str__(self) -> str:
        parts = [(self.added, "added"), (self.edited, "edited"), (self.removed, "removed")]
        return ", ".join(f"{len(paths)} {what}" for paths, what in parts if paths) or "nothing changed"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build is: passages embedded of those to embed, or files read of those to read."""

    stage: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did. `unreadable` holds every file of the folder that is not in the index, with the reason."""

    generation: int
    difference: Difference
    embedded: int
    documents: int
    passages: int
    unreadable: dict[str, str] = field(default_factory=dict)


def compare(folder: Path, store: Store) -> Difference:
    """How a folder differs from an index, by names, sizes and times: nothing is opened, so it is quick.

    Raises:
        SourcesError: the folder is missing.
    """
    files, known = scan(folder), store.files()

    def is_edited(file: File) -> bool:
        old = known[file.path]
        return (old.size, old.modified_ns) != (file.size, file.modified_ns)

    return Difference(
        tuple(path for path in files if path not in known),
        tuple(path for path, file in files.items() if path in known and is_edited(file)),
        tuple(path for path in known if path not in files),
    )


def build(folder: Path, index: Path, encoder: Encoder, full: bool = False) -> Iterator[Progress | Report]:
    """Build what is missing or changed; yields its progress and, last, the report. Nothing is published before the end.

    Stopping the iteration cancels the build; what it had embedded is kept for the next. `full` starts afresh and
    keeps nothing.

    Raises:
        SourcesError: the folder is missing, or holds no document that can be read.
        IndexUnusableError: the index is of another model or damaged, or another build is under way.
    """
    files = scan(folder)
    if not files:
        raise SourcesError(f"The folder {folder} holds no .txt or .md file: add some, or name another with --sources.")
    with _only_builder(index):
        store = _open_or_create(index, encoder, full)
        with store:
            yield from _build(folder, files, store, encoder)


def _build(folder: Path, files: dict[str, File], store: Store, encoder: Encoder) -> Iterator[Progress | Report]:
    known = store.files()
    changes: list[Change] = []
    touched: list[FileRecord] = []
    for number, file in enumerate(files.values()):
        yield Progress("Reading", number, len(files))
        change = _read(folder, file, known.get(file.path), encoder)
        if change.document is None and not change.file.reason:
            if change.file != known[file.path]:
                touched.append(change.file)
        elif change.file != known.get(file.path):
            changes.append(change)
    removed = [path for path in known if path not in files]
    added = [change.file.path for change in changes if change.file.path not in known]
    edited = [change.file.path for change in changes if change.file.path in known]
    difference = Difference(tuple(added), tuple(edited), tuple(removed))
    now = {path: record.reason for path, record in known.items() if path in files}
    now |= {change.file.path: change.file.reason for change in changes}
    unreadable = {path: reason for path, reason in sorted(now.items()) if reason}
    if len(unreadable) == len(files):
        reasons = " ".join(unreadable.values())
        raise SourcesError(f"No document in {folder} can be read, so the index is left as it is: {reasons}")
    embedded = 0
    for progress in _embed(changes, store, encoder):
        yield progress
        embedded = progress.done
    generation = store.generation()
    if difference or touched or not generation:
        generation = store.publish(changes, removed, touched)
    description = store.describe()
    yield Report(generation, difference, embedded, description.documents, description.passages, unreadable)


def _read(folder: Path, file: File, old: FileRecord | None, encoder: Encoder) -> Change:
    """What a file is now: its document, or why it cannot be read, or neither where its bytes are the old ones."""
    record = FileRecord(file.path, file.size, file.modified_ns)
    try:
        content = read_bytes(folder, file.path)
        sha256 = hashlib.sha256(content).hexdigest()
        record = replace(record, sha256=sha256)
        if old and old.sha256 == sha256:
            return Change(record, None)
        document = read(file.path, content)
    except ReadingError as error:
        return Change(replace(record, sha256="", reason=str(error)), None)
    passages = split(document, encoder.count, encoder.limit)
    return Change(record, document, [(passage, _digest(passage)) for passage in passages])


def _embed(changes: Sequence[Change], store: Store, encoder: Encoder) -> Iterator[Progress]:
    """Encode the passages whose vectors are not in the store, and save them as it goes."""
    wanted = {digest: passage for change in changes for passage, digest in change.passages}
    known = store.known_digests(wanted)
    missing = [(digest, passage) for digest, passage in wanted.items() if digest not in known]
    encoded = encoder.encode_passages([passage for _, passage in missing])
    axes = store.token_axes()
    fresh: list[tuple[str, Floats, KeptTokens]] = []
    for done, (number, passage) in enumerate(encoded, 1):
        fresh.append((missing[number][0], passage.vectors, KeptTokens(pack(passage.tokens, axes), passage.places)))
        if len(fresh) == _SAVE_EVERY or done == len(missing):
            store.save_encodings(fresh)
            fresh = []
        yield Progress("Embedding", done, len(missing))


def _digest(passage: Passage) -> str:
    """Names what is encoded: equal digests have equal vectors."""
    return hashlib.sha256(json.dumps([passage.section, passage.text, passage.spans]).encode()).hexdigest()


def _open_or_create(index: Path, encoder: Encoder, full: bool) -> Store:
    if full or not Store.exists(index):
        return Store.create(index, encoder.name, encoder.fingerprint, encoder.width, VERSION, encoder.token_axes())
    store = Store.open(index)
    try:
        check_fits(store.describe(), encoder)
    except IndexUnusableError:
        store.close()
        raise
    return store


def check_fits(description: Description, encoder: Encoder) -> None:
    """Nothing, if an index was made with this encoder and this splitting.

    Raises:
        IndexUnusableError: it was made otherwise.
    """
    if (description.fingerprint, description.width) != (encoder.fingerprint, encoder.width):
        raise IndexUnusableError(
            f"The index was made with the model {description.model}, not {encoder.name}: "
            f"name that one with --model, or rebuild with python -m index build --full."
        )
    if description.splitting != VERSION:
        raise IndexUnusableError("The index was made by another version: rebuild with python -m index build --full.")


@contextmanager
def _only_builder(index: Path) -> Iterator[None]:
    try:
        index.mkdir(parents=True, exist_ok=True)
        with FileLock(index / LOCK_NAME, timeout=0):
            yield
    except Timeout as error:
        raise IndexUnusableError(f"Another build of {index} is under way: wait for its end and try again.") from error
    except OSError as error:
        raise IndexUnusableError(
            f"The index cannot be written to {index} ({error.strerror}): name another with --index."
        ) from error
