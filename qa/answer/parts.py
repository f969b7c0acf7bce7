"""Find the parts of a document: what its headings begin, and what is numbered (pure)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.types import Block, Document, Passage
from qa.answer.place_numbers import LABEL_OF, NUMBER, number_key

MAX_LABEL_LINE = 90  # characters of a line that begins a numbered part
_BELOW_HEADINGS = 100  # the level of parts that paragraphs begin
_NAMES = {name: label for name, label in LABEL_OF.items() if len(name) > 2 or name == "§"}
_LABEL = "|".join(sorted(_NAMES, key=len, reverse=True))
_LABELLED = re.compile(
    rf"(?P<label>{_LABEL})\.?\s*(?:no\.?\s*)?"
    rf"(?P<number>{NUMBER})\b[.:)]?"
    r"\s*[-–—:]?\s*(?P<title>.*)",
    re.IGNORECASE | re.DOTALL,
)
_NUMBERED = re.compile(r"\(?(?P<number>\d+(?:\.\d+)*)[.:)]?(?:\s+[-–—|:]?\s*|$)(?P<title>.*)", re.DOTALL)
_MARKER = re.compile(r"(?:^|\n)[ \t]*(\d+)[.)][ \t]+\Z")  # of an item, before its text
MAX_MARKER = 12
_COUNT = re.compile(r"\d+ [a-zß-ÿ]")  # "2 files changed" begins no part
_TAG = re.compile(r"<[^>]*>|[*_`#]+(?=\S)|(?<=\S)[*_`#]+|\{#[^}]*\}")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The range [start, end) of a document under a heading or label, which begins at `begin`.

    `label` is "section", "article" and the like, "" if only a number or a title begins the part. `number` is `written`
    in one of several ways.
    """

    title: str
    level: int
    begin: int
    start: int
    end: int
    label: str = ""
    number: str = ""
    written: str = ""

    @property
    def name(self) -> str:
        """The label, the number and the title, as far as there are any."""
        numbered = " ".join(filter(None, [self.label.capitalize(), self.number]))
        return ": ".join(filter(None, [numbered, self.title])) if self.label else f"{numbered} {self.title}".strip()


def headings(document: Document) -> list[Part]:
    """Return the parts that headings begin, in order. A part includes its subordinate parts."""
    blocks = [block for block in document.blocks if block.level]
    parts = [_part(clean(document.text[block.start : block.end]), block, len(document.text)) for block in blocks]
    return [_ended(part, parts[number + 1 :]) for number, part in enumerate(parts)]


def numbered_parts(document: Document) -> list[Part]:
    """Return the parts that begin with a number, by headings or by short lines of text such as "Article 12"."""
    found: list[Part] = []
    for block in document.blocks:
        text = document.text[block.start : block.end]
        if block.level:
            found.append(_part(clean(text), block, len(document.text)))
        elif block.kind == "list_item" and (marked := _MARKER.search(document.text[: block.start][-MAX_MARKER:])):
            begin = block.start - len(marked[0])
            part = Part(title="", level=_BELOW_HEADINGS, begin=begin, start=block.start, end=len(document.text))
            found.append(replace(part, number=number_key(marked[1]), written=marked[1]))
        else:
            found += _paragraph_parts(document, block, text)
    ended = [_ended(part, found[number + 1 :]) for number, part in enumerate(found)]
    return [part for part in ended if part.number]


def find(parts: Sequence[Part], label: str, number: str) -> list[Part]:
    """Return the parts with a number: those with the label, or else those that only a number begins.

    >>> lease = Part(title="Term", level=1, begin=0, start=0, end=9, number="4.2")
    >>> find([lease], "section", "4.2") == [lease]
    True
    """
    wanted = number_key(number)
    same = [part for part in parts if number_key(part.number) == wanted]
    labelled = [part for part in same if part.label == label]
    bare = _bare(parts, [part for part in same if not part.label], wanted)
    kin = [part for part in same if label in ("section", "clause", "paragraph") and part.label in ("section", "clause")]
    return labelled or kin or bare


def _bare(parts: Sequence[Part], same: Sequence[Part], wanted: str) -> list[Part]:
    """Choose among the parts that only a number begins: those of headings, or else of lines.

    Of lines that are numbered like "03", the part up to "04" is meant, not the entry of a table of contents.
    """
    by_heading = [part for part in same if part.level < _BELOW_HEADINGS]
    chapters = [_chapter(parts, part) for part in same if len(part.written) == 2 and part.written == f"0{wanted}"]
    if by_heading or not chapters:
        return by_heading or list(same)
    return [max(chapters, key=lambda part: part.end - part.start)]


def _chapter(parts: Sequence[Part], part: Part) -> Part:
    """End a part that is numbered like "03" where "04" begins."""
    following = f"{int(part.number) + 1:02}"
    begins = [one.begin for one in parts if one.written == following and one.begin > part.begin]
    return replace(part, end=min(begins, default=part.end))


def clean(text: str) -> str:
    """Return a heading's text on one line and without markup."""
    return " ".join(_TAG.sub("", _LINK.sub(r"\1", text)).split())


def quotable(passages: Sequence[Passage], part: Part) -> Iterator[tuple[Passage, list[tuple[int, int]]]]:
    """Yield the passages of a part, each with its sentences inside the part."""
    for passage in passages:
        inside = [(start, end) for start, end in passage.sentences if part.start <= start and end <= part.end]
        if inside:
            yield passage, inside


def _part(text: str, block: Block, end: int) -> Part:
    found = _LABELLED.match(text) or _NUMBERED.match(text)
    if not found:
        return Part(title=text, level=block.level, begin=block.start, start=block.end, end=end)
    label = _NAMES.get((found.groupdict().get("label") or "").casefold(), "")
    return Part(
        title=found["title"].strip(" .|"),
        level=block.level,
        begin=block.start,
        start=block.end,
        end=end,
        label=label,
        number=number_key(found["number"]),
        written=found["number"],
    )


def _paragraph_parts(document: Document, block: Block, text: str) -> Iterator[Part]:
    """Yield the parts that the lines of a paragraph begin. A line that is more than a label belongs to its part."""
    start = block.start
    for line in text.split("\n"):
        found = _LABELLED.match(line) or _NUMBERED.match(line)
        is_count = bool(_COUNT.match(line)) or block.kind == "code"
        if found and not is_count and (len(line) <= MAX_LABEL_LINE or found.re is _NUMBERED or start == block.start):
            part = _part(line, block, len(document.text))
            is_bare = not part.title
            sentence = part.title if len(part.title) <= MAX_LABEL_LINE else ""
            content = start + len(line) if is_bare else start
            yield replace(part, title=sentence, level=_BELOW_HEADINGS, begin=start, start=content)
        start += len(line) + 1


def _ended(part: Part, later: Sequence[Part]) -> Part:
    """End a part where the next one begins that is not subordinate to it."""
    for other in later:
        is_subordinate = other.level > part.level or (other.number.startswith(f"{part.number}.") and part.number)
        if part.level == _BELOW_HEADINGS and other.level == _BELOW_HEADINGS and part.label and not other.label:
            is_subordinate = True  # a numbered list inside an article
        if not is_subordinate:
            return replace(part, end=min(other.begin, part.end))
    return part
