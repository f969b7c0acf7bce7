"""Texts -> vectors, by a sentence-transformers model.

One forward pass over a passage, with the headings above it in front, gives its own vector and, by mean-pooling its
tokens sentence by sentence ("late chunking"), those of its sentences. A model that pools otherwise encodes passage and
sentences one by one.

On a CPU that pass is compiled by OpenVINO from the loaded model, in bfloat16 where the processor has it, and kept
beside the index with all that is needed to run it: the next start imports neither torch nor sentence-transformers.
Where it cannot be compiled, PyTorch runs it.
"""

import contextlib
import hashlib
import json
import os
import shutil
import sys
import threading
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from importlib.metadata import version
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from index.embed.late_interaction import EncodedPassage, EncodedQuestion, Floats, principal_axes, unit
from index.embed.model_files import Weights, find_weights
from index.errors import ModelError
from index.types import Passage, Span

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Encoding, Tokenizer

BATCH = 8
WINDOW = 128
_WIDTH_STEP = 8
HEADING_TOKENS = 24
_MOST_TOKENS = 512
_FARTHEST = 2**16 - 1
_AXES_TEXTS, _AXES_WORDS = 64, 60
_PARITY = 0.999
_MODEL, _TOKENIZER, _FACTS = "model.blob", "tokenizer.json", "facts.json"

# Ids and mask, both (texts, tokens) -> the tokens' vectors, (texts, tokens, width)
Forward = Callable[[NDArray[np.int64], NDArray[np.int64]], Floats]
_Prepared = tuple[list[Passage], list[str], "list[Encoding]"]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is to be known of a model: the length of its vectors, the most tokens it reads, marks around a text
    included, and whether its vector of a text is the mean of its tokens'."""

    width: int
    length: int
    pools_late: bool


