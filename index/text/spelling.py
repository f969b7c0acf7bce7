"""Slips of spelling in a question, put right by the words of the documents (pure).

A word is taken for a slip where neither the documents nor the model's vocabulary know it, and the documents hold one
that is as good as the same: of the same first letter and one edit away (a letter more, less or other, or two
exchanged), two for long words; or where it is two of theirs written as one.
"""

from collections.abc import Callable, Mapping

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from index.text.analysis import ENGLISH, MIN_FORM, fold, words

LONG = 8


def correct(
    question: str,
    is_known: Callable[[str, str], bool],
    forms: Callable[[], Mapping[str, int]],
    language: str = ENGLISH,
) -> str:
    """The question with its slips put right. `is_known` is asked of a word and its stem; `forms`, the words of the
    documents with how many hold them, only where one is not known.

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
    """The form that a word is a slip of: the nearest, of several the one in most documents; or else two forms that it
    is made of; None if it is far from all."""
    most = 1 + (len(word) >= LONG)
    alike = [form for form in forms if form[0] == word[0]]
    near = process.extract(word, alike, scorer=DamerauLevenshtein.distance, score_cutoff=most, limit=None)
    if near:
        return str(min(near, key=lambda found: (found[1], -forms[found[0]], found[0]))[0])
    cuts = range(MIN_FORM, len(word) - MIN_FORM + 1)
    parted = [(word[:cut], word[cut:]) for cut in cuts if word[:cut] in forms and word[cut:] in forms]
    return " ".join(max(parted, key=lambda pair: min(map(forms.__getitem__, pair)))) if parted else None
