"""Format answers as text, Markdown and JSON, and name places for people (pure)."""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from index.types import Hit, Passage
from qa.lines import as_one_line, plain_text
from qa.markup import visible
from qa.question_log import AnswerChange
from qa.receipt_check import ReceiptCheck
from qa.types import DECLINED, Answer, Citation, NoAnswer, Statement

_ROW = " | "
Escape = Callable[[str], str]
_MARKER = re.compile(r"(\s*(?:- |\d{1,3}[.)] )?)(.*)")
_MARKDOWN_MARKS = re.compile(r"([\\`*_{}\[\]<>#+\-!|~$&()])")


def to_json(reply: Answer | NoAnswer, seconds: float) -> dict[str, Any]:
    """Return the reply as JSON data. Positions count characters of the document's text."""
    answered = isinstance(reply, Answer)
    hits = reply.hits if isinstance(reply, Answer) else reply.nearest
    return {
        "question": reply.question,
        "searched": reply.searched,
        "follows": reply.follows,
        "answered": answered,
        "answer": reply.text,
        "kind": reply.kind,
        "scope": reply.scope,
        "notice": reply.notice,
        "unknown": list(reply.unknown),
        "choices": [] if isinstance(reply, Answer) else list(reply.clarifications),
        "confidence": round(reply.confidence, 4),
        "written": isinstance(reply, Answer) and bool(reply.statements),
        "writer": reply.writer if isinstance(reply, Answer) else "",
        "statements": [_statement(one) for one in reply.statements] if isinstance(reply, Answer) else [],
        "citations": [
            {
                "number": citation.number,
                **_place(citation.passage, citation.start, citation.end),
                "quote": citation.quote,
                "marks": [list(mark) for mark in citation.marks],
                "current": citation.is_current,
                "lead": list(citation.lead) if citation.lead else None,
                "more": citation.more,
                "differs_from": citation.differs_from,
                "similar": citation.similar,
                "date": citation.date,
            }
            for citation in reply.citations
        ],
        "hits": [hit_json(hit, rank) for rank, hit in enumerate(hits, 1)],
        "generation": reply.generation,
        "seconds": round(seconds, 4),
    }


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        "text": statement.text,
        "support": statement.support,
        "citations": list(statement.citations),
        "missing": list(statement.missing),
        "contradicts": statement.contradicts,
    }


def hit_json(hit: Hit, rank: int) -> dict[str, Any]:
    """Return a hit as JSON data: its place, its text and why it was found."""
    return {
        "rank": rank,
        **_place(hit.passage, hit.passage.start, hit.passage.end),
        "score": round(hit.score, 4),
        "keyword_rank": hit.bm25_rank,
        "meaning_rank": hit.semantic_rank,
        "similarity": round(hit.similarity, 4),
        "word_score": round(hit.maxsim, 4),
        "coverage": round(hit.term_coverage, 4),
        "matched": list(hit.matched),
        "marks": [list(mark) for mark in hit.marks],
        "text": hit.passage.text,
    }


def to_markdown(reply: Answer | NoAnswer) -> str:
    """Write the reply as Markdown: the quotes with footnotes, or the refusal with the nearest passages."""
    return _formatted(reply, _markdown)


def to_terminal(reply: Answer | NoAnswer) -> str:
    """Write the reply for people at a terminal: as `to_markdown` does, without escapes."""
    return _formatted(reply, lambda text: text)


def _formatted(reply: Answer | NoAnswer, escape: Escape) -> str:
    notes = (
        follows_note(reply),
        searched_note(reply),
        scope_note(reply),
        reply.notice,
        writer_note(reply),
    )
    lines = [f"{escape(line(note))}\n" for note in notes if note]
    body = _declined(reply, escape) if isinstance(reply, NoAnswer) else _answered(reply, escape)
    return "\n".join([*lines, *body])


