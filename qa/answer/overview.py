"""Give an overview of a document in its own words: its headings, and the most central sentences of each part.

A sentence is central if its vector is close to the mean vector of its part and of the document.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

import numpy as np

from index.types import Document, Passage, Span
from qa.answer.folder import MAX_WORDS, Folder, Vectors, as_hits, cite, is_quoted, joined, word_count
from qa.answer.parts import Part, clean, headings
from qa.types import Answer, Place

MIN_SENTENCE_WORDS, MAX_SENTENCE_WORDS = 6, 45
MAX_PARTS = 10
MAX_NAMES = 20
_FIRST_BONUS = 0.06  # the first sentence of a part often says what it is about
_FACT_BONUS = 0.06  # what must be done, by when, and whom to write to
_WORD_PENALTY = 0.004  # for each word beyond the usual, so that more parts fit in
USUAL_WORDS = 20
_PART_WEIGHT = 0.6
_ITEM_PENALTY = 0.15  # one item of a list or table says little alone
_ITEMS = ("list_item", "table_row", "code")
_FACT = re.compile(
    r"\d|\w@\w|\b(?:must|shall|required?|prohibited|not allowed|at least|at most|up to"
    r"|(?:one|two|three) (?:hour|day|week|year)s?)\b",
    re.IGNORECASE,
)
_NOT_TELLING = re.compile(
    r"[|{}<>\[!]|\*\*|https?:|(?:please )?(?:see|read|visit|refer to|click|cf\.)\s", re.IGNORECASE
)
_LINK = re.compile(r"\]\([^)]*\)|https?:\S+|<[^>]*>")
_GENERIC_HEADING = re.compile(
    r"(?:checklist|key questions|table of contents|contents|see also|references|notes?)\W*", re.I
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The names of the parts of a text, and quotes of their most central sentences."""

    names: list[str] = field(default_factory=list)
    quotes: list[tuple[Passage, Span]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sentence:
    passage: Passage
    span: Span
    vector: Vectors
    number: int
    is_prose: bool

    @property
    def text(self) -> str:
        return self.passage.quote(*self.span)


def of_document(folder: Folder, document: Document, question: str, quoted: Collection[Place] = ()) -> Answer | None:
    """Give an overview of a document without what was `quoted`, or None if it has no other text to quote."""
    whole = Part(title=document.title, level=0, begin=0, start=0, end=len(document.text))
    summary = of_part(document, whole, folder.passages_of(document.path), quoted)
    if not summary.quotes:
        return None
    title = _title(document)
    named = f"{title} ({document.path})" if title and title not in document.path else document.path
    names = [name for name in summary.names if name != title]
    has_parts = bool(names) and not quoted
    message = f"{named} has these parts: {joined(names, MAX_NAMES)}." if has_parts else f"From {named}:"
    citations = cite(folder, summary.quotes)
    contents = folder.contents()
    return Answer(
        question=question,
        citations=citations,
        confidence=1.0,
        hits=as_hits(citations),
        kind="overview",
        message=message,
        generation=contents.generation,
        total_passages=contents.total_passages,
    )


def of_part(
    document: Document, part: Part, passages: Sequence[tuple[Passage, Vectors]], quoted: Collection[Place] = ()
) -> Summary:
    """Summarise a part by its subordinate headings and its central sentences, in the document's order."""
    sentences = _sentences(document, passages, part)
    sentences = [one for one in sentences if not is_quoted(document.path, one.span, quoted)]
    if not sentences:
        return Summary()
    names = part_names(document, part)
    if sum(word_count(sentence.text) for sentence in sentences) <= MAX_WORDS:
        return Summary(names=names, quotes=_merged(sentences))
    starts = [part.start, *(one.begin for one in _chosen(_inside(document, part)))]
    return Summary(names=names, quotes=_merged(_central(sentences, starts) or _opening(sentences)))


def _title(document: Document) -> str:
    """Return the heading that is above all others, "" if there is none."""
    levels = [block.level for block in document.blocks if block.level]
    return clean(document.title) if levels and levels.count(levels[0]) == 1 and levels[0] == min(levels) else ""


def is_telling(sentence: str) -> bool:
    """Check whether a sentence is a whole statement, and no label, question, link or lead-in."""
    text = sentence.strip()
    is_whole = MIN_SENTENCE_WORDS <= word_count(text) <= MAX_SENTENCE_WORDS
    return is_whole and not text.endswith(("?", ":")) and not _NOT_TELLING.match(text)


def part_names(document: Document, part: Part) -> list[str]:
    """Return the names of the parts in a part, each once: all, or those of the highest levels if they are many."""
    inside = _inside(document, part)
    chosen = inside if len({one.name for one in inside}) <= MAX_NAMES else _chosen(inside)
    return list(dict.fromkeys(one.name for one in chosen))


def _inside(document: Document, part: Part) -> list[Part]:
    """Return the subordinate parts, without those that recur in every chapter."""
    inside = [one for one in headings(document) if part.start <= one.begin and one.end <= part.end and one.name]
    return [one for one in inside if not _GENERIC_HEADING.fullmatch(one.title)]


def _chosen(inside: Sequence[Part]) -> list[Part]:
    """Return the parts of the highest levels, of as many levels as give few parts."""
    found: list[Part] = []
    for level in sorted({part.level for part in inside}):
        wider = [part for part in inside if part.level <= level]
        if len(wider) > MAX_PARTS and len(found) > 1:
            break
        found = wider
    return found


def _sentences(document: Document, passages: Sequence[tuple[Passage, Vectors]], part: Part) -> list[_Sentence]:
    blocks = [block for block in document.blocks if part.start <= block.start < part.end]
    items = [(block.start, block.end) for block in blocks if block.kind in _ITEMS]
    return [
        _Sentence(
            passage=passage,
            span=span,
            vector=vectors[1 + at],
            number=at,
            is_prose=not any(start <= span[0] < end for start, end in items),
        )
        for passage, vectors in passages
        for at, span in enumerate(passage.sentences)
        if part.start <= span[0] and span[1] <= part.end
    ]


def _mean(sentences: Sequence[_Sentence]) -> Vectors:
    mean = np.mean([one.vector for one in sentences], axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), dtype=np.float32)


