"""Choose the elements of a web page that are its text, by trafilatura's choice and the page's own structure.

trafilatura finds articles well, but leaves out some of their text, and much of manuals. So what it has is one signal
beside others, such as links, length, ending and place. Code, numbered steps, tables with names, the rest of lists and
headings over the content stay, and of manuals nearly all. On the 990 pages of trafilatura's own evaluation this keeps
97.0 % of the wanted strings and 12.2 % of the unwanted ones; trafilatura alone 94.7 % and 10 %; the page's structure
alone 98.0 % and 53 %.
"""

import logging
import re
from collections.abc import Sequence
from itertools import compress
from operator import and_, or_

import trafilatura

from index.ingest.readers.bugs import raise_bug
from index.ingest.readers.elements import Element
from index.ingest.readers.html.content_score import MarkedElement, content_scores

_NO_LETTERS = re.compile(r"\W+")
_PARTS = re.compile(r"[;|:.\n]")
_NAME = re.compile(r"(?:\A|; )[^;:]*: ")
_CHOSEN_SHARE = 0.6  # of an element's letters that trafilatura's text has
_STEP = re.compile(r"\d{1,3}\. ")
_MAX_STEP_LINKED = 0.3
_SECTION = re.compile(r"(?:[A-Z]|\d+)(?:\.\d+)*\.?\s")
_THRESHOLD, _HEADING_THRESHOLD, _MANUAL_THRESHOLD = 0.35, 0.15, 0.02  # of the probability
_MIN_LONG, _AGREED = 20_000, 0.9  # letters of a long text, and the share that trafilatura has of it
_MAX_LINKED = 0.08  # of the letters of a page that a person wrote by hand
_RUN_SHARE = 0.5  # of a list's or a table's elements
_MIN_CHOICE = 0.2  # of the page's letters; below it, trafilatura has not found the text
_MIN_PAGE = 300  # letters; of a shorter page, all that is in its place is kept
_MIN_LEFT = 0.05  # of the page's letters; below it, the structure has misled
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def main_content(marked: Sequence[MarkedElement], page: str) -> list[Element]:
    """Choose among all elements of a page; `page` is its HTML."""
    plain = [_letters(one.element.text) for one in marked]
    lengths = list(map(len, plain))
    in_place = [not one.is_boilerplate and bool(text) for one, text in zip(marked, plain, strict=True)]
    own, total = sum(compress(lengths, in_place)), sum(lengths)
    elements = [one.element for one in marked]
    if own < _MIN_PAGE or _is_plain(marked, lengths):
        content = in_place
    else:
        shares = _extracted_shares(marked, _letters(_extracted(page)))
        chosen = [share >= _CHOSEN_SHARE for share in shares]
        agreed = sum(compress(lengths, map(and_, in_place, chosen))) / own
        if agreed < _MIN_CHOICE:
            content = list(map(or_, in_place, chosen))
        else:
            scores = content_scores(marked, lengths, shares)
            is_manual = _is_manual(elements, in_place) or (own > _MIN_LONG and agreed > _AGREED)
            content = _scored(marked, in_place, scores, is_manual)
    if sum(compress(lengths, content)) < _MIN_LEFT * total:
        return elements
    return list(compress(elements, content))


def _is_plain(marked: Sequence[MarkedElement], lengths: Sequence[int]) -> bool:
    """Say whether a page has no boilerplate and hardly a link, as one that a person wrote by hand."""
    linked = sum(one.linked * length for one, length in zip(marked, lengths, strict=True))
    return not any(one.is_boilerplate for one in marked) and linked < _MAX_LINKED * sum(lengths)


def _extracted(page: str) -> str:
    try:
        return trafilatura.extract(page, include_comments=False, include_tables=True) or ""
    except Exception as error:  # whatever a broken page leads it to; the structure is left to go by
        raise_bug(error)
        return ""


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", text)


def _extracted_shares(marked: Sequence[MarkedElement], extracted: str) -> list[float]:
    """Return the share of each element's letters that are in the extracted text."""
    shares = []
    for one in marked:
        text = one.element.text
        if one.element.kind == "table_row":  # joined names of columns are nowhere in the page
            text = _NAME.sub("; ", text)
        parts = [_letters(part) for part in _PARTS.split(text)]
        there = sum(len(part) for part in parts if part and part in extracted)
        shares.append(there / max(sum(map(len, parts)), 1))
    return shares


def _is_manual(elements: Sequence[Element], in_place: Sequence[bool]) -> bool:
    """Say whether a page has code or numbered sections, which are rare beside boilerplate."""
    texts = list(compress(elements, in_place))
    numbered = sum(element.level > 1 and bool(_SECTION.match(element.text)) for element in texts)
    return numbered > 1 or any(element.kind == "code" for element in texts)


def _scored(
    marked: Sequence[MarkedElement], in_place: Sequence[bool], scores: Sequence[float], is_manual: bool
) -> list[bool]:
    """Choose what is likely content, the rest of lists and tables, and headings over the content."""
    elements = [one.element for one in marked]
    threshold, heading_threshold = (_MANUAL_THRESHOLD, 0.0) if is_manual else (_THRESHOLD, _HEADING_THRESHOLD)
    content = [
        score >= (threshold if is_in else _THRESHOLD) or (is_in and _is_structure(one))
        for one, is_in, score in zip(marked, in_place, scores, strict=True)
    ]
    content = _with_whole_runs(elements, in_place, content)
    for index in range(len(elements) - 1, -1, -1):
        if elements[index].level and in_place[index] and scores[index] >= heading_threshold:
            content[index] = content[index] or any(content[index + 1 : index + 3])
    return content


def _is_structure(one: MarkedElement) -> bool:
    """Say whether an element is code, a numbered step or a row of a table with names."""
    element = one.element
    if element.kind == "list_item":
        return bool(_STEP.match(element.text)) and one.linked < _MAX_STEP_LINKED
    return element.kind == "code" or (element.kind == "table_row" and bool(_NAME.match(element.text)))


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
