"""What an index says of itself and of files, and passages as they are kept, to be checked."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from index.types import Span


@dataclass(frozen=True, slots=True)
class Description:
    """What an index says of itself. A generation counts the builds that changed it; 0 is an index never built."""

    model: str
    fingerprint: str
    width: int
    splitting: int
    generation: int
    built_at: float
    documents: int
    passages: int


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file as the last build found it: `reason` says why it could not be read, "" where it could, and `note` what of
    it could not; `original` is the file that it is a copy of, "" where it is none."""

    path: str
    size: int
    modified_ns: int
    sha256: str = ""
    reason: str = ""
    note: str = ""
    original: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """The files that are in the folder and not in the index, in both but not alike, and in the index only. Those
    `renamed`, before and now, are told by their content, and are none of these."""

    added: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.edited or self.removed or self.renamed)

    def __str__(self) -> str:
        parts = [(self.added, "added"), (self.edited, "edited"), (self.removed, "removed"), (self.renamed, "renamed")]
        return counted(*((len(files), what) for files, what in parts)) or "nothing changed"


@dataclass(frozen=True, slots=True)
class Change:
    """What a build did with a file: `what` is renamed (from `was`), edited, removed or added; and how many of its
    passages are new, gone and kept."""

    what: str
    path: str
    was: str = ""
    added: int = 0
    removed: int = 0
    kept: int = 0

    def __str__(self) -> str:
        counts = counted((self.added, "added"), (self.removed, "removed"), (self.kept, "kept"))
        name = f"{self.was} to {self.path}" if self.was else self.path
        return f"{self.what} {name}" + (f" (passages: {counts})" if counts else "")


@dataclass(frozen=True, slots=True)
class Changes:
    """What a build changed: the files, some hundreds of them by name, and how many passages of all files are new, gone
    and kept. A passage that only went from one file to another is kept."""

    counts: dict[str, int] = field(default_factory=dict)
    added: int = 0
    removed: int = 0
    kept: int = 0
    files: tuple[Change, ...] = ()

    def __str__(self) -> str:
        files = counted(*((count, what) for what, count in self.counts.items())) or "nothing changed"
        passages = counted((self.added, "added"), (self.removed, "removed"), (self.kept, "kept"))
        return f"{files}; passages: {passages or 'none'}"


def counted(*counts: tuple[int, str]) -> str:
    """Counts in words, without those that are 0.

    >>> counted((2, "added"), (0, "edited"), (1, "removed"))
    '2 added, 1 removed'
    """
    return ", ".join(f"{count} {what}" for count, what in counts if count)


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What became of a file: `state` is indexed, partial (some of it could not be read), copy, unreadable or skipped,
    and `reason` says why; its characters, its pages or other units and its passages are counted."""

    path: str
    state: str
    reason: str = ""
    characters: int = 0
    pages: int = 0
    unit: str = ""
    passages: int = 0

    def __str__(self) -> str:
        if self.state == "indexed":
            counts = [(self.characters, "character"), (self.pages, self.unit), (self.passages, "passage")]
            said = ", ".join(f"{count} {what}{'s' * (count != 1)}" for count, what in counts if what and count)
            return f"{self.path}: {said or 'empty'}."
        return self.reason


@dataclass(frozen=True, slots=True)
class KeptPassage:
    """A passage as it is kept, nothing of it trusted: None is missing."""

    start: int
    end: int
    text: str
    sentences: Sequence[Span]
    section: Sequence[str]
    vectors: bytes | None
    tokens: bytes | None
    places: bytes | None
    words: str | None
    section_words: str | None
    name_words: str | None
