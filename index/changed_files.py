"""Find the files that changed since the last build, read them, and divide them into passages."""

import hashlib
import time
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.divide import TokenCounter, divide
from index.errors import ReadingError
from index.ingest.archive_reader import ArchiveReader
from index.ingest.formats import kind, reader_version
from index.ingest.sandbox import Parser
from index.ingest.scan import File, read_bytes
from index.store.records import Difference, FileRecord, PassageDigest
from index.text.language import language_of
from index.types import Document

MAX_PASSAGES = 50_000  # of one file
MAX_SENTENCES = 250_000  # of one file: each has a vector
MAX_FAILED_SECONDS = 15 * 60.0
_STAGE_EVERY = 64  # passages
_WAITS = "waits for the next build, since files that cannot be read took more than 15 minutes: build again."


def compare(
    files: Mapping[str, File], known: Mapping[str, FileRecord], has_content: Callable[[FileRecord], bool] | None = None
) -> Difference:
    """Compare a folder with its index by names, sizes, times and reader versions.

    Size and time of a copied file, or of an edit that hides itself, are the same, but the time of the last change
    (ctime) or the inode differ. `has_content` then decides; without it the file counts as unchanged.
    """

    def is_edited(file: File) -> bool:
        old = known[file.path]
        if (old.size, old.modified_ns) != (file.size, file.modified_ns):
            return True
        is_other_file = (old.changed_ns, old.inode) != (file.changed_ns, file.inode)
        return bool(is_other_file and has_content and not has_content(old))

    both = [path for path in files if path in known]
    edited = [path for path in both if is_edited(files[path])]
    outdated = {path for path in both if known[path].reader != reader_version(path)}
    return Difference(
        added=tuple(path for path in files if path not in known),
        edited=tuple(edited),
        removed=tuple(path for path in known if path not in files),
        reread=tuple(sorted(outdated.difference(edited))),
    )


