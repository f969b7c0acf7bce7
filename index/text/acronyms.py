"""Find the acronyms that documents define, and rewrite a question with the other form of each."""

import re
from collections.abc import Iterable, Mapping

from index.text.function_words import FUNCTION_WORDS

MAX_BEFORE = 120  # characters before a bracket, to find the long form in
_SHORT = r"[A-Z][A-Za-z0-9&/.-]{1,9}"
_AFTER_LONG = re.compile(rf"\(({_SHORT})s?\)")
_BEFORE_LONG = re.compile(rf"\b({_SHORT}) \(([A-Za-z][^()\n]{{4,90}})\)")
_EXPLAINED = re.compile(
    rf"\b({_SHORT})[*_\"”]{{0,3}}(?: stands for| is short for| means|:| [=–—-]) [*_\"“]{{0,3}}(?:the |an? )?"
    r"([A-Za-z][^.;:()\n|]{4,90})"
)
_CLAUSE_END = re.compile(r"[.;:()!?|\n]")


def definitions(text: str) -> dict[str, str]:
    """Return the acronyms that a text defines, each with its long form.

    >>> definitions("The mean time between failures (MTBF) is high.")
    {'MTBF': 'mean time between failures'}
    >>> definitions("MTBF (mean time between failures), and a bracket (OK).")
    {'MTBF': 'mean time between failures'}
    """
    found: dict[str, str] = {}
    for match in _AFTER_LONG.finditer(text):
        clause = _CLAUSE_END.split(text[max(0, match.start() - MAX_BEFORE) : match.start()])[-1]
        _add(found, match[1], _ending_with(match[1], clause.rstrip(" *_\"'”’")))
    for match in _BEFORE_LONG.finditer(text):
        _add(found, match[1], _starting_with(match[1], match[2], is_whole=True))
    for match in _EXPLAINED.finditer(text):
        _add(found, match[1], _starting_with(match[1], match[2]))
    return found


def other_form(question: str, acronyms: Mapping[str, str]) -> str:
    """Return the question with each acronym in its long form and each long form as its acronym; "" if it has none.

    >>> other_form("what's the mtbf?", {"MTBF": "mean time between failures"})
    "what's the mean time between failures?"
    """
    changed, typed = question, question.casefold()
    for short, long in acronyms.items():
        if long.split()[0].casefold() in typed:
            by_long = re.sub(_long_pattern(long), short, changed, flags=re.IGNORECASE)
            if by_long != changed:
                changed = by_long
                continue
        if short.casefold() in typed:
            any_case = re.IGNORECASE if short.casefold() not in FUNCTION_WORDS else 0
            changed = re.sub(rf"\b{re.escape(short)}\b", long, changed, flags=any_case)
    return changed if changed != question else ""


def _long_pattern(long: str) -> str:
    return r"\b" + r"[\s-]+".join(re.escape(word) for word in re.split(r"[\s-]+", long)) + r"\b"


def _add(found: dict[str, str], short: str, long: str) -> None:
    """Add an acronym with two capitals or more; a long form with a comma is a list or a part of the sentence."""
    short = short.rstrip(".")
    if long and sum(map(str.isupper, short)) > 1 and short not in long and "," not in long:
        found.setdefault(short, long)


def _ending_with(short: str, text: str) -> str:
    """Return the end of a text that an acronym stands for: its letters in order, the first at the start of a word."""
    letters = [letter for letter in short.casefold() if letter.isalnum()]
    at = len(text)
    for number, letter in enumerate(reversed(letters), 1):
        is_first = number == len(letters)
        at -= 1
        while at >= 0 and (text[at].casefold() != letter or (is_first and at and text[at - 1].isalnum())):
            at -= 1
        if at < 0:
            return ""
    words = text[at:].split()
    is_likely = 1 < len(words) <= min(len(letters) + 5, 2 * len(letters)) and words[0].casefold() not in FUNCTION_WORDS
    return " ".join(words) if is_likely else ""


def _starting_with(short: str, text: str, *, is_whole: bool = False) -> str:
    """Return the start of a text, or the whole, whose words begin with the letters of an acronym."""
    letters = [letter for letter in short.casefold() if letter.isalnum()]
    words = text.split()
    taken: list[str] = []
    for part in _initials(words):
        if not letters:
            break
        word, initials = part
        if initials and list(initials) == letters[: len(initials)]:
            del letters[: len(initials)]
        elif word.casefold() not in FUNCTION_WORDS:
            return ""
        taken.append(word)
    whole = not letters and (not is_whole or len(taken) == len(words))
    return " ".join(taken).rstrip(',"”*_') if whole and len(taken) > 1 else ""


def _initials(words: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Yield each word with the first letters of its parts."""
    for word in words:
        yield word, "".join(part[0] for part in re.split(r"[^\w]+", word.casefold()) if part)
