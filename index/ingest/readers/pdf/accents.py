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
_DOTLESS = {"\u0131": "i", "\u0237": "j"}
FILLER = "\u200b"  # takes the place of an accent, so that other characters keep their offsets


def has_accents(text: str) -> bool:
    return bool(_APART.search(text))


def compose(text: str, is_over: Callable[[int, int], bool]) -> str:
    """Put each accent on the letter after or before it, if it stands over that; its own place has a filler.

    `is_over(accent, letter)` says so of the characters at two offsets.

    >>> compose("B\u00a8aren", lambda accent, letter: letter == 2).replace(FILLER, "")
    'B\u00e4ren'
    """
    letters = list(text)
    for found in _APART.finditer(text):
        accent = found.start()
        for letter in (accent + 1, accent - 1):
            if 0 <= letter < len(letters) and letters[letter].isalpha() and is_over(accent, letter):
                base = _DOTLESS.get(letters[letter], letters[letter])
                composed = unicodedata.normalize("NFC", base + _COMBINING[found.group()])
                if len(composed) == 1:
                    letters[letter], letters[accent] = composed, FILLER
                    break
    return "".join(letters)
