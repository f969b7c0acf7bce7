"""A folder of documents with its index, for a program that stays: the build that may run beside it, the watch over it,
and what both hold. Shared by everyone who has the page open."""

import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.build import Progress, build, compare
from index.embed.encoder import Encoder
from index.errors import FootnoteError
from index.freshness import Freshness
from index.ingest import uploads as filing
from index.ingest.limits import Limits
from index.ingest.scan import scan
from index.page_images import Viewer
from index.search.searcher import Searcher
from index.store.records import Changes, Description, Difference, LedgerEntry
from index.store.store import Store
from index.types import ContextText, Document, FolderContents, Passage, Picture, SearchResult
from index.watch import Watch

TRASH = "trash"
PATIENCE = 20.0  # seconds that a question waits for the first index


@dataclass(frozen=True, slots=True)
class Standing:
    """What an index holds, how the folder differs from it, and why some files are not read, or not in full."""

    description: Description
    difference: Difference
    unread: tuple[str, ...]


@dataclass
class Library:
    """The folder, its index and the build that may be running on it. The model is made ready by `load` when it is
    needed first; `on_built` is called in the build's own thread after each build that was not cancelled."""

    sources: Path
    index: Path
    load: Callable[[], Encoder]
    limits: Limits = field(default_factory=Limits)
    on_built: Callable[[], None] = lambda: None
    progress: Progress | None = None
    problem: str = ""
    begun: float = 0.0
    _cancelled: bool = False
    _thread: threading.Thread | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _loading: threading.Lock = field(default_factory=threading.Lock)
    _loaded: tuple[Encoder, Searcher] | None = None
    _contents: FolderContents | None = None

    def __post_init__(self) -> None:
        self.watch = Watch(self.sources, self._look)
        self._freshness = Freshness(self.sources, self.index)
        self._viewer = Viewer(self.sources, self.index, self.limits)

    def ready(self) -> tuple[Encoder, Searcher]:
        """The model, and what finds passages with it; the first call makes them ready, others wait for it."""
        with self._loading:
            if self._loaded is None:
                encoder = self.load()
                self._loaded = encoder, Searcher(self.index, encoder)
            return self._loaded

    @property
    def is_building(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    @property
    def is_built(self) -> bool:
        """Whether there is an index to answer from."""
        if not Store.exists(self.index):
            return False
        with Store.open(self.index) as store:
            return store.generation() > 0

    def start_build(self) -> None:
        """Start a build beside the page, unless one is running."""
        with self._lock:
            if not self.is_building:
                self._cancelled, self.problem = False, ""
                self.progress, self.begun = Progress("Preparing the model", 0, 0), time.monotonic()
                self._thread = threading.Thread(target=self._build, daemon=True)
                self._thread.start()

    def wait(self) -> None:
        """Return once no build is running."""
        if self._thread:
            self._thread.join()

    def cancel_build(self) -> None:
        """Stop the running build at its next step, and watching, which would start it anew; the last whole index
        stays."""
        self._cancelled = True
        self.watch.turn(False)

    def search(
        self, question: str, k: int, context: Sequence[ContextText] = (), only: frozenset[str] | None = None
    ) -> SearchResult:
        """The k best passages for a question, together with what was said before; while the first build runs, it waits
        some seconds for its end. `only` are the paths of the documents to search.

        Raises:
            FootnoteError: there is no index yet, or it cannot be opened.
        """
        deadline = time.monotonic() + PATIENCE
        while self.is_building and not self.is_built:
            if time.monotonic() > deadline:
                raise FootnoteError("The documents are being read for the first time: ask again when that is done.")
            time.sleep(0.05)
        if not self.is_built:
            nothing = f"There are no documents yet: put some into {self.sources} and press Rebuild."
            raise FootnoteError(self.problem or nothing)
        return self.ready()[1].search(question, k, context, only)

    def similarities(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """How near in meaning a question is to some texts."""
        return self.ready()[1].similarities(question, texts)

    def still_says(self, path: str, quote: str) -> bool:
        """Whether a document of the last index holds a quote, and its file is what was read."""
        return Store.exists(self.index) and self._freshness.still_says(path, quote)

    def document(self, path: str) -> Document | None:
        """A document of the last index as it was read, or None. No file is opened."""
        with Store.open(self.index) as store:
            return store.document(path)

    def picture(self, path: str, page: int, quote: str) -> Picture | None:
        """A page of a document with a quote marked, or the next page, if the quote is on that; None where documents of
        its kind have no pages to draw.

        Raises:
            ReadingError: the document has changed since it was read, or cannot be drawn.
        """
        return self._viewer.picture(path, page, quote, onward=True) if self._viewer.shows(path) else None

    def sample(self, most: int) -> list[Passage]:
        """Passages of the last index from here and there, at equal distances."""
        if not self.is_built:
            return []
        with Store.open(self.index) as store, store.snapshot():
            numbers = store.passage_numbers()
            chosen = numbers[:: max(1, len(numbers) // most)][:most].tolist()
            passages = store.passages(chosen)
        return [passages[number] for number in chosen]

    def standing(self) -> Standing | None:
        """How the index stands to the folder; None before there is an index.

        Raises:
            FootnoteError: the folder is missing, or the index cannot be opened.
        """
        if not self.is_built:
            return None
        found = scan(self.sources)
        with Store.open(self.index) as store:
            description, known = store.describe(), store.files()
        unread = [*filter(None, (record.reason or record.note for record in known.values())), *found.skipped.values()]
        return Standing(description, compare(found.files, known), tuple(unread))

    def ledger(self) -> list[LedgerEntry]:
        """What became of every file of the folder, those that wait for a build and those passed over included."""
        found = scan(self.sources)
        entries: dict[str, LedgerEntry] = {}
        if self.is_built:
            with Store.open(self.index) as store:
                entries = {entry.path: entry for entry in store.ledger()}
                difference = compare(found.files, store.files())
            said = (
                (difference.edited, "edited", "has changed since it was read: rebuild to read it anew."),
                (difference.removed, "removed", "is no longer in the folder: rebuild to forget it."),
            )
            entries |= {path: LedgerEntry(path, state, f"{path} {why}") for paths, state, why in said for path in paths}
        waiting = "waits to be read: rebuild to read it."
        entries |= {
            path: LedgerEntry(path, "added", f"{path} {waiting}") for path in found.files if path not in entries
        }
        entries |= {path: LedgerEntry(path, "skipped", why) for path, why in found.skipped.items()}
        return [entries[path] for path in sorted(entries)]

    def question_files(self) -> list[str]:
        """The files of questions, lines of JSON, that lie in the folder; they are no documents."""
        found = [path for path in scan(self.sources).skipped if path.endswith(".jsonl")]
        return [path for path in found if (self.sources / path).is_file() and not (self.sources / path).is_symlink()]

    def last_changes(self) -> Changes:
        """What the last build that changed the index changed in it."""
        with Store.open(self.index) as store:
            return store.changes()

    def size(self) -> int:
        """The bytes that the index takes on disk, without the removed files."""
        return sum(path.stat().st_size for path in self.index.glob("*") if path.is_file())

    def add(self, name: str, content: Path, replace: bool = False) -> None:
        """Put a copy of a file into the folder.

        Raises:
            FootnoteError: it does not fit, see `index.ingest.uploads.add`.
        """
        filing.add(self.sources, name, content, self.limits, replace)

    def remove(self, path: str) -> Path:
        """Move a document out of the folder to the removed files in the index folder; where it is now.

        Raises:
            FootnoteError: it is not there, or cannot be moved.
        """
        return filing.remove(self.sources, path, self.index / TRASH)

    def contents(self) -> FolderContents:
        """Return the titles of the documents of the last index, by path."""
        if not Store.exists(self.index):
            return FolderContents(generation=0, total_passages=0, titles={})
        with Store.open(self.index) as store, store.snapshot():
            if self._contents is None or self._contents.generation != store.generation():
                description = store.describe()
                self._contents = FolderContents(
                    generation=description.generation, total_passages=description.passages, titles=store.titles()
                )
            return self._contents

    def passages_of(self, path: str) -> list[Passage]:
        """Return the passages of a document of the last index, in order."""
        with Store.open(self.index) as store:
            return store.passages_of(path)

    def vectors_of(self, path: str) -> list[NDArray[np.float32]]:
        """Return the vectors of each of those passages: its own and then its sentences'."""
        with Store.open(self.index) as store:
            return store.vectors_of(path)

    def _look(self) -> None:
        if self.is_building:
            return
        try:
            standing = self.standing()
        except FootnoteError:
            return
        if standing and standing.difference:
            self.start_build()

    def _build(self) -> None:
        try:
            encoder, _ = self.ready()
            for step in build(self.sources, self.index, encoder, limits=self.limits):
                if not isinstance(step, Progress):
                    self.on_built()
                    break
                if self._cancelled:
                    self.problem = "Cancelled. The last whole index is kept."
                    break
                self.progress = step
        except FootnoteError as error:
            self.problem = str(error)
        except Exception:
            self.problem = "The build failed: the terminal shows why. The last whole index is kept."
            traceback.print_exc()
