import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.embed import openvino_model
from index.embed.encoder import encoding_method
from index.embed.openvino_model import PRECISIONS, Compiled, calibration_texts
from index.embed.runtime import _reason

ROOT = Path(__file__).parents[3]


class Clock:
    """A clock that only fake models move."""

    def __init__(self):
        self.now = 0.0

    def perf_counter(self):
        return self.now


class FakeModel:
    """A compiled model that takes some seconds, and gives each token the vector (1, `slope`)."""

    def __init__(self, seconds=0.0, slope=0.0, clock=None):
        self.seconds, self.slope, self.clock = seconds, slope, clock or Clock()

    def __call__(self, inputs):
        self.clock.now += self.seconds
        return {0: np.array([[[1.0, self.slope]] * inputs["input_ids"].shape[1]], dtype=np.float32)}


@pytest.mark.parametrize(
    ("seconds", "chosen"),
    [
        ({"f32": 0.30, "bf16": 0.20, "int8": 0.10}, "int8"),
        ({"f32": 0.30, "bf16": 0.10, "int8": 0.20}, "bf16"),
        ({"f32": 0.10, "bf16": 0.30, "int8": 0.20}, "f32"),
        ({"f32": 0.30, "bf16": 0.21, "int8": 0.20}, "bf16"),
        ({"f32": 9.00}, "f32"),
    ],
)
def test_the_fastest_is_taken_and_of_two_alike_the_more_exact_one(seconds, chosen, monkeypatch):
    clock = Clock()
    monkeypatch.setattr(openvino_model, "time", clock)
    found = [Compiled(model=FakeModel(seconds[name], clock=clock), precision=name) for name in seconds]
    assert openvino_model._fastest(found, [1, 2, 3]).precision == chosen


@pytest.mark.parametrize(("precision", "passes"), [("f32", False), ("bf16", False), ("int8", True)])
def test_vectors_may_differ_a_little_in_int8_only(precision, passes):
    compiled = Compiled(model=FakeModel(slope=0.1), precision=precision)
    expected = [np.array([[[1.0, 0.0]] * 8], dtype=np.float32)]
    if passes:
        assert openvino_model._checked(compiled, [[1, 2, 3]], expected) is compiled
        compiled = Compiled(model=FakeModel(slope=1.0), precision=precision)
    with pytest.raises(RuntimeError, match=r"its vectors differ, cosine 0\.\d+ of a token and 0\.\d+ of a text"):
        openvino_model._checked(compiled, [[1, 2, 3]], expected)


def test_the_calibration_texts_are_many_and_differ():
    texts = calibration_texts()
    assert len(texts) == len(set(texts)) == 32


def test_the_precision_in_use_is_known_without_loading_the_model(model, tmp_path):
    assert model.method in [f"{precision} by OpenVINO" for precision in PRECISIONS]
    assert encoding_method(model.fingerprint, tmp_path) == model.method
    assert encoding_method("0" * 64, tmp_path) == ""


def test_a_reason_is_the_last_line_of_a_message():
    error = RuntimeError("Exception from core.cpp:117:\nCheck failed at node.cpp:345:\nNo primitive for Softmax_1.\n\n")
    assert _reason(error) == "No primitive for Softmax_1"
    assert _reason(ImportError()) == "ImportError"


@pytest.mark.slow
def test_a_processor_for_which_openvino_cannot_compile_all_precisions_answers(model, tmp_path):
    script = """
from index.embed.encoder import load_encoder
encoder = load_encoder()
print(encoder.encode_question("How hot is tea?").vector.tobytes().hex(), encoder.method)
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path), "ONEDNN_MAX_CPU_ISA": "AVX2"},
    )
    vector, method = done.stdout.split(" ", 1)
    if method.strip() == "f32 by PyTorch":
        (line,) = done.stderr.splitlines()
        assert line.startswith("OpenVINO cannot run all-MiniLM-L6-v2 (")
        assert line.endswith("): PyTorch runs it, more slowly.")
    else:  # OpenVINO refuses some precisions only
        assert method.strip() in [f"{precision} by OpenVINO" for precision in PRECISIONS]
        assert done.stderr == ""
    cosine = float(np.frombuffer(bytes.fromhex(vector), np.float32) @ model.encode_question("How hot is tea?").vector)
    assert cosine > 0.98
