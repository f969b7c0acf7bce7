"""A conversation as a browser keeps it: JSON in, JSON out. What comes back from a browser is not trusted."""

import time
from collections.abc import Iterable
from typing import Any

from index.types import Hit, Passage
from qa.formatting import to_json
from qa.types import Answer, Citation, Exchange, NoAnswer

MOST_TURNS = 30
MOST_PASSAGES = 3


def keep(turn: Exchange) -> dict[str, Any]:
    """A turn as JSON, with the passages that it cites, or the nearest, and no others."""
    if turn.reply is None:
        return {"question": turn.question, "problem": turn.problem}
    reply = to_json(turn.reply, 0.0)
    cited = {(cited["document"], cited["start"]) for cited in reply["citations"]}
    if cited:
        passages = {
            (citation.passage.path, citation.passage.start)
            for citation in (turn.reply.citations if isinstance(turn.reply, Answer) else ())
        }
        reply["hits"] = [hit for hit in reply["hits"] if (hit["document"], hit["start"]) in passages]
    reply["hits"] = reply["hits"][: max(MOST_PASSAGES, len(cited))]
    del reply["seconds"]
    return {"question": turn.question, "asked_at": int(time.time()), "reply": reply}


def sound(kept: object) -> list[Any]:
    """What of a kept conversation can be restored, the last 30 turns."""
    return [entry for entry in _last(kept) if _turn(entry)]


def restore(kept: object) -> list[Exchange]:
    """The turns of a conversation as it was kept, the last 30; what is not as it should be is left out."""
    return [turn for turn in map(_turn, _last(kept)) if turn]


def _last(kept: object) -> list[Any]:
    return kept[-MOST_TURNS:] if isinstance(kept, list) else []


def _turn(kept: Any) -> Exchange | None:
    try:
        if "problem" in kept:
            return Exchange(str(kept["question"]), problem=str(kept["problem"]))
        return Exchange(str(kept["question"]), _reply(kept["reply"]))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        return None


def _reply(kept: dict[str, Any]) -> Answer | NoAnswer:
    hits = tuple(_hit(hit, kept["citations"]) for hit in kept["hits"])
    question, sure = str(kept["question"]), float(kept["confidence"])
    about: Any = {
        "generation": int(kept["generation"]),
        "searched": str(kept["searched"]),
        "follows": str(kept["follows"]),
    }
    if not kept["answered"]:
        clarifications = tuple(map(str, kept["choices"]))
        return NoAnswer(question=question, nearest=hits, confidence=sure, clarifications=clarifications, **about)
    citations = tuple(_citation(citation, hits) for citation in kept["citations"])
    return Answer(question=question, citations=citations, confidence=sure, hits=hits, **about)


def _citation(kept: dict[str, Any], hits: Iterable[Hit]) -> Citation:
    start, end = int(kept["start"]), int(kept["end"])
    path = str(kept["document"])
    around = [hit.passage for hit in hits if hit.passage.path == path]
    holding = [passage for passage in around if passage.start <= start and end <= passage.end]
    if not holding:
        raise ValueError(f"no passage of {path} holds [{start}, {end})")
    passage = holding[0]
    return Citation(
        number=int(kept["number"]),
        quote=str(kept["quote"]),
        start=start,
        end=end,
        passage=passage,
        marks=_spans(kept["marks"]),
    )


def _hit(kept: dict[str, Any], citations: Iterable[dict[str, Any]]) -> Hit:
    start, end, path = int(kept["start"]), int(kept["end"]), str(kept["document"])
    pages = {start: kept["page"]} | {
        int(cited["start"]): cited["page"]
        for cited in citations
        if cited["document"] == path and start <= int(cited["start"]) < end
    }
    passage = Passage(
        path=path,
        start=start,
        end=end,
        text=str(kept["text"]),
        section=tuple(str(kept["section"]).split(" › ")) if kept["section"] else (),
        pages=tuple((begin, int(page)) for begin, page in sorted(pages.items()) if page is not None),
        unit=str(kept["unit"]) if str(kept["unit"]).isalpha() else "page",
        is_ocr=bool(kept["recognised"]),
        copies=tuple(map(str, kept["copies"])),
    )
    keyword, meaning = (None if kept[name] is None else int(kept[name]) for name in ("keyword_rank", "meaning_rank"))
    return Hit(
        passage=passage,
        score=float(kept["score"]),
        bm25_rank=keyword,
        semantic_rank=meaning,
        similarity=float(kept["similarity"]),
        term_coverage=float(kept["coverage"]),
        matched=tuple(map(str, kept["matched"])),
        maxsim=float(kept["word_score"]),
        marks=_spans(kept["marks"]),
    )


def _spans(kept: Iterable[Any]) -> tuple[tuple[int, int], ...]:
    return tuple((int(start), int(end)) for start, end in kept)
