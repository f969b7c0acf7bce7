"""Run a sentence-transformers model with PyTorch: in float32 on a CPU, in float16 on a GPU."""

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.embed.late_interaction import Floats
from index.embed.model_files import Weights
from index.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# Token ids and mask, both (texts, tokens) -> token vectors, (texts, tokens, width)
Forward = Callable[[NDArray[np.int64], NDArray[np.int64]], Floats]


def load_model(weights: Weights) -> "SentenceTransformer":
    """Load a model with sentence-transformers, on the GPU if there is one. This takes seconds.

    Raises:
        ModelError: sentence-transformers cannot load it.
    """
    os.environ["HF_HUB_OFFLINE"] = "1"  # its files are on this machine by now
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar, set_verbosity_error

    disable_progress_bar()  # type: ignore[no-untyped-call]
    set_verbosity_error()  # type: ignore[no-untyped-call]
    try:
        model = SentenceTransformer(str(weights.folder), local_files_only=True)
        return model if model.device.type == "cpu" else _on_gpu(model)
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{weights.name} cannot be loaded as a sentence-transformers model: check --model.") from error


def _on_gpu(model: "SentenceTransformer") -> "SentenceTransformer":
    """Run a model in float16, without the attention of cuDNN, which plans again for every shape of a batch (6 ms)."""
    import torch

    torch.backends.cuda.enable_cudnn_sdp(False)
    return model.half()


def padded(texts: Sequence[Sequence[int]], width: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the token ids of texts as one array of that width, and a mask that is 1 for each token."""
    ids = np.zeros((len(texts), width), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, text in enumerate(texts):
        ids[row, : len(text)], mask[row, : len(text)] = text, 1
    return ids, mask


def torch_forward(model: "SentenceTransformer") -> Forward:
    """Return a function that runs a model's transformer."""

    def forward(ids: NDArray[np.int64], mask: NDArray[np.int64]) -> Floats:
        import torch

        features = {"input_ids": torch.tensor(ids), "attention_mask": torch.tensor(mask)}
        with torch.inference_mode():
            output = model.forward({name: value.to(model.device) for name, value in features.items()})
        return np.asarray(output["token_embeddings"].float().cpu().numpy(), dtype=np.float32)

    return forward


def describe(model: "SentenceTransformer") -> str:
    """Say on what and in which precision PyTorch runs a model."""
    kind = model.device.type
    return "f32 by PyTorch" if kind == "cpu" else f"f16 by PyTorch on {kind}"


def pools_by_mean(model: "SentenceTransformer") -> bool:
    """Return whether a text's vector is the mean of its tokens' vectors."""
    modules = {type(module).__name__: module for module in model}
    is_plain = set(modules) <= {"Transformer", "Pooling", "Normalize"}
    has_fast_tokenizer = bool(getattr(model.tokenizer, "is_fast", False))
    mode = getattr(modules.get("Pooling"), "pooling_mode", None)
    return has_fast_tokenizer and is_plain and mode in ("mean", ["mean"], ("mean",))
