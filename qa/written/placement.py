"""Tell whether a name or a number stands among the same words in a document's sentence (pure).

A sentence that has all words of another, but in other places, does not support it: "Ada met Bob in Leeds, and Carl in
York" does not say that Ada met Carl in Leeds.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from index.text.analysis import is_function_word
from qa.written.facts import Fact, FactKind, exact_facts
from qa.written.names import is_same_name, mentions
from qa.written.units import base_form, normal_form

NAME_WINDOW = 4  # words on each side
BESIDE = 2
MAX_BETWEEN = 3


def is_beside(term: str, others: Collection[str], orders: Sequence[Sequence[str]]) -> bool:
    """Say whether a term stands beside one of some others in one of some texts, or in none of them at all.

    >>> is_beside("johnston", ["daniel"], [["daniel", "dale", "johnston"]])
    True
    """
    places = [_around(order, at, BESIDE) for order in orders for at, one in enumerate(order) if one == term]
    return not places or any(not place.isdisjoint(others) for place in places)


def is_among(term: str, around: Collection[str], order: Sequence[str]) -> bool:
    """Say whether a term stands near the words `around`, if these stand together in a text that has the term.

    >>> is_among("rome", ["built", "hall"], ["rome", "fell", "after", "they", "came", "to", "it", "built", "hall"])
    False
    """
    overlaps = [len(_around(order, at, NAME_WINDOW).intersection(around)) for at in range(len(order))]
    own = [overlap for one, overlap in zip(order, overlaps, strict=True) if one == term]
    return not own or max(overlaps) < 2 or 2 * max(own) >= max(overlaps)


def _around(order: Sequence[str], at: int, count: int) -> set[str]:
    return set(order[max(0, at - count) : at + count + 1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A word or a fact among others: its term, where it starts, and the kind of fact that it is, if any."""

    term: str
    start: int
    kind: FactKind | None = None
    unit: str = ""


def slots(text: str, names: Collection[str]) -> list[Slot]:
    """Return the words and facts of a text in order, without function words."""
    facts = [one for one in exact_facts(text) if one.form]
    found = [Slot(term=_amount(one), start=one.start, kind=one.kind, unit=one.unit) for one in facts]
    for word in mentions(text, names):
        is_part = any(one.start < word.end and word.start < one.end for one in facts)
        if not is_part and not is_function_word(text[word.start : word.end]):
            found.append(Slot(term=word.term, start=word.start, kind="name" if word.is_name else None))
    return sorted(found, key=lambda slot: slot.start)


def _amount(fact: Fact) -> str:
    """Return the form of a fact; of a number in the smallest unit of its kind, and of a percentage as a share."""
    if fact.kind == "number" and fact.unit == "%":
        return normal_form(Decimal(fact.form) / 100)
    return base_form(fact.form, fact.unit) or fact.form


def is_replaced(fact: Fact, own: Sequence[Slot], other: Sequence[Slot]) -> bool | None:
    """Say whether a text has another fact of the kind between the two words around a fact, or None if neither.

    >>> from qa.written.facts import facts
    >>> fact, *_ = [one for one in facts("the home of Victoria cricket") if one.kind == "name"]
    >>> own = slots("the home of Victoria cricket", [])
    >>> is_replaced(fact, own, slots("It is the home of Australian cricket.", []))
    True
    >>> is_replaced(fact, own, slots("It is the home of Victoria cricket.", []))
    False
    """
    at = next((at for at, slot in enumerate(own) if slot.start == fact.start), -1)
    before, after = (own[one].term if 0 <= one < len(own) else "" for one in (at - 1, at + 1))
    if at < 0 or own[at].term in (before, after):
        return None
    found = [_holds_other(fact, own[at], between, other) for between in _between(before, after, other)]
    return False if False in found else True if True in found else None


def _holds_other(fact: Fact, own: Slot, between: Sequence[Slot], other: Sequence[Slot]) -> bool | None:
    """Say whether some slots hold another fact of the kind, or None if they hold none. At the end of a sentence, it has
    to be of the same unit."""
    if any(slot.term == own.term or is_same_name(slot.term, own.term) for slot in between):
        return False
    return any(_is_kind(slot, fact, other) and (len(between) > 1 or slot.unit == own.unit) for slot in between) or None


def _is_kind(slot: Slot, fact: Fact, other: Sequence[Slot]) -> bool:
    """Say whether a slot is of the kind of a fact; the first word of a sentence may be a name."""
    return slot.kind == fact.kind or (fact.kind == "name" and not fact.name and slot is other[0])


def _between(before: str, after: str, other: Sequence[Slot]) -> Iterator[Sequence[Slot]]:
    """Yield what stands between two words, or beside one of them if the other is "" (the sentence starts or ends)."""
    places = [at for at, slot in enumerate(other) if slot.term == (before or after)]
    if before and after:
        yield from filter(None, (_up_to(after, other[at + 1 : at + 2 + MAX_BETWEEN]) for at in places))
    elif before or after:
        yield from (other[at + 1 : at + 2] if before else other[max(0, at - 1) : at] for at in places)


def _up_to(term: str, some: Sequence[Slot]) -> Sequence[Slot]:
    """Return the slots before the one with a term, none if there is no such one."""
    at = next((at for at, slot in enumerate(some) if slot.term == term), 0)
    return some[:at]
