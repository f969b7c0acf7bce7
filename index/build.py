"""Bring an index up to date with its folder: embed what changed, then publish it as one new generation."""

import hashlib
import json
import logging
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from index.changed_files import FileOutcomes, FileReader, FileReading, compare, with_times
from index.compatibility import check_fits, check_model, replacement_notice, why_build, why_replaced
from index.embed_passages import PassageEncoder, Progress, embed
from index.errors import IndexDamagedError, SourcesError
from index.ingest.limits import Limits
from index.ingest.sandbox import Parser
from index.ingest.scan import File, Folder, scan
from index.store.embedded import index_of
from index.store.protocols import BuildStore, Index
from index.store.records import Changes, Difference, FileRecord, PassageDigest
from index.text.chunking import VERSION, split
from index.types import Document, Passage

__all__ = ["Progress", "Report", "build", "check_fits", "check_model", "compare", "why_build"]

MAX_PASSAGES = 50_000  # of one file
MAX_SENTENCES = 250_000  # of one file: each has a vector
_STAGE_EVERY = 64  # passages
logger = logging.getLogger("footnote")


class Encoder(PassageEncoder, Protocol):
    """Describe what a build needs of a model."""

    @property
    def limit(self) -> int: ...
    def count(self, texts: Sequence[str]) -> list[int]: ...


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
    folder: Path, index: Path | Index, encoder: Encoder, full: bool = False, limits: Limits | None = None
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
    target = index_of(index).for_building()
    with target.lock(), Parser(limits) as parser:
        notice = "" if full else why_replaced(target, encoder)
        if notice:
            logger.warning(notice)
        try:
            yield from _Build(folder, target, found, encoder, parser, notice).run(full or bool(notice))
        except IndexDamagedError as error:
            if full or notice:
                raise
            notice = replacement_notice(error)
            logger.warning(notice)
            yield from _Build(folder, target, found, encoder, parser, notice).run(full=True)


class _Build:
    """Run one build."""

    def __init__(
        self, folder: Path, index: Index, found: Folder, encoder: Encoder, parser: Parser, notice: str
    ) -> None:
        self._folder = folder
        self._index = index
        self._found = found
        self._encoder = encoder
        self._parser = parser
        self._notice = notice
        self._outcomes = FileOutcomes()

    def run(self, full: bool) -> Iterator[Progress | Report]:
        """Build, and yield the progress and the report. `full` builds a new index beside the current one."""
        with self._index.open_build(self._encoder, VERSION, full) as store:
            yield from self._update(store)

    def _update(self, store: BuildStore) -> Iterator[Progress | Report]:
        known, outcomes = store.files(), self._outcomes
        yield from self._stage(store, known)
        if len(outcomes.unreadable) == len(self._found.files) and not outcomes.waiting:
            reasons = " ".join(outcomes.unreadable.values())
            raise SourcesError(f"No document in {self._folder} can be read, so the index stays as it is: {reasons}")
        gone = {path: record.sha256 for path, record in known.items() if path not in self._found.files}
        difference, embedded = outcomes.difference(gone), 0
        for progress in embed(store, self._encoder):
            yield progress
            embedded = progress.done
        changes = None
        if difference or outcomes.touched or not store.describe().generation:
            changes = store.publish(difference, outcomes.touched)
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

    def _stage(self, store: BuildStore, known: Mapping[str, FileRecord]) -> Iterator[Progress]:
        """Read the files, stage those that differ from the index, and note what happened to each."""
        reader, total = FileReader(self._folder, self._parser), len(self._found.files)
        for number, file in enumerate(self._found.files.values()):
            progress = Progress(stage="Reading", done=number, total=total, document=file.path)
            yield progress
            yield from self._stage_file(store, reader, file, known.get(file.path), progress)

    def _stage_file(
        self, store: BuildStore, reader: FileReader, file: File, old: FileRecord | None, progress: Progress
    ) -> Iterator[Progress]:
        """Read a file, and stage it if it differs from the index. Its document is gone before the next is read."""
        outcomes, reading = self._outcomes, reader.read(file, old)
        if reading.document:
            reading = yield from self._divided(store, reading, reading.document, reader, progress)
        record = reading.record
        if record.reason:
            outcomes.unreadable[file.path] = record.reason
        elif record.note:
            outcomes.partial[file.path] = record.note
        if reading.waits:
            outcomes.waiting.append(file.path)
            return
        if reading.document:
            store.add(record, reading.document)
        elif record == old:
            return
        elif old and with_times(record, old) == old:
            outcomes.touched.append(record)
            return
        else:
            store.add_skipped(record)
        outcomes.note_change(old, record)

    def _divided(
        self, store: BuildStore, reading: FileReading, document: Document, reader: FileReader, progress: Progress
    ) -> Generator[Progress, None, FileReading]:
        """Stage the passages of a document within the limits, in parts, and yield the progress between these."""
        path, seconds, note = document.path, self._parser.limits.seconds, document.note
        started, passages, sentences = time.thread_time(), 0, 0
        part: list[PassageDigest] = []
        for passage in split(document, self._encoder.count, self._encoder.limit):
            if passages == MAX_PASSAGES or sentences + len(passage.sentences) > MAX_SENTENCES:
                note = f"{path} is read in part: only its first {passages:,} passages."
                break
            if time.thread_time() - started > seconds:
                store.drop_passages()
                reader.refuse(reading.record, seconds)
                reason = f"{path} takes more than {seconds:.0f} seconds to divide into passages: split it."
                return FileReading(record=replace(reading.record, reason=reason, note=""))
            part.append(PassageDigest(passage, _digest(passage)))
            passages, sentences = passages + 1, sentences + len(passage.sentences)
            if len(part) == _STAGE_EVERY:
                paused = time.thread_time()  # what is staged was divided in time
                store.add_passages(part)
                part = []
                yield progress
                started += time.thread_time() - paused
        store.add_passages(part)
        return FileReading(record=replace(reading.record, note=note), document=replace(document, note=note))


def _digest(passage: Passage) -> str:
    """Return the digest of what is encoded: equal digests have equal vectors."""
    return hashlib.sha256(json.dumps([passage.section, passage.text, passage.spans]).encode()).hexdigest()
