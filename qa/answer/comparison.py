"""Compare two quotes: does one repeat the other, or say the same with another number, name or negation?"""

import re

SAME_WORDS = 0.8
MIN_SAME = 3  # words in common of two sentences that differ
MAX_LENGTHS = 2.5  # a sentence so much longer says more than the other

_WORD = re.compile(r"\d[\d.,:/-]*\d|[\w']+")
_NEGATIONS = frozenset("no not never none without cannot neither nor don't doesn't isn't aren't won't can't".split())
_NUMBERS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty hundred "
    "thousand million half once twice".split()
)


def repeats(text: str, other: str) -> bool:
    """Say whether most words of a text stand in another, and what differs is no number, name or negation."""
    ours, theirs = _words(text), _words(other)
    known = {word.casefold() for word in theirs}
    shared = sum(word.casefold() in known for word in ours)
    return shared >= SAME_WORDS * len(ours) and not any(map(_changes_meaning, ours ^ theirs))


def differs(text: str, other: str) -> bool:
    """Say whether two sentences say the same with another number or a negation.

    >>> differs("The tent weighs 3.1 kg.", "The tent weighs 2.8 kg, by the new list.")
    True
    >>> differs("The tent weighs 3.1 kg.", "The tent has 2 doors.")
    False
    """
    ours, theirs = ({word.casefold() for word in _words(one)} for one in (text, other))
    shared = ours & theirs
    changed = [{word for word in one - shared if _is_number(word)} for one in (ours, theirs)]
    is_negated = bool(ours & _NEGATIONS) != bool(theirs & _NEGATIONS)
    shorter, longer = sorted((len(ours), len(theirs)))
    comparable = shorter - min(map(len, changed)) - is_negated
    alike = len(shared) >= max(MIN_SAME, SAME_WORDS * comparable) and longer <= MAX_LENGTHS * shorter
    return alike and (all(changed) or (is_negated and not any(changed)))


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.replace("’", "'")))


def _is_number(word: str) -> bool:
    return word[0].isdigit() or word.casefold() in _NUMBERS


def _changes_meaning(word: str) -> bool:
    return any(map(str.isdigit, word)) or word[0].isupper() or word.casefold() in _NEGATIONS | _NUMBERS
