"""Open a model that is ready to run: compiled by OpenVINO on a CPU, otherwise by PyTorch.

The compiled model is cached on disk with all that is needed to run it, so that the next start imports neither torch
nor sentence-transformers. The cache is the user's, so that all indexes share it; if that cannot be written, it is in
the folder of the index.
"""

import hashlib
import json
import logging
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_cache_path

from index.atomic_write import atomic_write
from index.embed.model_files import DEFAULT_SHA256, Weights
from index.embed.openvino_model import PRECISIONS, Compiled, Precision, compile_fastest, import_compiled
from index.embed.torch_model import Forward, describe, load_model, pools_by_mean, torch_forward

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

MAX_TOKENS = 512
_FORMAT = 2  # of the cache
_MODEL_NAME, _TOKENIZER_NAME, _FACTS_NAME = "model.blob", "tokenizer.json", "facts.json"
_MAX_REASON = 200
logger = logging.getLogger("footnote")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFacts:
    """Describe a model: the width of its vectors, the most tokens it reads (special tokens included), and whether its
    vector of a text is the mean of the token vectors."""

    width: int
    length: int
    pools_late: bool


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Runtime:
    """Hold a model that is ready to run. `model` is None if the compiled model came from the cache.

    `method` is the precision, and what computes in it.
    """

    facts: ModelFacts
    tokenizer: "Tokenizer"
    forward: Forward
    method: str
    model: "SentenceTransformer | None" = None


def user_cache() -> Path:
    """Return the folder of the user's compiled models."""
    return Path(user_cache_path("footnote", appauthor=False), "models")


def open_runtime(
    weights: Weights, caches: Sequence[Path] = (), precisions: Sequence[Precision] = PRECISIONS
) -> Runtime:
    """Open the compiled model in one of the folders `caches`, or load the model, compile it and cache it.

    It is saved in the first of the folders that can be written. Of the `precisions`, the fastest on this machine is
    taken; int8 of the default model only, since its quality was measured for no other.

    Raises:
        ModelError: the model cannot be loaded.
    """
    folders = [_folder(cache, weights.fingerprint) for cache in caches]
    for folder in folders:
        if cached := _open_cached(folder):
            return cached
    model = load_model(weights)
    tokenizer: Tokenizer = model.tokenizer.backend_tokenizer
    tokenizer.no_padding()
    facts = _facts(model)
    if facts.pools_late and model.device.type == "cpu":
        measured = [one for one in precisions if one != "int8" or weights.fingerprint == DEFAULT_SHA256]
        if compiled := _compile(weights.name, model, tokenizer, measured):
            any(_save(compiled, tokenizer, facts, folder) for folder in folders)
            method = _method(compiled.precision)
            return Runtime(facts=facts, tokenizer=tokenizer, forward=compiled.forward, method=method, model=model)
    return Runtime(facts=facts, tokenizer=tokenizer, forward=torch_forward(model), method=describe(model), model=model)


def _facts(model: "SentenceTransformer") -> ModelFacts:
    return ModelFacts(
        width=int(model.get_embedding_dimension() or 0),
        length=min(model.max_seq_length or MAX_TOKENS, MAX_TOKENS),
        pools_late=pools_by_mean(model),
    )


def _compile(
    name: str, model: "SentenceTransformer", tokenizer: "Tokenizer", precisions: Sequence[Precision]
) -> Compiled | None:
    """Compile a model; log a warning and return None if OpenVINO cannot."""
    try:
        return compile_fastest(model, tokenizer, precisions)
    except (ImportError, RuntimeError) as error:
        logger.warning("OpenVINO cannot run %s (%s): PyTorch runs it, more slowly.", name, _reason(error))
        return None


def method_of(fingerprint: str, caches: Sequence[Path]) -> str:
    """Return how the compiled model with these weights runs, or "" if none is cached."""
    for cache in caches:
        try:
            return _method(json.loads((_folder(cache, fingerprint) / _FACTS_NAME).read_bytes())["precision"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return ""


def _method(precision: Precision) -> str:
    return f"{precision} by OpenVINO"


def _folder(cache: Path, fingerprint: str) -> Path:
    return cache / f"{fingerprint[:16]}-{version('openvino')}-{_FORMAT}"


def _reason(error: Exception) -> str:
    """Return the last line of a message: OpenVINO's begin with the places in its code."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines or [type(error).__name__])[-1].rstrip(".")[:_MAX_REASON]


def _save(compiled: Compiled, tokenizer: "Tokenizer", facts: ModelFacts, folder: Path) -> bool:
    """Cache a compiled model in place of those of other versions, and return whether that was possible."""
    exported = compiled.model.export_model().getvalue()
    header = {
        "sha256": hashlib.sha256(exported).hexdigest(),
        "precision": compiled.precision,
        "facts": asdict(facts),
    }
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
        compiled = import_compiled(exported, header["precision"])
    except (ImportError, OSError, ValueError, KeyError, TypeError, RuntimeError):
        return None
    method = _method(compiled.precision)
    return Runtime(facts=facts, tokenizer=tokenizer, forward=compiled.forward, method=method)
