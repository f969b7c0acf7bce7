"""The nouns of an evaluation: outcomes, measures and bins."""

from dataclasses import dataclass, field
from typing import Literal

from qa.answer.confidence import Signals
from qa.evaluation.dataset import Question

Verdict = Literal["right", "partial", "wrong", "declined", "no", "invented", ""]
VERDICTS: tuple[Verdict, ...] = ("right", "partial", "wrong", "declined", "no", "invented")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A mean, or another figure, over `count` questions with its 95 % interval."""

    value: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """The questions whose confidence lies in [low, high): their mean confidence and the share answered rightly."""

    low: float
    high: float
    confidence: float
    right: float
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The reply to one question, judged.

    `is_right` tells whether its quotes hold the answer, or would have if it had not been declined. `quoted` is empty
    if it was declined. `values` are the numbers whose means are measures. `verdict` is "right" (every fact is in the
    answer), "partial", "wrong" (no fact) or "declined" if facts are known; "no" (rightly declined) or "invented" if the
    documents hold no answer; else "".
    """

    question: Question
    confidence: float
    is_right: bool
    signals: Signals
    seconds: float
    values: dict[str, float] = field(default_factory=dict)
    quoted: tuple[str, ...] = ()
    verdict: Verdict = ""

    @property
    def has_failed(self) -> bool:
        """Whether an answer is missing or wrong, or was given though the documents hold none."""
        if self.question.answerability == "answerable":
            return not (self.quoted and self.is_right)
        return bool(self.quoted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Progress of an evaluation: `done` of `total` questions asked."""

    stage: str
    done: int
    total: int

    @property
    def share(self) -> float:
        """How much of the evaluation is done, from 0 to 1."""
        return self.done / max(self.total, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The outcomes of a set of questions, with the measures over them and the reliability of the confidence."""

    outcomes: tuple[Outcome, ...]
    measures: dict[str, Measure]
    bins: tuple[Bin, ...]
