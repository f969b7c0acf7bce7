"""The nouns of an answer: citations, answers and refusals."""

from dataclasses import dataclass
from typing import Self

from index.types import Hit, Passage, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A quote, one sentence or several that follow one another, and where it stands: `quote` is [start, end) of the
    passage's document, character for character.

    `is_current` is False where the file has changed or gone since it was read; `marks` are the ranges of the
    document, inside the quote, whose words meet the question's.
    """

    number: int
    quote: str
    start: int
    end: int
    passage: Passage
    is_current: bool = True
    marks: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        inside = self.passage.start <= self.start
        if not self.quote or not inside or self.passage.quote(self.start, self.end) != self.quote:
            raise ValueError(f"{self.passage.path}: [{self.start}, {self.end}) does not hold the quote")

    @classmethod
    def of(cls, number: int, hit: Hit, start: int, end: int, is_current: bool) -> Self:
        """Quote [start, end) of a hit's document, with the hit's marks that lie in it."""
        marks = tuple(mark for mark in hit.marks if start <= mark[0] and mark[1] <= end)
        return cls(
            number=number,
            quote=hit.passage.quote(start, end),
            start=start,
            end=end,
            passage=hit.passage,
            is_current=is_current,
            marks=marks,
        )

    @property
    def sentences(self) -> list[str]:
        """The sentences of the quote."""
        inside = [(start, end) for start, end in self.passage.sentences if self.start <= start and end <= self.end]
        return [self.passage.quote(start, end) for start, end in inside]


DECLINED = "The documents do not answer this."
UNCLEAR = "This could mean several things."
Place = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier question of a conversation with what was replied: the text, "" where it was declined, and what was
    cited, as document, start and end, and the sections that it stands in; other programs tell the texts only."""

    question: str
    answer: str = ""
    places: tuple[Place, ...] = ()
    sections: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All that was said in it."""
        return " ".join(filter(None, [self.question, *self.sections, self.answer]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the documents say to a question: its citations' quotes, in the order of their numbers.

    `searched` is the question as it was searched, with slips of spelling put right, among so many passages; `follows`
    is the earlier question that it was understood as a follow-up to, "" where it was taken to stand alone.
    """

    question: str
    citations: tuple[Citation, ...]
    confidence: float
    hits: tuple[Hit, ...] = ()
    generation: int = 0
    searched: str = ""
    total_passages: int = 0
    follows: str = ""

    def __post_init__(self) -> None:
        if not self.citations:
            raise ValueError("an answer has at least one citation")

    @property
    def text(self) -> str:
        """The quotes as one running text."""
        return " ".join(citation.quote for citation in self.citations)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAnswer:
    """The documents do not hold the answer; `nearest` are the passages that came closest. Where the question says too
    little, `clarifications` are whole questions that it could stand for, each of which they do answer."""

    question: str
    nearest: tuple[Hit, ...] = ()
    confidence: float = 0.0
    generation: int = 0
    searched: str = ""
    total_passages: int = 0
    follows: str = ""
    clarifications: tuple[str, ...] = ()


def as_turn(reply: Answer | NoAnswer) -> Turn:
    """A reply as the turn that the next question may lean on."""
    if isinstance(reply, NoAnswer):
        return Turn(reply.question)
    places = tuple((citation.passage.path, citation.start, citation.end) for citation in reply.citations)
    sections = dict.fromkeys(" › ".join(citation.passage.section) for citation in reply.citations)
    return Turn(reply.question, reply.text, places, tuple(filter(None, sections)))


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and the reply to it, or the problem that kept one from being given."""

    question: str
    reply: Answer | NoAnswer | None = None
    problem: str = ""
