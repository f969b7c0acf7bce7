"""Save a conversation as JSON in browser storage, and validate it when it comes back."""

import time
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from index.types import Hit, Passage, Span
from qa.formatting import to_json
from qa.types import Answer, Citation, Exchange, NoAnswer

MAX_TURNS = 30
MAX_CITATIONS = 50
MAX_PASSAGES = 3
_MAX_TEXT = 20_000

Text = Annotated[str, Field(max_length=_MAX_TEXT)]
Short = Annotated[str, Field(max_length=4_096)]
Position = Annotated[int, Field(ge=0, le=2**40)]
Share = Annotated[float, Field(ge=-10, le=10, allow_inf_nan=False)]
Texts = Annotated[list[Short], Field(max_length=100)]
Spans = Annotated[list[tuple[Position, Position]], Field(max_length=1_000)]
Rank = Annotated[int, Field(ge=0, le=10**9)] | None


class _Saved(BaseModel):
    """What browser storage contains: keys that are not known are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class SavedCitation(_Saved):
    """A citation; its passage is among the hits."""

    number: Annotated[int, Field(ge=1, le=10_000)]
    document: Short
    start: Position
    end: Position
    page: Position | None
    quote: Text
    marks: Spans


class SavedHit(_Saved):
    """A passage and why it was found."""

    document: Short
    start: Position
    end: Position
    page: Position | None
    unit: Annotated[str, Field(max_length=20, pattern=r"^[a-z]+$")]
    recognised: bool
    copies: Texts
    section: Short
    score: Share
    keyword_rank: Rank
    meaning_rank: Rank
    similarity: Share
    word_score: Share
    coverage: Share
    matched: Texts
    marks: Spans
    text: Text


class SavedReply(_Saved):
    """An answer, or none."""

    question: Text
    searched: Text
    follows: Text
    answered: bool
    choices: Texts
    confidence: Share
    citations: Annotated[list[SavedCitation], Field(max_length=MAX_CITATIONS)]
    hits: Annotated[list[SavedHit], Field(max_length=MAX_CITATIONS)]
    generation: Position


class SavedTurn(_Saved):
    """A question with its reply, or with the problem that prevented one."""

    question: Text
    asked_at: Position = 0
    reply: SavedReply | None = None
    problem: Text = ""


_TURN = TypeAdapter(SavedTurn)


def dump(turn: Exchange) -> dict[str, Any]:
    """Turn an exchange into JSON, with the passages that it cites, or the closest ones, and no others."""
    if turn.reply is None:
        return {"question": turn.question, "problem": turn.problem}
    reply = to_json(turn.reply, 0.0)
    if isinstance(turn.reply, Answer):
        cited = {(citation.passage.path, citation.passage.start) for citation in turn.reply.citations}
        reply["hits"] = [hit for hit in reply["hits"] if (hit["document"], hit["start"]) in cited]
    else:
        reply["hits"] = reply["hits"][:MAX_PASSAGES]
    del reply["seconds"]
    return {"question": turn.question, "asked_at": int(time.time()), "reply": reply}


def validate(saved: object) -> list[dict[str, Any]]:
    """Keep the entries of a saved conversation that `load` accepts, 30 at most, the last ones."""
    return [entry for entry in _last(saved) if _turn(entry)]


def load(saved: object) -> list[Exchange]:
    """Turn JSON back into exchanges, 30 at most, the last ones. An entry that is not valid is left out."""
    return [turn for turn in map(_turn, _last(saved)) if turn]


def _last(saved: object) -> list[Any]:
    return saved[-MAX_TURNS:] if isinstance(saved, list) else []


def _turn(entry: object) -> Exchange | None:
    try:
        saved = _TURN.validate_python(entry)
        if saved.reply:
            return Exchange(saved.question, _reply(saved.reply))
    except (ValidationError, ValueError):
        return None
    return Exchange(saved.question, problem=saved.problem) if saved.problem else None


def _reply(saved: SavedReply) -> Answer | NoAnswer:
    hits = tuple(_hit(hit, saved.citations) for hit in saved.hits)
    if not saved.answered:
        return NoAnswer(
            question=saved.question,
            nearest=hits,
            confidence=saved.confidence,
            clarifications=tuple(saved.choices),
            generation=saved.generation,
            searched=saved.searched,
            follows=saved.follows,
        )
    return Answer(
        question=saved.question,
        citations=tuple(_citation(citation, hits) for citation in saved.citations),
        confidence=saved.confidence,
        hits=hits,
        generation=saved.generation,
        searched=saved.searched,
        follows=saved.follows,
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
    )


def _hit(saved: SavedHit, citations: Iterable[SavedCitation]) -> Hit:
    pages = {saved.start: saved.page} | {
        cited.start: cited.page
        for cited in citations
        if cited.document == saved.document and saved.start <= cited.start < saved.end
    }
    passage = Passage(
        path=saved.document,
        start=saved.start,
        end=saved.end,
        text=saved.text,
        section=tuple(saved.section.split(" › ")) if saved.section else (),
        pages=tuple((begin, page) for begin, page in sorted(pages.items()) if page is not None),
        unit=saved.unit,
        is_ocr=saved.recognised,
        copies=tuple(saved.copies),
    )
    return Hit(
        passage=passage,
        score=saved.score,
        bm25_rank=saved.keyword_rank,
        semantic_rank=saved.meaning_rank,
        similarity=saved.similarity,
        term_coverage=saved.coverage,
        matched=tuple(saved.matched),
        maxsim=saved.word_score,
        marks=_spans(saved.marks),
    )


def _spans(saved: Iterable[tuple[int, int]]) -> tuple[Span, ...]:
    return tuple(saved)
