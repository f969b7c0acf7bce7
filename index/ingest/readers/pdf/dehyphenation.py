"""Join lines, and words that were divided between them (pure)."""

import re

_HYPHENATED = re.compile(r"([^\W\d_]+)[-\u2010]$")
_DIVIDED = re.compile(r"\w[-\u2010]$")
_DIVIDED_ALNUM = re.compile(r"[^\W_][-\u2010]$")
_WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uff00-\uffef]")
_ADDRESS = re.compile(r"://\S*[/?=&_.-]$")
MAX_WORDS = 300_000


def is_divided(text: str, more: str) -> bool:
    """Say whether a line ends within a word that the next one continues."""
    return bool(_DIVIDED.search(text)) and more[:1].isalnum()


class Joiner:
    """The words of a document; they show whether a hyphen belongs to a word or only divides it."""

    def __init__(self) -> None:
        self._words: set[str] = set()
        self._is_within_word = False

    def learn(self, line: str) -> None:
        """Remember the whole words of a line. Lines come in order."""
        words = _WORDS.findall(line.lower())[self._is_within_word :]
        self._is_within_word = _HYPHENATED.search(line) is not None
        if len(self._words) < MAX_WORDS:
            self._words.update(words[: len(words) - self._is_within_word])

    def join(self, text: str, more: str) -> str:
        """Join two lines, and a word divided between them."""
        hyphenated = _HYPHENATED.search(text)
        if hyphenated and more[:1].islower():
            return (text if self._keeps_hyphen(hyphenated[1].lower(), more) else text[:-1]) + more
        if (_DIVIDED_ALNUM.search(text) and more[:1].isalnum()) or _ADDRESS.search(text):
            return text + more
        unspaced = _UNSPACED.match(text[-1:]) and _UNSPACED.match(more[:1])
        return text + ("" if unspaced else " ") + more

    def _keeps_hyphen(self, start: str, more: str) -> bool:
        """Say whether the hyphen between the parts of a word belongs to it."""
        rest = _WORDS.match(more)
        end = rest[0].split("-")[0].lower() if rest else ""
        if start + end in self._words:
            return False
        are_words = {start, end} <= self._words and min(len(start), len(end)) > 3
        return f"{start}-{end}" in self._words or are_words
