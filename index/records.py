"""What an index says of itself and of files, and passages as they are kept, to be checked."""

from collections.abc import Sequence
from dataclasses import dataclass

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
