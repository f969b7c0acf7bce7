import numpy as np

from index.embed.late_interaction import StoredTokens, compare, cosines, pack, principal_axes, project

TEA, MILK, WATER = np.eye(3, 4, dtype=np.float32)
AXES = np.eye(4, dtype=np.float32)


def stored(*tokens):
    """Tokens that stand at [0, 1), [2, 3) ..."""
    offsets = np.array([(2 * number, 2 * number + 1) for number in range(len(tokens))], dtype=np.uint16)
    return StoredTokens(packed=pack(np.array(tokens).reshape(-1, 4), AXES), offsets=offsets.reshape(-1, 2))


def test_a_token_takes_half_a_byte_an_axis_and_keeps_its_direction(model):
    axes = model.token_axes()
    tokens = model.encode_question("Green tea steeps for two minutes.").tokens
    packed = pack(tokens, axes)
    assert (packed.dtype, packed.shape) == (np.uint8, (len(tokens), 64))
    assert np.diag(cosines(project(tokens, axes), packed)).min() > 0.98


def test_each_token_of_the_question_has_its_best_match_in_passage_and_sentence():
    question = np.stack([TEA, MILK])
    (match,) = compare(question, [stored(TEA, WATER, MILK)], [[(0, 3), (4, 5)]])
    assert match.whole.tolist() == [1.0, 1.0]
    assert match.sentences.tolist() == [[1.0, 0.0], [0.0, 1.0]]


def test_a_passage_is_matched_by_its_own_tokens_only():
    first, second = compare(np.stack([TEA, MILK]), [stored(TEA, TEA), stored(MILK)], [[(0, 3)], [(0, 1)]])
    assert (first.whole.tolist(), second.whole.tolist()) == ([1.0, 0.0], [0.0, 1.0])
    assert (first.sentences.tolist(), second.sentences.tolist()) == ([[1.0, 0.0]], [[0.0, 1.0]])


def test_tokens_outside_sentences_match_the_passage_only():
    outside = StoredTokens(
        packed=pack(np.stack([TEA, MILK, WATER]), AXES), offsets=np.array([(0, 0), (3, 4), (9, 10)], dtype=np.uint16)
    )
    (match,) = compare(np.stack([TEA, MILK, WATER]), [outside], [[(0, 1), (2, 5), (6, 8)]])
    assert match.whole.tolist() == [1.0, 1.0, 1.0]
    assert match.sentences.tolist() == [[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]]


def test_nothing_matches_nothing():
    assert compare(np.stack([TEA]), [], []) == []


def test_the_first_axis_is_where_vectors_lie():
    vectors = np.array([[1, 0.1], [1, -0.1], [-1, 0]], dtype=np.float32)
    assert np.abs(principal_axes(vectors)[:, 0]).round(2).tolist() == [1.0, 0.0]


def test_the_axes_of_a_model_are_always_the_same(model):
    axes = model.token_axes()
    assert axes.shape == (384, 128)
    assert np.array_equal(axes, model.token_axes())
