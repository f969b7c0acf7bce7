"""Detect the language of a text (offline, py3langid)."""

from collections import Counter
from collections.abc import Sequence
from itertools import islice

from index.text.analysis import function_words_in
from index.text.function_words import FUNCTION_WORDS
from index.text.stemming import ENGLISH, WORD

# The languages whose words are stemmed otherwise than English ones, by the names that detection has for them.
STEMMED = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}
_MIN_WORDS = 30
_MIN_FEW_WORDS = 8
_FUNCTION_SHARE = 0.25
_BY_FUNCTION_WORDS = ("german", "french", "spanish", "italian", "portuguese", "dutch", "swedish", "danish", "russian")
_MAX_WORDS = 5_000
_MAX_CHARACTERS = 100_000  # in which they are looked for: a text may be one word
_ENGLISH_SHARE = 0.15
_PIECE = 600
_PIECES = 8
_AGREEMENT = 0.75


def language_of(text: str) -> str:
    """The name of the stemmer for a text: its language's, where a text of some length is in one throughout and there is
    one, else English.

    >>> language_of("Das Haus ist gross, und die Kinder spielen im Garten. " * 5)
    'german'
    >>> language_of("Das Haus ist gross.")
    'english'
    """
    words = [match[0].casefold() for match in islice(WORD.finditer(text, 0, _MAX_CHARACTERS), _MAX_WORDS)]
    english = sum(word in FUNCTION_WORDS for word in words)
    if len(words) < _MIN_WORDS:
        return _language_of_few(words)
    if english >= _ENGLISH_SHARE * len(words):
        return ENGLISH
    import py3langid  # takes half a second and 80 MB: only a text that is not plainly English pays it

    step = max(_PIECE, len(text) // _PIECES)
    found = Counter(py3langid.classify(text[start : start + _PIECE])[0] for start in range(0, len(text), step))
    name, pieces = found.most_common(1)[0]
    return STEMMED.get(name, ENGLISH) if pieces >= _AGREEMENT * found.total() else ENGLISH


def _language_of_few(words: Sequence[str]) -> str:
    """Return the language of a short text by its function words, English if they are few or no other language's."""
    counts = {language: function_words_in(words, language) for language in _BY_FUNCTION_WORDS}
    best = max(counts, key=lambda language: counts[language])
    is_clear = len(words) >= _MIN_FEW_WORDS and counts[best] >= _FUNCTION_SHARE * len(words)
    return best if is_clear and counts[best] > 2 * function_words_in(words, ENGLISH) else ENGLISH