def _ranked(group: Sequence[_Sentence], whole: Vectors) -> list[_Sentence]:
    """Rank the whole statements of a part, the most central first."""
    mean = _mean(group)

    def centrality(at: int) -> float:
        vector = group[at].vector
        score = _PART_WEIGHT * float(vector @ mean) + (1 - _PART_WEIGHT) * float(vector @ whole)
        is_fact = bool(_FACT.search(_LINK.sub(" ", group[at].text)))
        bonus = _FIRST_BONUS * (at == 0) + _FACT_BONUS * is_fact
        excess = max(0, word_count(group[at].text) - USUAL_WORDS)
        return score + bonus - _ITEM_PENALTY * (not group[at].is_prose) - _WORD_PENALTY * excess

    return [group[at] for at in sorted(range(len(group)), key=centrality, reverse=True) if is_telling(group[at].text)]


def _fill(ranked: Sequence[Sequence[_Sentence]]) -> list[_Sentence]:
    """Take the best sentence of each part, then the second of each and so on, up to the number of words."""
    chosen: list[_Sentence] = []
    left = MAX_WORDS
    for place in range(max(map(len, ranked), default=0)):
        for group in ranked:
            if place < len(group) and word_count(group[place].text) <= left:
                chosen.append(group[place])
                left -= word_count(group[place].text)
    return sorted(chosen, key=lambda one: one.span)


def _central(sentences: Sequence[_Sentence], starts: Sequence[int]) -> list[_Sentence]:
    """Take the most central sentences of the parts that begin at `starts`."""
    mean = _mean(sentences)
    numbers = [bisect_right(starts, one.span[0]) for one in sentences]
    groups = [[one for one, at in zip(sentences, numbers, strict=True) if at == number] for number in set(numbers)]
    return _fill([_ranked(group, mean) for group in groups])


def _opening(sentences: Sequence[_Sentence]) -> list[_Sentence]:
    """Take the first sentences, up to the number of words, of a text without whole statements, such as a table."""
    words = list(accumulate(word_count(one.text) for one in sentences))
    return list(sentences[: max(1, bisect_right(words, MAX_WORDS))])


def _merged(sentences: Sequence[_Sentence]) -> list[tuple[Passage, Span]]:
    """Join sentences that follow each other in a passage to one quote."""
    quotes: list[tuple[Passage, Span]] = []
    last: _Sentence | None = None
    for one in sentences:
        if last and last.passage is one.passage and one.number == last.number + 1:
            quotes[-1] = (one.passage, (quotes[-1][1][0], one.span[1]))
        else:
            quotes.append((one.passage, one.span))
        last = one
    return quotes
