"""Search by whole passages and cosine similarity: the baseline that Footnote is compared with."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from index.embed.late_interaction import Floats
from index.store.embedded import index_of
from index.store.protocols import Index
from index.store.vector_index import VectorIndex
from index.types import Hit, SearchResult


class TextEncoder(Protocol):
    """What the baseline needs of a model: a unit vector for each text."""

    def encode(self, texts: Sequence[str]) -> Floats: ...


class BaselineSearcher:
    """Encode the passages of an index, each as a whole, and search them."""

    def __init__(self, index: Path | Index, encoder: TextEncoder) -> None:
        with index_of(index).open() as store, store.snapshot():
            self._generation = store.generation()
            self._passages = [passage for path in store.files() for passage in store.passages_of(path)]
        self._encoder = encoder
        self._vectors = VectorIndex(encoder.encode([passage.text for passage in self._passages]).astype(np.float16))

    def search(self, question: str, k: int) -> SearchResult:
        """Return the k passages nearest to a question."""
        found = self._vectors.search(self._encoder.encode([question])[0], k)
        hits = [
            Hit(passage=self._passages[row], score=score, semantic_rank=rank)
            for rank, (row, score) in enumerate(found, 1)
        ]
        return SearchResult(
            question=question, generation=self._generation, hits=tuple(hits), total_passages=len(self._passages)
        )
