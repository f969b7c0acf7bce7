"""The facade of the index: a folder of documents, its index, and the build that may be running."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from index.background_build import BackgroundBuild
from index.build import Progress, Report, build
from index.compatibility import replacement_notice
from index.contents import NO_CONTENTS, ContentsCache
from index.embed.encoder import Encoder
from index.embed.late_interaction import Floats
from index.errors import FootnoteError, IndexDamagedError, IndexOutdatedError, IndexUnusableError
from index.freshness import FileHashes, Freshness
from index.ingest import uploads
from index.ingest.limits import Limits
from index.ingest.sandbox import Parser
from index.ingest.scan import read_bytes, scan
from index.page_images import PageImages
from index.search.searcher import Searcher
from index.status import LibraryStatus, file_statuses, library_status, question_files
from index.store.embedded import index_of
from index.store.protocols import Index, SearchStore
from index.store.records import Changes, FileStatus
from index.types import ContextText, Document, FolderContents, Passage, Picture, SearchResult
from index.watch import Watch

TRASH = "trash"  # of removed documents
MAX_CLOSING_WAIT = 5.0  # seconds; a file that is being read then is left
MAX_FIRST_WAIT = 20.0  # seconds that a question waits for the first index
logger = logging.getLogger("footnote")


@dataclass
class Library:
    """Search a folder and keep its index up to date. Everyone who opens the page shares one library.

    `load` loads the model, at the first question or build. `on_built` is called in the thread of the build after each
    build that was not cancelled. With `waits_for_builds` a question waits until a damaged index is replaced. `folder`
    has what belongs to this machine: the log of questions and removed documents.
    """

    sources: Path
    index: Path | Index
    load: Callable[[], Encoder]
    limits: Limits = field(default_factory=Limits)
    on_built: Callable[[], None] = lambda: None
    waits_for_builds: bool = False
    _loading: threading.Lock = field(default_factory=threading.Lock)
    _contents: ContentsCache = field(default_factory=ContentsCache)
    _encoder: Encoder | None = None
    _searcher: Searcher | None = None

    def __post_init__(self) -> None:
        self.watch = Watch(self.sources, self._build_if_changed)
        self._build = BackgroundBuild(self._build_steps, lambda: self.on_built(), lambda: self.is_built)
        self._hashes = FileHashes(self.sources)
        self._place = index_of(self.index)
        self.folder = self._place.folder
        self._freshness = Freshness(self.sources, self._place, self._hashes)
        self._images = PageImages(self.sources, self._place, self.limits)

    @property
    def encoder(self) -> Encoder:
        """The model, loaded at its first use. Other callers wait for the first one."""
        with self._loading:
            self._encoder = self._encoder or self.load()
            return self._encoder

    @property
    def _searching(self) -> Searcher:
        encoder = self.encoder
        with self._loading:
            self._searcher = self._searcher or Searcher(self._place, encoder)
            return self._searcher

    @property
    def place(self) -> str:
        return str(self.sources)

    @property
    def is_building(self) -> bool:
        return self._build.is_running

    @property
    def progress(self) -> Progress | None:
        """The progress of the running build."""
        return self._build.progress

    @property
    def problem(self) -> str:
        """Why the last build failed."""
        return self._build.problem

    @property
    def begun(self) -> float:
        """When the running build started, by `time.monotonic`."""
        return self._build.started_at

    @property
    def is_built(self) -> bool:
        """Whether there is an index to answer from; False while a damaged or outdated one is being replaced."""
        if not self._place.exists():
            return False
        try:
            with self._place.open() as store:
                return store.generation() > 0
        except (IndexDamagedError, IndexOutdatedError):
            if self.is_building:
                return False
            raise

    def start_build(self, full: bool = False) -> None:
        """Start a build in the background, after the running one if there is one.

        `full` builds a new index beside the current one.
        """
        self._build.start(full)

    def wait(self) -> None:
        """Wait until no build is running."""
        self._build.wait()

    def cancel_build(self) -> None:
        """Cancel the running build at its next step, and stop watching, which would start it again."""
        self._build.cancel()
        self.watch.stop()

    def close(self) -> None:
        """Cancel the running build and wait some seconds for its end."""
        self.cancel_build()
        self._build.wait(MAX_CLOSING_WAIT)

    def search(
        self,
        question: str,
        k: int,
        context: Sequence[ContextText] = (),
        only: frozenset[str] | None = None,
        corrects_spelling: bool = True,
    ) -> SearchResult:
        """Return the k best passages, of the documents `only` if given. Wait some seconds for the first build.

        Raises:
            FootnoteError: there is no index yet, or it cannot be read.
        """

        def found() -> SearchResult:
            with self._replacing_damage():
                self._wait_for_first_build()
                return self._searching.search(question, k, context, only, corrects_spelling)

        try:
            return found()
        except IndexUnusableError:
            if not (self.waits_for_builds and self.is_building):
                raise
        self.wait()
        return found()

    def _wait_for_first_build(self) -> None:
        deadline = time.monotonic() + MAX_FIRST_WAIT
        while self.is_building and not self.is_built:
            if time.monotonic() > deadline:
                raise FootnoteError("The documents are being read for the first time: ask again when that is done.")
            time.sleep(0.05)
        if not self.is_built:
            nothing = f"There are no documents yet: put some into {self.place}, then update the library."
            raise FootnoteError(self.problem or nothing)

    def similarities(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        return self._searching.similarities(question, texts)

    def still_says(self, path: str, quote: str) -> bool:
        """Return whether a document of the index has a quote in it, and its file is unchanged."""
        with self._replacing_damage():
            return self._place.exists() and self._freshness.still_says(path, quote)

    def document(self, path: str) -> Document | None:
        """Return a document as it was indexed, or None. No file is opened."""
        with self._open() as store:
            return store.document(path)

    def present(self, path: str) -> Document:
        """Read the file of a document as it is now, which may differ from what was indexed."""
        with Parser(self.limits) as parser:
            return parser.read(path, read_bytes(self.sources, path, self.limits))

    def picture(self, path: str, page: int, quote: str, onward: bool = True) -> Picture | None:
        """Draw a page of a document with a quote marked, or the next page if the quote is there.

        Return None if documents of this format have no pages to draw.

        Raises:
            ReadingError: the document has changed since it was indexed, or cannot be drawn.
        """
        return self._images.draw(path, page, quote, onward=onward) if self._images.can_draw(path) else None

    def sample(self, count: int) -> list[Passage]:
        """Return up to `count` passages from all over the index."""
        if not self._place.exists():
            return []
        with self._open() as store:
            return store.sample(count)

    def status(self) -> LibraryStatus | None:
        """Compare the index with the folder; None if there is no index.

        Raises:
            FootnoteError: the folder is missing, or the index cannot be read.
        """
        with self._replacing_damage():
            if not self.is_built:
                return None
        with self._open() as store:
            return library_status(scan(self.sources), store, self._hashes.has_content)

    def file_statuses(self) -> list[FileStatus]:
        """Return the state of every file of the folder, including skipped files and those that wait for a build."""
        with self._replacing_damage():
            if not self.is_built:
                return file_statuses(scan(self.sources), None, self._hashes.has_content)
        with self._open() as store:
            return file_statuses(scan(self.sources), store, self._hashes.has_content)

    def question_files(self) -> list[str]:
        """Return the files of questions (JSON lines) in the folder. They are not documents."""
        return question_files(self.sources)

    def last_changes(self) -> Changes:
        """Return what the last build with a difference changed."""
        with self._open() as store:
            return store.changes()

    def size(self) -> int:
        """Return the bytes of the index, without the removed documents."""
        return self._place.size()

    def add(self, name: str, content: Path, replace: bool = False) -> None:
        """Copy a file into the folder, unless it is refused (see `index.ingest.uploads.add`)."""
        uploads.add(self.sources, name, content, self.limits, replace)

    def remove(self, path: str) -> Path:
        """Move a document to the trash of the index, and return its new place."""
        return uploads.remove(self.sources, path, self.folder / TRASH)

    def contents(self) -> FolderContents:
        """Return the titles of the documents of the index, by path; none before there is an index."""
        if not self._place.exists():
            return NO_CONTENTS
        with self._open() as store:
            return self._contents.of(store)

    def passages_of(self, path: str) -> list[tuple[Passage, Floats]]:
        """Return the passages of a document in order, each with its own vector and those of its sentences."""
        with self._open() as store, store.snapshot():
            return list(zip(store.passages_of(path), store.vectors_of(path), strict=True))

    def restore(self, path: str, removed: str) -> None:
        """Move a removed document back; `removed` is the name of its folder in the trash."""
        uploads.restore(self.sources, path, self.folder / TRASH / removed / Path(path).name)

    @contextmanager
    def _open(self) -> Iterator[SearchStore]:
        with self._replacing_damage(), self._place.open() as store:
            yield store

    @contextmanager
    def _replacing_damage(self) -> Iterator[None]:
        """Start a full build if the index turns out to be damaged or outdated.

        After a build that failed the user decides, so that it does not start again and again.
        """
        try:
            yield
        except (IndexDamagedError, IndexOutdatedError) as error:
            advice = "it is being built again. Ask again when done."
            if self.problem and not self.is_building:
                advice = f"update the library. {self.problem}"
            elif not self.is_building:
                logger.warning(replacement_notice(error))
                self.start_build(full=True)
            raise IndexUnusableError(f"{error.problem}: {advice}") from error

    def _build_if_changed(self) -> None:
        try:
            status = self.status()
        except FootnoteError as error:
            logger.info("The folder cannot be compared with the index: %s", error)
            return
        if status and status.difference:
            self.start_build()

    def _build_steps(self, full: bool) -> Iterator[Progress | Report]:
        yield from build(self.sources, self._place, self.encoder, full, self.limits)
