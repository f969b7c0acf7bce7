"""Save a conversation as JSON in browser storage, and validate it when it comes back."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from index.types import Hit, Passage, Span
from qa.formatting import to_json
from qa.types import Answer, Citation, Exchange, Kind, NoAnswer, Statement, Support
from qa.web.messages import Key, Message, Position, Text

MAX_CITATIONS = 50
MAX_STATEMENTS = 100
MAX_PASSAGES = 3

Short = Annotated[str, Field(max_length=4_096)]
Share = Annotated[float, Field(ge=-10, le=10, allow_inf_nan=False)]
Texts = Annotated[list[Short], Field(max_length=100)]
Spans = Annotated[list[tuple[Position, Position]], Field(max_length=1_000)]
Rank = Annotated[int, Field(ge=0, le=10**9)] | None


class SavedCitation(Message):
    """A citation; its passage is among the hits."""

    number: Annotated[int, Field(ge=1, le=10_000)]
    document: Short
    start: Position
    end: Position
    page: Position | None
    page_name: Annotated[str, Field(max_length=80)] = ""
    quote: Text
    marks: Spans
    lead: tuple[Position, Position] | None = None
    more: Position = 0
    differs_from: Annotated[int, Field(ge=1, le=10_000)] | None = None
    similar: Position = 0
    date: Annotated[str, Field(pattern=r"^(\d{4}-\d\d-\d\d)?$")] = ""


class SavedHit(Message):
    """A passage and why it was found."""

    document: Short
    start: Position
    end: Position
    page: Position | None
    page_name: Annotated[str, Field(max_length=80)] = ""
    unit: Annotated[str, Field(max_length=20, pattern=r"^[a-z]+$")]
    is_ocr: Annotated[bool, Field(alias="recognised")]
    copies: Texts
    section: Short
    score: Share
    bm25_rank: Annotated[Rank, Field(alias="keyword_rank")]
    semantic_rank: Annotated[Rank, Field(alias="meaning_rank")]
    similarity: Share
    maxsim: Annotated[Share, Field(alias="word_score")]
    term_coverage: Annotated[Share, Field(alias="coverage")]
    matched: Texts
    marks: Spans
    text: Text


class SavedStatement(Message):
    """A written sentence with the checker's result."""

    text: Text
    support: Support
    citations: Annotated[list[Annotated[int, Field(ge=1, le=10_000)]], Field(max_length=MAX_CITATIONS)]
    missing: Texts
    contradicts: Short = ""


class SavedReply(Message):
    """An answer, or none."""

    question: Text
    searched: Text
    follows: Text
    answered: bool
    choices: Texts
    kind: Kind = "answer"
    message: Text = ""
    scope: Text = ""
    notice: Text = ""
    unknown: Texts = Field(default_factory=list)
    confidence: Share
    citations: Annotated[list[SavedCitation], Field(max_length=MAX_CITATIONS)]
    hits: Annotated[list[SavedHit], Field(max_length=MAX_CITATIONS)]
    generation: Position
    statements: Annotated[list[SavedStatement], Field(max_length=MAX_STATEMENTS)] = Field(default_factory=list)
    writer: Short = ""


class SavedTurn(Message):
    """A question with its reply, or with the problem that prevented one."""

    key: Key = "0"
    question: Text
    asked_at: Position = 0
    reply: SavedReply | None = None
    problem: Text = ""


_TURN = TypeAdapter(SavedTurn)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedTurn:
    """A turn from browser storage: its key in the page, and the exchange."""

    key: str
    exchange: Exchange


def dump(turn: Exchange) -> dict[str, Any]:
    """Turn an exchange into JSON, with the passages that it cites, or the closest ones, and no others."""
    if turn.reply is None:
        return {"question": turn.question, "problem": turn.problem}
    reply = to_json(turn.reply, 0.0)
    reply["message"] = turn.reply.message
    if turn.reply.citations:
        cited = {(citation.passage.path, citation.passage.start) for citation in turn.reply.citations}
        reply["hits"] = [hit for hit in reply["hits"] if (hit["document"], hit["start"]) in cited]
    else:
        reply["hits"] = reply["hits"][:MAX_PASSAGES]
    del reply["seconds"]
    return {"question": turn.question, "asked_at": int(time.time()), "reply": reply}


