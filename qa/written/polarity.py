"""Compare negation and comparatives of a written sentence with those of a document's sentences (pure)."""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace

from index.text.analysis import is_function_word
from index.text.stemming import WORD, fold, stem

MAX_SCOPE = 6  # words after a negation that it negates
WINDOW = 4  # words on each side by which two occurrences of a word are aligned
MIN_OVERLAP = 1  # words that aligned occurrences have around them both
CUES = frozenset(
    "not no never without neither nor none nobody nothing nowhere cannot cant dont wont doesnt isnt arent".split()
)
# Words that deny what follows them, as "not" does.
_DENIALS = frozenset(
    "unable lack lacks lacked fail fails failed refuse refuses refused deny denies denied prohibit prohibits "
    "prohibited forbid forbids forbidden banned exclude excludes excluded rarely hardly seldom barely prevent prevents "
    "prevented impossible illegal ineligible unlikely".split()
)
_NEGATIVE_PREFIX = re.compile(r"(?:un|in|im|ir|il|non|dis)(\w{4,})")
# "Not only" and the like deny nothing.
_NO_DENIAL = re.compile(
    r"\b(?:not (?:only|just|merely|simply|solely|least)|if not|(?:or|and) not(?=\W*$)|no doubt|no matter)\b", re.I
)
_ONLY = re.compile(r"\bonly\b(?=.*\b(?:if|when|with|after|while)\b)|\bonly (?:if|when|with|after|while)\b", re.I)
_UNLESS = re.compile(r"\b(?:unless|without|until|except)\b", re.I)
_LIMIT = re.compile(r"\b(not )?(only|just|merely|solely) (\w+)", re.I)
_DETERMINERS = frozenset("no none nobody neither nor nothing".split())
MAX_HEADS = 2
_TWICE = frozenset("not never without cannot cant dont wont doesnt isnt arent".split())
_CLAUSE = re.compile(
    r"[,;:()–—]|\b(?:but|however|although|though|while|whereas|because|and|if|when|who|which|unless|rather)\b", re.I
)
_TELLING = frozenset("all more most over under before after above below".split())
_OPPOSITES = {
    stem(word): (number, side)
    for number, pairs in enumerate(
        "more greater|less fewer;higher|lower;highest|lowest;above over exceed|below under;before|after;"
        "increase rise rose grew|decrease decline fall fell;minimum|maximum;larger bigger|smaller;"
        "largest biggest|smallest;longer|shorter;older|younger;earlier|later;faster|slower;always|never;"
        "allow permit|prohibit forbid;mandatory required|optional;include|exclude;best|worst;better|worse".split(";")
    )
    for side, words in enumerate(pairs.split("|"))
    for word in words.split()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    """A word that tells something, and whether it is negated: `heads` are the words that its negation negates first."""

    term: str
    start: int
    end: int
    is_negated: bool
    heads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """The words of a text, and its negations apart from them."""

    words: tuple[_Word, ...]
    negations: tuple[_Word, ...]

    @property
    def denied(self) -> frozenset[str]:
        """The terms that are negated first."""
        return frozenset(word.term for word in self.words if word.is_negated and word.term in word.heads)

    def occurrences(self, term: str) -> Iterator[tuple[int, _Word]]:
        """Yield the words with a term, with their places among the words."""
        return ((at, word) for at, word in enumerate(self.words) if word.term == term)

    def around(self, number: int) -> set[str]:
        """Return the terms near a word."""
        near = self.words[max(0, number - WINDOW) : number + WINDOW + 1]
        return {word.term for word in near} - {self.words[number].term}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Occurrence:
    """A word in the evidence: how many words around it are the sentence's, and whether it is negated.

    It `is_same` if the sentence denies what is denied there.
    """

    overlap: int
    is_negated: bool
    is_same: bool


def disagreement(sentence: str, evidence: Sequence[str]) -> str:
    """Return the word of a sentence by which it says the opposite of its evidence, or "" if there is none.

    >>> disagreement("The show was filmed in Rome.", ["The show was never filmed in Rome."])
    'filmed'
    >>> disagreement("Prices rose.", ["Prices fell in May."]), disagreement("He did not pay.", ["He never paid."])
    ('rose', '')
    """
    known = {stem(word) for text in (sentence, *evidence) for word in WORD.findall(text)}
    own = _read(sentence, known)
    others = [_read(text, known) for text in evidence]
    word = _negation(own, others, _has_condition(sentence, evidence)) or _comparison(own, others)
    return sentence[word.start : word.end] if word else _only(sentence, evidence)


def _negation(own: _Reading, others: Sequence[_Reading], has_condition: bool) -> _Word | None:
    """Return the first word that is negated on one side only, each compared with its best aligned occurrence.

    None is if one side `has_condition` of the other, or both deny the same: "no employee may carry" and "employees may
    not carry".
    """
    if has_condition:
        return None
    compared = list(_compared(own, others))
    denied = frozenset().union(*(other.denied for other in others))
    for word, polarities in compared:
        if word.is_negated not in polarities and (not word.is_negated or denied.isdisjoint(word.heads)):
            return word
    is_aligned = any(word.is_negated for word, _ in compared)
    return None if is_aligned or _deny(others) else next(iter(own.negations), None)


def _compared(own: _Reading, others: Sequence[_Reading]) -> Iterator[tuple[_Word, set[bool]]]:
    """Yield the words that others have at an aligned place, and whether they are negated there."""
    for number, word in enumerate(own.words):
        if polarities := _polarities(own, number, others):
            yield word, polarities


def _deny(readings: Sequence[_Reading]) -> bool:
    return any(reading.negations for reading in readings)


def _polarities(own: _Reading, number: int, others: Sequence[_Reading]) -> set[bool]:
    """Say whether the occurrences of a word that have the most words around it in common are negated.

    What is negated there counts if its head is among the sentence's words, since "cannot stress enough how slow" does
    not say that something is not slow. It does not count if the sentence denies the same head.
    """
    word = own.words[number]
    found = list(_occurrences(own, number, others))
    if word.is_negated and any(one.is_same for one in found):
        return {True}
    counted = [one for one in found if not one.is_same]
    most = max((one.overlap for one in counted), default=-1)
    is_near = most >= min(MIN_OVERLAP, len(own.around(number)))
    return {one.is_negated for one in counted if one.overlap == most and is_near}


def _occurrences(own: _Reading, number: int, others: Sequence[_Reading]) -> Iterator[_Occurrence]:
    """Yield the occurrences of a word elsewhere, without those that a negation of something else negates."""
    near, terms = own.around(number), {one.term for one in own.words}
    for other in others:
        for at, one in other.occurrences(own.words[number].term):
            if not one.is_negated or not terms.isdisjoint(one.heads):
                is_same = one.is_negated and not own.denied.isdisjoint(one.heads)
                overlap = len(near & other.around(at))
                yield _Occurrence(overlap=overlap, is_negated=one.is_negated, is_same=is_same)


def _has_condition(sentence: str, evidence: Sequence[str]) -> bool:
    """Say whether one side has "only if" and the other "not unless", which is the same."""
    first, second = _ONLY.search(sentence), any(map(_UNLESS.search, evidence))
    other_first, other_second = any(map(_ONLY.search, evidence)), _UNLESS.search(sentence)
    return bool((first and second) or (other_first and other_second))


def _only(sentence: str, evidence: Sequence[str]) -> str:
    """Return the "only" before a word that has "not only" on the other side, or ""."""
    for found in _LIMIT.finditer(sentence):
        limits = [one for text in evidence for one in _LIMIT.finditer(text) if one[3].lower() == found[3].lower()]
        if limits and all(bool(one[1]) != bool(found[1]) for one in limits):
            return found[2]
    return ""


def _comparison(own: _Reading, others: Sequence[_Reading]) -> _Word | None:
    """Return the first comparative whose opposite the others have, and not itself."""
    sides = {
        (*_OPPOSITES[word.term], word.is_negated) for other in others for word in other.words if word.term in _OPPOSITES
    }
    for word in own.words:
        number, side = _OPPOSITES.get(word.term, (-1, 0))
        same, opposite = (number, side, word.is_negated), (number, 1 - side, word.is_negated)
        if number >= 0 and same not in sides and opposite in sides:
            return word
    return None


def _read(text: str, known: Container[str]) -> _Reading:
    """Read a text. A negative such as "unusual" also stands for "usual", negated, if the term is `known`."""
    idle = [match.span() for match in _NO_DENIAL.finditer(text)]
    reader = _Reader(known)
    end = 0
    for match in WORD.finditer(text):
        if _CLAUSE.search(text, end, match.end()):
            reader.end_clause()
        end = match.end()
        word = fold(match[0])
        if word == "only" or not any(first <= match.start() < last for first, last in idle):
            reader.add(word, match.start(), end, is_prefix=text[end : end + 1] == "-")
    return reader.reading()


class _Reader:
    """Reads words in order. `_left` counts those that the last negation still negates, and `_heads` are its first."""

    def __init__(self, known: Container[str]) -> None:
        self._known = known
        self._words: list[_Word] = []
        self._scopes: list[list[str]] = []  # the heads of the negation of each word
        self._negations: list[_Word] = []
        self._heads: list[str] = []
        self._left = 0
        self._most = 1

    def end_clause(self) -> None:
        """End what the last negation negates."""
        self._left = 0

    def add(self, word: str, start: int, end: int, is_prefix: bool) -> None:
        """Add a folded word, [start, end) of the text. One that `is_prefix` negates the next word ("no-cost")."""
        one = _Word(term=stem(word), start=start, end=end, is_negated=self._left > 0)
        is_not = word.endswith("n't")
        if word in CUES or is_not:
            is_twice = self._left > 0 and (word in _TWICE or is_not)
            self._deny(one, 0 if is_twice else 1 if is_prefix else MAX_SCOPE, word)
        elif word in _TELLING or not is_function_word(word):
            self._add(one, word)

    def _deny(self, one: _Word, scope: int, word: str = "") -> None:
        self._negations.append(one)
        self._left, self._heads = scope, []
        self._most = MAX_HEADS if word in _DETERMINERS else 1

    def _add(self, one: _Word, word: str) -> None:
        if self._left and len(self._heads) < self._most:
            self._heads.append(one.term)
        self._words.append(one)
        self._scopes.append(self._heads if self._left else [])
        self._left -= self._left > 0
        if word in _DENIALS:
            self._deny(one, 0 if one.is_negated else MAX_SCOPE)
        elif base := _denied(word, self._known):
            self._negations.append(one)
            self._words.append(replace(one, term=base, is_negated=not one.is_negated))
            self._scopes.append([base])

    def reading(self) -> _Reading:
        """Return what was read."""
        words = (replace(one, heads=tuple(scope)) for one, scope in zip(self._words, self._scopes, strict=True))
        return _Reading(words=tuple(words), negations=tuple(self._negations))


def _denied(word: str, known: Container[str]) -> str:
    """Return the term that a negative denies if it is known, or "".

    >>> _denied("unusual", {"usual"}), _denied("instance", {"usual"})
    ('usual', '')
    """
    negative = _NEGATIVE_PREFIX.fullmatch(word)
    base = stem(negative[1]) if negative else ""
    return base if base in known else ""
