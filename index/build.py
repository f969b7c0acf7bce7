"""Bring an index up to date with its folder: embed what changed, then publish it as one new generation."""

import errno
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout

from index.embed.late_interaction import EncodedPassage, Floats, StoredTokens, pack
from index.errors import IndexNotWritableError, IndexUnusableError, ReadingError, SourcesError
from index.ingest.formats import kind
from index.ingest.limits import Limits
from index.ingest.sandbox import Parser
from index.ingest.scan import File, Folder, read_bytes, scan
from index.store.records import Changes, Description, Difference, FileRecord
from index.store.store import Store
from index.store.vector_cache import keep
from index.store.writer import Staging
from index.text.chunking import VERSION, split
from index.text.language import language_of
from index.types import Document, Passage

LOCK_NAME = "build.lock"
_SAVE_EVERY = 64


class Model(Protocol):
    """Which model it is."""

    @property
    def name(self) -> str: ...
    @property
    def fingerprint(self) -> str: ...


class Encoder(Model, Protocol):
    """What a build needs of a model."""

    @property
    def width(self) -> int: ...
    @property
    def limit(self) -> int: ...
    def count(self, texts: Sequence[str]) -> list[int]: ...
    def encode_passages(self, passages: Iterable[Passage]) -> Iterator[EncodedPassage]: ...
    def token_axes(self) -> Floats: ...


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build is: passages embedded of those to embed, or files read of those to read, and which is read."""

    stage: str
    done: int
    total: int
    document: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did; where it published nothing, its changes are that all is kept. `unreadable` holds every file of
    the folder that could not be read, with the reason, `partial` those of which some could not, and `skipped` those
    that are not for reading."""

    generation: int
    difference: Difference
    changes: Changes
    embedded: int
    documents: int
    passages: int
    unreadable: dict[str, str] = field(default_factory=dict)
    partial: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)


def compare(files: Mapping[str, File], known: Mapping[str, FileRecord]) -> Difference:
    """How the files of a folder differ from those of an index, by names, sizes and times: nothing is opened, so it is
    quick."""

    def is_edited(file: File) -> bool:
        old = known[file.path]
        return (old.size, old.modified_ns) != (file.size, file.modified_ns)

    return Difference(
        tuple(path for path in files if path not in known),
        tuple(path for path, file in files.items() if path in known and is_edited(file)),
        tuple(path for path in known if path not in files),
    )


def build(
    folder: Path, index: Path, encoder: Encoder, full: bool = False, limits: Limits | None = None
) -> Iterator[Progress | Report]:
    """Build what is missing or changed; yields its progress and, last, the report. Nothing is published before the end.

    Stopping the iteration cancels the build; what it had embedded is kept for the next. `full` starts afresh and
    keeps nothing; `limits` are what reading one file may cost.

    Raises:
        SourcesError: the folder is missing, or holds no document that can be read.
        IndexUnusableError: the index is of another model or damaged, or another build is under way.
    """
    found = scan(folder)
    if not found.files:
        said = f" {next(iter(found.skipped.values()))}" if found.skipped else ""
        raise SourcesError(
            f"The folder {folder} holds no document that can be read: add some, or name another with --sources.{said}"
        )
    with _only_builder(index), _open_or_create(index, encoder, full) as store, Parser(limits) as parser:
        check_fits(store.describe(), encoder)
        if not full:  # in its place at once, so that what an interrupted build has embedded is found again
            store.put_in_place()
        yield from _build(folder, found, store, encoder, parser)


@dataclass(slots=True)
class _Files:
    """What became of files: those added with the hash of their content, those edited, those of which only the time is
    another, and why some are not read, or not in full."""

    added: dict[str, str] = field(default_factory=dict)
    edited: list[str] = field(default_factory=list)
    touched: list[FileRecord] = field(default_factory=list)
    unreadable: dict[str, str] = field(default_factory=dict)
    partial: dict[str, str] = field(default_factory=dict)


def _build(folder: Path, found: Folder, store: Store, encoder: Encoder, parser: Parser) -> Iterator[Progress | Report]:
    known, staging, files = store.files(), Staging(store), _Files()
    yield from _stage(folder, found, known, encoder, parser, staging, files)
    if len(files.unreadable) == len(found.files):
        reasons = " ".join(files.unreadable.values())
        raise SourcesError(f"No document in {folder} can be read, so the index is left as it is: {reasons}")
    gone = {path: record.sha256 for path, record in known.items() if path not in found.files}
    difference, embedded = _difference(files.added, files.edited, gone), 0
    changes: Changes | None = None
    for progress in _embed(staging, encoder, store.token_axes()):
        yield progress
        embedded = progress.done
    if difference or files.touched or not store.generation():
        changes = staging.publish(difference, files.touched)
        store.put_in_place()
        store.checkpoint()
        with store.snapshot():
            keep(store)
    held = store.describe()
    changes = changes or Changes(kept=held.passages)
    counts = embedded, held.documents, held.passages
    yield Report(held.generation, difference, changes, *counts, files.unreadable, files.partial, found.skipped)


