"""Fit the ranking of passages and the confidence to questions, and cross-validate both over documents.

Ranking is a conditional logistic model: a softmax over the candidates of a question gives the probability that one of
those with the answer is first. Confidence is a logistic model of whether the documents hold an answer; its value is
then scaled to the share of questions that are answered with every fact (Platt).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from index.types import RankSignals
from qa.answer.confidence import Signals
from qa.errors import DatasetError

FOLDS = 5
PENALTY = 1.0  # L2, on the weights of standardised signals
RANK_SIGNALS = tuple(one.name for one in fields(RankSignals))
CONFIDENCE_SIGNALS = tuple(one.name for one in fields(Signals))

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """The passages found for a question, in the order of today's ranking, and which of them hold a fact.

    Questions of one `group` are left out together in cross-validation. `name` is the set of the question.
    """

    name: str
    group: str
    weight: float
    signals: tuple[RankSignals, ...]
    holds: tuple[bool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedReply:
    """The reply to a question at any confidence, judged. `confidence` is today's.

    `is_answered` is False if nothing was quoted, and `is_right` is True if every fact was. `weight` is 0 for follow-ups
    and if nothing was found.
    """

    name: str
    group: str
    weight: float
    signals: Signals
    confidence: float
    is_answerable: bool
    is_answered: bool
    is_right: bool
    is_off_topic: bool = False
    is_follow_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedSignal:
    """The weight of a signal after it is standardised by its mean and spread."""

    mean: float
    spread: float
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedConfidence:
    """The logistic model of an answer, and the scaling of its value."""

    bias: float
    weights: dict[str, float]
    scale: float
    shift: float


def fit_ranking(questions: Sequence[Candidates]) -> dict[str, FittedSignal]:
    """Fit the weight of each signal to the questions for which a candidate holds a fact.

    Raises:
        DatasetError: there is no such question.
    """
    from scipy.optimize import minimize

    useful = [question for question in questions if any(question.holds)]
    if not useful:
        raise DatasetError("No passage holds a fact of a question: give answers that are written in the documents.")
    matrices = [_matrix(question.signals, RANK_SIGNALS) for question in useful]
    repeats = np.repeat([question.weight for question in useful], [len(matrix) for matrix in matrices])
    mean, spread = _moments(np.concatenate(matrices), repeats)
    standard = [(matrix - mean) / spread for matrix in matrices]
    masks = [np.array(question.holds, dtype=bool) for question in useful]
    weights = [question.weight for question in useful]

    def loss(model: Array) -> tuple[float, Array]:
        total, slope = PENALTY / 2 * float(model @ model), PENALTY * model
        for matrix, mask, weight in zip(standard, masks, weights, strict=True):
            shares = _softmax(matrix @ model)
            right = float(shares[mask].sum()) + 1e-12
            total -= weight * float(np.log(right))
            slope = slope - weight * (matrix.T @ (shares * mask / right - shares))
        return total, slope

    found = minimize(loss, np.zeros(len(RANK_SIGNALS)), jac=True, method="L-BFGS-B").x
    return {
        name: FittedSignal(mean=float(mean[at]), spread=float(spread[at]), weight=float(found[at]))
        for at, name in enumerate(RANK_SIGNALS)
    }


def held_out_ranks(questions: Sequence[Candidates]) -> list[int]:
    """Rank each question's candidates by a model of other groups. Return the first right one's rank, 0 for none."""
    ranks = [0] * len(questions)
    for train, test in _folds([question.group for question in questions]):
        model = fit_ranking([questions[at] for at in train])
        for at in test:
            ranks[at] = _first_right(questions[at], model)
    return ranks


def _first_right(question: Candidates, model: dict[str, FittedSignal]) -> int:
    matrix = _matrix(question.signals, RANK_SIGNALS)
    values = sum(
        (one.weight * (matrix[:, at] - one.mean) / one.spread for at, one in enumerate(model.values())),
        start=np.zeros(len(matrix)),
    )
    order = np.argsort(-values, kind="stable")
    return next((rank for rank, at in enumerate(order, 1) if question.holds[at]), 0)


def fit_confidence(questions: Sequence[JudgedReply]) -> FittedConfidence:
    """Fit the confidence to replies.

    Raises:
        DatasetError: all the questions can be answered, or none, or all are answered rightly, or none.
    """
    bias, weights = _fit_answerable(questions)
    values = _held_out_values(questions)
    scale, shift = _fit_scale(values, questions)
    return FittedConfidence(
        bias=bias,
        weights=dict(zip(CONFIDENCE_SIGNALS, weights.tolist(), strict=True)),
        scale=scale,
        shift=shift,
    )


def held_out_confidences(questions: Sequence[JudgedReply]) -> list[float]:
    """Return the confidence of each question by a model, and a scaling, of other groups."""
    values = _held_out_values(questions)
    found = np.zeros(len(questions))
    for train, test in _folds([question.group for question in questions]):
        scale, shift = _fit_scale(values[train], [questions[at] for at in train])
        found[test] = 1 / (1 + np.exp(-(scale * values[test] + shift)))
    return [
        float(one) if question.signals != Signals() else 0.0 for one, question in zip(found, questions, strict=True)
    ]


def _held_out_values(questions: Sequence[JudgedReply]) -> Array:
    matrix = _matrix([question.signals for question in questions], CONFIDENCE_SIGNALS)
    values = np.zeros(len(questions))
    for train, test in _folds([question.group for question in questions]):
        bias, weights = _fit_answerable([questions[at] for at in train])
        values[test] = bias + matrix[test] @ weights
    return values


def _fit_answerable(questions: Sequence[JudgedReply]) -> tuple[float, Array]:
    """Return the bias and the weights, of signals as they are, that tell which questions the documents answer."""
    matrix = _matrix([question.signals for question in questions], CONFIDENCE_SIGNALS)
    sizes = np.array([question.weight for question in questions])
    mean, spread = _moments(matrix, sizes)
    answerable = np.array([question.is_answerable for question in questions])
    bias, weights = _logistic((matrix - mean) / spread, answerable, sizes, 1 / PENALTY)
    return bias - float(weights @ (mean / spread)), weights / spread


def _fit_scale(values: Array, questions: Sequence[JudgedReply]) -> tuple[float, float]:
    """Fit the scale to the sets that count most, questions as people type them: the confidence is stated for them.

    If their answers are all right, or none is, every question counts.
    """
    right = np.array([question.is_right for question in questions])
    weights = np.array([0.0 if question.is_off_topic else question.weight for question in questions])
    names = np.array([question.name for question in questions])
    counted = np.isin(names, names[weights == weights.max()])
    chosen = np.where(counted, weights, 0.0)
    if len(set(right[chosen > 0].tolist())) < 2:
        chosen = np.array([question.weight for question in questions])
    shift, scale = _logistic(values[:, None], right, chosen, np.inf)
    return float(scale[0]), shift


def _logistic(matrix: Array, labels: Mask, sizes: Array, strength: float) -> tuple[float, Array]:
    """Fit the intercept and the coefficients that explain the labels best."""
    from sklearn.linear_model import LogisticRegression

    if len(set(labels[sizes > 0].tolist())) < 2:
        raise DatasetError(
            "The confidence cannot be fitted: give questions that the documents answer and questions that they do not, "
            "or a second set."
        )
    counted = sizes > 0
    model = LogisticRegression(C=strength, max_iter=2000).fit(matrix[counted], labels[counted], sizes[counted])
    return float(model.intercept_[0]), np.asarray(model.coef_[0], dtype=np.float64)


def _folds(groups: Sequence[str]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield the positions to fit to and those to test, with no group in both."""
    from sklearn.model_selection import GroupKFold

    count = min(FOLDS, len(set(groups)))
    if count < 2:
        raise DatasetError("All the questions are about one document: give questions about several.")
    yield from GroupKFold(count, shuffle=True, random_state=0).split(np.zeros(len(groups)), groups=groups)


def _matrix(rows: Sequence[RankSignals] | Sequence[Signals], names: Sequence[str]) -> Array:
    return np.array([[float(getattr(row, name)) for name in names] for row in rows]).reshape(-1, len(names))


def _moments(matrix: Array, sizes: Array) -> tuple[Array, Array]:
    """Return the weighted mean and spread of each column. A column of equal values has spread 1."""
    mean = np.average(matrix, axis=0, weights=sizes)
    spread = np.sqrt(np.average((matrix - mean) ** 2, axis=0, weights=sizes))
    return mean, np.where(spread > 1e-9, spread, 1.0)


def _softmax(values: Array) -> Array:
    powers = np.exp(values - values.max())
    return np.asarray(powers / powers.sum(), dtype=np.float64)