class Encoder:
    """A model made ready. `limit` is the most tokens it reads of a passage beside its headings, `width` the length of
    its vectors."""

    def __init__(
        self,
        weights: Weights,
        facts: _Facts,
        tokenizer: "Tokenizer",
        forward: Forward,
        model: "SentenceTransformer | None" = None,
    ) -> None:
        from tokenizers import Tokenizer

        self.name = weights.name
        self.fingerprint = weights.fingerprint
        self.width = facts.width
        self.limit = facts.length - tokenizer.num_special_tokens_to_add(False) - HEADING_TOKENS
        self._length = facts.length
        self._batch = BATCH if model is None or model.device.type == "cpu" else WINDOW
        self._weights = weights
        self._loaded = model
        self._pools_late = facts.pools_late
        self._vocabulary = frozenset(tokenizer.get_vocab())
        self._whole = Tokenizer.from_str(tokenizer.to_str())
        self._whole.no_truncation()
        self._whole.no_padding()
        self._tokenizer = Tokenizer.from_str(self._whole.to_str())
        self._tokenizer.enable_truncation(facts.length)
        self._run = forward

    @property
    def _model(self) -> "SentenceTransformer":
        """The model as sentence-transformers loads it; takes seconds the first time."""
        self._loaded = self._loaded or _load(self._weights)
        return self._loaded

    def count(self, texts: Sequence[str]) -> list[int]:
        """The tokens of each text, without the marks that the model puts around them."""
        return [len(found.ids) for found in self._whole.encode_batch(list(texts), add_special_tokens=False)]

    def knows(self, word: str) -> bool:
        """Whether a word in lower case is a token of its own: a usual word, spelt as usual."""
        return word in self._vocabulary

    def token_axes(self) -> Floats:
        """The principal axes of the model's tokens, by its own vocabulary: the same for every folder. Takes seconds."""
        words = sorted(filter(str.isalpha, self._vocabulary))
        chosen = words[:: max(1, len(words) // (_AXES_TEXTS * _AXES_WORDS))]
        texts = [" ".join(chosen[number::_AXES_TEXTS]) for number in range(_AXES_TEXTS)]
        return principal_axes(np.concatenate([tokens for tokens, _ in self._forward(texts)]))

    def encode_question(self, question: str) -> EncodedQuestion:
        """The question's vector and its tokens'."""
        ((tokens, spans),) = self._forward([question])
        if self._pools_late:
            vector = unit(tokens.mean(axis=0, keepdims=True))[0]
        else:
            vector = np.asarray(self._model.encode_query(question, normalize_embeddings=True), dtype=np.float32)
        return EncodedQuestion(vector, tokens, tuple((int(start), int(end)) for start, end in spans))

    def encode_passages(self, passages: Iterable[Passage]) -> Iterator[EncodedPassage]:
        """The vectors of passages, of their sentences and tokens, in their order: the model is a window ahead.

        It is quickest where passages that follow each other are of about one length.
        """
        passages = iter(passages)
        windows = iter(lambda: list(islice(passages, WINDOW)), [])
        for (window, fronts, texts), vectors in self._one_ahead(map(self._prepared, windows)):
            for passage, front, text, tokens in zip(window, fronts, texts, vectors, strict=True):
                places = np.clip(np.array(text.offsets, dtype=np.int64) - len(front), 0, _FARTHEST)
                if self._pools_late:
                    pooled = _pool(tokens, places, passage.spans)
                else:
                    pooled = self.encode([front + passage.text, *(passage.text[a:b] for a, b in passage.spans)])
                yield EncodedPassage(pooled, tokens, places.astype(np.uint16))

    def encode(self, texts: Sequence[str]) -> Floats:
        """The unit vectors of whole texts by sentence-transformers itself, shape (texts, width)."""
        found = self._model.encode_document(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(found, dtype=np.float32)

    def _front(self, section: tuple[str, ...]) -> str:
        """What stands in front of a passage when it is encoded: the headings above it, as far as there is room."""
        if not section:
            return ""
        headings = ": ".join(section)
        places = self._whole.encode(headings, add_special_tokens=False).offsets
        room = HEADING_TOKENS - 1
        return (headings if len(places) <= room else headings[: places[room - 1][1]]) + ". "

    def _prepared(self, passages: list[Passage]) -> _Prepared:
        """Passages, what stands in front of each, and both as tokens."""
        fronts = [self._front(passage.section) for passage in passages]
        texts = [front + passage.text for front, passage in zip(fronts, passages, strict=True)]
        return passages, fronts, self._tokenizer.encode_batch(texts)

    def _one_ahead(self, windows: Iterable[_Prepared]) -> Iterator[tuple[_Prepared, list[Floats]]]:
        """Each window with its tokens' vectors, in order; the model is at the next one beside the caller's work."""
        with ThreadPoolExecutor(1) as thread:
            begun: deque[tuple[_Prepared, Future[list[Floats]]]] = deque()
            for window in windows:
                begun.append((window, thread.submit(self._vectors, window[2])))
                if len(begun) > 1:
                    ready, vectors = begun.popleft()
                    yield ready, vectors.result()
            for ready, vectors in begun:
                yield ready, vectors.result()

    def _forward(self, texts: Sequence[str]) -> list[tuple[Floats, NDArray[np.int64]]]:
        """One pass of the model: for each text its tokens' vectors, (tokens, width), and their places, (tokens, 2)."""
        found = self._tokenizer.encode_batch(list(texts))
        places = [np.array(text.offsets, dtype=np.int64) for text in found]
        return list(zip(self._vectors(found), places, strict=True))

    def _vectors(self, texts: "Sequence[Encoding]") -> list[Floats]:
        """The vectors of each text's tokens, (tokens, width).

        Only texts that are padded to one width share a batch: then the vectors of each, to the last bit, do not depend
        on which others are there.
        """
        widths = [min(-(-len(text.ids) // _WIDTH_STEP) * _WIDTH_STEP, self._length) for text in texts]
        vectors: dict[int, Floats] = {}
        for width, group in groupby(sorted(range(len(texts)), key=widths.__getitem__), widths.__getitem__):
            alike = list(group)
            for first in range(0, len(alike), self._batch):
                batch = alike[first : first + self._batch]
                rows = self._run(*_padded([texts[number].ids for number in batch], width))
                vectors |= {number: row[: len(texts[number].ids)] for number, row in zip(batch, rows, strict=True)}
        return [vectors[number] for number in range(len(texts))]


def _padded(texts: Sequence[Sequence[int]], width: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The ids of texts as one rectangle of that width, and a mask that is 1 where there is a token."""
    ids = np.zeros((len(texts), width), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, text in enumerate(texts):
        ids[row, : len(text)], mask[row, : len(text)] = text, 1
    return ids, mask


def _pool(tokens: Floats, places: NDArray[np.int64], sentences: Sequence[Span]) -> Floats:
    """The unit means of all tokens and of each sentence's."""
    spans = np.array(sentences, dtype=np.int64).reshape(-1, 2, 1)
    starts, ends = places[:, 0], places[:, 1]
    inside = (starts < spans[:, 1]) & (ends > spans[:, 0]) & (ends > starts)
    inside |= ~inside.any(axis=1, keepdims=True)  # of a sentence without tokens, the passage's own
    return unit(np.vstack([tokens.mean(axis=0), inside.astype(np.float32) @ tokens]))


def load_encoder(name: str | None = None, cache: Path | None = None) -> Encoder:
    """The default model, or the sentence-transformers model of that name or folder.

    What is compiled is kept in the folder `cache`, and found there the next time.

    Raises:
        ModelError: there is no such model, or its weights are not what they should be.
    """
    # What numpy multiplies here is small, and its threads would spin on the cores that the model needs.
    threadpool_limits(1, user_api="blas")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    weights = find_weights(name)
    return (cache and _open_kept(weights, cache)) or _load_encoder(weights, cache)


def _load_encoder(weights: Weights, cache: Path | None) -> Encoder:
    model = _load(weights)
    facts = _Facts(
        int(model.get_embedding_dimension() or 0),
        min(model.max_seq_length or _MOST_TOKENS, _MOST_TOKENS),
        _pools_by_mean(model),
    )
    tokenizer = model.tokenizer.backend_tokenizer
    if facts.pools_late and model.device.type == "cpu":
        try:
            compiled = _compile(model, tokenizer)
        except (ImportError, RuntimeError) as error:
            reason = str(error).partition("\n")[0]
            print(f"OpenVINO cannot run {weights.name} ({reason}): PyTorch does, more slowly.", file=sys.stderr)
        else:
            if cache:
                _keep(compiled, tokenizer, facts, _kept_folder(weights, cache))
            return Encoder(weights, facts, tokenizer, _openvino_forward(compiled), model)
    return Encoder(weights, facts, tokenizer, _torch_forward(model), model)


def _load(weights: Weights) -> "SentenceTransformer":
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar, set_verbosity_error

    disable_progress_bar()  # type: ignore[no-untyped-call]
    set_verbosity_error()  # type: ignore[no-untyped-call]
    try:
        model = SentenceTransformer(str(weights.folder), local_files_only=True)
        return model if model.device.type == "cpu" else model.half()
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{weights.name} cannot be loaded as a sentence-transformers model: check --model.") from error


def _torch_forward(model: "SentenceTransformer") -> Forward:
    def forward(ids: NDArray[np.int64], mask: NDArray[np.int64]) -> Floats:
        import torch

        features = {"input_ids": torch.tensor(ids), "attention_mask": torch.tensor(mask)}
        with torch.inference_mode():
            output = model.forward({name: value.to(model.device) for name, value in features.items()})
        return np.asarray(output["token_embeddings"].float().cpu().numpy(), dtype=np.float32)

    return forward


def _compile(model: "SentenceTransformer", tokenizer: "Tokenizer") -> Any:
    """The pass over the tokens of a model, as OpenVINO runs it.

    Raises:
        ImportError: OpenVINO is not there.
        RuntimeError: it cannot run this model, or gives other vectors.
    """
    import torch

    class Tokens(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.transformer = model[0]

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            found = self.transformer({"input_ids": input_ids, "attention_mask": attention_mask})
            return found["token_embeddings"]  # type: ignore[no-any-return]

    openvino = _import_openvino()
    texts = [tokenizer.encode(text).ids for text in ("A short text.", "Another one that is longer.")]
    ids, mask = _padded(texts, max(map(len, texts)))
    example = {"input_ids": torch.tensor(ids), "attention_mask": torch.tensor(mask)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracing warns of branches that depend on the mask being there
        converted = openvino.convert_model(Tokens().eval(), example_input=example)
    compiled = openvino.Core().compile_model(converted, "CPU", _settings(openvino))
    theirs, ours = unit(_torch_forward(model)(ids, mask)), unit(_openvino_forward(compiled)(ids, mask))
    cosine = float((theirs * ours).sum(axis=2)[mask == 1].min())
    if cosine < _PARITY:
        raise RuntimeError(f"its vectors differ, cosine {cosine:.4f}")
    return compiled


def _kept_folder(weights: Weights, cache: Path) -> Path:
    return cache / "model" / f"{weights.fingerprint[:16]}-{version('openvino')}"


def _keep(compiled: Any, tokenizer: "Tokenizer", facts: _Facts, folder: Path) -> None:
    """Write what is compiled in place of all that was; where there is no room, it is compiled again the next time."""
    fresh = folder.with_name(f"{folder.name}.new")
    with contextlib.suppress(OSError):
        shutil.rmtree(folder.parent, ignore_errors=True)
        fresh.mkdir(parents=True)
        exported = compiled.export_model().getvalue()
        (fresh / _MODEL).write_bytes(exported)
        (fresh / _TOKENIZER).write_text(tokenizer.to_str(), "utf-8")
        written = {"sha256": hashlib.sha256(exported).hexdigest(), "facts": asdict(facts)}
        (fresh / _FACTS).write_text(json.dumps(written), "utf-8")
        fresh.rename(folder)


def _open_kept(weights: Weights, cache: Path) -> Encoder | None:
    """What was kept of a model; None if there is nothing, or it is damaged or of another version or processor."""
    from tokenizers import Tokenizer

    try:
        folder = _kept_folder(weights, cache)
        written = json.loads((folder / _FACTS).read_text("utf-8"))
        exported = (folder / _MODEL).read_bytes()
        if hashlib.sha256(exported).hexdigest() != written["sha256"]:
            return None
        facts, tokenizer = _Facts(**written["facts"]), Tokenizer.from_str((folder / _TOKENIZER).read_text("utf-8"))
        openvino = _import_openvino()
        compiled = openvino.Core().import_model(exported, "CPU", _settings(openvino))
    except (ImportError, OSError, ValueError, KeyError, TypeError, RuntimeError):
        return None
    return Encoder(weights, facts, tokenizer, _openvino_forward(compiled))


def _import_openvino() -> Any:
    """OpenVINO without the part of it that reports every import to its maker."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino

    return openvino


def _settings(openvino: Any) -> dict[str, str]:
    has_bf16 = "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "bf16" if has_bf16 else "f32"}


def _openvino_forward(compiled: Any) -> Forward:
    lock = threading.Lock()

    def forward(ids: NDArray[np.int64], mask: NDArray[np.int64]) -> Floats:
        with lock:  # one pass at a time uses all cores
            return np.array(compiled({"input_ids": ids, "attention_mask": mask})[0], dtype=np.float32)

    return forward


def _pools_by_mean(model: Any) -> bool:
    modules = {type(module).__name__: module for module in model}
    pooling = modules.get("Pooling")
    fast = bool(getattr(model.tokenizer, "is_fast", False))
    return (
        fast
        and set(modules) <= {"Transformer", "Pooling", "Normalize"}
        and getattr(pooling, "pooling_mode", None)
        in (
            "mean",
            ["mean"],
            ("mean",),
        )
    )
