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
    """A file as the last build found it: `reason` says why it could not be read, "" where it could."""

    path: str
    size: int
    modified_ns: int
    sha256: str = ""
    reason: str = ""


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
