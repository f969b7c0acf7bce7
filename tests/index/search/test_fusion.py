import numpy as np
import pytest

from index.embed.late_interaction import Match
from index.search.fusion import MEANING_WEIGHT, PASSAGE_SHARE, combine, maxsims, meaning


def floats(*rows):
    return np.array(rows, dtype=np.float32)


def test_a_passage_is_as_similar_as_its_best_sentence_with_a_share_of_its_own():
    found = meaning(floats(0.4, 0.8, 0.2, 0.9, 0.1), np.array([0, 3]))
    best = 1 - PASSAGE_SHARE
    assert found.tolist() == pytest.approx([best * 0.8 + PASSAGE_SHARE * 0.4, best * 0.1 + PASSAGE_SHARE * 0.9])


def test_the_best_of_both_scores_has_one_and_the_worst_of_both_none():
    found = combine(floats(0.9, 0.1, 0.5), floats(7.0, 0.0, 0.0))
    assert found.tolist() == pytest.approx([1.0, 0.0, MEANING_WEIGHT * 0.5])


def test_one_candidate_is_the_best_of_all():
    assert combine(floats(0.2), floats(0.0)).tolist() == pytest.approx([1.0])


def test_tokens_match_the_passage_a_sentence_and_a_sentence_with_the_one_before():
    match = Match(whole=floats(1.0, 0.8), sentences=floats([1.0, 0.0], [0.2, 0.8]))
    whole, own, context = maxsims(match, floats(0.5, 0.5))
    assert whole == pytest.approx(0.9)
    assert own.tolist() == pytest.approx([0.5, 0.5])
    assert context.tolist() == pytest.approx([0.5, 0.9])


def test_a_token_counts_by_its_share():
    match = Match(whole=floats(1.0, 0.0), sentences=floats([1.0, 0.0]))
    assert maxsims(match, floats(0.75, 0.25))[0] == pytest.approx(0.75)
