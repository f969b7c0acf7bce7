"""Recognise a question in another language than the documents (pure)."""

import re
from collections.abc import Sequence

from index.text.analysis import function_words_in
from index.types import Hit

_CANDIDATES = (
    "english german french spanish italian portuguese dutch swedish danish norwegian finnish polish czech hungarian"
    " romanian turkish catalan".split()
)
_OTHER_SCRIPTS = frozenset("arabic armenian greek hindi nepali russian tamil".split())
MIN_WORDS = 2  # function words of its language in a question
MIN_SHARE = 0.3
MAX_COVERAGE = 0.4  # of the question's terms, in the best passages: more, and it is in a language of the documents


def is_other_language(question: str, languages: Sequence[str]) -> bool:
    """Check whether a question is in none of the languages of the documents, as its function words or letters tell.

    >>> is_other_language("Wie lange dauert die Fahrt?", ["english"])
    True
    >>> is_other_language("How long is the trip?", ["english"])
    False
    """
    words = re.findall(r"[^\W\d_]+", question.casefold())
    if not words or not languages:
        return False
    if not any(re.match(r"[a-zß-ɏ]", word) for word in words):
        return not _OTHER_SCRIPTS & set(languages)
    own = max((function_words_in(words, language) for language in languages), default=0)
    other = max(function_words_in(words, language) for language in _CANDIDATES if language not in languages)
    return other >= MIN_WORDS and other > own and other >= MIN_SHARE * len(words)


def language_notice(question: str, languages: Sequence[str], hits: Sequence[Hit]) -> str:
    """Return a sentence that names the documents' languages if a question is in another, or "".

    `hits` are the best passages for the question. If they hold its words, it is in a language of theirs.
    """
    if not is_other_language(question, languages) or max((hit.term_coverage for hit in hits), default=0) > MAX_COVERAGE:
        return ""
    names = [language.capitalize() for language in languages[:2]]
    return f"Your documents are in {' and '.join(names)}. Ask in {' or '.join(names)} for better results."
