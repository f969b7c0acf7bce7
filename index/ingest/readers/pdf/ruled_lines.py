"""Join drawn lines, and see which of them meet (pure)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from statistics import median

from index.ingest.readers.pdf.rules import Rule

SAME = 2.5  # points: lines as near are one
REACH = 4.0  # points: how far a line may end from the one that it meets
MAX_STRIP = 45.0  # points: of a row without lines around it, above or within a table


def joined(found: Iterable[Rule]) -> list[Rule]:
    """Join the lines that lie in one line and meet."""
    lines: list[list[Rule]] = []
    for rule in sorted(found, key=lambda rule: rule.at):
        if lines and rule.at - lines[-1][0].at < SAME:
            lines[-1].append(rule)
        else:
            lines.append([rule])
    wholes: list[Rule] = []
    for line in lines:
        at = median(rule.at for rule in line)
        for rule in sorted(line, key=lambda rule: rule.start):
            last = wholes[-1] if wholes else None
            if last and last.at == at and rule.start <= last.end + REACH:
                wholes[-1] = replace(last, end=max(last.end, rule.end))
            else:
                wholes.append(replace(rule, at=at))
    return wholes


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Level and upright lines that meet one another."""

    level: list[Rule]
    upright: list[Rule]

    @property
    def top(self) -> float:
        return max(rule.end for rule in self.upright)

    @property
    def bottom(self) -> float:
        return min(rule.start for rule in self.upright)


def bridged(parts: Iterable[Lines]) -> list[Lines]:
    """Join what is above and below the title of some rows that has no lines around it: the columns are the same."""
    tables: list[Lines] = []
    for part in sorted((part for part in parts if len(part.upright) > 2), key=lambda part: -part.top):
        last = tables[-1] if tables else None
        is_near = last is not None and -REACH < last.bottom - part.top < MAX_STRIP
        if last and is_near and are_alike(places_of(last.upright), places_of(part.upright)):
            upright = sorted(last.upright + part.upright, key=lambda rule: rule.at)
            level = sorted(last.level + part.level, key=lambda rule: rule.at)
            tables[-1] = Lines(level=level, upright=upright)
        else:
            tables.append(part)
    return tables


def are_alike(one: Sequence[float], other: Sequence[float]) -> bool:
    return len(one) == len(other) and all(abs(a - b) < 2 * SAME for a, b in zip(one, other, strict=True))


def connected(level: Sequence[Rule], upright: Sequence[Rule]) -> Iterator[Lines]:
    """Yield the level and the upright lines that meet one another, table by table; lines under words are none."""
    waiting = [rule for rule in level if _divides(rule, upright)]
    free = list(upright)
    while waiting:
        across, down = [waiting.pop()], list[Rule]()
        fresh = list(across)
        while fresh:
            met, free = _met_by(fresh, free)
            fresh, waiting = _met_by(met, waiting)
            down += met
            across += fresh
        yield Lines(level=sorted(across, key=_place), upright=sorted(down, key=_place))


def _met_by(some: Sequence[Rule], others: Sequence[Rule]) -> tuple[list[Rule], list[Rule]]:
    """Divide lines into those that meet one of some, and the rest."""
    met = [any(_meet(rule, one) or _meet(one, rule) for one in some) for rule in others]
    return list(compress(others, met)), [rule for rule, is_met in zip(others, met, strict=True) if not is_met]


def _place(rule: Rule) -> float:
    return rule.at


def _divides(level: Rule, upright: Sequence[Rule]) -> bool:
    """Say whether a level line goes from one upright line to another, or crosses one."""
    met = [rule.at for rule in upright if _meet(level, rule)]
    return len(met) > 1 or any(level.start + REACH < at < level.end - REACH for at in met)


def _meet(level: Rule, upright: Rule) -> bool:
    """Say whether a level line meets an upright one."""
    return (
        level.is_level
        and not upright.is_level
        and upright.start - REACH <= level.at <= upright.end + REACH
        and level.start - REACH <= upright.at <= level.end + REACH
    )


def places_of(found: Sequence[Rule]) -> list[float]:
    """Return the different places of lines, in rising order."""
    places: list[float] = []
    for rule in found:
        if not places or rule.at - places[-1] >= SAME:
            places.append(rule.at)
    return places