def load(saved: object) -> LoadedTurn | None:
    """Turn JSON from browser storage back into an exchange; None if it is not valid."""
    try:
        turn = _TURN.validate_python(saved)
        reply = _reply(turn.reply) if turn.reply else None
    except (ValidationError, ValueError):
        return None
    if not reply and not turn.problem:
        return None
    return LoadedTurn(key=turn.key, exchange=Exchange(turn.question, reply, turn.problem))


def _reply(saved: SavedReply) -> Answer | NoAnswer:
    hits = tuple(_hit(hit, saved.citations) for hit in saved.hits)
    citations = tuple(_citation(citation, hits) for citation in saved.citations)
    if not saved.answered:
        return NoAnswer(
            question=saved.question,
            nearest=hits,
            citations=citations,
            confidence=saved.confidence,
            clarifications=tuple(saved.choices),
            generation=saved.generation,
            searched=saved.searched,
            follows=saved.follows,
            unknown=tuple(saved.unknown),
            kind=saved.kind,
            message=saved.message,
            scope=saved.scope,
            notice=saved.notice,
        )
    return Answer(
        question=saved.question,
        citations=citations,
        confidence=saved.confidence,
        hits=hits,
        generation=saved.generation,
        searched=saved.searched,
        follows=saved.follows,
        unknown=tuple(saved.unknown),
        kind=saved.kind,
        message=saved.message,
        scope=saved.scope,
        statements=_statements(saved.statements, len(citations)),
        writer=saved.writer,
        notice=saved.notice,
    )


def _statements(saved: Iterable[SavedStatement], quotes: int) -> tuple[Statement, ...]:
    for one in saved:
        if any(number > quotes for number in one.citations):
            raise ValueError(f"there is no quote {max(one.citations)}")
    return tuple(
        Statement(
            text=one.text,
            support=one.support,
            citations=tuple(one.citations),
            missing=tuple(one.missing),
            contradicts=one.contradicts,
        )
        for one in saved
    )


def _citation(saved: SavedCitation, hits: Iterable[Hit]) -> Citation:
    passage = next(
        (
            hit.passage
            for hit in hits
            if hit.passage.path == saved.document and hit.passage.start <= saved.start and saved.end <= hit.passage.end
        ),
        None,
    )
    if not passage:
        raise ValueError(f"no passage of {saved.document} contains [{saved.start}, {saved.end})")
    return Citation(
        number=saved.number,
        quote=saved.quote,
        start=saved.start,
        end=saved.end,
        passage=passage,
        marks=_spans(saved.marks),
        lead=saved.lead,
        more=saved.more,
        differs_from=saved.differs_from,
        similar=saved.similar,
        date=saved.date,
    )


def _hit(saved: SavedHit, citations: Iterable[SavedCitation]) -> Hit:
    places = {saved.start: saved} | {
        cited.start: cited
        for cited in citations
        if cited.document == saved.document and saved.start <= cited.start < saved.end
    }
    pages = sorted((begin, place.page, place.page_name) for begin, place in places.items() if place.page is not None)
    passage = Passage(
        path=saved.document,
        start=saved.start,
        end=saved.end,
        text=saved.text,
        section=tuple(saved.section.split(" › ")) if saved.section else (),
        pages=tuple((begin, page) for begin, page, _ in pages),
        page_names=tuple(name or str(page) for _, page, name in pages),
        unit=saved.unit,
        is_ocr=saved.is_ocr,
        copies=tuple(saved.copies),
    )
    return Hit(
        passage=passage,
        score=saved.score,
        bm25_rank=saved.bm25_rank,
        semantic_rank=saved.semantic_rank,
        similarity=saved.similarity,
        term_coverage=saved.term_coverage,
        matched=tuple(saved.matched),
        maxsim=saved.maxsim,
        marks=_spans(saved.marks),
    )


def _spans(saved: Iterable[tuple[int, int]]) -> tuple[Span, ...]:
    return tuple(saved)
