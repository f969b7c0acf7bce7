import random
from dataclasses import asdict

import pytest

from index.search.reranking import MODEL, Weight
from index.types import RankSignals
from qa.answer import confidence
from qa.answer.confidence import Signals, logistic
from qa.errors import DatasetError
from qa.evaluation.calibration_report import (
    confidence_constants,
    confidence_tables,
    ranking_constants,
    ranking_table,
)
from qa.evaluation.fitting import (
    Candidates,
    FittedConfidence,
    JudgedReply,
    fit_confidence,
    fit_ranking,
    held_out_confidences,
    held_out_ranks,
)


def candidates(chance, sharpness=2.0, weight=1.0, group="a", name="set"):
    """Ten candidates; one is right, with a probability that grows with its maxsim, of mean 5 and spread 0.5."""
    signals = tuple(RankSignals(maxsim=chance.gauss(5, 0.5), length=chance.gauss(0, 1)) for _ in range(10))
    (right,) = chance.choices(range(10), [2.718 ** (sharpness * (one.maxsim - 5) / 0.5) for one in signals])
    holds = tuple(number == right for number in range(10))
    return Candidates(name=name, group=group, weight=weight, signals=signals, holds=holds)


def test_the_weights_of_ranking_are_found():
    chance = random.Random(0)
    model = fit_ranking([candidates(chance) for _ in range(600)])
    assert model["maxsim"].weight == pytest.approx(2.0, abs=0.2)
    assert model["length"].weight == pytest.approx(0.0, abs=0.1)
    assert (model["maxsim"].mean, model["maxsim"].spread) == pytest.approx((5, 0.5), abs=0.03)
    assert (model["fused"].spread, model["fused"].weight) == (1.0, 0.0)  # always 0: it cannot tell passages apart


def test_a_question_counts_as_often_as_its_weight_says():
    def made(weight, sharpness, seed):
        chance = random.Random(seed)
        return [candidates(chance, sharpness, weight) for _ in range(60)]

    heavy = fit_ranking([*made(3.0, 2.0, 1), *made(1.0, -1.0, 2)])
    repeated = fit_ranking([*made(1.0, 2.0, 1) * 3, *made(1.0, -1.0, 2)])
    even = fit_ranking([*made(1.0, 2.0, 1), *made(1.0, -1.0, 2)])
    assert heavy["maxsim"].weight == pytest.approx(repeated["maxsim"].weight, abs=0.01)
    assert heavy["maxsim"].weight > even["maxsim"].weight + 0.2


def test_questions_without_a_right_candidate_are_not_fitted_to_and_rank_0():
    chance = random.Random(0)
    found = [candidates(chance, group=str(number % 5)) for number in range(50)]
    missed = Candidates(name="set", group="6", weight=9.0, signals=found[0].signals, holds=(False,) * 10)
    assert fit_ranking([*found, missed]) == fit_ranking(found)
    assert held_out_ranks([*found, missed])[-1] == 0
    with pytest.raises(DatasetError, match=r"^No passage holds a fact of a question: "):
        fit_ranking([missed])


def test_ranks_are_those_of_a_model_that_did_not_see_the_group():
    def made(best, group):
        """The right one of three has the highest, or the lowest, maxsim."""
        signals = tuple(RankSignals(maxsim=value) for value in (0.9, 0.5, 0.1))
        holds = tuple(number == best for number in range(3))
        return Candidates(name="set", group=group, weight=1.0, signals=signals, holds=holds)

    assert held_out_ranks([made(0, "a"), made(2, "b")]) == [3, 3]
    assert held_out_ranks([made(0, "a"), made(0, "b")]) == [1, 1]
    with pytest.raises(
        DatasetError, match=r"^All the questions are about one document: give questions about several\.$"
    ):
        held_out_ranks([made(0, "a"), made(2, "a")])


def asked(chance, weight=1.0, rising=True, **settings):
    """A question that can be answered with the log-odds v = 8 * similarity - 4; answered rightly with 0.5 * v - 1."""
    similarity = chance.random()
    value = 8 * similarity - 4
    is_answerable = (chance.random() < logistic(value)) == rising
    found = JudgedReply(
        name="set",
        group=str(chance.randrange(20)),
        weight=weight,
        signals=Signals(similarity=similarity, words=chance.gauss(2, 1)),
        confidence=0.5,
        is_answerable=is_answerable,
        is_answered=True,
        is_right=chance.random() < logistic(0.5 * value - 1),
    )
    return found if not settings else JudgedReply(**{**_fields(found), **settings})


def _fields(one):
    return {name: getattr(one, name) for name in JudgedReply.__dataclass_fields__}


