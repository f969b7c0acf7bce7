"""A model whose vectors can be worked out by hand, and a reader without a process of its own."""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import hadamard
from threadpoolctl import threadpool_limits

from index.embed.late_interaction import EncodedPassage, EncodedQuestion
from index.ingest.formats import read
from index.ingest.limits import Limits
from index.text.analysis import content_stems, words
from index.types import Document, Passage

WIDTH = 256
# As `load_encoder` does. A product of matrices in several threads also hangs if another thread forks meanwhile.
threadpool_limits(1, user_api="blas")


class FakeEncoder:
    """A text's vector has a 1 on the axis of each of its telling words, then unit length; a token is a word.

    `encoded` holds the passages that were embedded, in order.
    """

    def __init__(self, name: str = "fake", fingerprint: str = "f" * 8) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self.width = WIDTH
        self.limit = 100
        self.encoded: list[str] = []

    def count(self, texts: Sequence[str]) -> list[int]:
        return [max(len(text.split()), len(text) // 20) for text in texts]

    def token_axes(self) -> NDArray[np.float32]:
        """Axes on which the vector of a word keeps its direction exactly when it is packed."""
        return np.asarray(hadamard(WIDTH) / np.sqrt(WIDTH), dtype=np.float32)

    def encode_question(self, question: str) -> EncodedQuestion:
        spans = [(start, end) for start, end, _ in words(question)]
        return EncodedQuestion(vector=self._vector(question), tokens=self._tokens(question), spans=tuple(spans))

    def knows(self, word: str) -> bool:
        return word == "zebra"

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self._vector(text) for text in texts])

    def encode_passages(self, passages: Iterable[Passage]) -> Iterator[EncodedPassage]:
        for passage in passages:
            text = passage.text
            self.encoded.append(text)
            vectors = self.encode([text, *(text[start:end] for start, end in passage.spans)])
            offsets = np.array([(start, end) for start, end, _ in words(text)], dtype=np.uint16).reshape(-1, 2)
            yield EncodedPassage(
                vectors=vectors, tokens=self._tokens(text), offsets=offsets, is_punctuation=np.zeros(len(offsets), bool)
            )

    def _tokens(self, text: str) -> NDArray[np.float32]:
        return np.array([self._vector(text[start:end]) for start, end, _ in words(text)]).reshape(-1, WIDTH)

    def _vector(self, text: str) -> NDArray[np.float32]:
        vector = np.zeros(WIDTH, dtype=np.float32)
        vector[[zlib.crc32(stem.encode()) % WIDTH for stem in content_stems(text)]] = 1
        return vector / max(float(np.linalg.norm(vector)), 1e-12)


class ReadHere:
    """Reads files in this process, in a parser's place: quicker, where many builds are made."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()

    def read(self, path: str, content: bytes) -> Document:
        return read(path, content, self.limits)

    def stop(self) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass
