"""Compare negation and comparatives of a written sentence with those of a document's sentences (pure)."""

import re
from collections.abc import Collection, Container, Sequence
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
    def denied(self) -> set[str]:
        """The terms that are negated first."""
        return {word.term for word in self.words if word.is_negated and word.term in word.heads}

    def around(self, number: int) -> set[str]:
        """Return the terms near a word."""
        near = self.words[max(0, number - WINDOW) : number + WINDOW + 1]
        return {word.term for word in near} - {self.words[number].term}


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

    Nothing is, if the same is denied on both sides: "no employee may carry" and "employees may not carry".
    """
    is_aligned = has_condition
    terms = {word.term for word in own.words}
    denied = set().union(*(other.denied for other in others))
    for number, word in enumerate(own.words):
        polarities = _polarities(word, own, number, others, terms)
        is_agreed = has_condition or (word.is_negated and not denied.isdisjoint(word.heads))
        if polarities and word.is_negated not in polarities and not is_agreed:
            return word
        is_aligned = is_aligned or (word.is_negated and bool(polarities))
    if is_aligned or any(other.negations for other in others):
        return None
    return next(iter(own.negations), None)


def _polarities(
    word: _Word, own: _Reading, number: int, others: Sequence[_Reading], terms: Collection[str]
) -> set[bool]:
    """Say whether the occurrences of a word that have the most words around it in common are negated.

    What is negated there counts if its head is among the sentence's `terms`, since "cannot stress enough how slow" does
    not say that something is not slow. It does not count if the sentence denies the same head.
    """
    near = own.around(number)
    found = [
        (len(near & other.around(at)), one.is_negated)
        for other in others
        for at, one in enumerate(other.words)
        if one.term == word.term
        and (not one.is_negated or (not own.denied.intersection(one.heads) and not set(one.heads).isdisjoint(terms)))
    ]
    if word.is_negated and any(
        one.term == word.term and one.is_negated and own.denied.intersection(one.heads)
        for other in others
        for one in other.words
    ):
        return {True}
    most = max((overlap for overlap, _ in found), default=-1)
    return {is_negated for overlap, is_negated in found if overlap == most >= min(MIN_OVERLAP, len(near))}


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
    """Return the first comparative of which the others have only the opposite."""
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
    found: list[_Word] = []
    negations: list[_Word] = []
    idle = [match.span() for match in _NO_DENIAL.finditer(text)]
    scopes: list[list[str]] = []  # the heads of the negation of each word
    heads: list[str] = []
    left, end, most = 0, 0, 1
    for match in WORD.finditer(text):
        word = fold(match[0])
        if left and _CLAUSE.search(text, end, match.end()):
            left = 0
        end = match.end()
        if any(first <= match.start() < last for first, last in idle) and word != "only":
            continue
        one = _Word(term=stem(word), start=match.start(), end=end, is_negated=left > 0)
        if word in CUES or word.endswith("n't"):
            is_twice = left > 0 and (word in _TWICE or word.endswith("n't"))
            left = 0 if is_twice else 1 if text[end : end + 1] == "-" else MAX_SCOPE  # "no-cost"
            heads, most = [], MAX_HEADS if word in _DETERMINERS else 1
            negations.append(one)
        elif word in _TELLING or not is_function_word(word):
            if left and len(heads) < most:
                heads.append(one.term)
            found.append(one)
            scopes.append(heads if left else [])
            left -= left > 0
            if word in _DENIALS:
                negations.append(one)
                left, heads, most = 0 if one.is_negated else MAX_SCOPE, [], 1
            elif base := _denied(word, known):
                negations.append(one)
                found.append(replace(one, term=base, is_negated=not one.is_negated))
                scopes.append([base])
    words = [replace(one, heads=tuple(scope)) for one, scope in zip(found, scopes, strict=True)]
    return _Reading(words=tuple(words), negations=tuple(negations))


def _denied(word: str, known: Container[str]) -> str:
    """Return the term that a negative denies if it is known, or "".

    >>> _denied("unusual", {"usual"}), _denied("instance", {"usual"})
    ('usual', '')
    """
    negative = _NEGATIVE_PREFIX.fullmatch(word)
    base = stem(negative[1]) if negative else ""
    return base if base in known else ""
