"""Tell whether a name stands among the same words in a document's sentence (pure).

A sentence that has all words of another, but in other places, does not support it: "Ada met Bob in Leeds, and Carl in
York" does not say that Ada met Carl in Leeds.
"""

from collections.abc import Collection, Sequence

NAME_WINDOW = 4  # words on each side
BESIDE = 2


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
