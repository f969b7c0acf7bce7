"""Encode texts as vectors with a sentence-transformers model.

One forward pass over a passage, with its headings in front, gives the passage's vector and, by averaging its tokens
sentence by sentence ("late chunking"), the vectors of its sentences. A model with another pooling encodes passage and
sentences one by one.
"""

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import category

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from index.embed.late_interaction import EncodedPassage, EncodedQuestion, Floats, principal_axes, unit
from index.embed.model_files import Weights, find_weights
from index.embed.runtime import Runtime, method_of, open_runtime, user_cache
from index.embed.torch_model import load_model, padded
from index.types import Passage, Span

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Encoding

BATCH, GPU_BATCH = 8, 256
WINDOW, GPU_WINDOW = 64, 1024
_WIDTH_STEP, _GPU_WIDTH_STEP = 8, 64
MAX_HEADING_TOKENS = 24
_MAX_OFFSET = 2**16 - 1
_AXES_TEXTS, _AXES_WORDS = 64, 60


class _Window(NamedTuple):
    """Hold passages, the headings in front of each, and the tokens of both."""

    passages: list[Passage]
    headings: list[str]
    texts: "list[Encoding]"


class Encoder:
    """Encode passages and questions.

    `limit` is the most tokens of a passage, headings not counted, and `width` the length of a vector. `method` is the
    precision, and what computes in it.
    """

    def __init__(self, weights: Weights, runtime: Runtime) -> None:
        from tokenizers import Tokenizer

        facts, tokenizer, model = runtime.facts, runtime.tokenizer, runtime.model
        self.name = weights.name
        self.fingerprint = weights.fingerprint
        self.method = runtime.method
        self.width = facts.width
        self.limit = facts.length - tokenizer.num_special_tokens_to_add(False) - MAX_HEADING_TOKENS
        self._length = facts.length
        on_gpu = model is not None and model.device.type != "cpu"
        self._batch = GPU_BATCH if on_gpu else BATCH
        self._window_size = GPU_WINDOW if on_gpu else WINDOW
        self._width_step = _GPU_WIDTH_STEP if on_gpu else _WIDTH_STEP
        self._weights = weights
        self._loaded = model
        self._pools_late = facts.pools_late
        self._vocabulary = frozenset(tokenizer.get_vocab())
        self._whole = Tokenizer.from_str(tokenizer.to_str())
        self._whole.no_truncation()
        self._whole.no_padding()
        self._tokenizer = Tokenizer.from_str(self._whole.to_str())
        self._tokenizer.enable_truncation(facts.length)
        self._run = runtime.forward

    @property
    def _model(self) -> "SentenceTransformer":
        """Return the model of sentence-transformers. Loading it takes seconds."""
        self._loaded = self._loaded or load_model(self._weights)
        return self._loaded

    def count(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens of each text, without special tokens."""
        return [len(found.ids) for found in self._whole.encode_batch(list(texts), add_special_tokens=False)]

    def knows(self, word: str) -> bool:
        """Return whether a lower-case word is one token: a common word, spelled correctly."""
        return word in self._vocabulary

    def token_axes(self) -> Floats:
        """Compute the principal axes of the model's tokens from its vocabulary. This takes seconds."""
        words = sorted(filter(str.isalpha, self._vocabulary))
        chosen = words[:: max(1, len(words) // (_AXES_TEXTS * _AXES_WORDS))]
        texts = [" ".join(chosen[number::_AXES_TEXTS]) for number in range(_AXES_TEXTS)]
        return principal_axes(np.concatenate([tokens for tokens, _ in self._forward(texts)]))

    def encode_question(self, question: str) -> EncodedQuestion:
        """Encode a question and its tokens."""
        ((tokens, spans),) = self._forward([question])
        if self._pools_late:
            vector = unit(tokens.mean(axis=0, keepdims=True))[0]
        else:
            vector = np.asarray(self._model.encode_query(question, normalize_embeddings=True), dtype=np.float32)
        ranges = tuple((int(start), int(end)) for start, end in spans)
        return EncodedQuestion(vector=vector, tokens=tokens, spans=ranges)

    def encode_passages(self, passages: Iterable[Passage]) -> Iterator[EncodedPassage]:
        """Encode passages, their sentences and tokens, in order. The model runs one window ahead of the caller.

        This is fastest if neighbouring passages have about the same length.
        """
        passages = iter(passages)
        windows = iter(lambda: list(islice(passages, self._window_size)), [])
        for window, vectors in self._one_ahead(map(self._window, windows)):
            for passage, heading, text, tokens in zip(*window, vectors, strict=True):
                offsets = np.clip(np.array(text.offsets, dtype=np.int64) - len(heading), 0, _MAX_OFFSET)
                if self._pools_late:
                    pooled = _pool(tokens, offsets, passage.spans)
                else:
                    pooled = self.encode([heading + passage.text, *(passage.text[a:b] for a, b in passage.spans)])
                yield EncodedPassage(
                    vectors=pooled,
                    tokens=tokens,
                    offsets=offsets.astype(np.uint16),
                    is_punctuation=_is_punctuation(heading + passage.text, text.offsets),
                )

    def encode(self, texts: Sequence[str]) -> Floats:
        """Encode whole texts with sentence-transformers itself: unit vectors, shape (texts, width)."""
        found = self._model.encode_document(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(found, dtype=np.float32)

    def _heading(self, section: tuple[str, ...]) -> str:
        """Return what precedes a passage when it is encoded: its headings, up to 24 tokens."""
        if not section:
            return ""
        headings = ": ".join(section)
        offsets = self._whole.encode(headings, add_special_tokens=False).offsets
        room = MAX_HEADING_TOKENS - 1
        return (headings if len(offsets) <= room else headings[: offsets[room - 1][1]]) + ". "

    def _window(self, passages: list[Passage]) -> _Window:
        headings = [self._heading(passage.section) for passage in passages]
        texts = [heading + passage.text for heading, passage in zip(headings, passages, strict=True)]
        return _Window(passages, headings, self._tokenizer.encode_batch(texts))

    def _one_ahead(self, windows: Iterable[_Window]) -> Iterator[tuple[_Window, list[Floats]]]:
        """Yield each window with its token vectors, while the model works on the next one."""
        with ThreadPoolExecutor(1) as thread:
            begun: deque[tuple[_Window, Future[list[Floats]]]] = deque()
            for window in windows:
                begun.append((window, thread.submit(self._vectors, window.texts)))
                if len(begun) > 1:
                    ready, vectors = begun.popleft()
                    yield ready, vectors.result()
            for ready, vectors in begun:
                yield ready, vectors.result()

    def _forward(self, texts: Sequence[str]) -> list[tuple[Floats, NDArray[np.int64]]]:
        """Run the model: for each text its token vectors, (tokens, width), and their offsets, (tokens, 2)."""
        found = self._tokenizer.encode_batch(list(texts))
        offsets = [np.array(text.offsets, dtype=np.int64) for text in found]
        return list(zip(self._vectors(found), offsets, strict=True))

    def _vectors(self, texts: "Sequence[Encoding]") -> list[Floats]:
        """Return the token vectors of each text, (tokens, width).

        Only texts that are padded to the same width share a batch. The vectors of a text are then identical to the
        last bit, whatever other texts are encoded.
        """
        step = self._width_step
        widths = [min(-(-len(text.ids) // step) * step, self._length) for text in texts]
        vectors: dict[int, Floats] = {}
        for width, group in groupby(sorted(range(len(texts)), key=widths.__getitem__), widths.__getitem__):
            alike = list(group)
            for first in range(0, len(alike), self._batch):
                batch = alike[first : first + self._batch]
                rows = self._run(*padded([texts[number].ids for number in batch], width))
                vectors |= {number: row[: len(texts[number].ids)] for number, row in zip(batch, rows, strict=True)}
        return [vectors[number] for number in range(len(texts))]


def load_encoder(name: str | None = None, index: Path | None = None) -> Encoder:
    """Load the default model, or the sentence-transformers model of that name or folder.

    The compiled model is in the user's cache, or in the folder `index` if that cannot be written.

    Raises:
        ModelError: there is no such model, or its weights are not the expected ones.
    """
    # numpy multiplies small arrays only; its threads would compete with the model's for the cores.
    threadpool_limits(1, user_api="blas")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    weights = find_weights(name)
    return Encoder(weights, open_runtime(weights, _caches(index)))


def encoding_method(fingerprint: str, index: Path) -> str:
    """Return the precision in which the compiled model with these weights runs, or "" if none is compiled yet."""
    return method_of(fingerprint, _caches(index))


def _caches(index: Path | None) -> list[Path]:
    return [user_cache(), *([index / "model"] if index else [])]


def _is_punctuation(text: str, offsets: Sequence[Span]) -> NDArray[np.bool_]:
    """Return which tokens of a text are punctuation only. Special tokens, which have no characters, are none."""
    return np.array(
        [start < end and all(category(one).startswith("P") for one in text[start:end]) for start, end in offsets],
        dtype=bool,
    )


def _pool(tokens: Floats, offsets: NDArray[np.int64], sentences: Sequence[Span]) -> Floats:
    """Return the unit means of all tokens and of each sentence's tokens."""
    spans = np.array(sentences, dtype=np.int64).reshape(-1, 2, 1)
    starts, ends = offsets[:, 0], offsets[:, 1]
    inside = (starts < spans[:, 1]) & (ends > spans[:, 0]) & (ends > starts)
    inside |= ~inside.any(axis=1, keepdims=True)  # a sentence without tokens gets the mean of the passage
    return unit(np.vstack([tokens.mean(axis=0), inside.astype(np.float32) @ tokens]))