def _answered(reply: Answer, escape: Escape) -> list[str]:
    quotes = _statements(reply, escape, "[^{}]") or [
        f"{_quote(citation, escape)}[^{citation.number}]" for citation in reply.citations
    ]
    footnotes = [f"[^{citation.number}]: {escape(_cited_place(citation))}" for citation in reply.citations]
    if reply.message:
        body = [escape(reply.message), "", *("- " + quote.replace("\n", "\n  ") for quote in quotes)]
    else:
        body = [_joined(quotes)]
    note = differs_note(reply)
    return [*body, "", *([escape(note), ""] if note else []), *footnotes]


def _declined(reply: NoAnswer, escape: Escape) -> list[str]:
    text = escape(reply.message) if reply.message else reply.text
    if reply.clarifications:
        return [text, "", *(f"- {escape(line(choice))}" for choice in reply.clarifications)]
    nearest = [
        f"- {escape(as_one_line(passage))} ({escape(place_name(passage, passage.start))})"
        for passage in (hit.passage for hit in reply.nearest[:3])
    ]
    return [text, *(["", "Nearest passages:", "", *nearest] if nearest else [])]


def to_text(reply: Answer | NoAnswer) -> str:
    """Write the reply as plain text: the quotes with the numbers of their places, the choices, or the refusal."""
    if isinstance(reply, NoAnswer):
        return "\n".join([*filter(None, [reply.notice]), reply.text, *map(line, reply.clarifications)])
    quotes = _statements(reply, str, " [{}]") or [
        f"{_quote(citation, str)} [{citation.number}]" for citation in reply.citations
    ]
    body = [reply.message, *quotes] if reply.message else [_joined(quotes)]
    body += [note] if (note := differs_note(reply)) else []
    notes = [f"[{cited.number}] {_cited_place(cited)}" for cited in reply.citations]
    return "\n".join([*body, "", *notes])


def _quote(citation: Citation, escape: Escape) -> str:
    """Write a quote without the marks of its document, a line for each paragraph, item and row."""
    text = plain_text(citation.passage, (citation.start, citation.end)) or line(citation.quote)
    return "\n".join(_MARKER.sub(lambda found: found[1] + escape(found[2]), one) for one in text.split("\n"))


def _joined(quotes: list[str]) -> str:
    """Join quotes with spaces. If one has several lines or is a row, each begins a line, and rows are not parted."""
    if not any("\n" in quote or _ROW in quote for quote in quotes):
        return " ".join(quotes)
    text = quotes[0]
    for before, quote in pairwise(quotes):
        text += ("\n" if _ROW in before.rpartition("\n")[2] and _ROW in quote else "\n\n") + quote
    return text


def differs_note(reply: Answer | NoAnswer) -> str:
    """Name the quotes that say the same with another number or a negation, with the dates of their documents, or
    return "".
    """
    by_number = {cited.number: cited for cited in reply.citations}
    pairs = [(by_number[one.differs_from], one) for one in reply.citations if one.differs_from in by_number]
    texts = [" and ".join(_dated(one, other) for one, other in ((a, b), (b, a))) for a, b in pairs]
    return f"{', '.join(texts)} differ. Check which one is right." if texts else ""


def _dated(citation: Citation, other: Citation) -> str:
    """Name a citation, with its document's date if the other's is another."""
    is_told_apart = citation.date and other.date and citation.date != other.date
    return f"[{citation.number}] (of {citation.date})" if is_told_apart else f"[{citation.number}]"


def searched_note(reply: Answer | NoAnswer) -> str:
    """Name what was searched if the spelling of the question was corrected, or return ""."""
    return f"Searched for: {reply.searched}" if reply.searched not in ("", reply.question) else ""


def follows_note(reply: Answer | NoAnswer) -> str:
    """Name the earlier question that the reply's question follows, or return ""."""
    return f"Understood as a follow-up to: {reply.follows}" if reply.follows else ""


def scope_note(reply: Answer | NoAnswer) -> str:
    """Name the documents that the question was limited to, or return ""."""
    return f"Limited to: {reply.scope}" if reply.scope else ""


