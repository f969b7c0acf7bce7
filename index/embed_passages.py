"""Encode the passages that a build lacks, and save their vectors in steps."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from index.embed.late_interaction import EncodedPassage, store_tokens
from index.store.protocols import EncodingQueue, IndexedModel
from index.store.records import PassageEncoding
from index.types import Passage

SAVE_EVERY = 64  # passages


class PassageEncoder(IndexedModel, Protocol):
    """Describe what encoding passages needs of a model."""

    def encode_passages(self, passages: Iterable[Passage]) -> Iterator[EncodedPassage]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Report the progress of a build: `done` of `total` files read or passages embedded."""

    stage: str
    done: int = 0
    total: int = 0
    document: str = ""


def embed(store: EncodingQueue, encoder: PassageEncoder) -> Iterator[Progress]:
    """Encode the staged passages that have no vectors in the store, and save them in steps.

    Other processes may encode some of them at the same time.
    """
    total, axes, done = store.missing(), store.token_axes(), 0
    for claim in store.claims():
        unsaved: list[PassageEncoding] = []
        encoded = encoder.encode_passages(claim.passages)
        for place, (number, passage) in enumerate(zip(claim.numbers, encoded, strict=True), 1):
            unsaved.append(PassageEncoding(number, passage.vectors, store_tokens(passage, axes)))
            if len(unsaved) == SAVE_EVERY or place == len(claim.numbers):
                store.save_encodings(unsaved)
                unsaved = []
            done += 1
            yield Progress(stage="Embedding", done=done, total=total)
        if not claim.numbers:  # others encode the rest
            yield Progress(stage="Embedding", done=done, total=total)
    if done < total:  # others have encoded the rest
        yield Progress(stage="Embedding", done=total, total=total)
