"""Encode the passages that a build lacks in a thread, and save their vectors in steps."""

import time
from collections.abc import Generator, Iterable, Iterator
from typing import Protocol, Self

from index.ahead import Ahead
from index.embed.late_interaction import EncodedPassage, Floats, store_tokens
from index.progress import Progress
from index.store.protocols import EncodingQueue, IndexedModel
from index.store.records import Claim, PassageEncoding
from index.types import Passage

SAVE_EVERY = 64  # passages
STEP_SECONDS = 0.1  # after which a step is reported and a build can be cancelled


class PassageEncoder(IndexedModel, Protocol):
    """Describe what encoding passages needs of a model."""

    def encode_passages(self, passages: Iterable[Passage]) -> Iterator[EncodedPassage]: ...


class Embedding:
    """Encode the passages of a queue in a thread. Their vectors are saved in the thread of the caller.

    `done` counts the passages whose vectors are saved. Other processes may encode some of them at the same time.
    """

    def __init__(self, queue: EncodingQueue, encoder: PassageEncoder) -> None:
        self.done = 0
        self._queue = queue
        self._encoder = encoder
        self._axes: Floats = queue.token_axes()
        self._claims = queue.claims()
        self._encoded: Ahead[list[PassageEncoding]] | None = None

    def advance(self, seconds: float = 0.0) -> bool:
        """Save what is encoded, and claim the next passages when all of a claim are saved.

        Wait up to some seconds for something to do. Return False if there was nothing to save and nothing is left.
        """
        before = self.done
        if self._encoded:
            while batch := self._encoded.take(seconds):
                self._queue.save_encodings(batch)
                self.done += len(batch)
                seconds = 0.0
            if not self._encoded.is_over:
                return True
            self._encoded = None
        claim = next(self._claims, None)
        if claim is None:
            self._claims = self._queue.claims()
            return self.done > before
        if claim.numbers:
            self._encoded = Ahead(self._encode(claim))
        else:  # others are encoding the rest
            time.sleep(seconds)
        return True

    def close(self) -> None:
        """Stop encoding. What was not saved is encoded again by the next build."""
        if self._encoded:
            self._encoded.close()
        self._claims.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _encode(self, claim: Claim) -> Generator[list[PassageEncoding], None, None]:
        batch: list[PassageEncoding] = []
        encoded = self._encoder.encode_passages(claim.passages)
        for place, (number, passage) in enumerate(zip(claim.numbers, encoded, strict=True), 1):
            batch.append(PassageEncoding(number, passage.vectors, store_tokens(passage, self._axes)))
            if len(batch) == SAVE_EVERY or place == len(claim.numbers):
                yield batch
                batch = []


def embed(queue: EncodingQueue, encoder: PassageEncoder) -> Iterator[Progress]:
    """Encode the passages of a queue until none is left, and yield the progress."""
    total = queue.waiting()
    with Embedding(queue, encoder) as embedding:
        while embedding.advance(STEP_SECONDS):
            done = embedding.done
            yield Progress(stage="Embedding", done=done, total=max(total, done), share=done / max(total, done, 1))
