"""Show the turns of a conversation as HTML: questions, answers of footnoted quotes, and what can be done with each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.types import Span
from qa.formatting import differs_note, line, page_name, place_name, to_markdown, to_text
from qa.lines import as_one_line
from qa.types import Answer, Citation, Exchange, NoAnswer
from qa.web.evidence_view import MAX_CLOSEST
from qa.web.html import html, render
from qa.web.quote_groups import QuoteView, groups
from qa.web.quote_view import blocks_of, is_running_text, table_rows
from qa.web.rich_text import Mark
from qa.web.written_view import statement_views, supported_text

MAX_WORDS_WHOLE = 90  # further quotes are cut to their first sentences
MAX_WORDS_SHOWN = 150  # and quotes beyond these are folded
MAX_OPENING_WORDS = 40
_REST = re.compile(r" and ([\d,]+ more)\.$")
_CONFIDENCE = (
    (0.7, "Likely answers your question"),
    (0.45, "May answer your question"),
    (0.0, "May not answer your question – check the source"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """The text above the quotes; of a list of documents, the `others` without a quote, and how many more there are."""

    text: str
    others: tuple[str, ...] = ()
    rest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosestView:
    """The text of a passage that comes closest to a question."""

    path: str
    text: str


def turn_html(question: str, key: str) -> str:
    """Show a question, with room for its reply."""
    return render("turn.html", question=question, key=key)


def reply_html(exchange: Exchange, key: str) -> str:
    """Show the reply to a question, or the problem that prevented one."""
    reply = exchange.reply
    if reply is None:
        return render("problem.html", problem=exchange.problem)
    spans = _shown(reply.citations) if reply.kind != "documents" else [(one.start, one.end) for one in reply.citations]
    quotes = [_quote(cited, (cited.start, cited.end)) for cited in reply.citations]
    pairs = enumerate(zip(reply.citations, spans, strict=False))
    shown = [_quote(cited, span, has_lead=number == 0) for number, (cited, span) in pairs]
    return render(
        "reply.html",
        reply=reply,
        key=key,
        is_answer=isinstance(reply, Answer),
        nearest=_closest(reply) if isinstance(reply, NoAnswer) else (),
        choices=reply.clarifications if isinstance(reply, NoAnswer) else (),
        message=_message(reply),
        shown=groups(shown),
        folded=groups(quotes[len(shown) :]),
        folded_count=len(quotes) - len(shown),
        statements=statement_views(reply),
        supported=supported_text(reply),
        footnotes={quote.number: quote for quote in quotes},
        differs=differs_note(reply),
        used=_documents(reply.citations),
        changed=[cited.passage.path for cited in reply.citations if not cited.is_current],
        confidence=confidence_text(reply.confidence),
        percentage=round(100 * reply.confidence),
        as_text=f"{line(exchange.question)}\n\n{to_text(reply)}\n",
        as_markdown=f"**{line(exchange.question)}**\n\n{to_markdown(reply)}\n",
    )


def _message(reply: Answer | NoAnswer) -> Message:
    """Return the text around the quotes. A list of documents names them at their quotes, so they are not repeated."""
    message = line(reply.message)
    if reply.kind == "documents" and reply.citations:
        head, _, names = message.partition(": ")
        rest = _REST.search(names)
        listed = names[: rest.start()] if rest else names.removesuffix(".")
        others = _others(listed, [citation.passage.path for citation in reply.citations])
        if others is not None:
            return Message(text=f"{head}:", others=others, rest=rest[1] if rest else "")
    return Message(text=message)


def _others(listed: str, cited: Sequence[str]) -> tuple[str, ...] | None:
    """Return the names of a list of documents that are not cited; None if a cited one is not in the list.

    >>> _others("a.md, b, c.md and d.md", ["b, c.md"])
    ('a.md', 'd.md')
    """
    for path in dict.fromkeys(cited):
        found = re.search(rf"(?:^|, | and ){re.escape(path)}(?=$|, | and )", listed)
        if not found:
            return None
        listed = listed[: found.start()] + listed[found.end() :]
    return tuple(filter(None, re.split(r", | and ", listed)))


def _closest(reply: NoAnswer) -> list[ClosestView]:
    passages = [hit.passage for hit in reply.nearest[:MAX_CLOSEST]]
    return [ClosestView(path=passage.path, text=as_one_line(passage)) for passage in passages]


def _quote(cited: Citation, span: Span, has_lead: bool = False) -> QuoteView:
    """Show the part of a quote that is the range `span`; the sentence that answers is marked if it `has_lead`."""
    passage = cited.passage
    marks = []
    if has_lead and cited.lead and cited.lead != span:
        marks = [Mark(start=cited.lead[0], end=cited.lead[1], kind="lead")]
    blocks = blocks_of(passage, span, marks)
    return QuoteView(
        number=cited.number,
        title=f"Footnote {cited.number}: {place_name(passage, cited.start)}",
        passage=passage,
        blocks=blocks,
        is_inline=is_running_text(blocks),
        more=cited.more,
        table=table_rows(passage, span, marks, cited.marks),
        is_cut=span[1] < cited.end,
    )


def welcome_html(summary: str, examples: Sequence[str], may_add: bool = False) -> str:
    """Show what the page does, what the library contains, and example questions or how to add documents."""
    return render("welcome.html", summary=summary, examples=examples, may_add=may_add)


def suggestions_html(questions: Sequence[str]) -> str:
    """Show related questions; empty if there are none."""
    return render("suggestions.html", texts=questions)


def announcement(exchange: Exchange) -> str:
    """Return a turn's reply as one escaped line, for screen readers."""
    return html(line(to_text(exchange.reply)) if exchange.reply else exchange.problem)


