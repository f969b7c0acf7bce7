"""Detect the language of a text (offline, py3langid)."""

from collections import Counter

from index.text.analysis import ENGLISH, WORD
from index.text.function_words import FUNCTION_WORDS

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
_FEWEST_WORDS = 30
_MOST_WORDS = 5_000
_ENGLISH_SHARE = 0.15
_PIECE = 600
_PIECES = 8
_AGREEING = 0.75


def language_of(text: str) -> str:
    """The name of the stemmer for a text: its language's, where a text of some length is in one throughout and there is
    one, else English.

    >>> language_of("Das Haus ist gross, und die Kinder spielen im Garten. " * 5)
    'german'
    >>> language_of("Das Haus ist gross.")
    'english'
    """
    words = [match[0].casefold() for match, _ in zip(WORD.finditer(text), range(_MOST_WORDS), strict=False)]
    english = sum(word in FUNCTION_WORDS for word in words)
    if len(words) < _FEWEST_WORDS or english >= _ENGLISH_SHARE * len(words):
        return ENGLISH
    import py3langid  # takes half a second and 80 MB: only a text that is not plainly English pays it

    step = max(_PIECE, len(text) // _PIECES)
    found = Counter(py3langid.classify(text[start : start + _PIECE])[0] for start in range(0, len(text), step))
    name, pieces = found.most_common(1)[0]
    return STEMMED.get(name, ENGLISH) if pieces >= _AGREEING * found.total() else ENGLISH
