"""Join the words of a line to text: blanks, footnote marks, powers and indices (pure)."""

import re
from collections.abc import Sequence
from typing import NamedTuple

_MARK = re.compile(r"[\d,*†‡§¶]{1,5}")
_POWER = re.compile(r"[+\-\u2212]?\d{1,3}|[+\-\u2212]?n")
_FOUR_DIGITS = re.compile(r"\d{4}")
_INDEX = re.compile(r"\d{1,2}")
_TIGHT, _TIGHT_GLUED = 0.2, 0.27  # of the small word's size: a blank is wider
_RAISED = str.maketrans("0123456789+-\u2212n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_BASE = re.compile(r"(?:^|[^\w.,'’])(?P<base>\w{1,3}|\d{1,3}(?:[.,]\d{1,3})?)$|(?<![^\W\d_]{2})\w[)\]]$")
_UNIT = re.compile(
    r"\d\s?(?:m|cm|mm|km|dm|nm|µm|μm|ft|in|yd|mi|s|sec|min|ha|kg)$|(?:^|[\W\d])(?:cm|mm|km|dm|nm|µm|μm|ft)$"
)
_FUNCTION = re.compile(r"\b(?:sin|cos|tan|log|exp|sinh|cosh|tanh)$")
# Words of two letters that carry footnote marks, and no powers.
_WORDS = frozenset("am an as at be by do go he if in is it me my no of on or so to up us we".split())


class Word(NamedTuple):
    """Characters between two blanks; `base` is the height of their baseline. A `glued` word has no blank before it.

    `is_scan` marks a word that another program recognised on a scan.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool = False
    fixed: bool = False
    glued: bool = False
    is_scan: bool = False


def spell(words: Sequence[Word]) -> str:
    """Join words with blanks. Footnote marks are left out, powers become raised digits and indices lowered ones."""
    text, ground, last = words[0].text, words[0], words[0]
    for word in words[1:]:
        rise, gap = (word.base - ground.base) / ground.size, word.left - last.right
        is_small = word.size < 0.9 * ground.size and (0.15 < rise < 0.8 or -0.5 < rise < -0.08)
        if is_small and rise > 0:
            text += _raised(text, word, gap / word.size)
        elif is_small:
            text += _lowered(text, word, gap / word.size)
        else:
            own_mark = rise < -0.15 and ground.size < 0.9 * word.size  # of a footnote, before its first word
            is_near = last is not ground and gap < 0.12 * word.size
            text += ("" if not own_mark and (word.glued or is_near) else " ") + word.text
            ground = word
        last = word
    return text


def _raised(text: str, word: Word, gap: float) -> str:
    """Return what a raised word adds to the text; `gap` is a share of its size."""
    if _is_tight(word, gap) and _POWER.fullmatch(word.text) and is_power(text, word.text):
        return word.text.translate(_RAISED)
    if gap < 0.5 and _MARK.fullmatch(word.text) and not _FOUR_DIGITS.search(word.text):
        return ""
    return word.text if _is_tight(word, gap) else f" {word.text}"


def _lowered(text: str, word: Word, gap: float) -> str:
    if not _is_tight(word, gap):
        return f" {word.text}"
    is_index = _INDEX.fullmatch(word.text) and (text[-1].isalpha() or text[-1] in ")]")
    return word.text.translate(_LOWERED) if is_index else word.text


def _is_tight(word: Word, gap: float) -> bool:
    return gap < (_TIGHT_GLUED if word.glued else _TIGHT)


def is_power(text: str, raised: str) -> bool:
    """Say whether a raised number is a power of the number, unit or variable before it, and no footnote mark.

    >>> is_power("It cost 10", "6"), is_power("5 m", "2"), is_power("in 2019", "3"), is_power("the tea", "3")
    (True, True, False, False)
    """
    found = _BASE.search(text)
    if _UNIT.search(text) or _FUNCTION.search(text) or (found and found["base"] is None):
        return True
    if not found:
        return False
    base = found["base"]
    if not raised.isdecimal() or base.isdecimal():
        return True
    return len(base) < 3 and base not in _WORDS and not (len(base) == 2 and base.isupper())
