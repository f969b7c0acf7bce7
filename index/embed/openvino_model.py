"""Compile a model with OpenVINO for this machine: in int8, bfloat16 or float32, whichever is fastest.

Less exact precisions are used only if they are faster by a tenth. How much quality each loses was measured for the
default model (tests/benchmarks/precision.py); of others only their own vectors are compared.
"""

import io
import logging
import sys
import threading
import time
import warnings
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from index.embed.late_interaction import Floats, unit
from index.embed.torch_model import padded, torch_forward

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

Precision = Literal["f32", "bf16", "int8"]
PRECISIONS: tuple[Precision, ...] = ("f32", "bf16", "int8")  # the most exact first
MIN_GAIN = 1.1  # times as fast as a more exact one
TRIAL_SECONDS = 2.0
# Between the vectors of OpenVINO and PyTorch: the least of single tokens, and the least of texts
_MIN_TOKEN_COSINE = {"f32": 0.999, "bf16": 0.999, "int8": 0.9}
_MIN_TEXT_COSINE = {"f32": 0.999, "bf16": 0.999, "int8": 0.98}
_TRIAL_TEXTS, _WIDTH_STEP = 8, 8
logger = logging.getLogger("footnote")


class CompiledModel(Protocol):
    """Describe the part of OpenVINO's compiled model that is used."""

    def __call__(self, inputs: Mapping[str, NDArray[np.int64]]) -> Mapping[int, Floats]: ...
    def export_model(self) -> BytesIO: ...


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Compiled:
    """Hold a compiled model and its precision."""

    model: CompiledModel
    precision: Precision
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def forward(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> Floats:
        """Run the model: token ids and mask, both (texts, tokens), give token vectors, (texts, tokens, width)."""
        with self._lock:  # one pass at a time uses all cores
            return np.array(self.model({"input_ids": ids, "attention_mask": mask})[0], dtype=np.float32)


def compile_fastest(
    model: "SentenceTransformer", tokenizer: "Tokenizer", precisions: Sequence[Precision] = PRECISIONS
) -> Compiled:
    """Compile the transformer of a model in the fastest of some precisions.

    Raises:
        ImportError: OpenVINO is not installed.
        RuntimeError: OpenVINO cannot run this model, or its vectors differ.
    """
    openvino = _import_openvino()
    has_bf16 = "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    chosen = [one for one in PRECISIONS if one in precisions and (one != "bf16" or has_bf16)]
    texts = [tokenizer.encode(text).ids for text in calibration_texts()]
    converted = _convert(openvino, model, texts[0])
    expected = [torch_forward(model)(*_alone(text)) for text in texts[:_TRIAL_TEXTS]]
    found: list[Compiled] = []
    for precision in chosen:
        try:
            source = _quantised(converted, texts) if precision == "int8" else converted
            compiled = openvino.Core().compile_model(source, "CPU", settings(precision))
            found.append(_checked(Compiled(model=compiled, precision=precision), texts, expected))
        except (ImportError, RuntimeError) as error:
            if precision == chosen[-1] and not found:
                raise
            logger.info("OpenVINO does not run the model in %s: %s", precision, error)
    return _fastest(found, max(texts, key=len))


def import_compiled(exported: bytes, precision: Precision) -> Compiled:
    """Load a compiled model that was exported.

    Raises:
        ImportError, RuntimeError: OpenVINO is not installed, or the model was exported by another version or machine.
    """
    openvino = _import_openvino()
    return Compiled(model=openvino.Core().import_model(exported, "CPU", settings(precision)), precision=precision)


def settings(precision: Precision) -> dict[str, str]:
    """Return OpenVINO's settings. What is not quantised of an int8 model stays in float32."""
    return {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "bf16" if precision == "bf16" else "f32"}


def calibration_texts() -> list[str]:
    """Return short texts of many kinds, from which the ranges of int8 are taken."""
    return files("index.embed").joinpath("calibration.txt").read_text("utf-8").strip().split("\n\n")


def _convert(openvino: Any, model: "SentenceTransformer", text: Sequence[int]) -> Any:
    import torch

    class TokenVectors(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.transformer = model[0]

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            output = self.transformer({"input_ids": input_ids, "attention_mask": attention_mask})
            return output["token_embeddings"]  # type: ignore[no-any-return]

    ids, mask = _alone(text)
    example = {"input_ids": torch.tensor(ids), "attention_mask": torch.tensor(mask)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracing warns about branches that depend on the mask
        return openvino.convert_model(TokenVectors().eval(), example_input=example)


def _quantised(converted: Any, texts: Sequence[Sequence[int]]) -> Any:
    """Return a model with weights and activations of 8 bits, with the ranges that they have in some texts."""
    import nncf

    nncf.set_log_level(logging.ERROR)
    inputs = [dict(zip(("input_ids", "attention_mask"), _alone(text), strict=True)) for text in texts]
    with redirect_stdout(io.StringIO()):  # it draws progress bars
        return nncf.quantize(
            converted.clone(),
            nncf.Dataset(inputs),
            model_type=nncf.ModelType.TRANSFORMER,
            preset=nncf.QuantizationPreset.MIXED,
            subset_size=len(inputs),
        )


def _checked(compiled: Compiled, texts: Sequence[Sequence[int]], expected: Sequence[Floats]) -> Compiled:
    """Return a compiled model if it gives the expected token vectors of the first texts.

    Raises:
        RuntimeError: it does not.
    """
    tokens, whole = [], []
    for text, rows in zip(texts, expected, strict=False):
        found, right = compiled.forward(*_alone(text))[0, : len(text)], rows[0, : len(text)]
        tokens.append(float((unit(found) * unit(right)).sum(axis=1).min()))
        whole.append(float(unit(found.mean(axis=0)) @ unit(right.mean(axis=0))))
    if min(tokens) < _MIN_TOKEN_COSINE[compiled.precision] or min(whole) < _MIN_TEXT_COSINE[compiled.precision]:
        raise RuntimeError(f"its vectors differ, cosine {min(tokens):.4f} of a token and {min(whole):.4f} of a text")
    return compiled


def _fastest(found: Sequence[Compiled], text: Sequence[int]) -> Compiled:
    """Time models in turns for about two seconds, and return the fastest, or a more exact one that is hardly slower."""
    ids, mask = padded([text] * _TRIAL_TEXTS, len(text))
    best = dict.fromkeys((one.precision for one in found), float("inf"))
    deadline = time.perf_counter() + TRIAL_SECONDS
    while len(found) > 1 and time.perf_counter() < deadline:
        for one in found:
            started = time.perf_counter()
            one.forward(ids, mask)
            best[one.precision] = min(best[one.precision], time.perf_counter() - started)
    chosen = found[0]
    for one in found[1:]:
        if best[one.precision] * MIN_GAIN < best[chosen.precision]:
            chosen = one
    times = ", ".join(f"{name} {seconds * 1e3:.0f} ms" for name, seconds in best.items())
    logger.info("OpenVINO runs the model in %s (%d texts: %s).", chosen.precision, _TRIAL_TEXTS, times)
    return chosen


def _alone(text: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return padded([text], -(-len(text) // _WIDTH_STEP) * _WIDTH_STEP)


def _import_openvino() -> Any:
    """Import OpenVINO without its telemetry: a module that is None in `sys.modules` cannot be imported."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino

    return openvino
