"""Recognise headings in the font of the text by their numbers, as in papers: "II. METHOD", "A. Samples" (pure)."""

import re

_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50}
_SECTION = re.compile(r"(?P<number>[IVXL]{1,6}\.|\d{1,2}\.?)\s+(?P<title>[A-Z][A-Z\d ,:&/()'’\-–]{3,80})")
_PART = re.compile(r"(?P<letter>[A-Z])\.\s+(?P<title>[A-Z][^|]{2,80})")
_UNNUMBERED = re.compile(r"REFERENCES|BIBLIOGRAPHY|ACKNOWLEDGE?MENTS?|APPENDI(?:X|CES)|CONCLUSIONS?")
_MIN_WORD = 4  # letters of the longest word of a title
_MAX_WORDS = 9
_LEVEL = 2


class NumberedHeadings:
    """Follows the numbers of sections in capitals, and the letters of the parts of each section."""

    def __init__(self) -> None:
        self._section, self._part = 0, 0

    def level(self, text: str) -> int:
        """Return the level of a row that is the next heading in the sequence; 0 for other rows."""
        section, part = _SECTION.fullmatch(text), _PART.fullmatch(text)
        if section and _has_word(section["title"]) and _value(section["number"].rstrip(".")) == self._section + 1:
            self._section, self._part = self._section + 1, 0
            return _LEVEL
        if not self._section:
            return 0
        if part and ord(part["letter"]) - ord("A") == self._part and _is_title(part["title"]):
            self._part += 1
            return _LEVEL + 1
        return _LEVEL if _UNNUMBERED.fullmatch(text) else 0


def _value(number: str) -> int:
    """Return the value of a Roman or a decimal number.

    >>> _value("IV"), _value("12")
    (4, 12)
    """
    if number.isdecimal():
        return int(number)
    values = [_VALUES[sign] for sign in number]
    return sum(-own if own < following else own for own, following in zip(values, [*values[1:], 0], strict=True))


def _has_word(title: str) -> bool:
    return any(len(word) >= _MIN_WORD and word.isalpha() for word in re.split(r"[\s-]", title))


def _is_title(title: str) -> bool:
    """Say whether a text is short and does not end like a sentence."""
    return _has_word(title) and len(title.split()) <= _MAX_WORDS and title[-1] not in ".,;:"
