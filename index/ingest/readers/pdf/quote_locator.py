"""Find where a quote stands among the characters of a page (pure)."""

import re
import unicodedata
from difflib import SequenceMatcher

from index.types import Span

_NAMED = re.compile(r"(?:[^:;]{1,80}: )?(.+)")
MIN_PART = 20
MIN_QUOTE = 3
MAX_GAP = 12
MAX_LETTERS = 30_000


def find(quote: str, page: str) -> list[Span]:
    """Return the ranges of a page's characters that a quote covers, in order; none if it is not there.

    Only letters and digits count: blanks, hyphens at line ends, marks and ligatures may differ. If other text stands
    between its parts, or its beginning or end is on another page, the parts on this page are found.

    >>> find("A kettle is hot.", "Tea. A ket-\\r\\ntle is hot. Milk.")
    [(5, 24)]
    """
    quote = quote.strip()
    sought, _ = _letters(quote)
    letters, offsets = _letters(page)
    if not sought:
        return []
    at = letters.find(sought)
    parts = [(at, len(sought))] if at >= 0 else _parts(sought, letters)
    return [_widened(quote, page, offsets[start], offsets[start + size - 1] + 1) for start, size in parts]


def without_names(quote: str) -> str:
    """Return the values of a table's row that is quoted with the names of its columns; the quote if it has none.

    >>> without_names("Kind: Green tea; Minutes: 2.")
    'Green tea 2.'
    """
    fields = [_NAMED.fullmatch(field) for field in quote.split("; ")]
    return " ".join(field[1] for field in fields if field) if all(fields) else quote


def holds(page: str, quote: str) -> bool:
    """Say whether a page has the whole quote without interruption."""
    return _letters(quote)[0] in _letters(page)[0]


def _letters(text: str) -> tuple[str, list[int]]:
    """Return a text's letters and digits, spelled out, and the offset of each."""
    found: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        if character.isascii():
            if character.isalnum():
                found.append(character)
                offsets.append(offset)
        elif character <= "\uffff":  # pdfium gives the halves of the others
            spelled = [part for part in unicodedata.normalize("NFKD", character) if part.isalnum()]
            found += spelled
            offsets += [offset] * len(spelled)
    return "".join(found), offsets


def _parts(sought: str, letters: str) -> list[tuple[int, int]]:
    """Return where parts of a quote begin among a page's letters and their lengths: long ones, and short ones near."""
    if len(letters) > MAX_LETTERS:
        return []
    blocks = SequenceMatcher(None, sought, letters, autojunk=False).get_matching_blocks()
    kept: list[tuple[int, int]] = []
    for number, (_, start, size) in enumerate(blocks):
        beside = blocks[max(number - 1, 0) : number + 2]
        is_near = any(
            other.size >= MIN_PART and max(start - other.b - other.size, other.b - start - size) <= MAX_GAP
            for other in beside
        )
        if size >= MIN_PART or (size >= MIN_QUOTE and is_near):
            kept.append((start, size))
    return kept


def _widened(quote: str, page: str, start: int, end: int) -> Span:
    """Widen a range by the brackets, full stops etc. with which the quote begins and ends."""
    while start > 0 and page[start - 1] == quote[0] and _is_sign(quote[0]):
        start -= 1
    while end < len(page) and _is_sign(page[end]) and _is_sign(quote[-1]):
        end += 1
    return start, end


def _is_sign(character: str) -> bool:
    return character.isprintable() and not (character.isalnum() or character.isspace())
