"""Answers -> Markdown, HTML and JSON (pure). Everything that comes from a document or a question is escaped."""

import re
from collections import deque
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any, Protocol

from index.types import Document, Passage, Span
from qa.asked import Changed
from qa.types import DECLINED, UNCLEAR, Answer, Citation, NoAnswer


class Building(Protocol):
    """How far a build is."""

    @property
    def stage(self) -> str: ...
    @property
    def done(self) -> int: ...
    @property
    def total(self) -> int: ...


MOST_UNREAD = 200
PAGED = ("page", "slide", "chapter")
RECOGNISED = "this text was made out in a picture and may be wrong"
STALE = "the file has changed since it was read"
_MARKDOWN_MARKS = re.compile(r"([\\`*_{}\[\]<>#+\-!|~$&()])")


def to_json(reply: Answer | NoAnswer, seconds: float) -> dict[str, Any]:
    """The reply as data; positions count characters of the document's text."""
    answered = isinstance(reply, Answer)
    citations = reply.citations if isinstance(reply, Answer) else ()
    hits = reply.hits if isinstance(reply, Answer) else reply.nearest
    return {
        "question": reply.question,
        "searched": reply.searched,
        "follows": reply.follows,
        "answered": answered,
        "answer": reply.text if isinstance(reply, Answer) else UNCLEAR if reply.choices else DECLINED,
        "choices": [] if isinstance(reply, Answer) else list(reply.choices),
        "confidence": round(reply.confidence, 4),
        "citations": [
            {
                "number": citation.number,
                **_place(citation.passage, citation.start, citation.end),
                "quote": citation.quote,
                "marks": [list(mark) for mark in citation.marks],
                "current": citation.is_current,
            }
            for citation in citations
        ],
        "hits": [
            {
                "rank": rank,
                **_place(hit.passage, hit.passage.start, hit.passage.end),
                "score": round(hit.score, 4),
                "keyword_rank": hit.keyword_rank,
                "meaning_rank": hit.meaning_rank,
                "similarity": round(hit.similarity, 4),
                "word_score": round(hit.word_score, 4),
                "coverage": round(hit.coverage, 4),
                "matched": list(hit.matched),
                "marks": [list(mark) for mark in hit.marks],
                "text": hit.passage.text,
            }
            for rank, hit in enumerate(hits, 1)
        ],
        "generation": reply.generation,
        "seconds": round(seconds, 4),
    }


def to_markdown(reply: Answer | NoAnswer) -> str:
    """The reply as Markdown: the quotes with footnotes, or the refusal with the nearest passages."""
    searched = [f"{_markdown(_line(note))}\n" for note in (follows_note(reply), searched_note(reply)) if note]
    if isinstance(reply, NoAnswer) and reply.choices:
        return "\n".join([*searched, UNCLEAR, "", *(f"- {_markdown(_line(choice))}" for choice in reply.choices)])
    if isinstance(reply, NoAnswer):
        nearest = [
            f"- {_markdown(_line(hit.passage.text))} ({_markdown(place_name(hit.passage, hit.passage.start))})"
            for hit in reply.nearest[:3]
        ]
        return "\n".join([*searched, DECLINED, *(["", "Nearest passages:", ""] if nearest else []), *nearest])
    quotes = " ".join(f"{_markdown(_line(citation.quote))}[^{citation.number}]" for citation in reply.citations)
    notes = [
        f"[^{citation.number}]: {_markdown(place_name(citation.passage, citation.start))}"
        for citation in reply.citations
    ]
    return "\n".join([*searched, quotes, "", *notes])


def to_html(reply: Answer | NoAnswer, turn: int) -> str:
    """The reply as HTML for the chat: quotes, each with a footnote link to its card of that turn's evidence."""
    note = searched_note(reply)
    searched = f'<p class="searched">{_html(note)}</p>' if note else ""
    if isinstance(reply, NoAnswer):
        more = "The nearest passages are beside this." if reply.nearest else "Nothing in them comes near it."
        return f'{searched}<p class="declined"><strong>{DECLINED}</strong> {more}</p>'
    quotes = " ".join(
        f"{_html(_line(citation.quote))}{_footnote(citation, turn)}{_stale_mark(citation)}"
        for citation in reply.citations
    )
    return f'{searched}<p class="answer">{quotes}</p>'


def searched_note(reply: Answer | NoAnswer) -> str:
    """What was searched instead of the question, where a slip of spelling was put right; "" where none was."""
    return f"Searched for: {reply.searched}" if reply.searched not in ("", reply.question) else ""


def follows_note(reply: Answer | NoAnswer) -> str:
    """Which earlier question a reply's question was understood to follow; "" where it was taken to stand alone."""
    return f"Understood as a follow-up to: {reply.follows}" if reply.follows else ""


