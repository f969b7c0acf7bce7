import numpy as np
import pytest

from index.encoder import DEFAULT_SHA256, HEADING_TOKENS, load_encoder
from index.errors import ModelError
from index.types import Passage

TEXT = "Green tea steeps for two minutes. Coffee comes from Ethiopia."


def test_one_pass_gives_the_passage_and_its_sentences(model):
    ((_, encoded),) = model.encode_passages([Passage("tea.md", 0, 61, TEXT, ((0, 33), (34, 61)))])
    alone = model._model.encode(TEXT, normalize_embeddings=True)
    rows, tokens = encoded.vectors, encoded.tokens
    assert (rows.shape, tokens.shape) == ((3, 384), (15, 384))
    assert float(rows[0] @ alone) > 0.9999
    assert encoded.places[1].tolist() == [0, 5]
    question = model.encode_question("How long is green tea steeped?").vector
    assert rows[1] @ question > rows[2] @ question


def test_a_batch_gives_what_each_text_gives_alone(model):
    texts = [TEXT, "Tea.", "A much longer text about kettles, " * 20]
    passages = [Passage("tea.md", 0, len(text), text) for text in texts]
    together = dict(model.encode_passages(passages))
    for number, passage in enumerate(passages):
        ((_, alone),) = model.encode_passages([passage])
        assert float(np.vdot(together[number].vectors[0], alone.vectors[0])) > 0.9999


def test_headings_are_encoded_in_front_of_a_passage_and_have_no_place_in_it(model):
    span = ((0, 33),)
    bare = Passage("tea.md", 0, 33, TEXT[:33], span)
    headed = Passage("tea.md", 0, 33, TEXT[:33], span, ("Kettles " * 40, "Temperature"))
    (_, plain), (_, fronted) = sorted(model.encode_passages([bare, headed]))
    assert len(fronted.tokens) == len(plain.tokens) + HEADING_TOKENS
    assert fronted.places[-len(plain.places) + 1 :].tolist() == plain.places[1:].tolist()
    assert fronted.places[: HEADING_TOKENS + 1].max() == 0
    question = model.encode_question("What are kettles?").vector
    assert fronted.vectors[0] @ question > plain.vectors[0] @ question


def test_a_usual_word_is_known_and_a_slip_is_not(model):
    assert model.knows("railway") and not model.knows("railwya")


def test_the_default_model_is_the_official_one(model):
    assert (model.fingerprint, model.width, model.limit) == (DEFAULT_SHA256, 384, 230)


def test_a_model_that_is_not_there_is_said(monkeypatch, tmp_path):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match="There is no model none/such in a folder of that name"):
        load_encoder("none/such")
    with pytest.raises(ModelError, match="holds no model weights: check --model"):
        load_encoder(str(tmp_path))
