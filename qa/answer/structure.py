"""Recognise list items, table rows, lead-ins, labels and questions among the sentences of a passage."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.types import Passage

_MARKER = re.compile(r"\n[ \t>]*(?:[-*+•▪◦‣–·]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)])[ \t]*(?:\[[ xX]\][ \t]*)?$")
_NUMBERED = re.compile(r"(?:[-*+•▪◦‣–·]\s|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)]\s)")
_LABEL = re.compile(
    r"(?:article|section|chapter|part|clause|appendix|annex|table|figure|step|§+)\s*[\dIVXLC]+[\w.]*[.:]?|[\d.]+\.?",
    re.IGNORECASE,
)
_REFERS_BACK = re.compile(
    r"[\"“'(\[]*(?:it|they|he|she|this|that|these|those|such|its|their|his|her|however|but|also|both|another|others?"
    r"|then|so|instead|otherwise|therefore|thus)\b|[\"“'(\[]*the (?:former|latter|same)\b",
    re.IGNORECASE,
)
_ANNOUNCES = re.compile(r"\b(?:following|as follows|below|(?:these|here) (?:are|is))\b", re.IGNORECASE)
_PICTURE = re.compile(
    r"!?\[[^\]]*\]\([^()\s]+\.(?:png|jpe?g|gif|svg|webp|bmp)\b[^()]*\)|<img\b[^>]*>|!|Picture: [^.;]*", re.IGNORECASE
)
_FIELDS = re.compile(r"[^;:]{1,60}: [^;]*;[^;:]{1,60}: ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A sentence of a passage, and what it is there.

    `starts_block` is true if a line break stands before it. An `is_item` starts a list item; sentences of the same item
    follow it without a line break. An `is_lead_in` announces what follows.
    """

    text: str
    words: int
    starts_block: bool
    is_item: bool
    is_row: bool
    is_header: bool = False
    is_lead_in: bool = False

    @property
    def is_question(self) -> bool:
        return self.text.rstrip("\"”')*_ ").endswith(("?", "？"))

    @property
    def is_label(self) -> bool:
        """Say whether it is a bare number or name of a section, or a few words without an end."""
        return bool(_LABEL.fullmatch(self.text.strip("*_# ")))

    @property
    def is_picture(self) -> bool:
        """Say whether it only shows a picture, or is its short name."""
        return bool(_PICTURE.fullmatch(self.text.strip()))

    @property
    def refers_back(self) -> bool:
        """Say whether it begins with a word such as "it" or "however"."""
        return bool(_REFERS_BACK.match(self.text))


def units(passage: Passage) -> list[Unit]:
    """Return the sentences of a passage in order."""
    found: list[Unit] = []
    position = 0
    for start, end in passage.spans:
        gap = ("\n" if position == 0 else "") + passage.text[position:start]
        found.append(_unit(passage.text[start:end], gap, bool(found) and found[-1].is_row))
        position = end
    if len(found) > 1 and found[1].is_item and not found[0].text.rstrip().endswith((".", ":", "!", "?")):
        found[0] = replace(found[0], is_item=True)  # its marker stands before the passage
    return [
        replace(unit, is_lead_in=_is_lead_in(unit, after))
        for unit, after in zip(found, [*found[1:], None], strict=True)
    ]


def _is_lead_in(unit: Unit, after: Unit | None) -> bool:
    """Say whether a sentence ends with a colon, or announces the list or the table after it."""
    announces = after is not None and (after.is_item or after.is_row) and bool(_ANNOUNCES.search(unit.text))
    return not unit.is_row and (announces or unit.text.rstrip("*_ ").endswith((":", "：")))


def _unit(text: str, gap: str, follows_row: bool) -> Unit:
    """Return a sentence with what it is by the text before it, `gap`, and by its own."""
    starts_block = "\n" in gap
    is_row = starts_block and (" | " in text or "\t" in text or bool(_FIELDS.match(text)))
    return Unit(
        text=text,
        words=len(text.split()),
        starts_block=starts_block,
        is_item=starts_block and not is_row and bool(_MARKER.search(gap) or _NUMBERED.match(text)),
        is_row=is_row,
        is_header=is_row and not follows_row and _is_header(text),
    )


def _is_header(text: str) -> bool:
    """Say whether a row with bars names columns: no cell holds a digit."""
    return " | " in text and not any(map(str.isdigit, text))


def list_around(found: Sequence[Unit], at: int) -> range | None:
    """Return the sentences of the list that holds sentence `at`, its items whole; None if it is in no list.

    A lead-in is in the list that it announces.
    """
    first = at + 1 if found[at].is_lead_in and at + 1 < len(found) else at
    first = _block_start(found, first)
    if not found[first].is_item:
        return None
    last = first
    while first > 0 and _in_item(found, first - 1):
        first -= 1
    while last + 1 < len(found) and (found[last + 1].is_item or not found[last + 1].starts_block):
        last += 1
    return range(first, last + 1)


def _block_start(found: Sequence[Unit], at: int) -> int:
    while at > 0 and not found[at].starts_block:
        at -= 1
    return at


def _in_item(found: Sequence[Unit], at: int) -> bool:
    return found[_block_start(found, at)].is_item


def items(found: Sequence[Unit], run: range) -> list[range]:
    """Return the items of a list, each as the range of its sentences."""
    starts = [at for at in run if found[at].is_item]
    return [range(start, end) for start, end in zip(starts, [*starts[1:], run.stop], strict=True)]


def rows_around(found: Sequence[Unit], at: int) -> range:
    """Return the rows of the table that holds row `at`."""
    first = last = at
    while first > 0 and found[first - 1].is_row:
        first -= 1
    while last + 1 < len(found) and found[last + 1].is_row:
        last += 1
    return range(first, last + 1)
