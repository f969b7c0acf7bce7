"""Compare a quote with the text that a document has in its place now (pure)."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from index.types import Span

MIN_SHARED = 0.4  # of the quote's words, in the text that took its place
_WORD = re.compile(r"\S+\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Some words of the quote, of the text that took its place, or of both."""

    kind: Literal["same", "old", "new"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The range [start, end) of the text that took the place of a quote, and its words beside those of the quote."""

    start: int
    end: int
    words: tuple[Words, ...]


def compare(quote: str, text: str, near: int = 0) -> Comparison | None:
    """Find the part of a text that took the place of a quote; None if too few of its words are there.

    Of several parts that are as similar, the one that begins next to `near` is meant.

    >>> found = compare("Opened in 2013 at last.", "It was late. Opened in 2014 at last. It rained.")
    >>> [(words.kind, words.text) for words in found.words]
    [('same', 'Opened in '), ('old', '2013 '), ('new', '2014 '), ('same', 'at last. ')]
    """
    old = [found.group() for found in _WORD.finditer(quote)]
    spans = [found.span() for found in _WORD.finditer(text)]
    new = [text[start:end] for start, end in spans]
    window = _most_similar(_keys(old), _keys(new), [abs(start - near) for start, _ in spans])
    if not window:
        return None
    first, last = _without_surroundings(_keys(old), _keys(new), window)
    start, end = spans[first][0], spans[last - 1][0] + len(new[last - 1].rstrip())
    return Comparison(start=start, end=end, words=tuple(_differences(old, new[first:last])))


def _keys(words: Sequence[str]) -> list[str]:
    return [word.strip() for word in words]


def _most_similar(old: Sequence[str], new: Sequence[str], distances: Sequence[int]) -> Span | None:
    """Return the window of the new words, as long as the old ones, that shares most of them."""
    size = min(len(old), len(new))
    wanted, inside = Counter(old), Counter(new[:size])
    shared = (wanted & inside).total()
    best, best_at = shared, 0
    for at in range(1, len(new) - size + 1):
        left, entered = new[at - 1], new[at + size - 1]
        shared -= inside[left] <= wanted[left]
        inside[left] -= 1
        inside[entered] += 1
        shared += inside[entered] <= wanted[entered]
        if shared > best or (shared == best and distances[at] < distances[best_at]):
            best, best_at = shared, at
    return (best_at, best_at + size) if size and best >= MIN_SHARED * len(old) else None


def _without_surroundings(old: Sequence[str], new: Sequence[str], window: Span) -> Span:
    """Widen a window, then cut it to what took the place of the old words."""
    margin = len(old)
    first, last = max(window[0] - margin, 0), min(window[1] + margin, len(new))
    blocks = [
        block
        for block in SequenceMatcher(None, old, new[first:last], autojunk=False).get_matching_blocks()
        if block.size
    ]
    before, after = blocks[0].a, len(old) - blocks[-1].a - blocks[-1].size
    start = first + max(blocks[0].b - before, 0)
    return start, min(first + blocks[-1].b + blocks[-1].size + after, last)


def _differences(old: Sequence[str], new: Sequence[str]) -> Iterator[Words]:
    matcher = SequenceMatcher(None, _keys(old), _keys(new), autojunk=False)
    for _, first, last, begin, end in matcher.get_opcodes():
        same = _keys(old[first:last]) == _keys(new[begin:end])
        if same:
            yield Words(kind="same", text="".join(new[begin:end]))
            continue
        if first < last:
            yield Words(kind="old", text="".join(old[first:last]))
        if begin < end:
            yield Words(kind="new", text="".join(new[begin:end]))
