"""Text -> the stems that keyword search compares (pure).

Stemming is Snowball's, for the language of the document, with case and diacritics folded.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise

import Stemmer

# Vowel signs and the like, which Python's \w leaves out, belong to the words of Hindi, Thai, Arabic, Hebrew ...
_MARKS = "".join(mark for mark in map(chr, range(0x300, 0x3000)) if unicodedata.category(mark)[0] == "M")
WORD = re.compile(rf"(?:[^\W_][{_MARKS}]*)+(?:['’](?:[^\W_][{_MARKS}]*)+)*")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
SHORTEST_FORM = 4
ENGLISH = "english"
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
def stem(word: str, language: str = ENGLISH) -> str:
    """The stem of one word of a language that Snowball has.

    >>> stem("Kimonos"), stem("running"), stem("Café"), stem("Häuser", "german")
    ('kimono', 'run', 'cafe', 'haus')
    """
    if language == ENGLISH:
        return str(_stemmer(ENGLISH).stemWord(fold(word))).replace("'", "")
    # Other stemmers tell endings by diacritics.
    return fold(_stemmer(language).stemWord(unicodedata.normalize("NFC", word.casefold()))).replace("'", "")


@cache
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(language)


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
    return {fold(word) for word in set(WORD.findall(text)) if len(word) >= SHORTEST_FORM and word.isalpha()}


def words(text: str, language: str = ENGLISH) -> list[tuple[int, int, str]]:
    """The words of a text in order: start, end, stem. Of what is written without spaces (Chinese, Japanese, Thai, Lao,
    Khmer, Burmese) each two characters that stand side by side count as a word.

    >>> words("Tea's ready")
    [(0, 5, 'tea'), (6, 11, 'readi')]
    >>> words("緑茶は")
    [(0, 2, '緑茶'), (1, 3, '茶は')]
    """
    found = (
        (start, end, stem(text[start:end], language))
        for match in WORD.finditer(text)
        for start, end in _parts(match, text)
    )
    return [word for word in found if word[2]]


def _parts(match: re.Match[str], text: str) -> Iterator[tuple[int, int]]:
    start, end = match.span()
    if not match[0].isascii():
        for run in _UNSPACED.finditer(text, start, end):
            if start < run.start():
                yield start, run.start()
            start = run.end()
            yield from ((at, at + 2) for at in range(run.start(), start - 1))
            if start - run.start() == 1:
                yield run.span()
    if start < end:
        yield start, end


def stems(text: str, language: str = ENGLISH) -> list[str]:
    """The stems of a text in order, function words included: what the full-text index holds."""
    return [word for _, _, word in words(text, language)]


def content_stems(question: str, language: str = ENGLISH) -> list[str]:
    """A question's distinct stems in order, without function words unless it has no others.

    >>> content_stems("When was the railway opened?")
    ['railway', 'open']
    """
    found = [(question[start:end], stemmed) for start, end, stemmed in words(question, language)]
    telling = [stemmed for word, stemmed in found if word.casefold() not in FUNCTION_WORDS]
    return list(dict.fromkeys(telling or [stemmed for _, stemmed in found]))


def compounds(question: str, language: str = ENGLISH) -> list[str]:
    """The stems of neighbouring telling words as they would be written in one.

    >>> compounds("Is the rain-forest too wet?")
    ['rainforest']
    """
    found = list(WORD.finditer(question))
    return [
        stem(first[0] + second[0], language)
        for first, second in pairwise(found)
        if second.start() == first.end() + 1 and not {first[0].casefold(), second[0].casefold()} & FUNCTION_WORDS
    ]
