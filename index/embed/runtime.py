"""Run a sentence-transformers model: with OpenVINO on a CPU, otherwise with PyTorch.

OpenVINO compiles the loaded model, in bfloat16 if the processor has it. The compiled model is cached on disk with all
that is needed to run it, so that the next start imports neither torch nor sentence-transformers. The cache is the
user's, so that all indexes share it; if that cannot be written, it is in the folder of the index.
"""

import hashlib
import json
import logging
import os
import shutil
import sys
import threading
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

from index.atomic_write import atomic_write
from index.embed.late_interaction import Floats, unit
from index.embed.model_files import Weights
from index.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

MAX_TOKENS = 512
_MIN_COSINE = 0.999  # between the vectors of OpenVINO and PyTorch
_MODEL_NAME, _TOKENIZER_NAME, _FACTS_NAME = "model.blob", "tokenizer.json", "facts.json"

# Token ids and mask, both (texts, tokens) -> token vectors, (texts, tokens, width)
Forward = Callable[[NDArray[np.int64], NDArray[np.int64]], Floats]
logger = logging.getLogger("footnote")


class CompiledModel(Protocol):
    """Describe the part of OpenVINO's compiled model that is used."""

    def __call__(self, inputs: Mapping[str, NDArray[np.int64]]) -> Mapping[int, Floats]: ...
    def export_model(self) -> BytesIO: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFacts:
    """Describe a model: the width of its vectors, the most tokens it reads (special tokens included), and whether its
    vector of a text is the mean of the token vectors."""

    width: int
    length: int
    pools_late: bool


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Runtime:
    """Hold a model that is ready to run. `model` is None if the compiled model came from the cache."""

    facts: ModelFacts
    tokenizer: "Tokenizer"
    forward: Forward
    model: "SentenceTransformer | None" = None


def user_cache() -> Path:
    """Return the folder of the user's compiled models."""
    return Path(user_cache_path("footnote", appauthor=False), "models")


def open_runtime(weights: Weights, caches: Sequence[Path] = ()) -> Runtime:
    """Open the compiled model in one of the folders `caches`, or load the model, compile it and cache it.

    It is saved in the first of the folders that can be written.

    Raises:
        ModelError: the model cannot be loaded.
    """
    folders = [cache / f"{weights.fingerprint[:16]}-{version('openvino')}" for cache in caches]
    for folder in folders:
        if cached := _open_cached(folder):
            return cached
    model = load_model(weights)
    facts = ModelFacts(
        width=int(model.get_embedding_dimension() or 0),
        length=min(model.max_seq_length or MAX_TOKENS, MAX_TOKENS),
        pools_late=_pools_by_mean(model),
    )
    tokenizer: Tokenizer = model.tokenizer.backend_tokenizer
    forward = _torch_forward(model)
    if facts.pools_late and model.device.type == "cpu":
        try:
            compiled = _compile(model, tokenizer)
        except (ImportError, RuntimeError) as error:
            reason = str(error).partition("\n")[0]
            logger.warning("OpenVINO cannot run %s (%s): PyTorch runs it, more slowly.", weights.name, reason)
        else:
            forward = _openvino_forward(compiled)
            any(_save(compiled, tokenizer, facts, folder) for folder in folders)
    return Runtime(facts=facts, tokenizer=tokenizer, forward=forward, model=model)


