import math

import pytest

from index.search.reranking import MODEL, ranked, weakest_match
from index.types import Hit, Passage, RankSignals


def hit(path, start=0, **signals):
    passage = Passage(path=path, start=start, end=start + 4, text="Tea.")
    return Hit(passage=passage, score=0.0, signals=RankSignals(**signals))


def test_scores_are_shares_of_one():
    found = ranked([hit("a.md", fused=0.1), hit("b.md", fused=0.9), hit("c.md", fused=0.5)])
    assert [one.passage.path for one in found] == ["b.md", "c.md", "a.md"]
    assert sum(one.score for one in found) == pytest.approx(1.0)
    assert all(0 < one.score < 1 for one in found)


def test_two_scores_differ_by_the_weighted_difference_of_their_signals():
    first, second = ranked([hit("a.md", fused=0.9, answer_type=1.0), hit("b.md", fused=0.4)])
    fused, kind = MODEL["fused"], MODEL["answer_type"]
    assert first.passage.path == "a.md"
    assert math.log(first.score / second.score) == pytest.approx(
        fused.weight * 0.5 / fused.spread + kind.weight / kind.spread
    )


def test_a_passage_that_asks_comes_after_one_that_does_not():
    more, less = ranked([hit("a.md", questions=1.0), hit("b.md")])
    assert (more.passage.path, less.passage.path) == ("b.md", "a.md")


@pytest.mark.parametrize("name", [name for name in MODEL if name != "questions"])
def test_each_signal_raises_the_score(name):
    more, less = ranked([hit("a.md"), hit("b.md", **{name: 1.0})])
    assert (more.passage.path, less.passage.path) == ("b.md", "a.md")
    assert more.score > less.score


def test_the_model_weighs_every_signal():
    assert set(MODEL) == set(RankSignals.__slots__)


def test_the_only_candidate_is_certain_and_of_equals_the_first_by_place_comes_first():
    assert [one.score for one in ranked([hit("a.md")])] == [1.0]
    places = [(one.passage.path, one.passage.start) for one in ranked([hit("b.md"), hit("a.md", 9), hit("a.md")])]
    assert places == [("a.md", 0), ("a.md", 9), ("b.md", 0)]


def test_without_candidates_there_is_nothing_to_rank():
    assert ranked([]) == []


def test_far_apart_signals_do_not_overflow():
    best, worst = ranked([hit("a.md", length=5_000.0), hit("b.md")])
    assert (best.score, worst.score) == (pytest.approx(1.0), pytest.approx(0.0))


def test_one_word_that_is_not_matched_weighs_more_than_many_that_are():
    even, uneven = weakest_match([0.6] * 4, [0.25] * 4), weakest_match([0.8, 0.8, 0.8, 0.0], [0.25] * 4)
    assert even == pytest.approx(0.6)
    assert uneven < 0.3 < 0.6  # the mean of both is 0.6


def test_a_word_without_weight_is_not_missed():
    assert weakest_match([0.9, 0.0], [1.0, 0.0]) == pytest.approx(0.9)
    assert weakest_match([0.9], [0.0]) == 0.0
    assert weakest_match([], []) == 0.0


def test_shares_count_relative_to_each_other():
    assert weakest_match([0.9, 0.3], [0.2, 0.1]) == pytest.approx(weakest_match([0.9, 0.3], [2.0, 1.0]))