def writer_note(reply: Answer | NoAnswer) -> str:
    """Name the language model that wrote the reply, or return ""."""
    return f"Written by {reply.writer}." if isinstance(reply, Answer) and reply.writer else ""


def support_note(statement: Statement) -> str:
    """Say why a written sentence is not supported, or return "".

    >>> support_note(Statement(text="It opened in 2019.", support="partly", missing=("2019",)))
    'not in the documents: 2019'
    """
    if statement.support == "supported":
        return ""
    if statement.contradicts:
        return f"the documents say the opposite: {statement.contradicts}"
    if statement.support == "unsupported":
        return "not supported by the documents"
    return f"not in the documents: {', '.join(statement.missing)}" if statement.missing else "supported in part only"


def _statements(reply: Answer, escape: Escape, mark: str) -> list[str]:
    """Write each sentence of a written answer with the marks of its footnotes, and why it is not supported."""
    return [
        escape(one.text)
        + "".join(mark.format(number) for number in one.citations)
        + (f" ({escape(note)})" if (note := support_note(one)) else "")
        for one in reply.statements
    ]


def change_markdown(change: AnswerChange) -> str:
    """Write a question with its quotes before and now as Markdown."""
    lines = [f"## {_markdown(line(change.question))}", ""]
    for name, quoted in (("Before", change.before), ("Now", change.after)):
        items = [f"{_markdown(line(quote))} ({_markdown(where)})" for where, quote in quoted] or [DECLINED]
        lines += [f"{name}:", "", *(f"- {item}" for item in items), ""]
    return "\n".join(lines)


def check_text(check: ReceiptCheck) -> str:
    """Write the result of checking a receipt, a line for each quote and each problem.

    >>> from qa.receipt_check import QuoteCheck
    >>> quote = QuoteCheck(number=1, document="tea.md", state="moved", reason="The quote is at [3, 9).")
    >>> print(check_text(ReceiptCheck(quotes=(quote,), problems=())))
    [1] moved: tea.md. The quote is at [3, 9).
    """
    lines = [
        f"[{one.number}] {one.state}: {one.document}{f'. {one.reason}' if one.reason else ''}" for one in check.quotes
    ]
    return "\n".join([*lines, *check.problems]) or "The receipt has no quotes."


def place_name(passage: Passage, position: int) -> str:
    """Name the document, page and section of a position of a passage."""
    headings = [line(visible(heading, passage.path)) for heading in passage.section]
    section = [" › ".join(headings)] if headings else []
    copies = [f"also in {copy}" for copy in passage.copies]
    return ", ".join([passage.path, *page_name(passage, position), *section, *copies])


def _cited_place(citation: Citation) -> str:
    like_it = f" (and {citation.similar} more like it)" if citation.similar else ""
    return place_name(citation.passage, citation.start) + like_it


def page_name(passage: Passage, position: int) -> list[str]:
    """Name the page, slide, row or the like of a position. Return nothing if the document has none."""
    name = passage.page_name_at(position)
    ocr = " (recognised)" if passage.is_ocr else ""
    return [f"{passage.unit} {name}{ocr}"] if name else []


def _markdown(text: str) -> str:
    return _MARKDOWN_MARKS.sub(r"\\\1", text)


def _place(passage: Passage, start: int, end: int) -> dict[str, Any]:
    return {
        "document": passage.path,
        "start": start,
        "end": end,
        "page": passage.page_at(start),
        "page_name": passage.page_name_at(start),
        "unit": passage.unit,
        "recognised": passage.is_ocr,
        "copies": list(passage.copies),
        "section": " › ".join(passage.section),
    }


def line(text: str) -> str:
    """Put a text on one line."""
    return " ".join(text.split())


def count(number: int, what: str) -> str:
    """Write a number of things.

    >>> count(1, "file"), count(1_200, "file")
    ('1 file', '1,200 files')
    """
    return f"{number:,} {what}{'s' * (number != 1)}"