def evidence_html(reply: Answer | NoAnswer, turn: int) -> str:
    """The cards that stand beside an answer: each citation's passage with its quote marked, or the nearest passages."""
    if isinstance(reply, Answer):
        title, cards = "Evidence", _cited_cards(reply.citations, turn)
    else:
        title = "Nearest passages" if reply.nearest else "Nothing found"
        cards = [
            _card(f"Nearest passage {number}", ["≈"], passage, _html(passage.text), (passage.start, passage.end))
            for number, passage in enumerate([hit.passage for hit in reply.nearest[:3]], 1)
        ]
    return (
        f'<section class="evidence" data-turn="{turn}" aria-label="{title}">'
        f'<h2>{title}</h2><p class="asked">{_html(reply.question)}</p>{"".join(cards)}</section>'
    )


def document_html(document: Document, marked: Span) -> str:
    """A whole document, its headings as headings, with one range marked, and where its pages begin."""
    pieces = []
    pages = deque(document.pages if document.unit in PAGED else ())
    for block in _visible_blocks(document):
        begun = ""
        while pages and pages[0][0] <= block[0]:
            begun = f'<p class="page">{document.unit} {pages.popleft()[1]}</p>'
        pieces.append(begun)
        level = min(block[2] + 1, 6)
        tag = f"h{level}" if block[2] else "p"
        mark = (marked[0] - block[0], marked[1] - block[0], ' class="here"')
        content = _marked(document.text[block[0] : block[1]], [mark])
        pieces.append(f"<{tag}>{content}</{tag}>")
    return f'<article class="document" dir="auto"><p class="path">{_html(document.path)}</p>{"".join(pieces)}</article>'


def change_markdown(change: Changed) -> str:
    """A question with what was quoted for it before and what is now, as Markdown."""
    lines = [f"## {_markdown(_line(change.question))}", ""]
    for name, quoted in (("Before", change.before), ("Now", change.after)):
        said = [f"{_markdown(_line(quote))} ({_markdown(where)})" for where, quote in quoted] or [DECLINED]
        lines += [f"{name}:", "", *(f"- {text}" for text in said), ""]
    return "\n".join(lines)


def changes_html(changes: Sequence[Changed]) -> str:
    """The questions whose answers are different now, before and after side by side; nothing where there are none."""
    if not changes:
        return ""
    answers = "1 earlier answer is" if len(changes) == 1 else f"{len(changes)} earlier answers are"
    rows = "".join(
        f'<tr><th colspan="2">{_html(change.question)}</th></tr>'
        f"<tr><td>{_quoted(change.before)}</td><td>{_quoted(change.after)}</td></tr>"
        for change in changes
    )
    head = "<tr><th>Before</th><th>Now</th></tr>"
    return f'<details class="changes"><summary>{answers} different now</summary><table>{head}{rows}</table></details>'


def _quoted(quotes: Iterable[tuple[str, str]]) -> str:
    said = [f'<p dir="auto">{_html(_line(quote))} <small>{_html(where)}</small></p>' for where, quote in quotes]
    return "".join(said) or f"<p>{DECLINED}</p>"


def text_html(text: str) -> str:
    """A paragraph of plain text as HTML."""
    return f"<p>{_html(_line(text))}</p>"


def status_html(summary: str, changed: str, problem: str, building: Building | None, unread: Sequence[str] = ()) -> str:
    """The line that says what the index holds, whether the folder differs, how far a running build is, and which files
    are not read or not in full."""
    parts = [f"<span>{_html(summary)}</span>"] if summary else []
    if building:
        share = f' value="{building.done}" max="{building.total}"' if building.total else ""
        count = f"{building.done} of {building.total}" if building.total else ""
        parts.append(f'<span class="building">{building.stage} {count} <progress{share}></progress></span>')
    elif changed:
        parts.append(f'<span class="changed">{_html(changed)}</span>')
    if problem:
        parts.append(f'<span class="problem">{_html(problem)}</span>')
    said = f'<div role="status">{"<br>".join(parts)}</div>'
    if not unread:
        return said
    files = "1 file is" if len(unread) == 1 else f"{len(unread)} files are"
    listed = "".join(f'<li dir="auto">{_html(reason)}</li>' for reason in unread[:MOST_UNREAD])
    more = f"<li>and {len(unread) - MOST_UNREAD} more</li>" if len(unread) > MOST_UNREAD else ""
    return f"{said}<details><summary>{files} not read, or not in full</summary><ul>{listed}{more}</ul></details>"


def place_name(passage: Passage, position: int) -> str:
    """Where a position of a passage stands, for people: its document, page and section."""
    section = [" › ".join(passage.section)] if passage.section else []
    copies = [f"also in {copy}" for copy in passage.copies]
    return ", ".join([passage.path, *page_name(passage, position), *section, *copies])


