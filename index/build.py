"""Bring an index up to date with its folder: embed what changed, then publish it as one new generation."""

import errno
import hashlib
import json
import logging
import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout

from index.changed_files import FileOutcomes, FileReader, FileReading, compare, with_times
from index.compatibility import Model, check_fits, check_model, replacement_notice, why_build, why_replaced
from index.embed.late_interaction import EncodedPassage, Floats, store_tokens
from index.errors import IndexDamagedError, IndexNotWritableError, SourcesError
from index.ingest.limits import Limits
from index.ingest.sandbox import Parser
from index.ingest.scan import Folder, scan
from index.store.records import Changes, Difference
from index.store.store import Store
from index.store.vector_cache import save_cache
from index.store.writer import IndexWriter, PassageDigest, PassageEncoding
from index.text.chunking import VERSION, split
from index.types import Document, Passage

__all__ = ["Progress", "Report", "build", "check_fits", "check_model", "compare", "why_build"]

LOCK_NAME = "build.lock"
MAX_PASSAGES = 50_000  # of one file
_SAVE_EVERY = 64
logger = logging.getLogger("footnote")


class Encoder(Model, Protocol):
    """Describe what a build needs of a model."""

    @property
    def width(self) -> int: ...
    @property
    def limit(self) -> int: ...
    def count(self, texts: Sequence[str]) -> list[int]: ...
    def encode_passages(self, passages: Iterable[Passage]) -> Iterator[EncodedPassage]: ...
    def token_axes(self) -> Floats: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Report the progress of a build: `done` of `total` files read or passages embedded."""

    stage: str
    done: int = 0
    total: int = 0
    document: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Summarise a build.

    `unreadable`, `partial` and `skipped` have the reason for each file that could not be read, was read in part, or is
    not read at all. `notice` says why a full build replaced the index, if it did.
    """

    generation: int
    difference: Difference
    changes: Changes
    embedded: int
    documents: int
    passages: int
    unreadable: dict[str, str] = field(default_factory=dict)
    partial: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    notice: str = ""


def build(
    folder: Path, index: Path, encoder: Encoder, full: bool = False, limits: Limits | None = None
) -> Iterator[Progress | Report]:
    """Build what is missing or changed. Yield the progress and, last, the report.

    Nothing is published before the end. If the caller stops the iteration, the build is cancelled and the next one
    reuses what was embedded. `full` reuses nothing. `limits` bound the reading of each file. A damaged or outdated
    index is replaced: a new one is built beside it.

    Raises:
        SourcesError: the folder is missing, or has no document that can be read.
        IndexUnusableError: the index was made with another model, or another build is running.
    """
    found = scan(folder)
    if not found.files:
        first = f" {next(iter(found.skipped.values()))}" if found.skipped else ""
        raise SourcesError(
            f"The folder {folder} holds no document that can be read: add some, or name another with --sources.{first}"
        )
    with _only_builder(index), Parser(limits) as parser:
        notice = "" if full else why_replaced(index, encoder)
        if notice:
            logger.warning(notice)
        try:
            yield from _Build(folder, index, found, encoder, parser, notice).run(full or bool(notice))
        except IndexDamagedError as error:
            if full or notice:
                raise
            notice = replacement_notice(error)
            logger.warning(notice)
            yield from _Build(folder, index, found, encoder, parser, notice).run(full=True)