def _stage(
    folder: Path,
    found: Folder,
    known: Mapping[str, FileRecord],
    encoder: Encoder,
    parser: Parser,
    staging: Staging,
    files: _Files,
) -> Iterator[Progress]:
    """Read the files, stage those that are not as they are known, and note in `files` what became of each."""
    originals: dict[tuple[str, str | None], str] = {}
    for number, file in enumerate(found.files.values()):
        yield Progress("Reading", number, len(found.files), file.path)
        old = known.get(file.path)
        record, document = _read(folder, file, old, parser, originals)
        if record.reason:
            files.unreadable[file.path] = record.reason
        elif record.note:
            files.partial[file.path] = record.note
        if document:
            passages = split(document, encoder.count, encoder.limit)
            staging.add(record, document, [(passage, _digest(passage)) for passage in passages])
        elif record == old:
            continue
        elif old and replace(record, size=old.size, modified_ns=old.modified_ns) == old:
            files.touched.append(record)
            continue
        else:
            staging.add_other(record)
        if old is None:
            files.added[file.path] = record.sha256
        elif old.sha256 != record.sha256:
            files.edited.append(file.path)


def _difference(added: Mapping[str, str], edited: Sequence[str], gone: Mapping[str, str]) -> Difference:
    """What became of files, by the hashes of what was added and is gone: a file that went and came by another name is
    renamed."""
    names: dict[str, list[str]] = {}
    for path, digest in gone.items():
        names.setdefault(digest, []).append(path)
    renamed = tuple((names[digest].pop(0), path) for path, digest in added.items() if names.get(digest))
    was, now = {old for old, _ in renamed}, {new for _, new in renamed}
    return Difference(
        tuple(path for path in added if path not in now),
        tuple(edited),
        tuple(path for path in gone if path not in was),
        renamed,
    )


def _read(
    folder: Path,
    file: File,
    old: FileRecord | None,
    parser: Parser,
    originals: dict[tuple[str, str | None], str],
) -> tuple[FileRecord, Document | None]:
    """What a file is now, and its document: None where it cannot be read, is a copy of one of the `originals` by
    content and kind, or is what it was at the last build."""
    record = FileRecord(file.path, file.size, file.modified_ns)
    try:
        content = read_bytes(folder, file.path, parser.limits)
        record = replace(record, sha256=hashlib.sha256(content).hexdigest())
        content_and_kind = record.sha256, kind(file.path)
        if content_and_kind in originals:
            return replace(record, original=originals[content_and_kind]), None
        if old and not old.original and old.sha256 == record.sha256:
            originals[content_and_kind] = file.path
            return replace(old, size=file.size, modified_ns=file.modified_ns), None
        # A file that could not be read is tried again only with other limits.
        record = replace(record, sha256=hashlib.sha256(f"{record.sha256} {parser.limits}".encode()).hexdigest())
        if old and old.reason and old.sha256 == record.sha256:
            return replace(old, size=file.size, modified_ns=file.modified_ns), None
        document = parser.read(file.path, content)
        document = replace(document, language=language_of(document.text))
        originals[content_and_kind] = file.path
        return replace(record, sha256=document.sha256, note=document.note), document
    except ReadingError as error:
        return replace(record, reason=str(error)), None


def _embed(staging: Staging, encoder: Encoder, axes: Floats) -> Iterator[Progress]:
    """Encode the staged passages whose vectors are not in the store, and save them as it goes."""
    missing = staging.missing()
    encoded = encoder.encode_passages(map(staging.passage, missing))
    fresh: list[tuple[int, Floats, StoredTokens]] = []
    for done, (number, passage) in enumerate(zip(missing, encoded, strict=True), 1):
        fresh.append((number, passage.vectors, StoredTokens(pack(passage.tokens, axes), passage.places)))
        if len(fresh) == _SAVE_EVERY or done == len(missing):
            staging.save_encodings(fresh)
            fresh = []
        yield Progress("Embedding", done, len(missing))


def _digest(passage: Passage) -> str:
    """Names what is encoded: equal digests have equal vectors."""
    return hashlib.sha256(json.dumps([passage.section, passage.text, passage.spans]).encode()).hexdigest()


def _open_or_create(index: Path, encoder: Encoder, full: bool) -> Store:
    Store.sweep(index)
    if full or not Store.exists(index):
        return Store.create(index, encoder.name, encoder.fingerprint, encoder.width, VERSION, encoder.token_axes())
    return Store.open(index)


def check_fits(description: Description, model: Model) -> None:
    """Nothing, if an index was made with this model and this splitting.

    Raises:
        IndexUnusableError: it was made otherwise.
    """
    if description.fingerprint != model.fingerprint:
        raise IndexUnusableError(
            f"The index was made with the model {description.model}, not {model.name}: "
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
        raise IndexNotWritableError(
            f"Another build of {index} is under way: wait for its end and try again."
        ) from error
    except OSError as error:
        todo = (
            "make room and try again; nothing is lost" if error.errno == errno.ENOSPC else "name another with --index"
        )
        raise IndexNotWritableError(f"The index cannot be written to {index} ({error.strerror}): {todo}.") from error
