"""Tenths of confidence -> a picture of how far it can be relied on (pure)."""

from collections.abc import Sequence
from math import sqrt

from qa.evaluation.types import Bin

SIDE = 240
LEFT, TOP, RIGHT, BOTTOM = 66, 12, 26, 46
_LARGEST = 11.0
_SMALLEST = 2.5


def reliability_svg(bins: Sequence[Bin]) -> str:
    """A dot for each tenth, the larger the more questions: how sure across, how often right up, the line where both are
    equal. It takes the colour of the text around it."""
    most = max((found.count for found in bins), default=1)
    width, height = LEFT + SIDE + RIGHT, TOP + SIDE + BOTTOM
    middle = LEFT + SIDE / 2, TOP + SIDE / 2
    dots = "".join(
        f'<circle cx="{_across(found.confidence)}" cy="{_up(found.right)}" r="{_radius(found.count / most)}">'
        f"<title>{described(found)}</title></circle>"
        for found in bins
    )
    return (
        f'<svg class="reliability" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img"'
        ' aria-labelledby="reliability-title reliability-text" fill="currentColor" font-size="12">'
        '<title id="reliability-title">How often answers are right, by how sure they are</title>'
        f'<desc id="reliability-text">{" ".join(map(described, bins))}</desc>'
        f'<g fill="none" stroke="currentColor"><path d="{_axes()}" opacity="0.35"/>'
        f'<path d="M{LEFT} {TOP + SIDE}L{LEFT + SIDE} {TOP}" stroke-dasharray="5 4" opacity="0.7"/></g>'
        f'<g fill-opacity="0.65">{dots}</g><g text-anchor="end">{_labels_up()}</g>'
        f'<g text-anchor="middle">{_labels_across()}'
        f'<text x="{middle[0]:g}" y="{height - 8}">how sure</text>'
        f'<text transform="translate(13 {middle[1]:g}) rotate(-90)">how often right</text></g></svg>'
    )


def described(found: Bin) -> str:
    """A tenth in one sentence."""
    questions = "1 question is" if found.count == 1 else f"{found.count} questions are"
    return f"{questions} {percent(found.confidence)} sure on average, and {percent(found.right)} right."


def percent(share: float, digits: int = 0) -> str:
    """A share of 1 in percent, in one piece.

    >>> percent(0.125, 1)
    '12.5\\xa0%'
    """
    return f"{share * 100:.{digits}f}\u00a0%"


def _across(share: float) -> str:
    return f"{LEFT + SIDE * share:.1f}"


def _up(share: float) -> str:
    return f"{TOP + SIDE * (1 - share):.1f}"


def _radius(share: float) -> str:
    return f"{max(_LARGEST * sqrt(share), _SMALLEST):.1f}"


def _axes() -> str:
    """A frame with lines at the quarters."""
    quarters = [SIDE * quarter / 4 for quarter in range(5)]
    lying = [f"M{LEFT} {TOP + part:g}h{SIDE}" for part in quarters]
    return "".join([*lying, *(f"M{LEFT + part:g} {TOP}v{SIDE}" for part in quarters)])


def _labels_up() -> str:
    return "".join(
        f'<text x="{LEFT - 6}" y="{TOP + SIDE * (1 - part) + 4:g}">{percent(part)}</text>' for part in (0.0, 0.5, 1.0)
    )


def _labels_across() -> str:
    return "".join(
        f'<text x="{LEFT + SIDE * part:g}" y="{TOP + SIDE + 17}">{percent(part)}</text>' for part in (0.0, 0.5, 1.0)
    )
