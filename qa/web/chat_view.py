"""A conversation as HTML (pure): questions, answers made of footnoted quotes, and what can be done with each."""

from collections.abc import Sequence

from qa.formatting import STALE, count, follows_note, line, place_name, searched_note, to_markdown, to_text
from qa.types import DECLINED, UNCLEAR, Answer, Citation, Exchange, NoAnswer
from qa.web.evidence_view import evidence_html
from qa.web.html import action, html, paragraph

NO_EVIDENCE = '<div class="hint"><h2>Evidence</h2><p>The passages behind an answer appear here.</p></div>'
_SURE = ((0.7, "High"), (0.45, "Fair"), (0.0, "Low"))


def chat_html(turns: Sequence[Exchange]) -> str:
    """The exchanges in order."""
    return "".join(_turn(turn, number) for number, turn in enumerate(turns))


def all_evidence_html(turns: Sequence[Exchange]) -> str:
    """The evidence of every turn, only the last one's shown."""
    shown = [evidence_html(turn.reply, number) for number, turn in enumerate(turns) if turn.reply]
    if not shown:
        return NO_EVIDENCE
    return "".join([*shown[:-1], shown[-1].replace('class="evidence"', 'class="evidence chosen"', 1)])


def welcome_html(knows: str, examples: Sequence[str]) -> str:
    """What a first view says: what this does, what it knows, and questions to begin with."""
    asked = "".join(f"<li>{action('ask', question, question=question)}</li>" for question in examples)
    offered = f'<p>Ask anything, or begin with one of these:</p><ul class="examples">{asked}</ul>' if examples else ""
    return (
        '<div class="welcome"><h2>Ask your documents</h2><p>Every sentence of an answer is quoted from them, '
        f"word for word, with a footnote that opens its place.</p>{paragraph(knows, 'knows')}{offered}</div>"
    )


def next_html(questions: Sequence[str]) -> str:
    """Questions to ask next; nothing where there are none."""
    asked = "".join(f"<li>{action('ask', question, question=question)}</li>" for question in questions)
    return f'<p class="quiet">Ask next:</p><ul class="examples next">{asked}</ul>' if asked else ""


def older_html(older: Sequence[Sequence[Exchange]]) -> str:
    """The conversations that are kept in the browser, each to be opened again or erased; the last one first."""
    if not older:
        return paragraph("Conversations that you end are kept here, in this browser only.", "quiet")
    rows = "".join(
        f"<li>{action('reopen', turns[0].question, f'Open again: {turns[0].question}', number=number)}"
        f'<span class="quiet">{count(len(turns), "question")}</span>'
        f"{action('erase', 'Erase', f'Erase: {turns[0].question}', number=number)}</li>"
        for number, turns in reversed(list(enumerate(older)))
        if turns
    )
    return f'<ul class="older">{rows}</ul>{action("erase all", "Erase all")}'


def said(exchange: Exchange) -> str:
    """A turn's reply in one line, for those who hear it."""
    return html(line(to_text(exchange.reply)) if exchange.reply else exchange.problem)


def _turn(turn: Exchange, number: int) -> str:
    asked = (
        f'<div class="question"><p dir="auto">{html(turn.question)}</p>'
        f"{action('edit', 'Edit', f'Edit and ask again: {turn.question}', turn=number)}</div>"
    )
    if turn.reply is None:
        replied = paragraph(turn.problem, "problem") + action("again", "Ask again", turn=number)
    else:
        replied = _notes(turn.reply, number) + _reply(turn.reply, number) + _tools(turn, turn.reply)
    return f'<article class="turn" data-turn="{number}">{asked}<div class="reply" dir="auto">{replied}</div></article>'


def _notes(reply: Answer | NoAnswer, number: int) -> str:
    """What was searched where that is not just the question, with a way to take it back."""
    alone = action("alone", "Ask it by itself", "Ask this question by itself", turn=number)
    follows = f'<p class="searched">{html(line(follows_note(reply)))} {alone}</p>' if reply.follows else ""
    return follows + (paragraph(searched_note(reply), "searched") if searched_note(reply) else "")


def _reply(reply: Answer | NoAnswer, turn: int) -> str:
    if isinstance(reply, NoAnswer) and reply.clarifications:
        asked = "".join(f"<li>{action('ask', choice, question=choice)}</li>" for choice in reply.clarifications)
        return f'<p class="declined"><strong>{UNCLEAR}</strong> Which do you mean?</p><ul class="examples">{asked}</ul>'
    if isinstance(reply, NoAnswer) and reply.follows and not reply.nearest:
        return '<p class="declined"><strong>The documents say no more about this.</strong></p>'
    if isinstance(reply, NoAnswer):
        more = "The nearest passages are shown as evidence." if reply.nearest else "Nothing in them comes near it."
        return f'<p class="declined"><strong>{DECLINED}</strong> {more}</p>'
    quotes = " ".join(
        f'<q dir="auto">{html(line(citation.quote))}</q>{_footnote(citation, turn)}{_stale_mark(citation)}'
        for citation in reply.citations
    )
    return f'<p class="answer">{quotes}</p><p class="sure">{sure_text(reply.confidence)}</p>'


def sure_text(confidence: float) -> str:
    """How sure an answer is, in words: confidence is calibrated, so it is a share of answers.

    >>> sure_text(0.62)
    'Fair confidence: about 6 in 10 answers like this hold what was asked.'
    """
    word = next(word for least, word in _SURE if confidence >= least)
    return f"{word} confidence: about {round(10 * confidence)} in 10 answers like this hold what was asked."


def _tools(turn: Exchange, reply: Answer | NoAnswer) -> str:
    markdown = f"**{line(turn.question)}**\n\n{to_markdown(reply)}\n"
    copied = f"{line(turn.question)}\n\n{to_text(reply)}\n"
    return (
        '<div class="tools">'
        f"{action('copy', 'Copy', 'Copy the answer with its footnotes as plain text', text=copied)}"
        f"{action('copy', 'Copy as Markdown', markdown=markdown)}"
        f"{action('link', 'Copy link', 'Copy a link that asks this question', question=turn.question)}</div>"
    )


def _footnote(citation: Citation, turn: int) -> str:
    name = html(f"Footnote {citation.number}: {place_name(citation.passage, citation.start)}")
    link = f'href="#quote-{turn}-{citation.number}" title="{name}" aria-label="{name}"'
    # The word joiner keeps it on the line of its quote.
    return f'&NoBreak;<sup><a class="footnote" {link}>{citation.number}</a></sup>'


def _stale_mark(citation: Citation) -> str:
    return "" if citation.is_current else f' <em class="stale">({STALE})</em>'
