"""Join the words of a line to text: blanks, footnote marks, powers and indices (pure)."""

import re
from collections.abc import Sequence
from typing import NamedTuple

_MARK = re.compile(r"[\d,*†‡§¶]{1,5}")
_POWER = re.compile(r"[+\-−]?\d{1,3}|[+\-−]?n")
_INDEX = re.compile(r"\d{1,2}")
_TIGHT, _TIGHT_GLUED = 0.2, 0.27  # of the small word's size: a blank is wider
_RAISED = str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_BASE = re.compile(r"(?:^|[^\w.,'’])(?P<base>\w{1,3}|\d{1,3}(?:[.,]\d{1,3})?)$|(?<![^\W\d_]{2})\w[)\]]$")
_UNIT = re.compile(
    r"\d\s?(?:m|cm|mm|km|dm|nm|µm|μm|ft|in|yd|mi|s|sec|min|ha|kg)$|(?:^|[\W\d])(?:cm|mm|km|dm|nm|µm|μm|ft)$"
)
_FUNCTION = re.compile(r"\b(?:sin|cos|tan|log|exp|sinh|cosh|tanh)$")
# Words of two letters that carry footnote marks, and no powers.
_WORDS = frozenset("am an as at be by do go he if in is it me my no of on or so to up us we".split())


class Word(NamedTuple):
    """Characters between two blanks; `base` is the height of their baseline. A `glued` word has no blank before it."""

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool = False
    fixed: bool = False
    glued: bool = False


def spell(words: Sequence[Word]) -> str:
    """Join words with blanks. Footnote marks are left out, powers become raised digits and indices lowered ones."""
    text, ground, last = "", words[0], words[0]
    for word in words:
        rise = (word.base - ground.base) / ground.size
        after_mark, gap = last is not ground, word.left - last.right
        last = word
        if text and word.size < 0.9 * ground.size and (0.15 < rise < 0.8 or -0.5 < rise < -0.08):
            text += _small(text, word, gap / word.size, is_raised=rise > 0)
            continue
        own_mark = text and rise < -0.15 and ground.size < 0.9 * word.size  # of a footnote, before its first word
        is_near = after_mark and gap < 0.12 * word.size
        text += ("" if not own_mark and (word.glued or not text or is_near) else " ") + word.text
        ground = word
    return text


def _small(text: str, word: Word, gap: float, is_raised: bool) -> str:
    """Return what a small word beside a larger one adds to the text; `gap` is a share of its size."""
    is_tight = gap < (_TIGHT_GLUED if word.glued else _TIGHT)
    if is_tight and (_POWER if is_raised else _INDEX).fullmatch(word.text):
        if not is_raised:
            return word.text.translate(_LOWERED) if text[-1].isalpha() or text[-1] in ")]" else word.text
        if is_power(text, word.text):
            return word.text.translate(_RAISED)
    if is_raised and gap < 0.5 and _MARK.fullmatch(word.text) and not re.search(r"\d{4}", word.text):
        return ""
    return word.text if is_tight else f" {word.text}"


def is_power(text: str, raised: str) -> bool:
    """Say whether a raised number is a power of the number, unit or variable before it, and no footnote mark.

    >>> is_power("It cost 10", "6"), is_power("5 m", "2"), is_power("in 2019", "3"), is_power("the tea", "3")
    (True, True, False, False)
    """
    if _UNIT.search(text) or _FUNCTION.search(text):
        return True
    found = _BASE.search(text)
    base = found["base"] if found else None
    if found is None or base is None:
        return found is not None
    if not raised.isdecimal() or base.isdecimal():
        return True
    return len(base) < 3 and base not in _WORDS and not (len(base) == 2 and base.isupper())