def page_name(passage: Passage, position: int) -> list[str]:
    """The page, slide, row or the like of a position, for people; nothing where there are none."""
    page = passage.page_at(position)
    recognised = " (recognised)" if passage.recognised else ""
    return [] if page is None else [f"{passage.unit} {page}{recognised}"]


def _visible_blocks(document: Document) -> Iterable[tuple[int, int, int]]:
    if document.blocks:
        return [(block.start, block.end, block.level) for block in document.blocks]
    return [(0, len(document.text), 0)]


def _cited_cards(citations: Sequence[Citation], turn: int) -> list[str]:
    """A card for each passage cited, with all its quotes marked and their numbers."""
    cards = []
    for passage in dict.fromkeys(citation.passage for citation in citations):
        cited = [citation for citation in citations if citation.passage == passage]
        begin = passage.start
        quoted = [(c.start - begin, c.end - begin, f' id="quote-{turn}-{c.number}"') for c in cited]
        met = [(start - begin, end - begin) for citation in cited for start, end in citation.marks]
        text = _marked(passage.text, quoted, met)
        numbers = [str(citation.number) for citation in cited]
        stale = "" if all(citation.is_current for citation in cited) else STALE
        cards.append(
            _card(f"Footnote {', '.join(numbers)}", numbers, passage, text, (cited[0].start, cited[0].end), stale)
        )
    return cards


def _card(label: str, badges: Iterable[str], passage: Passage, text: str, shown: Span, stale: str = "") -> str:
    path, section = _html(passage.path), _html(" › ".join(passage.section))
    copies = "".join(f'<p class="copy" dir="auto">Also in {_html(copy)}</p>' for copy in passage.copies)
    page = "".join(f' <span class="page">{name}</span>' for name in page_name(passage, shown[0]))
    numbers = "".join(f'<span class="number">{badge}</span>' for badge in badges)
    warnings = [*([stale] if stale else []), *([RECOGNISED] if passage.recognised else [])]
    note = "".join(f'<p class="stale">{warning}</p>' for warning in warnings)
    return (
        f'<article class="card" tabindex="-1" aria-label="{_html(f"{label}: {place_name(passage, shown[0])}")}">'
        f'<header>{numbers}<span class="path" dir="auto">{path}</span>{page}</header>'
        f'<p class="section" dir="auto">{section}</p>{copies}{note}<blockquote dir="auto">{text}</blockquote>'
        f'<button type="button" class="open" data-document="{path}" data-start="{shown[0]}" data-end="{shown[1]}">'
        "Show in document</button></article>"
    )


def _footnote(citation: Citation, turn: int) -> str:
    name = _html(f"Footnote {citation.number}: {place_name(citation.passage, citation.start)}")
    return f'<sup><a class="footnote" href="#quote-{turn}-{citation.number}" title="{name}">{citation.number}</a></sup>'


def _stale_mark(citation: Citation) -> str:
    return "" if citation.is_current else f' <em class="stale">({STALE})</em>'


def _marked(text: str, marks: Iterable[tuple[int, int, str]], met: Sequence[Span] = ()) -> str:
    """A text as HTML with some ranges marked, each with the attributes of its mark, and in them some words set off."""
    pieces, position = [], 0
    for start, end, attributes in sorted(marks):
        start, end = max(start, position), min(end, len(text))
        if start < end:
            inside = [(first, last) for first, last in met if start <= first and last <= end]
            pieces += [
                _html(text[position:start]),
                f"<mark{attributes}>",
                _set_off(text, start, end, inside),
                "</mark>",
            ]
            position = end
    return "".join([*pieces, _html(text[position:])])


def _set_off(text: str, start: int, end: int, met: Sequence[Span]) -> str:
    pieces = []
    for first, last in sorted(met):
        pieces += [_html(text[start:first]), f"<b>{_html(text[first:last])}</b>"]
        start = last
    return "".join([*pieces, _html(text[start:end])])


def _html(text: str) -> str:
    # Control characters have no place in HTML; a dollar sign could begin a formula or a template.
    visible = "".join(character if character >= " " or character in "\n\t" else " " for character in text)
    return escape(visible).replace("$", "&#36;").replace("{", "&#123;").replace("`", "&#96;")


def _markdown(text: str) -> str:
    return _MARKDOWN_MARKS.sub(r"\\\1", text)


def _line(text: str) -> str:
    return " ".join(text.split())


def _place(passage: Passage, start: int, end: int) -> dict[str, Any]:
    return {
        "document": passage.path,
        "start": start,
        "end": end,
        "page": passage.page_at(start),
        "unit": passage.unit,
        "recognised": passage.recognised,
        "copies": list(passage.copies),
        "section": " › ".join(passage.section),
    }
