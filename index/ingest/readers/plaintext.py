"""Find the blocks of a plain text by the shape of its lines.

Lines between blank lines make a paragraph. Within it a line break stays if the next line's first word would still have
fitted, so wrapped text flows and lists and addresses do not. A short line alone, without a full stop and with text
under it, is a heading. A few such words with nothing under them (a button's label, `Posted on`) are left over from a
page and belong to no block.
"""

import re
from dataclasses import replace
from itertools import pairwise

from index.types import Block, Span

_LINE = re.compile(r"[^\r\n]+")
_BLANK = re.compile(r"(?:\r\n?|\n)[^\S\r\n]*(?:\r\n?|\n)")
_RULE = re.compile(r"([=\-~_*#+])\1{2,}\Z")
_NUMBER = re.compile(r"(\d+(?:\.\d+)*)[.)]?\s")
_LIST_MARK = re.compile(r"(?:[-*+•‣–—]|\d{1,3}[.)])\s+")
_SENTENCE_END = re.compile(r"[.!?。！？…][\"'”’)\]]*\Z")
_DANGLING = frozenset("a an and as at by for from in of on or the to with".split())
_MAX_WRAP = 120
_HEADING_WORDS, _LEFTOVER_WORDS = 14, 3


def read_plaintext(text: str) -> tuple[Block, ...]:
    """Return the headings, paragraphs and list items of a plain text, in order.

    >>> [(block.start, block.end, block.kind) for block in read_plaintext("Tea\\n\\nSteep it for\\nfour minutes.\\n")]
    [(0, 3, 'heading'), (5, 31, 'paragraph')]
    """
    groups = _groups(text)
    prose = [_is_prose(text, group) for group in groups]
    blocks: list[Block] = []
    for number, group in enumerate(groups):
        followed = any(prose[number + 1 : number + 3])
        first = text[slice(*group[0])]
        is_title = number == 0 and _has_title(text, group)
        if is_title or _is_underlined(text, group) or (followed and _is_alone(text, group)):
            start, end = group[0]
            blocks.append(Block(start, end, _level(first, any(block.level for block in blocks)), "heading"))
            group = group[1:]
        elif len(group) == 1 and any(prose) and _is_left_over(first):
            continue
        blocks += _paragraphs(text, group)
    return tuple(blocks)


def _is_alone(text: str, group: list[Span]) -> bool:
    """Return whether a group is a single line with the shape of a heading."""
    return len(group) == 1 and _has_heading_shape(text[slice(*group[0])])


def _is_underlined(text: str, group: list[Span]) -> bool:
    """Return whether a group's first line has a ruled line under it."""
    first, *rest = (text[slice(*line)] for line in group[:2])
    return bool(rest) and bool(_RULE.match(rest[0])) and not _RULE.match(first)


def _has_title(text: str, group: list[Span]) -> bool:
    """Return whether a group's first line is a title with sentences directly under it."""
    stands_apart = len(group) > 1 and _paragraphs(text, group)[:1] == [Block(*group[0])]
    return stands_apart and _is_prose(text, group[1:]) and _has_heading_shape(text[slice(*group[0])])


def _groups(text: str) -> list[list[Span]]:
    """The lines that stand between blank lines, trimmed, group by group."""
    groups = []
    start = 0
    bounds = [(match.start(), match.end()) for match in _BLANK.finditer(text)]
    for end, following in [*bounds, (len(text), len(text))]:
        lines = [_trimmed(text, match.start(), match.end()) for match in _LINE.finditer(text, start, end)]
        groups.append([line for line in lines if line[0] < line[1]])
        start = following
    return [group for group in groups if group]


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip(" \t\v\f\ufeff\u00a0"))
    return start + left, max(start + left, start + len(piece.rstrip()))


def _is_prose(text: str, group: list[Span]) -> bool:
    piece = text[group[0][0] : group[-1][1]]
    return len(piece.split()) > 2 and bool(_SENTENCE_END.search(piece) or len(piece) > _MAX_WRAP)


def _has_heading_shape(line: str) -> bool:
    words = line.split()
    return (
        len(words) <= _HEADING_WORDS
        and len(line) <= _MAX_WRAP
        and (line[0].isupper() or line[0].isdigit() or (line[0].isalpha() and not line[0].islower()))
        and any(character.isalpha() for character in line)
        and line[-1] not in ".,;:!…。，；：！"
        and words[-1].lower() not in _DANGLING
        and not _LIST_MARK.match(line.lstrip("0123456789.)"))
    )


def _level(line: str, has_title: bool) -> int:
    """1 for the first heading, then 2, deeper for 2.1 and 2.1.3."""
    number = _NUMBER.match(line)
    return 1 + has_title + (number[1].count(".") if number else 0)


def _is_left_over(line: str) -> bool:
    return (
        len(line.split()) <= _LEFTOVER_WORDS
        and not any(character.isdigit() or character == ":" for character in line)
        and not _SENTENCE_END.search(line)
        and not _LIST_MARK.match(line)
    )


def _paragraphs(text: str, group: list[Span]) -> list[Block]:
    """Join the group's lines that were only wrapped, and leave out list marks and ruled lines."""
    width = max((end - start for start, end in group), default=0)
    paragraphs: list[Block] = []
    wrapped = False
    for line, following in pairwise([*group, None]):
        assert line is not None
        start, end = line
        mark = _LIST_MARK.match(text, start, end)
        if _RULE.match(text[start:end]):
            wrapped = False
            continue
        if wrapped and not mark:
            paragraphs[-1] = replace(paragraphs[-1], end=end)
        else:
            paragraphs.append(Block(mark.end(), end, 0, "list_item") if mark else Block(start, end))
        next_word = text[slice(*following)].split()[0] if following else ""
        wrapped = width <= _MAX_WRAP and end - start + 1 + len(next_word) > width
    return [block for block in paragraphs if block.start < block.end]