@dataclass(slots=True)
class FileOutcomes:
    """Collect what happened to each file of a build.

    `added` has the hash of each new file, `touched` the files with new times and the same content.
    """

    added: dict[str, str] = field(default_factory=dict)
    edited: list[str] = field(default_factory=list)
    reread: list[str] = field(default_factory=list)
    touched: list[FileRecord] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    unreadable: dict[str, str] = field(default_factory=dict)
    partial: dict[str, str] = field(default_factory=dict)

    def note_change(self, old: FileRecord | None, record: FileRecord) -> None:
        """Note how a staged file differs from what the index has."""
        if old is None:
            self.added[record.path] = record.sha256
        elif old.sha256 != record.sha256:
            self.edited.append(record.path)
        elif (old.reader, old.limits) != (record.reader, record.limits):
            self.reread.append(record.path)

    def difference(self, gone: Mapping[str, str]) -> Difference:
        """Return the difference to the index. A file that went and came back under another name is renamed.

        `gone` has the hashes of files that are no longer in the folder.
        """
        names: dict[str, list[str]] = {}
        for path, digest in gone.items():
            names.setdefault(digest, []).append(path)
        renamed = tuple((names[digest].pop(0), path) for path, digest in self.added.items() if names.get(digest))
        old_names, new_names = {old for old, _ in renamed}, {new for _, new in renamed}
        return Difference(
            added=tuple(path for path in self.added if path not in new_names),
            edited=tuple(self.edited),
            removed=tuple(path for path in gone if path not in old_names),
            renamed=renamed,
            reread=tuple(self.reread),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReading:
    """Hold what a file is now, and its document if it had to be read.

    `waits` marks a file that is left for the next build.
    """

    record: FileRecord
    document: Document | None = None
    waits: bool = False


Passages = list[PassageDigest]


class FileReader:
    """Read the files of a folder that changed. Copies of a file that was read before are not read.

    Once files that cannot be read have taken 15 minutes, the others wait for the next build, which does not try the
    same files again.
    """

    def __init__(self, folder: Path, parser: Parser, archives: ArchiveReader, tokens: TokenCounter) -> None:
        self.path = ""  # of the file that is being read
        self._folder = folder
        self._parser = parser
        self._archives = archives
        self._tokens = tokens
        self._limits = hashlib.sha256(str(parser.limits).encode()).hexdigest()[:16]
        self._originals: dict[tuple[str, str | None], str] = {}
        self._failed_seconds = 0.0

    def read_all(
        self, files: Iterable[File], known: Mapping[str, FileRecord]
    ) -> Generator[Passages | FileReading, None, None]:
        """Read files in order: yield the passages of each in parts, then what it is now.

        `known` has what the index knows of each file. Passages of a file that turns out to be unreadable do not count.
        """
        for file in files:
            self.path = file.path
            yield from self._read_one(file, known.get(file.path))

    def stop(self) -> None:
        """Give up the file that another thread reads."""
        self._parser.stop()

    def _read_one(self, file: File, old: FileRecord | None) -> Generator[Passages | FileReading, None, None]:
        reading = self._read(file, old)
        if reading.document:
            reading = yield from self._divided(reading.record, reading.document)
        yield reading

    def _divided(self, record: FileRecord, document: Document) -> Generator[Passages, None, FileReading]:
        """Divide a document into passages within the limits, and yield them in parts."""
        count, sentences, note = 0, 0, document.note
        part: list[PassageDigest] = []
        try:
            for passage in divide(document, self._tokens, self._parser.limits.seconds):
                count, sentences = count + 1, sentences + len(passage.passage.sentences)
                if count > MAX_PASSAGES or sentences > MAX_SENTENCES:
                    note = f"{document.path} is read in part: only its first {count - 1:,} passages."
                    break
                part.append(passage)
                if len(part) == _STAGE_EVERY:
                    yield part
                    part = []
        except ReadingError as error:
            self._refuse(record, self._parser.limits.seconds)
            return FileReading(record=replace(record, reason=str(error), note=""))
        if part:
            yield part
        return FileReading(record=replace(record, note=note), document=replace(document, note=note))

    def _read(self, file: File, old: FileRecord | None) -> FileReading:
        """Read a file unless it is unchanged or a copy."""
        record = FileRecord(
            path=file.path,
            size=file.size,
            modified_ns=file.modified_ns,
            changed_ns=file.changed_ns,
            inode=file.inode,
            reader=reader_version(file.path),
            limits=self._limits,
        )
        try:
            content = read_bytes(self._folder, file.path, self._parser.limits, self._archives)
            record = replace(record, sha256=hashlib.sha256(content).hexdigest())
            content_and_kind = record.sha256, kind(file.path)
            if content_and_kind in self._originals:
                return FileReading(record=replace(record, original=self._originals[content_and_kind]))
            if old and _can_be_reused(old, record):
                if not old.reason:
                    self._originals[content_and_kind] = file.path
                return FileReading(record=with_times(old, record))
            if self._failed_seconds > MAX_FAILED_SECONDS:
                return FileReading(record=replace(record, reason=f"{file.path} {_WAITS}"), waits=True)
            started = time.monotonic()
            try:
                document = self._parser.read(file.path, content)
            except ReadingError:
                self._failed_seconds += time.monotonic() - started
                raise
            document = replace(document, language=language_of(document.text))
            self._originals[content_and_kind] = file.path
            return FileReading(record=replace(record, note=document.note), document=document)
        except ReadingError as error:
            return FileReading(record=replace(record, reason=str(error)))

    def _refuse(self, record: FileRecord, seconds: float) -> None:
        """Note that a document could not be used after all, and how long that took: it is no original of copies."""
        self._originals.pop((record.sha256, kind(record.path)), None)
        self._failed_seconds += seconds


def with_times(record: FileRecord, times: FileRecord) -> FileRecord:
    """Return a record with the size, times and inode of another."""
    return replace(
        record,
        size=times.size,
        modified_ns=times.modified_ns,
        changed_ns=times.changed_ns,
        inode=times.inode,
    )


def _can_be_reused(old: FileRecord, record: FileRecord) -> bool:
    """Return whether reading a file again would give what the index has.

    A file that could not be read, or only in part, is tried again with other limits.
    """
    is_incomplete = bool(old.reason or old.note)
    return (
        (old.sha256, old.reader) == (record.sha256, record.reader)
        and not old.original
        and (not is_incomplete or old.limits == record.limits)
    )