def test_the_weights_of_the_confidence_are_found():
    chance = random.Random(0)
    found = [asked(chance) for _ in range(3000)]
    model = fit_confidence(found)
    assert model.weights["similarity"] == pytest.approx(8, abs=0.8)
    assert model.bias == pytest.approx(-4, abs=0.8)
    assert model.weights["words"] == pytest.approx(0, abs=0.15)
    assert (model.scale, model.shift) == pytest.approx((0.5, -1), abs=0.1)
    unseen = [asked(chance, weight=0.0, rising=False) for _ in range(500)]
    assert fit_confidence([*found, *unseen]).weights == pytest.approx(model.weights, abs=1e-6)


def test_the_confidence_is_the_share_of_right_answers():
    chance = random.Random(0)
    found = [asked(chance) for _ in range(3000)]
    confidences = held_out_confidences(found)
    for low in (0.0, 0.2, 0.4):
        inside = [at for at, value in enumerate(confidences) if low <= value < low + 0.2]
        stated = sum(confidences[at] for at in inside) / len(inside)
        assert stated == pytest.approx(sum(found[at].is_right for at in inside) / len(inside), abs=0.07)
    nothing = asked(chance, signals=Signals(), weight=0.0)
    assert held_out_confidences([*found, nothing])[-1] == 0.0


def test_a_confidence_needs_questions_of_both_kinds():
    chance = random.Random(0)
    answerable = [one for one in (asked(chance) for _ in range(100)) if one.is_answerable]
    with pytest.raises(
        DatasetError, match=r"^The confidence cannot be fitted: give questions that the documents answer"
    ):
        fit_confidence(answerable)


def test_the_printed_constants_are_those_of_the_code():
    names = {"Weight": Weight}
    exec(ranking_constants(MODEL), names)
    assert names["MODEL"] == MODEL
    model = FittedConfidence(
        bias=confidence.BIAS, weights=confidence.WEIGHTS, scale=confidence.SCALE, shift=confidence.SHIFT
    )
    exec(confidence_constants(model), names)
    assert names["BIAS"] == confidence.BIAS
    assert names["WEIGHTS"] == confidence.WEIGHTS
    assert (names["SCALE"], names["SHIFT"]) == (confidence.SCALE, confidence.SHIFT)
    assert list(asdict(RankSignals())) == list(names["MODEL"])
    assert list(asdict(Signals())) == list(names["WEIGHTS"])


def test_the_ranking_table_has_todays_and_the_held_out_shares_of_each_set():
    signals = (RankSignals(),) * 4
    second = Candidates(name="tea", group="a", weight=1.0, signals=signals, holds=(False, True, False, True))
    none = Candidates(name="tea", group="a", weight=1.0, signals=signals, holds=(False,) * 4)
    lines = ranking_table([second, none], [1, 0]).splitlines()
    assert lines[-1].split() == ["tea", "2", "0.500", "0.000", "0.500", "0.500", "0.500", "0.500", "0.500"]


def test_the_threshold_table_counts_each_error():
    def one(**settings):
        base = {"is_answerable": True, "is_answered": True, "is_right": True, "is_off_topic": False}
        return asked(random.Random(0), **{**base, **settings})

    rows = [
        (one(), 0.9),
        (one(is_right=False), 0.5),
        (one(), 0.1),
        (one(is_answered=False, is_right=False), 0.9),
        (one(is_answerable=False, is_right=False), 0.3),
        (one(is_answerable=False, is_right=False, is_off_topic=True), 0.1),
        (one(is_follow_up=True), 0.2),
    ]
    out = confidence_tables([row for row, _ in rows], [confidence for _, confidence in rows])
    alone, reliability, follow_ups, _ = out.split("\n\n")
    lines = {line.split()[0]: line.split()[1:] for line in alone.splitlines()[2:]}
    assert alone.splitlines()[0] == "set: 4 answerable, 1 unanswerable, 1 off-topic questions"
    assert lines["0.08"] == ["0.250", "0.500", "0.250", "1.000", "1.000"]
    assert lines["0.36"] == ["0.500", "0.250", "0.250", "0.000", "0.000"]
    assert reliability.splitlines()[2:] == [
        "0.1 to 0.2          1   0.100   1.000",
        "0.3 to 0.4          1   0.300   0.000",
        "0.5 to 0.6          1   0.500   0.000",
        "0.9 to 1.0          2   0.900   0.500",
    ]
    assert follow_ups.splitlines()[0] == "set, follow-ups: 1 answerable, 0 unanswerable, 0 off-topic questions"
