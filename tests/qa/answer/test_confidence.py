import math
from dataclasses import replace

import pytest

from index.types import Hit, Passage, RankSignals
from qa.answer.confidence import (
    BIAS,
    FOLLOW_UP_THRESHOLD,
    RELATED_THRESHOLD,
    SCALE,
    SHIFT,
    THRESHOLD,
    TOP,
    WEIGHTS,
    Signals,
    confidence,
    is_related,
    logistic,
    signals,
)

PASSAGE = Passage(path="a.md", start=0, end=4, text="Tea.")
USUAL = Signals(weakest_match=0.4, similarity=0.5, coverage=0.6, lead=1.0, words=2.0, passages=5.0)


def hit(score=0.2, **scores):
    return Hit(passage=PASSAGE, score=score, **scores)


def test_signals_are_of_the_first_hits():
    hits = [
        hit(0.6, weakest_match=0.3, passage_similarity=0.4, term_coverage=0.5),
        hit(0.2, weakest_match=0.9, passage_similarity=0.7, term_coverage=0.1),
        hit(0.1, passage_similarity=0.2, term_coverage=0.8),
    ]
    found = signals("How is tea made?", hits, passages=100, unknown=["S-187"])
    assert found == Signals(
        weakest_match=0.3,
        similarity=0.7,
        coverage=0.8,
        lead=pytest.approx(math.log(6)),
        unknown=1.0,
        words=pytest.approx(math.log(4)),
        passages=pytest.approx(math.log(100)),
    )


def test_a_kind_of_thing_that_no_hit_holds_is_missing():
    hits = [hit(0.6), hit(0.2, signals=RankSignals(answer_type=1.0))]
    assert signals("How much does it cost?", hits, passages=9).missing == 0.0
    assert signals("How long does it take?", hits[:1], passages=9).missing == 1.0
    assert signals("What is tea?", hits[:1], passages=9).missing == 0.0
    assert signals("And green tea?", hits[:1], passages=9, follows="How much does it cost?").missing == 0.0


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("how much does the android app cost", 2.0),
        ("what's the price of a plan", 2.0),
        ("how expensive is it", 2.0),
        ("do board members get a salary", 1.0),
        ("are fixed prices allowed", 1.0),
    ],
)
def test_a_price_without_an_amount_is_missing_twice(question, missing):
    assert signals(question, [hit(0.6)], passages=9).missing == missing
    assert signals(question, [hit(0.6, signals=RankSignals(answer_type=1.0))], passages=9).missing == 0.0


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("What are the dues for 2026?", 1.0),
        ("What were the dues in 2018?", 1.0),
        ("What were the dues in 2020?", 0.0),  # the years around it may be those of a period
        ("What are the dues?", 0.0),
        ("What are 2,026 pots of tea?", 0.0),
    ],
)
def test_a_year_before_or_after_all_those_of_the_hits_is_unknown(question, unknown):
    texts = [("a.md", "Dues in 2019 were 40 francs."), ("minutes-2025.md", "Dues rise.")]
    hits = [replace(hit(), passage=Passage(path=path, start=0, end=len(text), text=text)) for path, text in texts]
    assert signals(question, hits, passages=9).unknown == unknown
    assert signals(question, [hit()], passages=9).unknown == 0.0


def test_the_words_of_a_follow_up_are_those_of_both_questions():
    found = signals("And green tea?", [hit()], passages=9, follows="How is tea made?")
    assert found.words == pytest.approx(math.log(7))


def test_hits_after_the_first_few_do_not_count():
    hits = [hit(0.2, passage_similarity=0.4, term_coverage=0.5) for _ in range(TOP)]
    more = [*hits, hit(0.001, passage_similarity=0.9, term_coverage=0.9)]
    assert signals("tea", more, passages=9) == signals("tea", hits, passages=9)


def test_confidence_is_the_scaled_value_of_one_linear_model():
    value = BIAS + sum(weight * getattr(USUAL, name) for name, weight in WEIGHTS.items())
    assert confidence(USUAL) == pytest.approx(1 / (1 + math.exp(-(SCALE * value + SHIFT))))
    assert set(WEIGHTS) == set(Signals.__slots__)


@pytest.mark.parametrize("name", ["weakest_match", "similarity", "coverage", "lead", "words"])
def test_confidence_rises_with_each_signal_of_a_match(name):
    assert confidence(replace(USUAL, **{name: getattr(USUAL, name) + 0.2})) > confidence(USUAL)


def test_confidence_falls_if_what_is_asked_for_is_missing():
    assert confidence(replace(USUAL, missing=1.0)) < confidence(USUAL)


def test_confidence_falls_with_each_unknown_name_and_with_the_number_of_passages():
    one, two = (confidence(replace(USUAL, unknown=float(count))) for count in (1, 2))
    assert confidence(USUAL) > one > two
    assert confidence(replace(USUAL, passages=9.0)) < confidence(USUAL)


def test_nothing_found_is_no_confidence():
    assert signals("tea", [], passages=1000, unknown=["S-187"]) == Signals()
    assert confidence(Signals()) == 0.0


def test_extreme_values_do_not_overflow():
    assert logistic(1e9) == 1.0
    assert logistic(-1e9) == pytest.approx(0.0)


def test_thresholds_are_in_order():
    assert 0 < RELATED_THRESHOLD < FOLLOW_UP_THRESHOLD < THRESHOLD < 1
    assert [is_related(value) for value in (0.0, RELATED_THRESHOLD - 0.01, RELATED_THRESHOLD, 0.9)] == [
        False,
        False,
        True,
        True,
    ]
