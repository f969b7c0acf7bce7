"""Correct typos in a question with the words of the documents (pure).

A word is a typo if neither the documents nor the model's vocabulary know it and the documents have a word with the same
first letter that is one edit away (two for long words), or if it is two of their words written as one. An edit inserts,
deletes or replaces a letter, or swaps two. In a word of four letters, none is replaced.
"""

from collections.abc import Callable, Mapping

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from index.text.analysis import MIN_FORM, words
from index.text.stemming import ENGLISH, fold

LONG = 8


def correct(
    question: str,
    is_known: Callable[[str, str], bool],
    forms: Callable[[], Mapping[str, int]],
    language: str = ENGLISH,
) -> str:
    """Return a question with its typos corrected.

    `is_known` decides whether a word, with its stem, is known. `forms` maps the words of the documents to the number of
    documents that contain them; it is called only if a word is not known.

    >>> correct("How is Gren tea made?", lambda word, stem: word != "gren", lambda: {"green": 3, "tea": 3})
    'How is Green tea made?'
    """
    pieces, position = [], 0
    for start, end, stem in words(question, language):
        typed = fold(question[start:end])
        if len(typed) < MIN_FORM or not typed.isalpha() or is_known(typed, stem):
            continue
        meant = closest(typed, forms())
        if meant:
            pieces += [question[position:start], meant.capitalize() if question[start].isupper() else meant]
            position = end
    return "".join([*pieces, question[position:]])


def closest(word: str, forms: Mapping[str, int]) -> str | None:
    """Return the word that was meant: the nearest, then the most frequent; else the two that were joined; else None."""
    most = 1 + (len(word) >= LONG)
    alike = [form for form in forms if form[0] == word[0]]
    near = process.extract(word, alike, scorer=DamerauLevenshtein.distance, score_cutoff=most, limit=None)
    if len(word) <= MIN_FORM:
        near = [found for found in near if not _is_replaced(word, str(found[0]))]
    if near:
        return str(min(near, key=lambda found: (found[1], -forms[found[0]], found[0]))[0])
    cuts = range(MIN_FORM, len(word) - MIN_FORM + 1)
    parted = [(word[:cut], word[cut:]) for cut in cuts if word[:cut] in forms and word[cut:] in forms]
    return " ".join(max(parted, key=lambda pair: min(map(forms.__getitem__, pair)))) if parted else None


def _is_replaced(word: str, form: str) -> bool:
    """Say whether two words of one length differ in a letter: many short words do, and mean other things."""
    return len(word) == len(form) and sorted(word) != sorted(form)
