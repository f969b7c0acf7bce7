import numpy as np
import pytest

from index.embed.late_interaction import Match
from index.search.fusion import combine, maxsims, meaning, token_weights, total


def floats(*rows):
    return np.array(rows, dtype=np.float32)


def test_a_passage_is_as_near_as_its_best_sentence_with_a_share_of_its_own():
    found = meaning(floats(0.4, 0.8, 0.2, 0.9, 0.1), np.array([0, 3]))
    assert found.tolist() == pytest.approx([0.7 * 0.8 + 0.3 * 0.4, 0.7 * 0.1 + 0.3 * 0.9])


def test_the_best_of_both_scores_has_one_and_the_worst_of_both_none():
    assert combine(floats(0.9, 0.1, 0.5), floats(7.0, 0.0, 0.0)).tolist() == pytest.approx([1.0, 0.0, 0.55 * 0.5])


def test_one_candidate_is_the_best_of_all():
    assert combine(floats(0.2), floats(0.0)).tolist() == pytest.approx([1.0])


def test_a_token_has_the_share_of_its_word_and_a_mark_none():
    places = [(0, 0), (0, 5), (6, 9), (9, 13), (13, 14)]
    shares = token_weights("green teapots?", places, lambda word, stem: {"green": 1.0, "teapots": 3.0}[word])
    assert shares.tolist() == pytest.approx([0.0, 1 / 7, 3 / 7, 3 / 7, 0.0])


def test_without_words_no_token_has_a_share():
    assert token_weights("?!", [(0, 1), (1, 2)], lambda word, stem: 1.0).tolist() == [0.0, 0.0]


def test_words_are_met_by_the_passage_by_a_sentence_and_by_it_with_the_one_before():
    match = Match(whole=floats(1.0, 0.8), sentences=floats([1.0, 0.0], [0.2, 0.8]))
    whole, own, context = maxsims(match, floats(0.5, 0.5))
    assert whole == pytest.approx(0.9)
    assert own.tolist() == pytest.approx([0.5, 0.5])
    assert context.tolist() == pytest.approx([0.5, 0.9])
    assert total(1.0, whole, own, context) == pytest.approx((1.0 + 0.9 + 0.5 + 0.9) / 4)
