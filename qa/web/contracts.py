"""What programs send to the HTTP API and get back. The schemas of OpenAPI and MCP are made of these."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from qa.service import MAX_QUESTION_CHARACTERS

MAX_HITS = 50
MAX_HISTORY_CHARACTERS = 50_000  # of one message
_Path = Annotated[str, Field(max_length=4_096)]


class Contract(BaseModel):
    """Data with the keys that are described, and maybe more."""

    model_config = ConfigDict(extra="allow")


class HistoryMessage(Contract):
    """An earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: Annotated[str, Field(max_length=MAX_HISTORY_CHARACTERS)]


class AskRequest(BaseModel):
    """A question, with the earlier messages of its conversation and the documents to search, if not all.

    Without `written`, the answer is quoted even if a language model is connected. `receipt` asks for one with it.
    """

    question: Annotated[str, Field(min_length=1, max_length=MAX_QUESTION_CHARACTERS)]
    history: Annotated[list[HistoryMessage], Field(max_length=200)] = []
    k: Annotated[int, Field(ge=1, le=MAX_HITS)] = 5
    only: Annotated[list[_Path], Field(max_length=1_000)] = []
    written: bool = True
    receipt: bool = False


class SearchRequest(BaseModel):
    """A query, and how many passages to find."""

    query: Annotated[str, Field(min_length=1, max_length=MAX_QUESTION_CHARACTERS)]
    k: Annotated[int, Field(ge=1, le=MAX_HITS)] = 5


class PlaceReply(Contract):
    """A range of a document's text; `page` is the number of a page, slide or row, if the document has some."""

    document: str
    start: int
    end: int
    page: int | None = None
    section: str = ""


class CitationReply(PlaceReply):
    """A quote, character for character, with its place."""

    number: int
    quote: str


class HitReply(PlaceReply):
    """A passage that was found. Higher scores are better."""

    rank: int
    score: float
    text: str


class StatementReply(Contract):
    """A sentence that a language model wrote: how far the quotes of its citations support it, and what they lack."""

    text: str
    support: Literal["supported", "partly", "unsupported"]
    citations: list[int]
    missing: list[str]


class AskReply(Contract):
    """An answer of quoted sentences, or the reason why there is none.

    If a language model is connected, the answer is `written`, and its `statements` cite the quotes.
    """

    question: str
    answered: bool
    answer: str
    confidence: float
    written: bool = False
    statements: list[StatementReply] = []
    citations: list[CitationReply]
    hits: list[HitReply]
    generation: int
    seconds: float


class SearchReply(Contract):
    """The passages that match a query best, best first."""

    hits: list[HitReply]


class StatusReply(Contract):
    """What the index contains, and whether a build is running."""

    built: bool
    building: bool
    problem: str
    documents: int = 0
    passages: int = 0
    generation: int = 0


class ErrorReply(Contract):
    """An error: one sentence that says what is wrong and what to do."""

    error: str
