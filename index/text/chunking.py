"""Split a document into passages and sentences, as ranges of its characters (pure).

Every step works on a bounded part of the text: a document of any size and content takes little memory, and a caller can
stop between two passages.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from sentencex import get_sentence_boundaries

from index.types import Document, Passage, Span

VERSION = 5
SHORT = 64
MAX_PASSAGE_CHARACTERS = 4_000
_MAX_PARAGRAPH_CHARACTERS = 20_000  # a longer paragraph is cut before its sentences are looked for
_MAX_COUNTED_CHARACTERS = 50_000  # at a time, since counting takes memory for each token
_NUMBER = re.compile(r"\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]")

CountTokens = Callable[[Sequence[str]], list[int]]
_Sized = tuple[Span, int]  # a sentence and its tokens


def split(document: Document, count: CountTokens, limit: int) -> Iterator[Passage]:
    """Yield the passages of a document, in order.

    None is longer than `limit` tokens as `count` counts them, or 4,000 characters. A passage is one paragraph, or
    several under one heading if they are short or no blank line separates them. A longer paragraph is cut at sentence
    ends into parts of similar length. Headings are never in a passage.

    >>> from index.types import Block
    >>> text = "Boil water. Steep it."
    >>> document = Document(path="tea.txt", text=text, blocks=(Block(0, 21),))
    >>> [passage.sentences for passage in split(document, lambda texts: [4] * len(texts), 256)]
    [((0, 11), (12, 21))]
    """
    section: tuple[tuple[int, str], ...] = ()
    gathered = _Gathered(document, limit)
    for block in document.blocks:
        if block.level:
            yield from gathered.close(section)
            name = " ".join(document.text[block.start : block.end].split())
            section = (*(above for above in section if above[0] < block.level), (block.level, name))
            continue
        for start, end in _paragraphs(document.text, block.start, block.end):
            sized = _sized_sentences(document.text, start, end, count, limit)
            total = sum(size for _, size in sized)
            if not gathered.has_room_for(total, start):
                yield from gathered.close(section)
            if total <= limit:
                gathered.add(sized)
                continue
            for part in _even_parts(sized, limit):
                gathered.add(part)
                yield from gathered.close(section)
    yield from gathered.close(section)


class _Gathered:
    """Collect sentences until they are a passage."""

    def __init__(self, document: Document, limit: int) -> None:
        self._document = document
        self._limit = limit
        self._spans: list[Span] = []
        self._size = 0

    def has_room_for(self, tokens: int, start: int) -> bool:
        """Return whether a paragraph of that size and start belongs to the same passage."""
        if not self._spans:
            return True
        is_next = self._size < SHORT or _is_tight(self._document.text, self._spans, start)
        is_near = start - self._spans[0][0] <= MAX_PASSAGE_CHARACTERS
        return self._size + tokens <= self._limit and is_next and is_near

    def add(self, sized: list[_Sized]) -> None:
        """Add sentences with their tokens."""
        self._spans += [span for span, _ in sized]
        self._size += sum(tokens for _, tokens in sized)

    def close(self, section: tuple[tuple[int, str], ...]) -> Iterator[Passage]:
        """Yield the passage of the sentences so far, if there are any."""
        if self._spans:
            names = tuple(name for _, name in section)
            yield Passage.cut(self._document, self._spans[0][0], self._spans[-1][1], self._spans, names)
        self._spans, self._size = [], 0


def _paragraphs(text: str, start: int, end: int) -> Iterator[Span]:
    """Cut a paragraph that is far too long at blanks."""
    while end - start > _MAX_PARAGRAPH_CHARACTERS:
        last = start + _MAX_PARAGRAPH_CHARACTERS
        cut = max(text.rfind(blank, start + _MAX_PARAGRAPH_CHARACTERS // 2, last) for blank in " \n")
        cut = last if cut < 0 else cut
        yield start, cut
        start = cut
    yield start, end


def _is_tight(text: str, gathered: list[Span], start: int) -> bool:
    between = text[gathered[-1][1] : start].replace("\r\n", "\n").replace("\r", "\n")
    return between.count("\n") < 2


def _sized_sentences(text: str, start: int, end: int, count: CountTokens, limit: int) -> list[_Sized]:
    """Return the sentences of [start, end) with their sizes. A sentence over the limit is cut in halves."""
    spans = [span for span in sentences(text, start, end) if any(map(str.isalnum, text[slice(*span)]))]
    return [
        part
        for span, size in zip(spans, _sizes(text, spans, count, limit), strict=True)
        for part in _halved(text, span, size, count, limit)
    ]


def _sizes(text: str, spans: Sequence[Span], count: CountTokens, limit: int) -> list[int]:
    """Return the tokens of ranges; of a range with very long words, more, so that characters are limited too."""
    sizes: list[int] = []
    waiting: list[Span] = []
    length = 0
    for number, (start, end) in enumerate(spans, 1):
        waiting.append((start, end))
        length += end - start
        if length > _MAX_COUNTED_CHARACTERS or number == len(spans):
            tokens = count([text[first:last] for first, last in waiting])
            sizes += [
                max(size, -(-(last - first) * limit // MAX_PASSAGE_CHARACTERS))
                for (first, last), size in zip(waiting, tokens, strict=True)
            ]
            waiting, length = [], 0
    return sizes


def _halved(text: str, span: Span, size: int, count: CountTokens, limit: int) -> Iterator[_Sized]:
    if size <= limit or span[1] - span[0] < 2:
        yield span, size
        return
    start, end = span
    middle = (start + end) // 2
    blank = text.rfind(" ", start + 1, middle)
    cut = blank if blank > start + (end - start) // 4 else middle
    for half in (_trimmed(text, start, cut), _trimmed(text, cut, end)):
        if half[0] < half[1]:
            yield from _halved(text, half, _sizes(text, [half], count, limit)[0], count, limit)


def _even_parts(sized: list[_Sized], limit: int) -> list[list[_Sized]]:
    """Divide sentences into runs of similar size, each within the limit."""
    left = sum(size for _, size in sized)
    parts: list[list[_Sized]] = []
    length = target = 0
    for span, size in sized:
        if not parts or length + size > limit or length + size / 2 > target:
            target = -(-left // -(-left // limit))
            parts.append([])
            length = 0
        parts[-1].append((span, size))
        length += size
        left -= size
    return parts


def sentences(text: str, start: int, end: int) -> list[Span]:
    """Return the sentences of [start, end) without blanks around them. The number of a list item is part of it.

    >>> sentences("1. Dr. Lee paid $3.5. Then he left.", 0, 35)
    [(0, 21), (22, 35)]
    """
    # A line break inside a paragraph ends no sentence, but sentencex takes an indented or numbered line for a new one.
    flowing = text[start:end].translate({ord(mark): " " for mark in "\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"})
    found = (
        _trimmed(text, start + part["start_index"], start + part["end_index"])
        for part in get_sentence_boundaries("en", flowing)
    )
    joined: list[Span] = []
    for span in found:
        if joined and _NUMBER.fullmatch(text, *joined[-1]):
            joined[-1] = (joined[-1][0], span[1])
        elif span[0] < span[1]:
            joined.append(span)
    return joined


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return start, max(start, start + len(piece.strip()))
