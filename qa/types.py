"""The nouns of an answer: citations, answers and refusals."""

from dataclasses import dataclass

from index.types import Hit, Passage


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote and where it stands: `quote` is [start, end) of the passage's document, character for character.

    `is_current` is False where the file has changed or gone since it was read.
    """

    number: int
    quote: str
    start: int
    end: int
    passage: Passage
    is_current: bool = True

    def __post_init__(self) -> None:
        first = self.start - self.passage.start
        if not self.quote or first < 0 or self.passage.text[first : self.end - self.passage.start] != self.quote:
            raise ValueError(f"{self.passage.path}: [{self.start}, {self.end}) does not hold the quote")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the documents say to a question: its citations' quotes, in the order of their numbers."""

    question: str
    citations: tuple[Citation, ...]
    confidence: float
    hits: tuple[Hit, ...] = ()
    generation: int = 0

    def __post_init__(self) -> None:
        if not self.citations:
            raise ValueError("an answer has at least one citation")

    @property
    def text(self) -> str:
        """The quotes as one running text."""
        return " ".join(citation.quote for citation in self.citations)


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The documents do not hold the answer; `nearest` are the passages that came closest."""

    question: str
    nearest: tuple[Hit, ...] = ()
    confidence: float = 0.0
    generation: int = 0
