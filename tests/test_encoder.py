import numpy as np
import pytest

from index.encoder import DEFAULT_SHA256, load_encoder
from index.errors import ModelError

TEXT = "Green tea steeps for two minutes. Coffee comes from Ethiopia."


def test_one_pass_gives_the_passage_and_its_sentences(model):
    ((_, encoded),) = model.encode_passages([TEXT], [[(0, 33), (34, 61)]])
    alone = model._model.encode(TEXT, normalize_embeddings=True)
    rows, tokens = encoded.vectors, encoded.tokens
    assert (rows.shape, tokens.shape) == ((3, 384), (15, 384))
    assert float(rows[0] @ alone) > 0.9999
    question = model.encode_question("How long is green tea steeped?").vector
    assert rows[1] @ question > rows[2] @ question


def test_a_batch_gives_what_each_text_gives_alone(model):
    texts = [TEXT, "Tea.", "A much longer text about kettles, " * 20]
    together = dict(model.encode_passages(texts, [[], [], []]))
    for number, text in enumerate(texts):
        ((_, alone),) = model.encode_passages([text], [[]])
        assert float(np.vdot(together[number].vectors[0], alone.vectors[0])) > 0.9999


def test_the_default_model_is_the_official_one(model):
    assert (model.fingerprint, model.width, model.limit) == (DEFAULT_SHA256, 384, 254)


def test_a_model_that_is_not_there_is_said(monkeypatch, tmp_path):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match="There is no model none/such in a folder of that name"):
        load_encoder("none/such")
    with pytest.raises(ModelError, match="holds no model weights: check --model"):
        load_encoder(str(tmp_path))
