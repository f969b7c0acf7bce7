"""What answering requests needs of a folder of documents."""

from collections.abc import Collection, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.types import ContextText, Document, FolderContents, Hit, Passage, SearchResult, Span
from qa.types import Citation, Place

Vectors = NDArray[np.float32]
MAX_WORDS = 150


class Folder(Protocol):
    """A folder of documents with its index."""

    def contents(self) -> FolderContents: ...
    def document(self, path: str) -> Document | None: ...
    def passages_of(self, path: str) -> list[tuple[Passage, Vectors]]: ...
    def search(
        self,
        question: str,
        k: int,
        context: Sequence[ContextText] = (),
        only: frozenset[str] | None = None,
        corrects_spelling: bool = True,
    ) -> SearchResult: ...
    def still_says(self, path: str, quote: str) -> bool: ...


def cite(folder: Folder, quotes: Sequence[tuple[Passage, tuple[int, int]]]) -> tuple[Citation, ...]:
    """Cite ranges of passages, numbered from 1."""
    return tuple(
        Citation(
            number=number,
            quote=passage.quote(start, end),
            start=start,
            end=end,
            passage=passage,
            is_current=folder.still_says(passage.path, passage.text),
        )
        for number, (passage, (start, end)) in enumerate(quotes, 1)
    )


def as_hits(citations: Sequence[Citation]) -> tuple[Hit, ...]:
    """List the passages of citations as hits, each once."""
    return tuple(Hit(passage=passage, score=1.0) for passage in dict.fromkeys(one.passage for one in citations))


def is_quoted(path: str, span: Span, quoted: Collection[Place]) -> bool:
    """Check whether a range of a document overlaps what was quoted."""
    return any(one.document == path and span[0] < one.end and one.start < span[1] for one in quoted)


def word_count(text: str) -> int:
    """Count the words of a text."""
    return len(text.split())


def joined(names: Sequence[str], most: int = 10) -> str:
    """Write names as a list in a sentence, and how many more there are.

    >>> joined(["a", "b", "c"]), joined(["a", "b", "c"], 1)
    ('a, b and c', 'a and 2 more')
    """
    shown = [*names[:most], *([f"{len(names) - most} more"] if len(names) > most else [])]
    return " and ".join(filter(None, [", ".join(shown[:-1]), *shown[-1:]]))
