"""Choose the elements of a web page that are its text, by trafilatura's choice and the page's own structure.

trafilatura finds articles well, but leaves out some of their text, and much of manuals. So its choice is a vote: what
it has is kept, and beside it prose, headings and whole lists outside of menus, lists of links and the like. On the 990
pages of trafilatura's own evaluation this keeps 97.2 % of the wanted strings and 17 % of the unwanted ones; trafilatura
alone 94.7 % and 10 %; the page's structure alone 98.0 % and 53 %.
"""

import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import compress
from operator import and_, or_

import trafilatura

from index.ingest.readers.bugs import raise_bug
from index.ingest.readers.elements import Element

_NO_LETTERS = re.compile(r"\W+")
_PARTS = re.compile(r"[;|:.\n]")
_ENDED = re.compile(r"[.!?…:;\"”»)\]]\s*$")
_MIN_PROSE = 100  # characters
_CHOSEN_SHARE = 0.6  # of an element's letters that trafilatura's text has
_RUN_SHARE = 0.5  # of a list's or a table's elements
_MIN_CHOICE = 0.2  # of the page's letters; below it, trafilatura has not found the text
_MIN_PAGE = 300  # letters; of a shorter page, all that is in its place is kept
_MIN_LEFT = 0.05  # of the page's letters; below it, the structure has misled
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedElement:
    """An element, and whether the page's structure says that it is boilerplate."""

    element: Element
    is_boilerplate: bool


def main_content(marked: Sequence[MarkedElement], page: str) -> list[Element]:
    """Choose among all elements of a page; `page` is its HTML."""
    plain = [_letters(one.element.text) for one in marked]
    in_place = [not one.is_boilerplate and bool(text) for one, text in zip(marked, plain, strict=True)]
    chosen = _chosen(marked, plain, _letters(_extracted(page)))
    own = _length_of(plain, in_place)
    elements = [one.element for one in marked]
    if own < _MIN_PAGE:
        content = in_place
    elif _length_of(plain, map(and_, in_place, chosen)) < _MIN_CHOICE * own:
        content = list(map(or_, in_place, chosen))
    else:
        content = _widened(elements, in_place, chosen)
    if _length_of(plain, content) < _MIN_LEFT * sum(map(len, plain)):
        return elements
    return list(compress(elements, content))


def _length_of(texts: Sequence[str], marks: Iterable[bool]) -> int:
    """Return the length of the marked texts."""
    return sum(map(len, compress(texts, marks)))


def _extracted(page: str) -> str:
    try:
        return trafilatura.extract(page, include_comments=False, include_tables=True) or ""
    except Exception as error:  # whatever a broken page leads it to; the structure is left to go by
        raise_bug(error)
        return ""


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", text)


def _chosen(marked: Sequence[MarkedElement], plain: Sequence[str], extracted: str) -> list[bool]:
    """Say of each element whether most of its letters are in the extracted text."""
    chosen = []
    for one, letters in zip(marked, plain, strict=True):
        parts = (_letters(part) for part in _PARTS.split(one.element.text))
        there = sum(len(part) for part in parts if part and part in extracted)
        chosen.append(bool(letters) and there >= _CHOSEN_SHARE * len(letters))
    return chosen


def _widened(elements: Sequence[Element], in_place: Sequence[bool], chosen: Sequence[bool]) -> list[bool]:
    """Add prose and code, the rest of lists and tables, and headings over the content, to the chosen elements."""
    content = [
        is_chosen or (is_in and (element.kind == "code" or _is_prose(element.text)))
        for element, is_in, is_chosen in zip(elements, in_place, chosen, strict=True)
    ]
    content = _with_whole_runs(elements, in_place, content)
    for index in range(len(elements) - 1, -1, -1):
        if elements[index].level and in_place[index]:
            content[index] = content[index] or any(content[index + 1 : index + 3])
    return content


def _with_whole_runs(elements: Sequence[Element], in_place: Sequence[bool], content: Sequence[bool]) -> list[bool]:
    """Add the rest of each list or table that is content for the most part."""
    whole = list(content)
    start = 0
    while start < len(elements):
        end = start + 1
        while end < len(elements) and elements[end].tight:
            end += 1
        if end - start > 1 and sum(whole[start:end]) >= _RUN_SHARE * (end - start):
            whole[start:end] = map(or_, whole[start:end], in_place[start:end])
        start = end
    return whole


def _is_prose(text: str) -> bool:
    return len(text) >= _MIN_PROSE and bool(_ENDED.search(text))
