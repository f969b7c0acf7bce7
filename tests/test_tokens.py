import numpy as np

from index.tokens import match, principal_axes, reduce

TEA, MILK = np.array([[1, 0, 0]], dtype=np.float32), np.array([[0, 1, 0]], dtype=np.float32)
AXES = np.eye(3, dtype=np.float32)[:, :2]


def test_a_token_is_one_byte_an_axis():
    assert reduce(np.array([[3, 4, 0]], dtype=np.float32), AXES).tolist() == [[76, 102]]


def test_each_word_of_the_question_counts_its_best_match_by_its_weight():
    question = reduce(np.concatenate([TEA, MILK]), AXES)
    weights = np.array([3, 1], dtype=np.float32)
    assert match(question, weights, reduce(TEA, AXES)) == 0.75
    assert match(question, weights, reduce(np.concatenate([MILK, TEA]), AXES)) == 1.0


def test_nothing_matches_nothing():
    empty = np.zeros((0, 2), dtype=np.int8)
    assert match(reduce(TEA, AXES), np.ones(1, dtype=np.float32), empty) == 0.0
    assert match(reduce(TEA, AXES), np.zeros(1, dtype=np.float32), reduce(TEA, AXES)) == 0.0


def test_the_first_axis_is_where_vectors_lie():
    vectors = np.array([[1, 0.1], [1, -0.1], [-1, 0]], dtype=np.float32)
    assert np.abs(principal_axes(vectors)[:, 0]).round(2).tolist() == [1.0, 0.0]


def test_the_axes_of_a_model_are_always_the_same(model):
    axes = model.token_axes()
    assert axes.shape == (384, 64)
    assert np.array_equal(axes, model.token_axes())
