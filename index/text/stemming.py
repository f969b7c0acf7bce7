"""Reduce words to stems: Snowball's stemmers, with case and diacritics folded."""

import re
import unicodedata
from functools import cache, lru_cache

import simplemma
import Stemmer

# Vowel signs and the like, which Python's \w leaves out, belong to the words of Hindi, Thai, Arabic, Hebrew ...
_MARKS = "".join(mark for mark in map(chr, range(0x300, 0x3000)) if unicodedata.category(mark)[0] == "M")
WORD = re.compile(rf"(?:[^\W_][{_MARKS}]*)+(?:['’](?:[^\W_][{_MARKS}]*)+)*")
# Letters that Unicode does not decompose.
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "\u0131": "i", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss"}
)
ENGLISH = "english"
_CACHED_WORDS = 50_000  # 20 MB; a thick book has as many
_LEMMATIZER = simplemma.Lemmatizer(cache_max_size=0)


@lru_cache(maxsize=_CACHED_WORDS)
def stem(word: str, language: str = ENGLISH) -> str:
    """Return the stem of one word of a language that Snowball has.

    >>> stem("Kimonos"), stem("running"), stem("Café"), stem("bought"), stem("Häuser", "german")
    ('kimono', 'run', 'cafe', 'buy', 'haus')
    """
    if language == ENGLISH:
        return str(_stemmer(ENGLISH).stemWord(_regular(fold(word)))).replace("'", "")
    # Other stemmers tell endings by diacritics.
    return fold(_stemmer(language).stemWord(unicodedata.normalize("NFC", word.casefold()))).replace("'", "")


@cache
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(language)


def _regular(word: str) -> str:
    """Return the lemma of an irregular English form, else the word.

    >>> _regular("oxen"), _regular("paid"), _regular("tea"), _regular("better")
    ('ox', 'pay', 'tea', 'better')
    """
    if not word.isalpha() or not word.isascii():
        return word
    lemma = _LEMMATIZER.lemmatize(word, lang="en").casefold()
    # A lemma with another beginning ("good" of "better") is another word to a reader.
    return lemma if lemma[:1] == word[:1] and lemma.isalpha() else word


def fold(word: str) -> str:
    """Return a word without case and diacritics.

    >>> fold("Café’s"), fold("Łódź"), fold("Straße")
    ("cafe's", 'lodz', 'strasse')
    """
    decomposed = unicodedata.normalize("NFKD", word.casefold().replace("’", "'"))
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark)).translate(_LETTERS)
