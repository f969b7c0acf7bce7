"""Show the turns of a conversation as HTML: questions, answers of footnoted quotes, and what can be done with each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from index.types import Passage
from qa.formatting import differs_note, line, page_name, place_name, to_markdown, to_text
from qa.lines import plain_text
from qa.types import Answer, Citation, Exchange, NoAnswer
from qa.web.evidence_view import MAX_CLOSEST
from qa.web.html import html, render
from qa.web.quote_view import TableRow, TextBlock, blocks_of, is_running_text, table_row
from qa.web.rich_text import Mark, Row, common_columns
from qa.web.written_view import statement_views, supported_text

MAX_WORDS_SHOWN = 90  # further quotes are folded
_REST = re.compile(r" and ([\d,]+ more)\.$")
_CONFIDENCE = (
    (0.7, "Likely answers your question"),
    (0.45, "May answer your question"),
    (0.0, "May not answer your question – check the source"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteView:
    """A quote to show with its footnote. `more` counts the items of a list that were left out.

    `row` is set if the quote is one row of a table.
    """

    number: int
    title: str
    passage: Passage
    blocks: tuple[TextBlock, ...]
    is_inline: bool
    more: int
    row: TableRow | None = None

    @property
    def path(self) -> str:
        """The document that is quoted."""
        return self.passage.path


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """The text above the quotes, and how many more documents there are than those that are listed."""

    text: str
    rest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosestView:
    """The text of a passage that comes closest to a question."""

    path: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Quotes to show together: rows of one table, with its header if that is quoted, too; or else one quote."""

    quotes: tuple[QuoteView, ...]
    header: QuoteView | None = None

    @property
    def rows(self) -> list[Row]:
        """The rows of the table; empty if it is none."""
        return [quote.row.row for quote in self.quotes if quote.row]

    @property
    def columns(self) -> tuple[Markup | str, ...]:
        """The names of the table's columns."""
        first = self.quotes[0].row if self.quotes else None
        header = self.header.row.row if self.header and self.header.row else first and first.header
        return header.cells if header else common_columns(self.rows)

    @property
    def key_columns(self) -> tuple[int, ...]:
        """The columns to show of a wide table: the first, and those that match the question; all if none does."""
        matching = {n for row in self.rows for n, is_match in enumerate(row.matches) if is_match}
        wanted = sorted({0, *matching}) if matching - {0} else range(len(self.columns))
        return tuple(wanted)

    def takes(self, quote: QuoteView) -> bool:
        """Whether a quote is another row of the table."""
        if not quote.row or quote.row.is_header:
            return False
        known = self.quotes[-1] if self.quotes else self.header
        if not known or not known.row:
            return False
        same_table = quote.passage.path == known.passage.path and quote.passage.section == known.passage.section
        if any(quote.row.row.columns):
            return quote.row.row.columns == known.row.row.columns
        return same_table and len(quote.row.row.cells) == len(known.row.row.cells)


def turn_html(question: str, key: str) -> str:
    """Show a question, with room for its reply."""
    return render("turn.html", question=question, key=key)


def reply_html(exchange: Exchange, key: str) -> str:
    """Show the reply to a question, or the problem that prevented one."""
    reply = exchange.reply
    if reply is None:
        return render("problem.html", problem=exchange.problem)
    shown = _shown(reply.citations) if reply.kind != "documents" else len(reply.citations)
    quotes = [_quote(cited, has_lead=number == 0) for number, cited in enumerate(reply.citations)]
    return render(
        "reply.html",
        reply=reply,
        key=key,
        is_answer=isinstance(reply, Answer),
        nearest=_closest(reply) if isinstance(reply, NoAnswer) else (),
        choices=reply.clarifications if isinstance(reply, NoAnswer) else (),
        message=_message(reply),
        shown=_groups(quotes[:shown]),
        folded=_groups(quotes[shown:]),
        folded_count=len(quotes) - shown,
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
        if listed.replace(" and ", ", ").split(", ") == [citation.passage.path for citation in reply.citations]:
            return Message(text=f"{head}:", rest=rest[1] if rest else "")
    return Message(text=message)


def _closest(reply: NoAnswer) -> list[ClosestView]:
    passages = [hit.passage for hit in reply.nearest[:MAX_CLOSEST]]
    return [
        ClosestView(path=passage.path, text=line(plain_text(passage, (passage.start, passage.end))))
        for passage in passages
    ]


def _quote(cited: Citation, has_lead: bool) -> QuoteView:
    passage, span = cited.passage, (cited.start, cited.end)
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
        row=table_row(passage, span, cited.marks),
    )


def _groups(quotes: Sequence[QuoteView]) -> list[Group]:
    """Join the rows of one table that follow one another, and its header."""
    groups: list[Group] = []
    for quote in quotes:
        last = groups[-1] if groups else None
        if last and last.takes(quote):
            groups[-1] = replace(last, quotes=(*last.quotes, quote))
        elif quote.row and quote.row.is_header:
            groups.append(Group(quotes=(), header=quote))
        else:
            groups.append(Group(quotes=(quote,)))
    return groups


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
