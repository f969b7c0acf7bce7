import math
from dataclasses import replace

import pytest

from index.types import Hit, Passage, ScoredSentence
from qa.answer.confidence import (
    ANSWERABILITY_BIAS,
    ANSWERABILITY_WEIGHTS,
    RELEVANCE_BIAS,
    RELEVANCE_WEIGHTS,
    Signals,
    confidence,
    signals,
)

PASSAGE = Passage(path="a.md", start=0, end=4, text="Tea.")


def test_each_signal_is_the_best_of_the_hits():
    sentences = (
        ScoredSentence(start=0, end=4, similarity=0.1, term_coverage=0.2),
        ScoredSentence(start=0, end=4, similarity=0.1, term_coverage=0.25),
    )
    first = Hit(passage=PASSAGE, score=1.0, maxsim=0.5, similarity=0.9, term_coverage=0.1)
    second = Hit(passage=PASSAGE, score=1.0, maxsim=0.6, similarity=0.2, term_coverage=0.3, sentences=sentences)
    assert signals([first, second], 100) == Signals(0.6, 0.9, 0.3, 0.25, math.log(100))


def test_confidence_is_the_chance_of_the_subject_times_that_of_the_answer():
    found = Signals(0.8, 0.6, 0.7, 0.5, 3.0)
    subject = RELEVANCE_BIAS + sum(w * s for w, s in zip(RELEVANCE_WEIGHTS, (0.8, 0.6, 0.7, 3.0), strict=True))
    held = ANSWERABILITY_BIAS + ANSWERABILITY_WEIGHTS[0] * 0.6 + ANSWERABILITY_WEIGHTS[1] * 0.5
    assert confidence(found) == pytest.approx(1 / (1 + math.exp(-subject)) / (1 + math.exp(-held)))


def test_confidence_rises_with_each_signal_and_falls_with_the_size_of_the_index():
    found = Signals(0.6, 0.5, 0.5, 0.5, math.log(1000))
    for name in ("maxsim", "similarity", "coverage", "sentence_coverage"):
        assert confidence(replace(found, **{name: 0.7})) > confidence(found)
    assert confidence(replace(found, size=math.log(10))) > confidence(found)


def test_nothing_found_is_no_confidence():
    assert confidence(signals([], 1000)) == 0.0
