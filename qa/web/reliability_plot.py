"""Draw how often answers of each confidence are correct, as an SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from qa.evaluation.types import Bin
from qa.web.html import render

SIDE = 240
LEFT, TOP, RIGHT, BOTTOM = 66, 12, 26, 46
_MAX_RADIUS = 11.0
_MIN_RADIUS = 2.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A bin as a circle: its centre, its radius, and its text."""

    x: float
    y: float
    radius: float
    text: str


def reliability_svg(bins: Sequence[Bin]) -> str:
    """Draw a dot for each bin: confidence across, share of correct answers up, size by number of questions.

    The dashed line is where both are equal. The picture has the colour of the text around it.
    """
    most = max((found.count for found in bins), default=1)
    dots = [
        Dot(
            x=LEFT + SIDE * found.confidence,
            y=TOP + SIDE * (1 - found.right),
            radius=max(_MAX_RADIUS * sqrt(found.count / most), _MIN_RADIUS),
            text=described(found),
        )
        for found in bins
    ]
    size = {"side": SIDE, "left": LEFT, "top": TOP, "right": RIGHT, "bottom": BOTTOM}
    return render("reliability.svg", dots=dots, percent=percent, **size)


def described(found: Bin) -> str:
    """Describe a bin in one sentence."""
    questions = "1 question has" if found.count == 1 else f"{found.count} questions have"
    return f"{questions} a mean confidence of {percent(found.confidence)}; {percent(found.right)} are correct."


def percent(share: float, digits: int = 0) -> str:
    """Write a share of 1 as a percentage, with a space that does not break.

    >>> percent(0.125, 1)
    '12.5\\xa0%'
    """
    return f"{share * 100:.{digits}f}\u00a0%"
