"""Show the turns of a conversation as HTML: questions, answers of footnoted quotes, and what can be done with each."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from qa.formatting import line, page_name, place_name, to_markdown, to_text
from qa.types import Answer, Citation, Exchange, NoAnswer
from qa.web.evidence_view import MAX_CLOSEST
from qa.web.html import html, render
from qa.web.quote_view import is_running_text, passage_html, row_cells
from qa.web.rich_text import Mark, Row
from qa.web.written_view import statement_views, supported_text

MAX_WORDS_SHOWN = 90  # further quotes are folded
_CONFIDENCE = (
    (0.7, "Likely answers your question"),
    (0.45, "May answer your question"),
    (0.0, "May not answer your question – check the source"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteView:
    """A quote to show with its footnote. `more` counts the items of a list that were left out.

    A quote that is one row of a table has its cells in `row`.
    """

    number: int
    title: str
    path: str
    html: Markup
    is_inline: bool
    more: int
    row: Row | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Quotes to show together: rows of one table, or else one quote."""

    quotes: tuple[QuoteView, ...]

    @property
    def rows(self) -> list[Row]:
        """The rows of the table; empty if it is none."""
        return [quote.row for quote in self.quotes if quote.row]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the table's columns."""
        return self.rows[0].columns if self.rows else ()


def turn_html(question: str, key: str) -> str:
    """Show a question, with room for its reply."""
    return render("turn.html", question=question, key=key)


def reply_html(exchange: Exchange, key: str) -> str:
    """Show the reply to a question, or the problem that prevented one."""
    reply = exchange.reply
    if reply is None:
        return render("problem.html", problem=exchange.problem)
    shown = _shown(reply.citations)
    quotes = [_quote(cited, has_lead=number == 0) for number, cited in enumerate(reply.citations)]
    return render(
        "reply.html",
        reply=reply,
        key=key,
        is_answer=isinstance(reply, Answer),
        nearest=reply.nearest[:MAX_CLOSEST] if isinstance(reply, NoAnswer) else (),
        choices=reply.clarifications if isinstance(reply, NoAnswer) else (),
        shown=_groups(quotes[:shown]),
        folded=_groups(quotes[shown:]),
        folded_count=len(quotes) - shown,
        statements=statement_views(reply),
        supported=supported_text(reply),
        footnotes={quote.number: quote for quote in quotes},
        used=_documents(reply.citations),
        changed=[cited.passage.path for cited in reply.citations if not cited.is_current],
        confidence=confidence_text(reply.confidence),
        percentage=round(100 * reply.confidence),
        as_text=f"{line(exchange.question)}\n\n{to_text(reply)}\n",
        as_markdown=f"**{line(exchange.question)}**\n\n{to_markdown(reply)}\n",
    )


def _quote(cited: Citation, has_lead: bool) -> QuoteView:
    passage, span = cited.passage, (cited.start, cited.end)
    marks = []
    if has_lead and cited.lead and cited.lead != span:
        marks = [Mark(start=cited.lead[0], end=cited.lead[1], kind="lead")]
    return QuoteView(
        number=cited.number,
        title=f"Footnote {cited.number}: {place_name(passage, cited.start)}",
        path=passage.path,
        html=passage_html(passage, span, marks, inline=True),
        is_inline=is_running_text(passage, span),
        more=cited.more,
        row=row_cells(passage, span),
    )


def _groups(quotes: Sequence[QuoteView]) -> list[Group]:
    """Join rows with the same columns that follow one another."""
    groups: list[Group] = []
    for quote in quotes:
        last = groups[-1] if groups else None
        if last and quote.row and last.columns == quote.row.columns:
            groups[-1] = Group(quotes=(*last.quotes, quote))
        else:
            groups.append(Group(quotes=(quote,)))
    return groups


def welcome_html(summary: str, examples: Sequence[str]) -> str:
    """Show what the page does, what the library contains, and example questions."""
    return render("welcome.html", summary=summary, examples=examples)


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


def _shown(citations: Sequence[Citation]) -> int:
    """Count the quotes that are shown at once: the first, and those after it up to a readable length."""
    words = 0
    for number, citation in enumerate(citations):
        words += len(citation.quote.split())
        if number and words > MAX_WORDS_SHOWN:
            return number
    return len(citations)


def _documents(citations: Sequence[Citation]) -> list[str]:
    """Name each document that is cited, with the pages."""
    pages: dict[str, dict[str, None]] = {}
    for cited in citations:
        pages.setdefault(cited.passage.path, {}).update(dict.fromkeys(page_name(cited.passage, cited.start)))
    return [f"{path} ({', '.join(found)})" if found else path for path, found in pages.items()]
