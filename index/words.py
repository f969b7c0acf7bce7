"""Text -> the stems that keyword search compares (pure).

Stemming is Snowball's for English (Porter 2), with case and diacritics folded.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

import Stemmer

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
SHORTEST_FORM = 4
_STEMMER = Stemmer.Stemmer("english")
FUNCTION_WORDS = frozenset(
    """
    a about after all also am an and any are as at be been before being between both but by can could did do
    does doing each for from had has have having he her here hers him his how i if in into is it its just like
    many may me might more most much must my no nor not of off on once only or other our out over own per please
    same she should so some such tell than that the their them then there these they this those through to too
    under until up us very was we were what when where which while who whom whose why will with would you your
    """.split()
)


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The stem of one word.

    >>> stem("Kimonos"), stem("running"), stem("Café")
    ('kimono', 'run', 'cafe')
    """
    return str(_STEMMER.stemWord(fold(word))).replace("'", "")


def fold(word: str) -> str:
    """A word without case and diacritics.

    >>> fold("Café’s")
    "cafe's"
    """
    decomposed = unicodedata.normalize("NFKD", word.casefold().replace("’", "'"))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def forms(text: str) -> set[str]:
    """The words of a text that a slip of spelling can be told from: folded, of four letters and more, without digits.

    >>> sorted(forms("Tea steeps; TEA, Café: 1999."))
    ['cafe', 'steeps']
    """
    return {fold(word) for word in set(_WORD.findall(text)) if len(word) >= SHORTEST_FORM and word.isalpha()}


def words(text: str) -> list[tuple[int, int, str]]:
    """The words of a text in order: start, end, stem.

    >>> words("Tea's ready")
    [(0, 5, 'tea'), (6, 11, 'readi')]
    """
    found = ((match.start(), match.end(), stem(match[0])) for match in _WORD.finditer(text))
    return [word for word in found if word[2]]


def stems(text: str) -> list[str]:
    """The stems of a text in order, function words included: what the full-text index holds."""
    return [word for _, _, word in words(text)]


def content_stems(question: str) -> list[str]:
    """A question's distinct stems in order, without function words unless it has no others.

    >>> content_stems("When was the railway opened?")
    ['railway', 'open']
    """
    found = [match[0] for match in _WORD.finditer(question)]
    telling = [word for word in found if word.casefold() not in FUNCTION_WORDS]
    return list(dict.fromkeys(filter(None, map(stem, telling or found))))


def compounds(question: str) -> list[str]:
    """The stems of neighbouring telling words as they would be written in one.

    >>> compounds("Is the rain-forest too wet?")
    ['rainforest']
    """
    found = list(_WORD.finditer(question))
    return [
        stem(first[0] + second[0])
        for first, second in pairwise(found)
        if second.start() == first.end() + 1 and not {first[0].casefold(), second[0].casefold()} & FUNCTION_WORDS
    ]
