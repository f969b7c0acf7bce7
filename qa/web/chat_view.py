"""Show a conversation as HTML: questions, answers of footnoted quotes, and what can be done with each."""

from collections.abc import Sequence

from qa.formatting import line, place_name, to_markdown, to_text
from qa.types import Answer, Citation, Exchange, NoAnswer
from qa.web.evidence_view import evidence_html
from qa.web.html import html, render

_CONFIDENCE = (
    (0.7, "Likely answers your question"),
    (0.45, "May answer your question"),
    (0.0, "May not answer your question – check the source"),
)


def chat_html(turns: Sequence[Exchange]) -> str:
    """Show the turns in order."""
    return render("chat.html", turns=turns, **_HELPERS)


def all_evidence_html(turns: Sequence[Exchange]) -> str:
    """Show the sources of the last turn, with those of the others hidden."""
    replies = [(number, turn.reply) for number, turn in enumerate(turns) if turn.reply]
    if not replies:
        return render("no_evidence.html")
    last = replies[-1][0]
    return "".join(evidence_html(reply, number, is_shown=number == last) for number, reply in replies)


def welcome_html(summary: str, examples: Sequence[str]) -> str:
    """Show what the page does, what the library contains, and example questions."""
    return render("welcome.html", summary=summary, examples=examples)


def suggestions_html(questions: Sequence[str]) -> str:
    """Show related questions; empty if there are none."""
    return render("suggestions.html", texts=questions)


def archive_html(conversations: Sequence[Sequence[Exchange]]) -> str:
    """Show past conversations, the last one first, each with buttons to open and to delete it."""
    numbered = [(number, turns) for number, turns in enumerate(conversations) if turns]
    return render("archive.html", conversations=numbered[::-1])


def announcement(exchange: Exchange) -> str:
    """Return a turn's reply as one escaped line, for screen readers."""
    return html(line(to_text(exchange.reply)) if exchange.reply else exchange.problem)


def confidence_text(confidence: float) -> str:
    """Say in words how likely an answer is right.

    >>> confidence_text(0.8)
    'Likely answers your question'
    """
    return next(text for least, text in _CONFIDENCE if confidence >= least)


def _footnote_title(citation: Citation) -> str:
    return f"Footnote {citation.number}: {place_name(citation.passage, citation.start)}"


def _as_text(turn: Exchange, reply: Answer | NoAnswer) -> str:
    return f"{line(turn.question)}\n\n{to_text(reply)}\n"


def _as_markdown(turn: Exchange, reply: Answer | NoAnswer) -> str:
    return f"**{line(turn.question)}**\n\n{to_markdown(reply)}\n"


_HELPERS = {
    "as_markdown": _as_markdown,
    "as_text": _as_text,
    "confidence_text": confidence_text,
    "footnote_title": _footnote_title,
}
