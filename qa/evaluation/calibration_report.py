"""Fitted models -> the constants as they stand in the code, and tables of the held-out figures (pure)."""

import math
from collections.abc import Mapping, Sequence

from qa.evaluation.fitting import Candidates, FittedConfidence, FittedSignal, JudgedReply
from qa.evaluation.metrics import BINS

DEPTHS = (1, 3, 5)
THRESHOLDS = [step / 100 for step in range(8, 61, 4)]
Pair = tuple[JudgedReply, float]  # with its confidence


def ranking_constants(model: Mapping[str, FittedSignal]) -> str:
    """Write the model as it stands in index/search/reranking.py."""
    lines = [
        f'    "{name}": Weight(mean={one.mean:.3f}, spread={one.spread:.3f}, weight={one.weight:.2f}),'
        for name, one in model.items()
    ]
    return "\n".join(["# index/search/reranking.py", "MODEL = {", *lines, "}"])


def confidence_constants(model: FittedConfidence) -> str:
    """Write the model as it stands in qa/answer/confidence.py."""
    return "\n".join(
        [
            "# qa/answer/confidence.py",
            f"BIAS = {model.bias:.3f}",
            "WEIGHTS = {",
            *(f'    "{name}": {weight:.3f},' for name, weight in model.weights.items()),
            "}",
            f"SCALE, SHIFT = {model.scale:.3f}, {model.shift:.3f}",
        ]
    )


def ranking_table(questions: Sequence[Candidates], ranks: Sequence[int]) -> str:
    """Write how often a passage with a fact is among the first, today and by the held-out model, for each set."""
    titles = "".join(f"{f'passage@{depth}':>18}" for depth in DEPTHS)
    lines = [f"{'Ranking':24}{'questions':>10}{'candidates':>12}{titles}", f"{'':46}" + f"{'today, held out':>18}" * 3]
    for name in dict.fromkeys(question.name for question in questions):
        rows = [(question, rank) for question, rank in zip(questions, ranks, strict=True) if question.name == name]
        held = [rank for _, rank in rows]
        today = [question.holds.index(True) + 1 if True in question.holds else 0 for question, _ in rows]
        cells = "".join(f"{_within(today, depth):11.3f}{_within(held, depth):7.3f}" for depth in DEPTHS)
        lines.append(f"{name:24}{len(rows):10}{sum(map(bool, held)) / len(held):12.3f}{cells}")
    return "\n".join(lines)


def _within(ranks: Sequence[int], depth: int) -> float:
    return sum(0 < rank <= depth for rank in ranks) / len(ranks)


def confidence_tables(asked: Sequence[JudgedReply], confidences: Sequence[float]) -> str:
    """Write the errors at each threshold, and the reliability, for each set and its follow-ups."""
    pairs = list(zip(asked, confidences, strict=True))
    tables = []
    for name in dict.fromkeys(one.name for one in asked):
        for title, is_follow_up in ((name, False), (f"{name}, follow-ups", True)):
            chosen = [pair for pair in pairs if pair[0].name == name and pair[0].is_follow_up == is_follow_up]
            if chosen:
                tables += [_threshold_table(title, chosen), _reliability_table(title, chosen)]
    return "\n\n".join(tables)


def _threshold_table(title: str, pairs: Sequence[Pair]) -> str:
    """Write the shares of the answerable questions, of the unanswerable ones, and of the off-topic ones."""
    answerable = [pair for pair in pairs if pair[0].is_answerable]
    off_topic = [pair for pair in pairs if pair[0].is_off_topic]
    others = [pair for pair in pairs if not (pair[0].is_answerable or pair[0].is_off_topic)]
    counts = f"{len(answerable)} answerable, {len(others)} unanswerable, {len(off_topic)} off-topic questions"
    lines = [f"{title}: {counts}", "threshold  declined     right     wrong  invented  off-topic answered"]
    for threshold in THRESHOLDS:
        answered = [reply.is_right for reply in _answered(answerable, threshold)]
        right = _share(sum(answered), answerable)
        wrong = _share(len(answered) - sum(answered), answerable)
        cells = "".join(f"  {share:8.3f}" for share in (1 - right - wrong, right, wrong))
        invented = _share(len(_answered(others, threshold)), others)
        foreign = _share(len(_answered(off_topic, threshold)), off_topic)
        lines.append(f"{threshold:9.2f}{cells}  {invented:8.3f}  {foreign:18.3f}")
    return "\n".join(lines)


def _answered(pairs: Sequence[Pair], threshold: float) -> list[JudgedReply]:
    return [reply for reply, confidence in pairs if reply.is_answered and confidence >= threshold]


def _reliability_table(title: str, pairs: Sequence[Pair]) -> str:
    """Write the mean confidence and the share of right answers in each tenth, off-topic questions left out."""
    lines = [f"{title}, reliability", "confidence  questions    mean   right"]
    for number in range(BINS):
        inside = [
            (one, confidence)
            for one, confidence in pairs
            if not one.is_off_topic and min(BINS - 1, math.floor(confidence * BINS)) == number
        ]
        if inside:
            mean = sum(confidence for _, confidence in inside) / len(inside)
            right = sum(one.is_right for one, _ in inside) / len(inside)
            span = f"{number / BINS:.1f} to {(number + 1) / BINS:.1f}"
            lines.append(f"{span}  {len(inside):9}  {mean:6.3f}  {right:6.3f}")
    return "\n".join(lines)


def _share(count: int, of: Sequence[Pair]) -> float:
    return count / len(of) if of else math.nan
