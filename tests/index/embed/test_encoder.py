import io
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from index.embed import runtime
from index.embed.encoder import MAX_HEADING_TOKENS, load_encoder
from index.embed.model_files import DEFAULT_SHA256
from index.embed.openvino_model import Compiled
from index.embed.runtime import ModelFacts
from index.errors import ModelError
from index.types import Passage

ROOT = Path(__file__).parents[3]
# The least cosine to the vectors of sentence-transformers: of a token and of a text.
INT8, EXACT = "int8 by OpenVINO", (0.999, 0.999)
MIN_COSINES = defaultdict(lambda: EXACT, {INT8: (0.9, 0.98)})
TEXT = "Green tea steeps for two minutes. Coffee comes from Ethiopia."


def test_one_pass_gives_the_passage_and_its_sentences(model):
    (encoded,) = model.encode_passages(
        [Passage(path="tea.md", start=0, end=61, text=TEXT, sentences=((0, 33), (34, 61)))]
    )
    alone = model.encode([TEXT])[0]
    rows, tokens = encoded.vectors, encoded.tokens
    assert (rows.shape, tokens.shape) == ((3, 384), (15, 384))
    assert float(rows[0] @ alone) > MIN_COSINES[model.method][1]
    assert encoded.offsets[1].tolist() == [0, 5]
    question = model.encode_question("How long is green tea steeped?").vector
    assert rows[1] @ question > rows[2] @ question


def test_what_is_compiled_gives_what_sentence_transformers_gives(model):
    texts = [TEXT, "Tea.", "A much longer text about kettles, with more in it. " * 9]
    for text in texts:
        (encoded,) = model.encode_passages([Passage(path="tea.md", start=0, end=len(text), text=text)])
        whole = model._model.encode(text, output_value=None, normalize_embeddings=True)
        tokens = whole["token_embeddings"].float().numpy()
        lengths = np.linalg.norm(tokens, axis=1) * np.linalg.norm(encoded.tokens, axis=1)
        assert ((tokens * encoded.tokens).sum(axis=1) / lengths).min() > MIN_COSINES[model.method][0]
        assert float(encoded.vectors[0] @ model.encode([text])[0]) > MIN_COSINES[model.method][1]


@pytest.mark.parametrize(
    ("damage", "compiles_again"), [(None, "False"), pytest.param(b"not a model", "True", marks=pytest.mark.slow)]
)
def test_a_second_index_starts_with_the_compiled_model_and_without_torch(
    compiled, model, tmp_path, damage, compiles_again
):
    shutil.copytree(compiled, tmp_path / "cache")
    if damage:
        next(tmp_path.glob("cache/footnote/models/*/model.blob")).write_bytes(damage)
    script = """
import sys
from collections import defaultdict
from pathlib import Path
from index.embed import runtime
from index.embed.encoder import load_encoder
vector = load_encoder(None, Path(sys.argv[1])).encode_question("How hot is tea?").vector
print(vector.tobytes().hex(), "torch" in sys.modules, sys.modules["openvino_telemetry"])
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "index")],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")},
    )
    assert not (tmp_path / "index").exists()
    assert done.stderr == ""
    assert done.stdout.split() == [
        model.encode_question("How hot is tea?").vector.tobytes().hex(),
        compiles_again,
        "None",
    ]


class Exportable:
    """A compiled model that is exported as some bytes."""

    def export_model(self):
        return io.BytesIO(b"compiled")


COMPILED = Compiled(model=Exportable(), precision="f32")


def test_a_cache_that_cannot_be_written_is_replaced_by_the_folder_of_the_index(model, tmp_path):
    (tmp_path / "file").write_text("in the way")
    facts = ModelFacts(width=4, length=8, pools_late=True)
    saved = [
        runtime._save(COMPILED, model._tokenizer, facts, cache / "fff-1") for cache in (tmp_path / "file", tmp_path)
    ]
    assert saved == [False, True]
    assert sorted(path.name for path in (tmp_path / "fff-1").iterdir()) == [
        "facts.json",
        "model.blob",
        "tokenizer.json",
    ]


def test_only_older_versions_of_the_same_model_leave_the_cache(model, tmp_path):
    facts = ModelFacts(width=4, length=8, pools_late=True)
    for name in ("fff-1", "eee-1", "fff-2"):
        assert runtime._save(COMPILED, model._tokenizer, facts, tmp_path / name)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["eee-1", "fff-2"]


def test_where_it_cannot_be_compiled_torch_runs_it_and_that_is_logged(model, monkeypatch, caplog):
    monkeypatch.setitem(sys.modules, "openvino", None)
    other = load_encoder()
    (message,) = caplog.messages
    assert message.startswith("OpenVINO cannot run all-MiniLM-L6-v2 (")
    question = "How hot is tea?"
    assert (
        float(other.encode_question(question).vector @ model.encode_question(question).vector)
        > MIN_COSINES[model.method][1]
    )


def test_a_batch_gives_what_each_text_gives_alone(model):
    texts = [TEXT, "Tea.", "A much longer text about kettles, " * 20]
    passages = [Passage(path="tea.md", start=0, end=len(text), text=text) for text in texts]
    together = list(model.encode_passages(passages))
    for number, passage in enumerate(passages):
        (alone,) = model.encode_passages([passage])
        assert float(np.vdot(together[number].vectors[0], alone.vectors[0])) > 0.999


def test_headings_are_encoded_in_front_of_a_passage_and_have_no_place_in_it(model):
    span = ((0, 33),)
    bare = Passage(path="tea.md", start=0, end=33, text=TEXT[:33], sentences=span)
    headed = Passage(
        path="tea.md", start=0, end=33, text=TEXT[:33], sentences=span, section=("Kettles " * 40, "Temperature")
    )
    plain, fronted = model.encode_passages([bare, headed])
    assert len(fronted.tokens) == len(plain.tokens) + MAX_HEADING_TOKENS
    assert fronted.offsets[-len(plain.offsets) + 1 :].tolist() == plain.offsets[1:].tolist()
    assert fronted.offsets[: MAX_HEADING_TOKENS + 1].max() == 0
    question = model.encode_question("What are kettles?").vector
    assert fronted.vectors[0] @ question > plain.vectors[0] @ question


def test_a_usual_word_is_known_and_a_slip_is_not(model):
    assert model.knows("railway") and not model.knows("railwya")


def test_the_default_model_is_the_official_one(model):
    assert (model.fingerprint, model.width, model.limit) == (DEFAULT_SHA256, 384, 230)


def test_a_model_that_is_not_there_is_said(monkeypatch, tmp_path):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match="There is no folder none/such, and no model of that name can be downloaded"):
        load_encoder("none/such")
    with pytest.raises(ModelError, match="has no model weights: check --model"):
        load_encoder(str(tmp_path))
