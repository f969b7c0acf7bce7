"""Bring an index up to date with its folder: embed what changed, then publish it as one new generation."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from index.ahead import Ahead
from index.changed_files import FileOutcomes, FileReader, FileReading, Passages, compare, with_times
from index.compatibility import check_fits, check_model, replacement_notice, why_build, why_replaced
from index.divide import TokenCounter
from index.embed_passages import STEP_SECONDS, Embedding, PassageEncoder
from index.errors import IndexDamagedError, SourcesError
from index.freed_memory import give_back_large_blocks, give_back_small_blocks
from index.ingest.archive_reader import ArchiveReader
from index.ingest.limits import Limits
from index.ingest.sandbox import Parser
from index.ingest.scan import Folder, scan
from index.progress import Progress, Work
from index.store.embedded import index_of
from index.store.protocols import BuildStore, Index
from index.store.records import Changes, Difference, FileRecord
from index.text.chunking import VERSION

__all__ = ["Progress", "Report", "build", "check_fits", "check_model", "compare", "why_build"]

QUEUE_EVERY = 512  # passages, which are then encoded while more files are read: a small claim fills batches badly
MAX_AHEAD = 32 * 2**20  # bytes of memory of files that were read and are not staged yet
_RECORD_BYTES, _TEXT_BYTES, _PASSAGE_BYTES = 2**16, 4, 2**13  # of a file, a character and a passage
logger = logging.getLogger("footnote")


class Encoder(PassageEncoder, TokenCounter, Protocol):
    """Describe what a build needs of a model."""


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
    give_back_large_blocks()
    found = scan(folder)
    if not found.files:
        first = f" {next(iter(found.skipped.values()))}" if found.skipped else ""
        raise SourcesError(
            f"The folder {folder} holds no document that can be read: add some, or name another with --sources.{first}"
        )
    target = index_of(index).for_building()
    with target.lock():
        notice = "" if full else why_replaced(target, encoder)
        if notice:
            logger.warning(notice)
        try:
            yield from _Build(folder, target, found, encoder, limits, notice).run(full or bool(notice))
        except IndexDamagedError as error:
            if full or notice:
                raise
            notice = replacement_notice(error)
            logger.warning(notice)
            yield from _Build(folder, target, found, encoder, limits, notice).run(full=True)


class _Build:
    """Run one build."""

    def __init__(
        self, folder: Path, index: Index, found: Folder, encoder: Encoder, limits: Limits | None, notice: str
    ) -> None:
        self._folder = folder
        self._index = index
        self._found = found
        self._encoder = encoder
        self._limits = limits
        self._notice = notice
        self._outcomes = FileOutcomes()
        # Passages of the file that is being read, of files that are not queued yet, and of those that are
        self._begun = self._staged = self._queued = 0

    def run(self, full: bool) -> Iterator[Progress | Report]:
        """Build, and yield the progress and the report. `full` builds a new index beside the current one."""
        with (
            self._index.open_build(self._encoder, VERSION, full) as store,
            Parser(self._limits) as parser,
            ArchiveReader() as archives,
        ):
            yield from self._update(store, FileReader(self._folder, parser, archives, self._encoder))

    def _update(self, store: BuildStore, reader: FileReader) -> Iterator[Progress | Report]:
        known, outcomes = store.files(), self._outcomes
        changed = compare(self._found.files, known)
        work = Work(files=len(self._found.files), changed={*changed.added, *changed.edited, *changed.reread})
        with Embedding(store, self._encoder) as embedding:
            with self._reading(reader, known) as readings:
                while not readings.is_over:
                    self._stage(store, known, readings.take(STEP_SECONDS), work)
                    if not self._begun:  # what is staged of a file may be dropped
                        self._embed(store, embedding)
                    yield work.reading(reader.path, embedding.done)
            self._queue(store)
            self._check_any_is_readable()
            while embedding.advance(STEP_SECONDS):
                yield work.embedding(embedding.done, self._queued)
        give_back_small_blocks()
        gone = {path: record.sha256 for path, record in known.items() if path not in self._found.files}
        difference, changes = outcomes.difference(gone), None
        if difference or outcomes.touched or not store.describe().generation:
            changes = store.publish(difference, outcomes.touched)
        description = store.describe()
        yield Report(
            generation=description.generation,
            difference=difference,
            changes=changes or Changes(unchanged=description.passages),
            embedded=self._queued,
            documents=description.documents,
            passages=description.passages,
            unreadable=outcomes.unreadable,
            partial=outcomes.partial,
            skipped=self._found.skipped,
            notice=self._notice,
        )

    def _reading(self, reader: FileReader, known: Mapping[str, FileRecord]) -> Ahead[Passages | FileReading]:
        """Begin to read the files in a thread."""
        files = reader.read_all(self._found.files.values(), known)
        return Ahead(files, cost=_cost, max_cost=MAX_AHEAD, stop=reader.stop)

    def _embed(self, store: BuildStore, embedding: Embedding) -> None:
        """Embed passages while files are read, once enough are staged."""
        if self._staged >= QUEUE_EVERY:
            self._queue(store)
        if self._queued > embedding.done:
            embedding.advance()

    def _check_any_is_readable(self) -> None:
        outcomes = self._outcomes
        if len(outcomes.unreadable) == len(self._found.files) and not outcomes.waiting:
            reasons = " ".join(outcomes.unreadable.values())
            raise SourcesError(f"No document in {self._folder} can be read, so the index stays as it is: {reasons}")

    def _queue(self, store: BuildStore) -> None:
        """Queue what is staged, so that it is encoded."""
        self._queued += store.queue()
        self._staged = 0

    def _stage(
        self,
        store: BuildStore,
        known: Mapping[str, FileRecord],
        found: Passages | FileReading | None,
        work: Work,
    ) -> None:
        """Stage passages of a file, or what it is if that differs from the index, and note what happened to it."""
        if isinstance(found, FileReading):
            if self._begun and not found.document:
                store.drop_passages()
                self._begun = 0
            self._stage_file(store, known.get(found.record.path), found)
            work.note_file(found.record.path, self._begun)
            self._staged, self._begun = self._staged + self._begun, 0
        elif found:
            store.add_passages(found)
            self._begun += len(found)

    def _stage_file(self, store: BuildStore, old: FileRecord | None, reading: FileReading) -> None:
        record, outcomes = reading.record, self._outcomes
        if record.reason:
            outcomes.unreadable[record.path] = record.reason
        elif record.note:
            outcomes.partial[record.path] = record.note
        if reading.waits:
            outcomes.waiting.append(record.path)
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


def _cost(found: Passages | FileReading) -> int:
    """Return about how many bytes of memory something takes that was read and is not staged yet."""
    if isinstance(found, FileReading):
        return _RECORD_BYTES + (_TEXT_BYTES * len(found.document.text) if found.document else 0)
    return _PASSAGE_BYTES * len(found)
