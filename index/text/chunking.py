"""A document -> its passages and their sentences, as ranges of its characters (pure)."""

import re
from collections.abc import Callable, Iterator, Sequence

from sentencex import get_sentence_boundaries

from index.types import Document, Passage, Span

VERSION = 3
SHORT = 64
_NUMBER = re.compile(r"\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]")

CountTokens = Callable[[Sequence[str]], list[int]]


def split(document: Document, count: CountTokens, limit: int) -> list[Passage]:
    """The passages of a document, in order; none is longer than `limit` tokens as `count` counts them.

    A passage is one paragraph, or several under one heading while what is gathered is short or no blank line stands
    between; a longer paragraph is cut at sentence ends into parts of about one length. Headings are never in a passage.

    >>> from index.types import Block
    >>> text = "Boil water. Steep it."
    >>> document = Document(path="tea.txt", text=text, blocks=(Block(0, 21),))
    >>> [passage.sentences for passage in split(document, lambda texts: [4] * len(texts), 256)]
    [((0, 11), (12, 21))]
    """
    passages: list[Passage] = []
    section: tuple[tuple[int, str], ...] = ()
    gathered: list[Span] = []
    size = 0

    def close() -> None:
        nonlocal gathered, size
        if gathered:
            names = tuple(name for _, name in section)
            passages.append(Passage.cut(document, gathered[0][0], gathered[-1][1], gathered, names))
        gathered, size = [], 0

    for block in document.blocks:
        if block.level:
            close()
            name = " ".join(document.text[block.start : block.end].split())
            section = (*(above for above in section if above[0] < block.level), (block.level, name))
            continue
        sized = _sized_sentences(document.text, block.start, block.end, count, limit)
        total = sum(tokens for _, tokens in sized)
        if gathered and (size + total > limit or not (size < SHORT or _is_tight(document.text, gathered, block.start))):
            close()
        if total > limit:
            for part in _even_parts(sized, limit):
                gathered = part
                close()
        else:
            gathered += [span for span, _ in sized]
            size += total
    close()
    return passages


def _is_tight(text: str, gathered: list[Span], start: int) -> bool:
    between = text[gathered[-1][1] : start].replace("\r\n", "\n").replace("\r", "\n")
    return between.count("\n") < 2


def _sized_sentences(text: str, start: int, end: int, count: CountTokens, limit: int) -> list[tuple[Span, int]]:
    """The sentences of [start, end) with their tokens; one that is over the limit is halved until it is not."""
    spans = [span for span in sentences(text, start, end) if any(map(str.isalnum, text[slice(*span)]))]
    counts = count([text[slice(*span)] for span in spans]) if spans else []
    return [
        piece for span, tokens in zip(spans, counts, strict=True) for piece in _halved(text, span, tokens, count, limit)
    ]


def _halved(text: str, span: Span, tokens: int, count: CountTokens, limit: int) -> Iterator[tuple[Span, int]]:
    if tokens <= limit or span[1] - span[0] < 2:
        yield span, tokens
        return
    start, end = span
    middle = (start + end) // 2
    blank = text.rfind(" ", start + 1, middle)
    cut = blank if blank > start + (end - start) // 4 else middle
    for half in (_trimmed(text, start, cut), _trimmed(text, cut, end)):
        if half[0] < half[1]:
            yield from _halved(text, half, count([text[slice(*half)]])[0], count, limit)


def _even_parts(sized: list[tuple[Span, int]], limit: int) -> list[list[Span]]:
    """Runs of sentences of about one length, each within the limit."""
    left = sum(tokens for _, tokens in sized)
    parts: list[list[Span]] = []
    size = target = 0
    for span, tokens in sized:
        if not parts or size + tokens > limit or size + tokens / 2 > target:
            target = -(-left // -(-left // limit))
            parts.append([])
            size = 0
        parts[-1].append(span)
        size += tokens
        left -= tokens
    return parts


def sentences(text: str, start: int, end: int) -> list[Span]:
    """The sentences of [start, end), trimmed of blanks; the number of a list's item goes with it.

    >>> sentences("1. Dr. Lee paid $3.5. Then he left.", 0, 35)
    [(0, 21), (22, 35)]
    """
    # A wrapped line is one sentence's, and the splitter takes an indented or numbered one for a new paragraph.
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
