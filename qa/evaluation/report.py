"""Measures -> a table for people, and data for programs (pure)."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from qa.evaluation.run import Bin, Measure


def measures_table(measures: dict[str, Measure], beside: dict[str, dict[str, Measure]]) -> str:
    """A line for each measure with its interval, and beside it the same measured another way, named above."""
    titles = "".join(f"  {title:26}" for title in beside)
    width = 2 + max([26, *map(len, measures)])
    lines = [f"{'':{width}}{'value':>8}  {'95 % interval':18}{'questions':>9}{titles}".rstrip()]
    for name, measured in measures.items():
        others = "".join(f"  {_number(name, other[name]) if name in other else '':26}" for other in beside.values())
        lines.append(f"{name:{width}}{_number(name, measured)}  {measured.count:7}{others}".rstrip())
    return "\n".join(lines)


def reliability_table(bins: Sequence[Bin]) -> str:
    """How right the answers of each tenth of confidence are: a bar for what was right, a mark where it should end."""
    lines = ["confidence   right  questions"]
    for found in bins:
        bar = list(("█" * round(40 * found.right)).ljust(41))
        bar[round(40 * found.confidence)] = "│"
        lines.append(
            f"{found.low:.1f} to {found.high:.1f}   {found.right:.3f}  {found.count:9}  {''.join(bar).rstrip()}"
        )
    return "\n".join(lines)


def to_data(measures: dict[str, Measure], beside: dict[str, dict[str, Measure]], bins: Sequence[Bin]) -> dict[str, Any]:
    """All of it as one JSON object: the measures by name, what was measured beside them, and `reliability`."""
    found: dict[str, Any] = {name: asdict(measured) for name, measured in measures.items()}
    for title, other in beside.items():
        found[title] = {name: asdict(measured) for name, measured in other.items()}
    return {**found, "reliability": [asdict(entry) for entry in bins]}


def _number(name: str, measured: Measure) -> str:
    digits = 4 if name.startswith("seconds") else 3
    low, high = f"{measured.low:.{digits}f}", f"{measured.high:.{digits}f}"
    return f"{measured.value:8.{digits}f}  {f'[{low}, {high}]':18}"
