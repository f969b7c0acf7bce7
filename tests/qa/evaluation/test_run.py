import pytest
from support.answers import reply

from qa.answer.confidence import THRESHOLD
from qa.evaluation.dataset import Question
from qa.evaluation.metrics import (
    auroc,
    gains,
    means,
    measures,
    reliability,
    without_conversation,
)
from qa.evaluation.run import ask_each, evaluate
from qa.evaluation.types import Evaluation, Measure, Progress
from qa.types import Turn


def found(*questions):
    return {name: (round(m.value, 3), m.count) for name, m in measures(list(ask_each(questions, reply))).items()}


def test_measures_are_over_the_questions_that_they_concern():
    right = {"facts": (("hot",),), "document": "a.md", "span": (0, 8)}
    measured = found(
        Question(question="tea", **right),
        Question(question="heat", **right),
        Question(question="doubt", **right),
        Question(question="tea", answerability="unanswerable"),
    )
    assert {name: value for name, value in measured.items() if not name.startswith("seconds")} == {
        "right": (0.667, 3),
        "partial": (0.0, 3),
        "wrong": (0.0, 3),
        "declined": (0.333, 3),
        "passage@1": (0.667, 3),
        "passage@5": (1.0, 3),
        "expected_in_first_sentence": (0.333, 3),
        "expected_in_first_quote": (0.333, 3),
        "expected_in_quotes": (0.667, 3),
        "right_if_answered": (1.0, 2),
        "quotes": (2.0, 2),
        "sentences_quoted": (3.0, 2),
        "words_per_answer": (6.0, 2),
        "recall@1": (0.667, 3),
        "recall@3": (1.0, 3),
        "recall@5": (1.0, 3),
        "recall@10": (1.0, 3),
        "MRR": (0.833, 3),
        "unanswerable_answered": (1.0, 1),
        "invented": (1.0, 1),
        "AUROC_unanswerable": (0.333, 4),
    }


def test_a_document_without_a_span_is_right_anywhere_in_it():
    assert found(Question(question="tea", facts=(("hot",),), document="a.md"))["recall@1"] == (1.0, 1)
    assert "recall@1" not in found(Question(question="tea", facts=(("hot",),)))


def test_foreign_questions_have_their_own_error():
    measured = found(
        Question(question="tea", facts=(("hot",),)),
        Question(question="unknown", facts=(("x",),), answerability="off_topic"),
        Question(question="tea", answerability="off_topic"),
    )
    assert measured["off_topic_answered"] == (0.5, 2)
    assert measured["AUROC_off_topic"] == (0.75, 3)


def test_auroc_is_the_share_of_pairs_in_the_right_order():
    assert auroc([0.9, 0.8, 0.3], [0.1, 0.8]).value == pytest.approx((2 + 1.5 + 1) / 6)
    assert auroc([1.0] * 50, [0.0] * 50) == Measure(value=1.0, low=1.0, high=1.0, count=100)
    wide = auroc([0.0, 1.0] * 20, [0.0, 1.0] * 20)
    assert 0.3 < wide.low < 0.45 < 0.55 < wide.high < 0.7


def test_an_interval_holds_its_mean_and_is_the_same_each_time():
    rows = [{"x": 0.0}, {"x": 1.0}] * 50
    assert means(rows) == means(rows)
    measured = means(rows)["x"]
    assert 0.35 < measured.low < 0.5 < measured.high < 0.65


def test_reliability_sets_how_sure_against_how_right_declined_or_not():
    questions = [
        Question(question="tea", facts=(("hot",),)),
        Question(question="tea", answerability="unanswerable"),
        Question(question="doubt", facts=(("hot",),)),
    ]
    outcomes = list(ask_each(questions, reply))
    bins = [(found.low, round(found.confidence, 2), found.right, found.count) for found in reliability(outcomes)]
    doubt = round(THRESHOLD / 2, 2)
    assert bins == [(int(doubt * 10) / 10, doubt, 1.0, 1), (0.9, 0.97, 0.5, 2)]


def test_an_evaluation_says_how_far_it_is_and_ends_with_what_came_of_each_question():
    questions = [Question(question="tea", facts=(("hot",),)), Question(question="doubt", facts=(("hot",),))]
    *steps, result = evaluate(questions, reply)
    assert steps == [
        *(Progress(stage="Asking", done=done, total=2) for done in range(3)),
        Progress(stage="Measuring", done=2, total=2),
    ]
    assert isinstance(result, Evaluation)
    assert [outcome.quoted for outcome in result.outcomes] == [("Tea hot. Milk cold.", "Ice raw."), ()]
    assert result.measures["declined"] == measures(result.outcomes)["declined"]
    assert result.bins == tuple(reliability(result.outcomes))


def test_a_cancelled_evaluation_asks_nothing_more():
    asked = []
    steps = evaluate(
        [Question(question="tea", facts=(("hot",),))] * 5,
        lambda question, turns: asked.append(question) or reply(question, turns),
    )
    next(steps), next(steps)
    steps.close()
    assert asked == ["tea"]


def test_a_question_fails_if_it_is_declined_or_wrong_or_if_it_should_have_been_declined():
    questions = [
        Question(question="tea", facts=(("hot",),)),
        Question(question="tea", facts=(("warm",),)),
        Question(question="doubt", facts=(("hot",),)),
        Question(question="tea", answerability="unanswerable"),
        Question(question="unknown", answerability="unanswerable"),
        Question(question="tea", facts=(("hot",),), answerability="off_topic"),
    ]
    assert [outcome.has_failed for outcome in ask_each(questions, reply)] == [False, True, True, True, False, True]


def test_questions_of_conversations_are_measured_by_their_documents_and_labels():
    said = {"turns": (Turn("before"),)}
    measured = found(
        Question(question="tea", documents=("a.md", "c.md"), answerability="answerable", **said),
        Question(question="unknown", documents=("b.md",), answerability="underspecified", **said),
        Question(question="unknown", answerability="unanswerable", **said),
    )
    assert measured["recall@1"] == (0.5, 2)
    assert measured["underspecified_answered"] == measured["unanswerable_answered"] == (0.0, 1)
    assert measured["AUROC_unanswerable_or_underspecified"] == (1.0, 3)
    assert "expected_in_quotes" not in measured


def test_a_gain_is_the_mean_difference_over_pairs():
    right = {"facts": (("hot",),), "document": "a.md"}
    ahead = list(ask_each([Question(question="tea", **right), Question(question="tea", **right)], reply))
    behind = list(ask_each([Question(question="heat", **right), Question(question="tea", **right)], reply))
    assert gains(ahead, behind)["recall@1"].value == 0.5


def test_without_conversation_a_question_has_the_confidence_of_its_signals():
    (outcome,) = without_conversation(list(ask_each([Question(question="tea", facts=(("hot",),))], reply)))
    assert outcome.confidence == 0.0
