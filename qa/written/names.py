"""Read names of several words, and tell whether a document has the same name or another one (pure).

"Sky Italia" is not held by a sentence about Sky Television, even if another sentence mentions Sky Italia.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

from index.text.analysis import is_function_word
from index.text.stemming import WORD, fold, stem

# What stands before a word: nothing, a hyphen between spaces, "of" or the like, a comma, or anything else.
Link = Literal["", "-", "of", ",", "else"]

_CONNECTORS = frozenset("of de del della di da du la le von van der den".split())
_NAME_ENDINGS = frozenset(["a", "an", "ans", "ian", "ians", "n", "ns", "nian", "y", "ish", "ese", "i", "o", "e"])
_OPENING = re.compile(r"(?:^|[.!?:;•\n])\s*[\"“(]*\Z")
# Words that lost the line break between them: "preventionResponses".
_FUSED = re.compile(r"(?<=[^\W\dA-Z_]{3})(?=[A-Z][^\W\dA-Z_]{2})")
_JOINT = re.compile(r"\s+|[-–—]|(?:(?<=\b[A-Z])\.)?\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A word of a text, [start, end): its term, what stands before it, and whether it is part of a name."""

    term: str
    start: int
    end: int
    link: Link
    is_name: bool


def single_words(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges of the words of a text. Words that are written together by mistake are two.

    >>> text = "Crime preventionResponses to crime at CalTrans"
    >>> [text[start:end] for start, end in single_words(text)]
    ['Crime', 'prevention', 'Responses', 'to', 'crime', 'at', 'CalTrans']
    """
    for match in WORD.finditer(text):
        start = match.start()
        if not match[0].islower() and not match[0].isupper():
            for cut in _FUSED.finditer(text, *match.span()):
                yield start, cut.start()
                start = cut.start()
        yield start, match.end()


def mentions(text: str, names: Collection[str] = ()) -> list[Mention]:
    """Return the words of a text but those that connect a name. `names` are names at the start of a sentence too.

    >>> [(one.term, one.link) for one in mentions("The Parish Church of St Andrew")[1:] if one.is_name]
    [('parish', ''), ('church', ''), ('st', 'of'), ('andrew', '')]
    """
    found: list[Mention] = []
    link: Link = "else"
    last = 0
    for start, end in single_words(text):
        word = text[start:end]
        if word in _CONNECTORS:
            link, last = "of", end
            continue
        if word == "the" and link == "of":
            last = end
            continue
        between = _link(text, last, start)
        is_name = _is_name(text, start, end, names)
        found.append(
            Mention(
                term=stem(word),
                start=start,
                end=end,
                link="of" if link == "of" and between == "" else between if found else "else",
                is_name=is_name,
            )
        )
        link, last = "", end
    return found


def _link(text: str, last: int, start: int) -> Link:
    if _JOINT.fullmatch(text, last, start):
        return ""
    between = text[last:start].strip()
    return "," if between == "," else "-" if between in ("-", "–") else "else"


def _is_name(text: str, start: int, end: int, names: Collection[str]) -> bool:
    """Say whether a word has a capital inside a sentence, or is a known name at its start."""
    word = text[start:end]
    if not word[0].isupper() or len(word) < 2 or is_function_word(word):
        return False
    is_opening = text[start - 1 : start].isalpha() or _OPENING.search(text, max(0, start - 8), start)
    return not is_opening or fold(word).removesuffix("'s") in names


def runs(words: Sequence[Mention]) -> Iterator[Sequence[Mention]]:
    """Yield the names of a text, each with all of its words."""
    first = 0
    for at in range(len(words) + 1):
        goes_on = at < len(words) and words[at].is_name and (at == first or words[at].link in ("", "of"))
        if goes_on:
            continue
        if at > first:
            yield words[first:at]
        first = at if at < len(words) and words[at].is_name else at + 1


class NameOrder:
    """Which words stand beside each other in a text, and its names."""

    def __init__(self, text: str, names: Collection[str]) -> None:
        self.mentions = mentions(text, names)

    @cached_property
    def terms(self) -> frozenset[str]:
        """The terms of all words."""
        return frozenset(one.term for one in self.mentions)

    @cached_property
    def runs(self) -> list[frozenset[str]]:
        """The terms of each name."""
        return [frozenset(one.term for one in run) for run in runs(self.mentions)]

    @cached_property
    def _pairs(self) -> frozenset[tuple[str, str]]:
        """The words that follow each other, and both ways in "University of Leeds"."""
        found = set()
        for one, other in pairwise(self.mentions):
            if other.link in ("", "-", "of"):
                found.add((one.term, other.term))
            if other.link in ("of", ","):
                found.add((other.term, one.term))
        return frozenset(found)

    @cached_property
    def _outer_pairs(self) -> frozenset[tuple[str, str]]:
        """The words before and after each middle name."""
        words = self.mentions
        return frozenset(
            (one.term, other.term)
            for one, middle, other in zip(words, words[1:], words[2:], strict=False)
            if middle.is_name and middle.link in ("", "of") and other.link in ("", "of")
        )

    def has(self, name: Sequence[str], at: int) -> bool:
        """Say whether a word of a name stands beside another of it, in the same order. A middle name may be left out.

        >>> NameOrder("Waterloo / Cedar Falls flooded.", []).has(["cedar", "waterloo"], 1)
        False
        >>> NameOrder("They founded the University of Leeds.", []).has(["leed", "universiti"], 1)
        True
        """
        pairs = [pair for pair in pairwise(name) if name[at] in pair]
        known = self._pairs | self._outer_pairs if len(name) == 2 else self._pairs
        return not known.isdisjoint(pairs)

    def begins_with(self, term: str) -> bool:
        """Say whether the text is about a name: it begins with it, or with a longer one that has it."""
        first = next(runs(self.mentions), ())
        return bool(first) and first[0] in self.mentions[:2] and any(one.term == term for one in first)

    def naming(self, name: Collection[str]) -> list[frozenset[str]]:
        """Return what the text calls by some words of a name: its own names with them, and the words alone."""
        own = frozenset(name)
        found = [run for run in self.runs if run & own]
        named = frozenset().union(*self.runs)
        return [*found, *(frozenset([term]) for term in (self.terms & own) - named)]


def is_same_name(first: str, second: str) -> bool:
    """Say whether two words are a country and its people or language.

    >>> is_same_name("russia", "russians"), is_same_name("italy", "italian"), is_same_name("contract", "control")
    (True, True, False)
    """
    shorter, longer = sorted((first, second), key=len)
    root = shorter[:-1]
    return len(shorter) >= 4 and longer.startswith(root) and {shorter[-1:], longer[len(root) :]} <= _NAME_ENDINGS