def confidence_text(confidence: float) -> str:
    """Say in words how likely an answer is right.

    >>> confidence_text(0.8)
    'Likely answers your question'
    """
    return next(text for least, text in _CONFIDENCE if confidence >= least)


def _shown(citations: Sequence[Citation]) -> list[Span]:
    """Return the ranges to show: whole quotes up to a readable length, then the first sentences of the others."""
    spans: list[Span] = []
    words = 0
    for cited in citations:
        whole = (cited.start, cited.end)
        fits = not spans or words + _words(cited, whole) <= MAX_WORDS_WHOLE
        span = whole if fits else _opening(cited)
        words += _words(cited, span)
        if spans and words > MAX_WORDS_SHOWN:
            break
        spans.append(span)
    return spans


def _opening(cited: Citation) -> Span:
    """Return the range of the first sentences of a quote, from the one that answers if it is known."""
    start = cited.lead[0] if cited.lead else cited.start
    ends = [end for begin, end in cited.passage.sentences if start <= begin and end <= cited.end]
    fitting = [end for end in ends if _words(cited, (start, end)) <= MAX_OPENING_WORDS]
    return start, max(fitting, default=ends[0] if ends else cited.end)


def _words(cited: Citation, span: Span) -> int:
    return len(cited.passage.quote(*span).split())


def _documents(citations: Sequence[Citation]) -> list[str]:
    """Name each document that is cited, with the pages."""
    pages: dict[str, dict[str, None]] = {}
    for cited in citations:
        pages.setdefault(cited.passage.path, {}).update(dict.fromkeys(page_name(cited.passage, cited.start)))
    return [f"{path} ({_counted_pages(list(found))})" if found else path for path, found in pages.items()]


def _counted_pages(names: list[str]) -> str:
    """Name several pages at once.

    >>> _counted_pages(["page 19", "page 3"]), _counted_pages(["slide 2"])
    ('pages 3, 19', 'slide 2')
    """
    parts = [name.partition(" ") for name in names]
    if len(names) == 1 or not all(number.isdigit() for _, _, number in parts):
        return ", ".join(names)
    return f"{parts[0][0]}s {', '.join(sorted((number for _, _, number in parts), key=int))}"
