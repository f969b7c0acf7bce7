"""Measures -> a text table, and data for programs (pure)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from qa.evaluation.types import VERDICTS, Bin, Evaluation, Measure, Outcome

Measures = Mapping[str, Measure]


def measures_table(measures: Measures, beside: Mapping[str, Measures]) -> str:
    """Write a line for each measure with its interval, and columns for the same measures taken in other ways."""
    titles = "".join(f"  {title:26}" for title in beside)
    width = 2 + max([26, *map(len, measures)])
    lines = [f"{'':{width}}{'value':>8}  {'95 % interval':18}{'questions':>9}{titles}".rstrip()]
    for name, measured in measures.items():
        others = "".join(f"  {_number(name, other[name]) if name in other else '':26}" for other in beside.values())
        lines.append(f"{name:{width}}{_number(name, measured)}  {measured.count:7}{others}".rstrip())
    return "\n".join(lines)


def reliability_table(bins: Sequence[Bin]) -> str:
    """Draw a bar for the share of right answers in each tenth of confidence, and a mark where it should end."""
    lines = ["confidence   right  questions"]
    for found in bins:
        bar = list(("█" * round(40 * found.right)).ljust(41))
        bar[round(40 * found.confidence)] = "│"
        lines.append(
            f"{found.low:.1f} to {found.high:.1f}   {found.right:.3f}  {found.count:9}  {''.join(bar).rstrip()}"
        )
    return "\n".join(lines)


def kinds_table(outcomes: Sequence[Outcome]) -> str:
    """Count the verdicts by kind of question. Return "" if the questions name no kind."""
    counts: dict[str, Counter[str]] = {}
    for outcome in outcomes:
        counts.setdefault(outcome.question.kind, Counter())[outcome.verdict] += 1
    if not any(counts):
        return ""
    lines = [f"{'kind':28}" + "".join(f"{verdict:>10}" for verdict in VERDICTS)]
    lines += [f"{kind:28}" + "".join(f"{counts[kind][verdict]:>10}" for verdict in VERDICTS) for kind in sorted(counts)]
    return "\n".join(lines)


def to_data(
    evaluation: Evaluation, beside: Mapping[str, Measures], kinds: Mapping[str, Measures] | None = None
) -> dict[str, Any]:
    """Return one JSON object: the measures by name, those taken in other ways, `kinds` and `reliability`."""
    found: dict[str, Any] = _data(evaluation.measures)
    found |= {title: _data(other) for title, other in beside.items()}
    if kinds:
        found["kinds"] = {kind: _data(measures) for kind, measures in kinds.items()}
    return {**found, "reliability": [asdict(entry) for entry in evaluation.bins]}


def _data(measures: Measures) -> dict[str, Any]:
    return {name: asdict(measured) for name, measured in measures.items()}


def _number(name: str, measured: Measure) -> str:
    digits = 4 if name.startswith("seconds") else 3
    low, high = f"{measured.low:.{digits}f}", f"{measured.high:.{digits}f}"
    return f"{measured.value:8.{digits}f}  {f'[{low}, {high}]':18}"