def load_model(weights: Weights) -> "SentenceTransformer":
    """Load a model with sentence-transformers. This takes seconds.

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
        return model if model.device.type == "cpu" else model.half()
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{weights.name} cannot be loaded as a sentence-transformers model: check --model.") from error


def padded(texts: Sequence[Sequence[int]], width: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the token ids of texts as one array of that width, and a mask that is 1 for each token."""
    ids = np.zeros((len(texts), width), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, text in enumerate(texts):
        ids[row, : len(text)], mask[row, : len(text)] = text, 1
    return ids, mask


def _torch_forward(model: "SentenceTransformer") -> Forward:
    def forward(ids: NDArray[np.int64], mask: NDArray[np.int64]) -> Floats:
        import torch

        features = {"input_ids": torch.tensor(ids), "attention_mask": torch.tensor(mask)}
        with torch.inference_mode():
            output = model.forward({name: value.to(model.device) for name, value in features.items()})
        return np.asarray(output["token_embeddings"].float().cpu().numpy(), dtype=np.float32)

    return forward


def _openvino_forward(compiled: CompiledModel) -> Forward:
    lock = threading.Lock()

    def forward(ids: NDArray[np.int64], mask: NDArray[np.int64]) -> Floats:
        with lock:  # one pass at a time uses all cores
            return np.array(compiled({"input_ids": ids, "attention_mask": mask})[0], dtype=np.float32)

    return forward


def _compile(model: "SentenceTransformer", tokenizer: "Tokenizer") -> CompiledModel:
    """Compile the transformer of a model with OpenVINO.

    Raises:
        ImportError: OpenVINO is not installed.
        RuntimeError: OpenVINO cannot run this model, or its vectors differ.
    """
    import torch

    class TokenVectors(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.transformer = model[0]

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            output = self.transformer({"input_ids": input_ids, "attention_mask": attention_mask})
            return output["token_embeddings"]  # type: ignore[no-any-return]

    openvino = _import_openvino()
    texts = [tokenizer.encode(text).ids for text in ("A short text.", "Another one that is longer.")]
    ids, mask = padded(texts, max(map(len, texts)))
    example = {"input_ids": torch.tensor(ids), "attention_mask": torch.tensor(mask)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracing warns about branches that depend on the mask
        converted = openvino.convert_model(TokenVectors().eval(), example_input=example)
    compiled: CompiledModel = openvino.Core().compile_model(converted, "CPU", _settings(openvino))
    expected, found = unit(_torch_forward(model)(ids, mask)), unit(_openvino_forward(compiled)(ids, mask))
    cosine = float((expected * found).sum(axis=2)[mask == 1].min())
    if cosine < _MIN_COSINE:
        raise RuntimeError(f"its vectors differ, cosine {cosine:.4f}")
    return compiled


def _save(compiled: CompiledModel, tokenizer: "Tokenizer", facts: ModelFacts, folder: Path) -> bool:
    """Cache a compiled model in place of those of other versions, and return whether that was possible."""
    exported = compiled.export_model().getvalue()
    header = {"sha256": hashlib.sha256(exported).hexdigest(), "facts": asdict(facts)}
    contents = {
        _MODEL_NAME: exported,
        _TOKENIZER_NAME: tokenizer.to_str().encode(),
        _FACTS_NAME: json.dumps(header).encode(),  # last, since a cache without it is ignored
    }
    try:
        for outdated in folder.parent.glob(f"{folder.name.partition('-')[0]}-*"):
            shutil.rmtree(outdated, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            with atomic_write(folder / name, mode=0o644) as file:
                file.write(content)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        logger.info("The compiled model cannot be cached in %s (%s).", folder, error)
        return False
    return True


def _open_cached(folder: Path) -> Runtime | None:
    """Open a cached model; None if there is none, or it is damaged, or made for another version or processor."""
    from tokenizers import Tokenizer

    try:
        header = json.loads((folder / _FACTS_NAME).read_bytes())
        exported = (folder / _MODEL_NAME).read_bytes()
        if hashlib.sha256(exported).hexdigest() != header["sha256"]:
            return None
        facts = ModelFacts(**header["facts"])
        tokenizer = Tokenizer.from_str((folder / _TOKENIZER_NAME).read_text("utf-8"))
        openvino = _import_openvino()
        compiled = openvino.Core().import_model(exported, "CPU", _settings(openvino))
    except (ImportError, OSError, ValueError, KeyError, TypeError, RuntimeError):
        return None
    return Runtime(facts=facts, tokenizer=tokenizer, forward=_openvino_forward(compiled))


def _import_openvino() -> ModuleType:
    """Import OpenVINO without its telemetry: a module that is None in `sys.modules` cannot be imported."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino

    return openvino  # type: ignore[no-any-return]


def _settings(openvino: ModuleType) -> dict[str, str]:
    has_bf16 = "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "bf16" if has_bf16 else "f32"}


def _pools_by_mean(model: "SentenceTransformer") -> bool:
    modules = {type(module).__name__: module for module in model}
    is_plain = set(modules) <= {"Transformer", "Pooling", "Normalize"}
    has_fast_tokenizer = bool(getattr(model.tokenizer, "is_fast", False))
    mode = getattr(modules.get("Pooling"), "pooling_mode", None)
    return has_fast_tokenizer and is_plain and mode in ("mean", ["mean"], ("mean",))
