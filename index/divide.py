"""Divide a document into passages, and note the digest of what is encoded of each."""

import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from typing import Protocol

from index.errors import ReadingError
from index.store.records import PassageDigest
from index.text.chunking import split
from index.types import Document, Passage


class TokenCounter(Protocol):
    """Describe what dividing needs of a model: the most tokens of a passage, and how to count them."""

    @property
    def limit(self) -> int: ...
    def count(self, texts: Sequence[str]) -> list[int]: ...


def divide(document: Document, tokens: TokenCounter, seconds: float) -> Iterator[PassageDigest]:
    """Yield the passages of a document within some seconds of processor time.

    Raises:
        ReadingError: it takes longer.
    """
    started = time.thread_time()
    for passage in split(document, tokens.count, tokens.limit):
        if time.thread_time() - started > seconds:
            raise ReadingError(
                f"{document.path} takes more than {seconds:.0f} seconds to divide into passages: split it."
            )
        yield PassageDigest(passage, _digest(passage))


def _digest(passage: Passage) -> str:
    """Return the digest of what is encoded: equal digests have equal vectors."""
    return hashlib.sha256(json.dumps([passage.section, passage.text, passage.spans]).encode()).hexdigest()
