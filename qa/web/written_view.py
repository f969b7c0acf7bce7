"""Show a written answer: its sentences with their footnotes, and the words that the documents do not have."""

import re
from dataclasses import dataclass

from markupsafe import Markup, escape

from qa.formatting import count, support_note
from qa.types import Answer, NoAnswer, Statement, Support


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementView:
    """A sentence to show: `html` has its missing words underlined, and `why` says what is wrong with it."""

    html: Markup
    support: Support
    citations: tuple[int, ...]
    why: str


def statement_views(reply: Answer | NoAnswer) -> list[StatementView]:
    """Return the sentences of a written answer; none of a quoted one."""
    statements = reply.statements if isinstance(reply, Answer) else ()
    return [
        StatementView(html=_underlined(one), support=one.support, citations=one.citations, why=support_note(one))
        for one in statements
    ]


def supported_text(reply: Answer | NoAnswer) -> str:
    """Say how many of the written sentences the documents support; empty if it is quoted."""
    statements = reply.statements if isinstance(reply, Answer) else ()
    supported = sum(one.support == "supported" for one in statements)
    return f"{supported} of {count(len(statements), 'sentence')} supported" if statements else ""


def _underlined(statement: Statement) -> Markup:
    """Underline what the documents do not have. Everything is escaped.

    >>> _underlined(Statement(text="<b> in 2019.", support="partly", missing=("2019",)))
    Markup('&lt;b&gt; in <u>2019</u>.')
    """
    words = [*statement.missing, *filter(None, [statement.contradicts])]
    if not words:
        return escape(statement.text)
    pattern = re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))
    parts: list[Markup] = []
    end = 0
    for found in pattern.finditer(statement.text):
        parts += [escape(statement.text[end : found.start()]), Markup("<u>{}</u>").format(found[0])]
        end = found.end()
    return Markup("").join([*parts, escape(statement.text[end:])])
