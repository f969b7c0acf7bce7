"""Nearest vectors, by faiss."""

import faiss
import numpy as np
from numpy.typing import NDArray


class VectorIndex:
    """Unit vectors that are searched by cosine, all of them; a vector is known by its row.

    They are held in 16 bits a number, as the store keeps them: nothing is lost, and a search is bound by memory.
    """

    def __init__(self, width: int) -> None:
        kind = faiss.ScalarQuantizer.QT_fp16
        self._index = faiss.IndexScalarQuantizer(width, kind, faiss.METRIC_INNER_PRODUCT)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def add(self, vectors: NDArray[np.float32]) -> None:
        """Append vectors of shape (n, width).

        Raises:
            ValueError: they are of another width.
        """
        if vectors.ndim != 2 or vectors.shape[1] != self._index.d:
            raise ValueError(f"vectors of shape {vectors.shape} do not fit an index of width {self._index.d}")
        self._index.add(np.ascontiguousarray(vectors, dtype=np.float32))

    def search(self, query: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """The k rows nearest to a query of shape (width,) with their cosines, best first; fewer if there are fewer."""
        k = min(k, len(self))  # past its size, faiss pads the answer with row -1
        if k < 1:
            return []
        scores, rows = self._index.search(query.reshape(1, -1), k)
        return [(int(row), float(score)) for row, score in zip(rows[0], scores[0], strict=True)]

    def cosines(self, rows: NDArray[np.int64], query: NDArray[np.float32]) -> NDArray[np.float32]:
        """The cosine of each of some rows to a query of shape (width,), in their order."""
        return np.asarray(self._index.reconstruct_batch(rows) @ query, dtype=np.float32)
