"""The plain way to search, to measure against: every passage encoded whole, the nearest by cosine."""

from pathlib import Path

import numpy as np

from index.embed.encoder import Encoder
from index.store.store import Store
from index.store.vector_index import VectorIndex
from index.types import Hit, SearchResult


class PlainSearcher:
    """Searches the passages that an index holds now, by vectors of its own making."""

    def __init__(self, index: Path, encoder: Encoder) -> None:
        with Store.open(index) as store, store.snapshot():
            self._generation = store.generation()
            self._passages = [passage for path in store.files() for passage in store.passages_of(path)]
        self._encoder = encoder
        self._vectors = VectorIndex(encoder.encode([passage.text for passage in self._passages]).astype(np.float16))

    def search(self, question: str, k: int) -> SearchResult:
        """The k passages nearest to a question."""
        found = self._vectors.search(self._encoder.encode([question])[0], k)
        hits = [
            Hit(passage=self._passages[row], score=score, semantic_rank=rank)
            for rank, (row, score) in enumerate(found, 1)
        ]
        return SearchResult(
            question=question, generation=self._generation, hits=tuple(hits), total_passages=len(self._passages)
        )
