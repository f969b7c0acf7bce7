"""The nouns of an answer: citations, answers and refusals."""

from dataclasses import dataclass
from typing import Literal, NamedTuple, Self

from index.types import Hit, Passage, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One or more consecutive sentences and their place: `quote` is [start, end) of the passage's document, exactly.

    `is_current` is False if the file has changed or gone since it was read. `marks` are the ranges of the document,
    inside the quote, whose words match the question's. `lead` is the range of the sentence that answers, None if it is
    in another quote. `more` counts the items of a quoted list that were left out. `differs_from` is the number of an
    earlier citation that says the same with another number or a negation. `similar` counts passages that differ from
    the cited one in numbers only. `date` is the document's (YYYY-MM-DD), "" if it is not known.
    """

    number: int
    quote: str
    start: int
    end: int
    passage: Passage
    is_current: bool = True
    marks: tuple[Span, ...] = ()
    lead: Span | None = None
    more: int = 0
    differs_from: int | None = None
    similar: int = 0
    date: str = ""

    def __post_init__(self) -> None:
        inside = self.passage.start <= self.start
        if not self.quote or not inside or self.passage.quote(self.start, self.end) != self.quote:
            raise ValueError(f"{self.passage.path}: [{self.start}, {self.end}) is not the quote")

    @classmethod
    def of(
        cls,
        number: int,
        hit: Hit,
        start: int,
        end: int,
        is_current: bool,
        lead: Span | None = None,
        more: int = 0,
        differs_from: int | None = None,
    ) -> Self:
        """Quote [start, end) of a hit's document, with the hit's marks inside it."""
        marks = tuple(mark for mark in hit.marks if start <= mark[0] and mark[1] <= end)
        return cls(
            number=number,
            quote=hit.passage.quote(start, end),
            start=start,
            end=end,
            passage=hit.passage,
            is_current=is_current,
            marks=marks,
            lead=lead,
            more=more,
            differs_from=differs_from,
            similar=hit.similar,
        )

    @property
    def sentences(self) -> list[str]:
        """The sentences of the quote."""
        inside = [(start, end) for start, end in self.passage.sentences if self.start <= start and end <= self.end]
        return [self.passage.quote(start, end) for start, end in inside]


Support = Literal["supported", "partly", "unsupported"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A sentence that a language model wrote, and how far the documents support it.

    `citations` are the numbers of the quotes that support it, and `missing` the words that they do not have. By the
    word in `contradicts` it says the opposite of them.
    """

    text: str
    support: Support
    citations: tuple[int, ...] = ()
    missing: tuple[str, ...] = ()
    contradicts: str = ""


Kind = Literal["answer", "documents", "overview", "place", "greeting", "none"]
DECLINED = "The documents do not answer this."
UNSURE = "The documents may not answer this. These passages come closest."
UNCLEAR = "This could mean several things."


class Place(NamedTuple):
    """The range [start, end) of a document."""

    document: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of a conversation and its reply.

    `answer` is the reply's text, "" if it was declined. `places` are what it cited, in the `sections` given. Other
    programs may send the texts only.
    """

    question: str
    answer: str = ""
    places: tuple[Place, ...] = ()
    sections: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The question, the sections and the answer as one text."""
        return " ".join(filter(None, [self.question, *self.sections, self.answer]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The quotes that answer a question, in the order of their numbers.

    `searched` is the question as it was searched, with its spelling corrected. `follows` is the earlier question that
    it follows, "" if it is standalone. `unknown` are codes and names of the question that no document holds. `kind` is
    what was asked for, and `message` introduces the quotes. `scope` names the documents that the question was limited
    to, "" if it was not. `notice` is a line for the reader: what may help to ask better, such as another language, or
    why the answer was not written, or in part only.

    A written answer has `statements`, which cite the quotes by their numbers, `writer`, the language model and its
    host, and the `tokens` that the model used, if its host counts them.
    """

    question: str
    citations: tuple[Citation, ...]
    confidence: float
    hits: tuple[Hit, ...] = ()
    generation: int = 0
    searched: str = ""
    total_passages: int = 0
    follows: str = ""
    unknown: tuple[str, ...] = ()
    kind: Kind = "answer"
    message: str = ""
    scope: str = ""
    notice: str = ""
    statements: tuple[Statement, ...] = ()
    writer: str = ""
    tokens: int = 0

    def __post_init__(self) -> None:
        if not self.citations and not self.statements and not (self.kind == "documents" and self.message):
            raise ValueError("an answer has at least one citation")

    @property
    def text(self) -> str:
        """The message and the written sentences or the quotes, joined into one text."""
        if self.statements:
            return " ".join(statement.text for statement in self.statements)
        return " ".join([*filter(None, [self.message]), *(citation.quote for citation in self.citations)])


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAnswer:
    """The documents do not answer the question. `nearest` are the closest passages.

    If they are about the question's subject, `citations` quote the closest: they may not answer it. `unknown` are codes
    and names of the question that no document holds.

    `clarifications` are complete questions that an underspecified one could mean. The documents answer each of them.
    `message` is the text to show, if it is not the usual refusal. A greeting and the like are replied to in this way.
    `notice` is as in an Answer.
    """

    question: str
    nearest: tuple[Hit, ...] = ()
    confidence: float = 0.0
    generation: int = 0
    searched: str = ""
    total_passages: int = 0
    follows: str = ""
    unknown: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    clarifications: tuple[str, ...] = ()
    kind: Kind = "none"
    message: str = ""
    scope: str = ""
    notice: str = ""

    @property
    def text(self) -> str:
        """The message, or that the question is unclear or not answered, and what the documents do not mention."""
        if self.message or self.clarifications:
            return self.message or UNCLEAR
        missing = f" They do not mention {', '.join(self.unknown)}." if self.unknown else ""
        return (UNSURE if self.citations else DECLINED) + missing


def as_turn(reply: Answer | NoAnswer) -> Turn:
    """Make the turn that the next question may follow."""
    if isinstance(reply, NoAnswer):
        return Turn(reply.question)
    places = tuple(Place(citation.passage.path, citation.start, citation.end) for citation in reply.citations)
    sections = dict.fromkeys(" › ".join(citation.passage.section) for citation in reply.citations)
    return Turn(reply.question, reply.text, places, tuple(filter(None, sections)))


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its reply, or the problem that prevented one."""

    question: str
    reply: Answer | NoAnswer | None = None
    problem: str = ""