class _Build:
    """Run one build."""

    def __init__(self, folder: Path, index: Path, found: Folder, encoder: Encoder, parser: Parser, notice: str) -> None:
        self._folder = folder
        self._index = index
        self._found = found
        self._encoder = encoder
        self._parser = parser
        self._notice = notice
        self._outcomes = FileOutcomes()

    def run(self, full: bool) -> Iterator[Progress | Report]:
        """Build, and yield the progress and the report. `full` builds a new index beside the current one."""
        with _open_or_create(self._index, self._encoder, full) as store:
            if not full:  # at once, so that the next build finds what an interrupted build has embedded
                store.activate()
            yield from self._update(store)

    def _update(self, store: Store) -> Iterator[Progress | Report]:
        known, writer, outcomes = store.files(), IndexWriter(store), self._outcomes
        yield from self._stage(store, writer)
        if len(outcomes.unreadable) == len(self._found.files) and not outcomes.waiting:
            reasons = " ".join(outcomes.unreadable.values())
            raise SourcesError(f"No document in {self._folder} can be read, so the index stays as it is: {reasons}")
        gone = {path: record.sha256 for path, record in known.items() if path not in self._found.files}
        difference, embedded = outcomes.difference(gone), 0
        for progress in self._embed(writer, store.token_axes()):
            yield progress
            embedded = progress.done
        changes = None
        if difference or outcomes.touched or not store.generation():
            changes = writer.publish(difference, outcomes.touched)
            store.activate()
            store.checkpoint()
            with store.snapshot():
                save_cache(store)
        description = store.describe()
        yield Report(
            generation=description.generation,
            difference=difference,
            changes=changes or Changes(unchanged=description.passages),
            embedded=embedded,
            documents=description.documents,
            passages=description.passages,
            unreadable=outcomes.unreadable,
            partial=outcomes.partial,
            skipped=self._found.skipped,
            notice=self._notice,
        )

    def _stage(self, store: Store, writer: IndexWriter) -> Iterator[Progress]:
        """Read the files, stage those that differ from the index, and note what happened to each."""
        known, reader, outcomes = store.files(), FileReader(self._folder, self._parser), self._outcomes
        for number, file in enumerate(self._found.files.values()):
            progress = Progress(stage="Reading", done=number, total=len(self._found.files), document=file.path)
            yield progress
            old = known.get(file.path)
            reading = reader.read(file, old)
            if reading.document:
                reading = yield from self._divided(reading, reading.document, reader, progress)
            record = reading.record
            if record.reason:
                outcomes.unreadable[file.path] = record.reason
            elif record.note:
                outcomes.partial[file.path] = record.note
            if reading.waits:
                outcomes.waiting.append(file.path)
                continue
            if reading.document:
                writer.add(record, reading.document, reading.passages)
            elif record == old:
                continue
            elif old and with_times(record, old) == old:
                outcomes.touched.append(record)
                continue
            else:
                writer.add_skipped(record)
            outcomes.note_change(old, record)

    def _divided(
        self, reading: FileReading, document: Document, reader: FileReader, progress: Progress
    ) -> Generator[Progress, None, FileReading]:
        """Divide a document into passages within the limits of reading, and yield the progress now and then."""
        path, seconds = document.path, self._parser.limits.seconds
        started = time.thread_time()
        passages: list[PassageDigest] = []
        for passage in split(document, self._encoder.count, self._encoder.limit):
            if len(passages) == MAX_PASSAGES:
                note = f"{path} is read in part: only its first {MAX_PASSAGES:,} passages."
                document, record = replace(document, note=note), replace(reading.record, note=note)
                return FileReading(record=record, document=document, passages=passages)
            if time.thread_time() - started > seconds:
                reader.refuse(reading.record, seconds)
                reason = f"{path} takes more than {seconds:.0f} seconds to divide into passages: split it."
                return FileReading(record=replace(reading.record, reason=reason, note=""))
            passages.append(PassageDigest(passage, _digest(passage)))
            if len(passages) % _SAVE_EVERY == 0:
                yield progress
        return FileReading(record=reading.record, document=document, passages=passages)

    def _embed(self, writer: IndexWriter, axes: Floats) -> Iterator[Progress]:
        """Encode the staged passages that have no vectors in the store, and save them in steps."""
        missing = writer.missing()
        encoded = self._encoder.encode_passages(map(writer.passage, missing))
        unsaved: list[PassageEncoding] = []
        for done, (number, passage) in enumerate(zip(missing, encoded, strict=True), 1):
            unsaved.append(PassageEncoding(number, passage.vectors, store_tokens(passage, axes)))
            if len(unsaved) == _SAVE_EVERY or done == len(missing):
                writer.save_encodings(unsaved)
                unsaved = []
            yield Progress(stage="Embedding", done=done, total=len(missing))


def _digest(passage: Passage) -> str:
    """Return the digest of what is encoded: equal digests have equal vectors."""
    return hashlib.sha256(json.dumps([passage.section, passage.text, passage.spans]).encode()).hexdigest()


def _open_or_create(index: Path, encoder: Encoder, full: bool) -> Store:
    Store.remove_leftovers(index)
    if not full and Store.exists(index):
        return Store.open(index)
    return Store.create(
        index,
        model=encoder.name,
        fingerprint=encoder.fingerprint,
        width=encoder.width,
        chunking=VERSION,
        axes=encoder.token_axes(),
    )


@contextmanager
def _only_builder(index: Path) -> Iterator[None]:
    try:
        index.mkdir(parents=True, exist_ok=True)
        with FileLock(index / LOCK_NAME, timeout=0):
            yield
    except Timeout as error:
        raise IndexNotWritableError(f"Another build of {index} is running: try again when it is done.") from error
    except OSError as error:
        advice = (
            "make room and try again; nothing is lost" if error.errno == errno.ENOSPC else "name another with --index"
        )
        raise IndexNotWritableError(f"The index cannot be written to {index} ({error.strerror}): {advice}.") from error
