"""Relate a compound word to the words that it consists of, by the words of the documents."""

from collections.abc import Container, Iterable

COMPOUNDING = frozenset({"german", "dutch", "danish", "norwegian", "swedish"})
MIN_PART = 4
MAX_WORDS = 8
_LINKS = ("", "s", "es", "n", "en", "er", "e")  # letters between the parts


def parts_of(word: str, known: Container[str]) -> tuple[str, str] | None:
    """Return the two known words that a compound consists of; None if it is none.

    >>> parts_of("berufserfahrung", {"beruf", "erfahrung"})
    ('beruf', 'erfahrung')
    """
    for cut in range(MIN_PART, len(word) - MIN_PART + 1):
        first, second = word[:cut], word[cut:]
        if second not in known:
            continue
        for link in _LINKS:
            stripped = first.removesuffix(link) if link else first
            if len(stripped) >= MIN_PART and stripped in known:
                return stripped, second
    return None


def compounds_with(word: str, known: Iterable[str]) -> list[str]:
    """Return the known compounds that begin or end with a word, the shortest first.

    >>> compounds_with("hund", ["hundehaltung", "hundert", "haushund", "hund"])
    ['haushund', 'hundehaltung']
    """
    if len(word) < MIN_PART:
        return []
    found = [one for one in known if len(one) - len(word) >= MIN_PART and (one.startswith(word) or one.endswith(word))]
    return sorted(found, key=lambda one: (len(one), one))[:MAX_WORDS]
