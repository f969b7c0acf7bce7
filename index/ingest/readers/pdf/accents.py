"""Put accents that are drawn apart, as TeX does, on the letters that they stand over (pure)."""

import re
import unicodedata
from collections.abc import Callable

# Accents that stand apart, and the combining characters that they are.
_COMBINING = {
    "\u00a8": "\u0308",
    "\u00b4": "\u0301",
    "`": "\u0300",
    "\u02c6": "\u0302",
    "\u02dc": "\u0303",
    "\u00b8": "\u0327",
    "\u02da": "\u030a",
    "\u02c7": "\u030c",
    "\u02d8": "\u0306",
    "\u02d9": "\u0307",
    "\u02dd": "\u030b",
    "\u02db": "\u0328",
    "\u00af": "\u0304",
}
_APART = re.compile(f"[{''.join(_COMBINING)}]")
_BLANKS, _BLANKS_BEFORE = re.compile(r"\s{0,2}"), re.compile(r"\s{0,2}$")  # what PDFium finds where pens go back
_DOTLESS = {"\u0131": "i", "\u0237": "j"}
FILLER = "\u200b"  # takes the place of an accent, so that other characters keep their offsets


def has_accents(text: str) -> bool:
    return bool(_APART.search(text))


def compose(text: str, is_over: Callable[[int, int], bool]) -> str:
    """Put each accent on the letter after or before it, if it stands over that; its place and blanks have fillers.

    `is_over(accent, letter)` says so of the characters at two offsets.

    >>> compose("B\u00a8aren", lambda accent, letter: letter == 2).replace(FILLER, "")
    'B\u00e4ren'
    """
    letters = list(text)
    for found in _APART.finditer(text):
        after, before = _BLANKS.match(text, found.end()), _BLANKS_BEFORE.search(text, 0, found.start())
        after_end = after.end() if after else found.end()
        before_start = before.start() if before else found.start()
        for letter in (after_end, before_start - 1):
            composed = _composed(letters[letter], found.group()) if 0 <= letter < len(letters) else ""
            if composed and is_over(found.start(), letter):
                end = after_end if letter == after_end else found.end()  # behind the letter, blanks are real
                letters[before_start:end] = FILLER * (end - before_start)
                letters[letter] = composed
                break
    return "".join(letters)


def _composed(letter: str, accent: str) -> str:
    """Return a letter with an accent as one character; nothing if there is none."""
    composed = unicodedata.normalize("NFC", _DOTLESS.get(letter, letter) + _COMBINING[accent])
    return composed if letter.isalpha() and len(composed) == 1 else ""
