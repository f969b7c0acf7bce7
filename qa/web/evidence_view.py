"""The passages behind an answer, as cards with the quotes marked (pure)."""

from collections.abc import Iterable, Sequence

from index.types import Hit, Passage, Span
from qa.formatting import RECOGNISED, STALE, page_name, place_name
from qa.types import Answer, Citation, NoAnswer
from qa.web.html import action, html, marked

MOST_NEAREST = 3


def evidence_html(reply: Answer | NoAnswer, turn: int) -> str:
    """The cards that stand beside an answer: each citation's passage with its quote marked, or the nearest passages."""
    if isinstance(reply, Answer):
        title, cards = "Evidence", _cited_cards(reply, turn)
    else:
        title = "Nearest passages" if reply.nearest else "Nothing found"
        cards = [
            _card(
                f"Nearest passage {number}",
                ["≈"],
                hit.passage,
                html(hit.passage.text),
                (hit.passage.start, hit.passage.end),
                hit,
            )
            for number, hit in enumerate(reply.nearest[:MOST_NEAREST], 1)
        ]
    return (
        f'<section class="evidence" data-turn="{turn}" aria-label="{title}">'
        f'<h2>{title}</h2><p class="asked" dir="auto">{html(reply.question)}</p>{"".join(cards)}</section>'
    )


def _cited_cards(reply: Answer, turn: int) -> list[str]:
    """A card for each passage cited, with all its quotes marked and their numbers."""
    cards = []
    for passage in dict.fromkeys(citation.passage for citation in reply.citations):
        cited = [citation for citation in reply.citations if citation.passage == passage]
        begin = passage.start
        quoted = [(c.start - begin, c.end - begin, f' id="quote-{turn}-{c.number}"') for c in cited]
        met = [(start - begin, end - begin) for citation in cited for start, end in citation.marks]
        text = marked(passage.text, quoted, met)
        numbers = [str(citation.number) for citation in cited]
        hit = next((hit for hit in reply.hits if hit.passage == passage), None)
        shown = (cited[0].start, cited[0].end)
        cards.append(_card(f"Footnote {', '.join(numbers)}", numbers, passage, text, shown, hit, _stale(cited)))
    return cards


def _stale(cited: Sequence[Citation]) -> list[str]:
    return [] if all(citation.is_current for citation in cited) else [STALE]


def _card(
    label: str,
    badges: Iterable[str],
    passage: Passage,
    text: str,
    shown: Span,
    hit: Hit | None,
    warnings: Sequence[str] = (),
) -> str:
    path, section = html(passage.path), html(" › ".join(passage.section))
    copies = "".join(f'<p class="copy" dir="auto">Also in {html(copy)}</p>' for copy in passage.copies)
    page = "".join(f' <span class="page">{name}</span>' for name in page_name(passage, shown[0]))
    numbers = "".join(f'<span class="number">{badge}</span>' for badge in badges)
    said = [*warnings, *([RECOGNISED] if passage.is_ocr else [])]
    note = "".join(f'<p class="stale">{html(warning)}</p>' for warning in said)
    place = place_name(passage, shown[0])
    show = action(
        "open",
        "Show in document",
        f"Show in document: {place}",
        document=passage.path,
        start=shown[0],
        end=shown[1],
        quote=passage.quote(*shown),
    )
    return (
        f'<article class="card" tabindex="-1" aria-label="{html(f"{label}: {place}")}">'
        f'<header>{numbers}<span class="path" dir="auto">{path}</span>{page}</header>'
        f'<p class="section" dir="auto">{section}</p>{copies}{note}<blockquote dir="auto">{text}</blockquote>'
        f"<footer>{show}{_why(hit) if hit else ''}</footer></article>"
    )


def _why(hit: Hit) -> str:
    """Why a passage was found, folded away."""
    keyword = f"rank {hit.bm25_rank}, by {', '.join(hit.matched)}" if hit.bm25_rank else "not among the best"
    meaning = f"rank {hit.semantic_rank}" if hit.semantic_rank else "not among the best"
    rows = (
        ("Keywords", keyword),
        ("Meaning", f"{meaning}, similarity {hit.similarity:.2f}"),
        ("Word by word", f"{hit.maxsim:.2f} of 1"),
        ("Question’s words held", f"{hit.term_coverage:.0%}, rare ones counting more"),
    )
    listed = "".join(f"<dt>{name}</dt><dd>{html(value)}</dd>" for name, value in rows)
    return f'<details class="why"><summary>Why this passage</summary><dl>{listed}</dl></details>'
