import numpy as np
from scipy.linalg import hadamard

from index.embed.late_interaction import (
    OUTSIDE,
    EncodedPassage,
    StoredTokens,
    compare,
    cosines,
    pack,
    principal_axes,
    project,
    store_tokens,
)
from index.types import Passage

TEA, MILK, WATER = np.eye(3, 4, dtype=np.float32)
AXES = np.asarray(hadamard(4) / 2, dtype=np.float32)  # on which each of the three keeps its direction when packed


def stored(*tokens):
    """Tokens that begin at 0, 2, 4 ..."""
    offsets = np.arange(0, 2 * len(tokens), 2, dtype=np.uint16)
    return StoredTokens(packed=pack(np.array(tokens).reshape(-1, 4), AXES), offsets=offsets)


def asked(*tokens):
    """Tokens of a question on the axes."""
    return project(np.stack(tokens), AXES)


def test_a_token_takes_a_quarter_of_a_byte_an_axis_and_keeps_its_direction(model):
    axes = model.token_axes()
    tokens = model.encode_question("Green tea steeps for two minutes.").tokens
    packed = pack(tokens, axes)
    assert (packed.dtype, packed.shape) == (np.uint8, (len(tokens), 32))
    assert np.diag(cosines(project(tokens, axes), packed)).min() > 0.9


def test_each_token_of_the_question_has_its_best_match_in_passage_and_sentence():
    question = asked(TEA, MILK)
    (match,) = compare(question, [stored(TEA, WATER, MILK)], [[(0, 3), (4, 5)]])
    assert match.whole.tolist() == [1.0, 1.0]
    assert match.sentences.tolist() == [[1.0, 0.0], [0.0, 1.0]]


def test_a_passage_is_matched_by_its_own_tokens_only():
    first, second = compare(asked(TEA, MILK), [stored(TEA, TEA), stored(MILK)], [[(0, 3)], [(0, 1)]])
    assert (first.whole.tolist(), second.whole.tolist()) == ([1.0, 0.0], [0.0, 1.0])
    assert (first.sentences.tolist(), second.sentences.tolist()) == ([[1.0, 0.0]], [[0.0, 1.0]])


def test_tokens_outside_sentences_match_the_passage_only():
    outside = StoredTokens(
        packed=pack(np.stack([TEA, MILK, WATER]), AXES), offsets=np.array([OUTSIDE, 3, 9], dtype=np.uint16)
    )
    (match,) = compare(asked(TEA, MILK, WATER), [outside], [[(0, 1), (2, 5), (6, 8)]])
    assert match.whole.tolist() == [1.0, 1.0, 1.0]
    assert match.sentences.tolist() == [[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]]


def test_nothing_matches_nothing():
    assert compare(asked(TEA), [], []) == []


def test_the_first_axis_is_where_vectors_lie():
    vectors = np.array([[1, 0.1, 0, 0], [1, -0.1, 0, 0], [-1, 0, 0, 0]], dtype=np.float32)
    assert np.abs(principal_axes(vectors)[:, 0]).round(2).tolist() == [1.0, 0.0, 0.0, 0.0]


def test_the_axes_of_a_model_are_always_the_same(model):
    axes = model.token_axes()
    assert axes.shape == (384, 128)
    assert np.array_equal(axes, model.token_axes())


def test_punctuation_is_not_stored_and_headings_begin_outside_the_text():
    encoded = EncodedPassage(
        vectors=np.zeros((1, 4), dtype=np.float32),
        tokens=np.stack([TEA, WATER, MILK]),
        offsets=np.array([(0, 0), (3, 4), (5, 9)], dtype=np.uint16),
        is_punctuation=np.array([False, True, False]),
    )
    tokens = store_tokens(encoded, AXES)
    assert tokens.offsets.tolist() == [OUTSIDE, 5]
    assert tokens.packed.tolist() == pack(np.stack([TEA, MILK]), AXES).tolist()


def test_the_encoder_marks_punctuation_and_no_signs(model):
    text = "It costs $5, or 5 % more: (C++) “yes”."
    (encoded,) = model.encode_passages([Passage(path="a.txt", start=0, end=len(text), text=text, section=("Top",))])
    found = encoded.offsets[encoded.is_punctuation].tolist()
    assert "".join(text[start:end] for start, end in found if start < end) == ",%:()“”."
    assert found[0] == [0, 0]  # what ends the heading
