"""Write superscripts and subscripts as Unicode, so that 10⁶ is not read as 106 (pure)."""

import re

_SUPERSCRIPTS = str.maketrans("0123456789+-\u2212\u2013=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿⁱ")
_SUBSCRIPTS = str.maketrans("0123456789+-\u2212\u2013=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")
_SUBSCRIPT_LETTERS = str.maketrans("aehijklmnoprstuvx", "ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
_WORD_BEFORE = re.compile(r"[^\W\d_]{3,}[.,;:!?]?\Z")
_LETTERS = re.compile(r"[^\W\d_]{2,}\.?\Z")
_NOTE_MARK = re.compile(r"\([a-z]{1,2}\)(?:[\s,]*\([a-z]{1,2}\))*\Z")
_BASE = re.compile(r"[\w)\]]\Z")


def superscript(text: str, before: str = "") -> str:
    """Write raised text as Unicode where `before` is the text to its left. Raised words, as of ordinals, stay words.

    A raised digit after a word is the mark of a note, and is set apart.

    >>> superscript("-3", "10"), superscript("nd", "22"), superscript("2k+1", "x"), superscript("1", "tea")
    ('⁻³', 'nd', '^(2k+1)', ' ¹')
    """
    core = text.strip()
    if not core or _LETTERS.match(core) or _NOTE_MARK.match(core):
        return text
    if all(ord(character) in _SUPERSCRIPTS for character in core) and (len(core) == 1 or core not in ("ni", "in")):
        gap = " " if _WORD_BEFORE.search(before) and core.isdigit() else ""
        return text.replace(core, gap + core.translate(_SUPERSCRIPTS))
    return text.replace(core, _marked("^", core)) if _BASE.search(before) and core.isascii() else text


def subscript(text: str, before: str = "") -> str:
    """Write lowered text as Unicode where `before` is the text to its left. Lowered words stay words.

    >>> subscript("2", "H"), subscript("max", "V"), subscript("i", "x"), subscript("n+1", "x")
    ('₂', 'max', 'ᵢ', '_(n+1)')
    """
    core = text.strip()
    if not core or _LETTERS.match(core):
        return text
    if all(ord(character) in _SUBSCRIPTS for character in core):
        return text.replace(core, core.translate(_SUBSCRIPTS))
    if len(core) == 1 and ord(core) in _SUBSCRIPT_LETTERS:
        return text.replace(core, core.translate(_SUBSCRIPT_LETTERS))
    return text.replace(core, _marked("_", core)) if _BASE.search(before) and core.isascii() else text


def _marked(mark: str, text: str) -> str:
    """Write a script in one line: x^T, x^(2n+1); left as it is if it is a mark itself."""
    if len(text) == 1:
        return mark + text if text.isalnum() else text
    return f"{mark}({text})" if any(map(str.isalnum, text)) else text
