"""Split a text into sentences as it arrives, each with the numbers that it cites (pure)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.text.analysis import is_function_word
from index.text.chunking import sentences
from index.text.stemming import WORD

MAX_CITED = 20
_MARK = re.compile(r"\s*[\[【]\^?\s*(\d{1,4}(?:\s*[,;–-]\s*\^?\d{1,4})*)\s*[\]】]")
_MARKS_AFTER_END = re.compile(rf"([.!?…][\"'”’)*]*)((?:{_MARK.pattern})+)")
_OPEN_MARK = re.compile(r"\s*[\[【]")
_MARKUP = re.compile(r"^\s*(?:(?:[-*•>]|#+|\(?\d{1,2}[.)])\s+)+|\*\*|__|`")
_THOUGHT = re.compile(r"\s*<think>.*?</think>", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenSentence:
    """A sentence without its marks, and the numbers that it cites."""

    text: str
    cited: tuple[int, ...]


class SentenceSplitter:
    """Collect pieces of text, and return each sentence as soon as it is complete.

    >>> splitter = SentenceSplitter()
    >>> [splitter.feed(piece) for piece in ("Tea is ", "hot. [1] Mil", "k is cold [2].")]
    [[], [WrittenSentence(text='Tea is hot.', cited=(1,))], []]
    >>> splitter.close()
    [WrittenSentence(text='Milk is cold.', cited=(2,))]
    """

    def __init__(self) -> None:
        self._text = ""
        self._opening = ""  # "Yes." belongs to the sentence after it

    def feed(self, piece: str) -> list[WrittenSentence]:
        """Add a piece, and return the sentences that it completes."""
        self._text += piece
        if self._is_thinking():
            return []
        whole, line_end, rest = self._text.rpartition("\n")
        found = list(self._of_lines(whole)) if line_end else []
        rest = _MARKS_AFTER_END.sub(r"\2\1", rest)
        spans = sentences(rest, 0, len(rest))
        if len(spans) > 1 and not _OPEN_MARK.match(rest, spans[-1][0]):
            found += self._made([rest[start:end] for start, end in spans[:-1]])
            rest = rest[spans[-1][0] :]
        self._text = rest
        return found

    def close(self) -> list[WrittenSentence]:
        """Return the sentences that are left."""
        text = "" if self._is_thinking() else self._text
        found = list(self._of_lines(text))
        if self._opening:
            found.append(WrittenSentence(text=self._opening, cited=()))
        self._text = self._opening = ""
        return found

    def _is_thinking(self) -> bool:
        """Say whether the text is still the model's thoughts; thoughts that have ended are removed."""
        self._text = _THOUGHT.sub("", self._text, count=1)
        opening = self._text.lstrip()
        return bool(opening) and (opening.startswith("<think>") or "<think>".startswith(opening))

    def _of_lines(self, text: str) -> Iterator[WrittenSentence]:
        for line in text.split("\n"):
            line = _MARKS_AFTER_END.sub(r"\2\1", line)
            yield from self._made([line[start:end] for start, end in sentences(line, 0, len(line))])

    def _made(self, texts: list[str]) -> Iterator[WrittenSentence]:
        for written in texts:
            cited = _numbers(written)
            text = " ".join(_MARKUP.sub("", _MARK.sub("", written)).split())
            if not any(map(str.isalnum, text)):
                continue
            if not cited and all(is_function_word(word) for word in WORD.findall(text)):
                self._opening = f"{self._opening} {text}".strip()
                continue
            yield WrittenSentence(text=f"{self._opening} {text}".strip(), cited=cited)
            self._opening = ""


def _numbers(text: str) -> tuple[int, ...]:
    """Return the numbers that a sentence cites, each once.

    >>> _numbers("Tea [1, 3][5–7].")
    (1, 3, 5, 6, 7)
    """
    found: list[int] = []
    for mark in _MARK.finditer(text):
        for part in re.split(r"[,;]", mark[1]):
            first, *last = map(int, re.findall(r"\d+", part))
            found += range(first, last[0] + 1) if last and 0 <= last[0] - first < MAX_CITED else [first, *last]
    return tuple(dict.fromkeys(found))[:MAX_CITED]
