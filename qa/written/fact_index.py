"""Look up whether sentences of documents have a fact, in any usual form (pure)."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from index.text.stemming import WORD, fold, stem
from qa.written.facts import Fact, exact_facts
from qa.written.names import is_same_name, single_words
from qa.written.units import base_form, normal_form

_ORDINALS = {
    word: value
    for value, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), 1)
}
# Fractions in words, as percentages.
_SHARES = {"0.5": "50", "0.25": "25", "0.75": "75", "0.333": "33.3", "0.667": "66.7"}
_ACRONYM = re.compile(r"(?<!\w)(?:[A-Z]\.){2,}|(?<!\w)[A-Z]{2,6}(?!\w)")
_PLAIN_DIGITS = re.compile(r"(?<![\d.,:])(?<!(?<!\w)[-−])\d+(?![.,:]?\d)")


class FactIndex:
    """The facts of some texts, to look up whether they have a fact in any usual form."""

    def __init__(self, texts: Collection[str]) -> None:
        self._forms: dict[str, set[str]] = {}
        self._words: set[str] = set()
        self._initials: set[str] = set()
        self._acronyms: set[str] = set()
        self._counts: Counter[str] = Counter()
        self._flowing = ""
        self._bases: set[str] = set()
        self._dates = False
        for text in texts:
            self._add(text)

    def _add(self, text: str) -> None:
        words = [fold(word) for word in WORD.findall(text)]
        parts = [fold(text[start:end]) for start, end in single_words(text)]
        self._flowing += f" {' '.join(words)} "
        if len(parts) > len(words):
            self._flowing += f" {' '.join(parts)} "
            words = [*words, *parts]
        self._words |= {form for word in words for form in (word, word.removesuffix("'s"), stem(word))}
        self._acronyms |= {match[0].replace(".", "") for match in _ACRONYM.finditer(text)}
        self._initials.add("".join(word[0] for word in WORD.findall(text) if word[0].isupper()))
        for one in exact_facts(text):
            self._add_fact(one)
        for form in _plain_numbers(text, words):
            self._forms.setdefault(form, set()).add("")

    def _add_fact(self, one: Fact) -> None:
        self._forms.setdefault(one.form, set()).add(one.unit)
        self._counts[one.form] += 1
        self._dates = self._dates or one.kind == "date"
        if one.kind == "number":
            self._bases.add(base_form(one.form, one.unit))
            if one.form in _SHARES and not one.unit:
                self._forms.setdefault(_SHARES[one.form], set()).add("%")

    def __contains__(self, fact: Fact) -> bool:
        if fact.occurrence > max(1, self._counts[fact.form]):
            return False
        match fact.kind:
            case "quote":
                return f" {fact.form} " in self._flowing
            case "name":
                return self._has_name(fact)
            case "number":
                return self._has_number(fact)
            case "date":
                return fact.form in self._forms or (not self._dates and self._has_parts(fact))
            case _:
                return fact.form in self._forms or fact.form in self._words

    def _has_number(self, fact: Fact) -> bool:
        units = self._forms.get(fact.form)
        if units is not None and (not fact.unit or fact.unit in units or units == {""}):
            return True
        base = base_form(fact.form, fact.unit)
        return bool(base) and base in self._bases

    def _has_parts(self, fact: Fact) -> bool:
        """Say whether day, month and year of a date are there, if no date is written out."""
        numbers = map(normal_form, (fact.form[:4], fact.form[6:]))
        months = re.findall(r"[A-Za-z]{3,}", fact.text)
        return all(one in self._forms for one in numbers) and any(fold(one) in self._words for one in months)

    def _has_name(self, fact: Fact) -> bool:
        form = fact.form
        if form in self._words or stem(form) in self._words:
            return True
        if fact.text.isupper() and 2 <= len(fact.text) <= 6 and any(fact.text in one for one in self._initials):
            return True
        if len(fact.initials) > 1 and fact.initials in self._acronyms:
            return True
        return any(is_same_name(form, word) for word in self._words)


def _plain_numbers(text: str, words: Sequence[str]) -> Iterator[str]:
    """Yield the forms of ordinals, of digits inside other words, and of groups of digits joined."""
    yield from (normal_form(_ORDINALS[word]) for word in words if word in _ORDINALS)
    yield from map(normal_form, _PLAIN_DIGITS.findall(text))
    yield from re.findall(r"\d{4,}", re.sub(r"(?<=\w)[-–./ ](?=\d)", "", text))
