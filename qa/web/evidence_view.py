"""Show the passages behind an answer as cards, with the quotes highlighted."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from index.types import Hit, Passage
from qa.formatting import line, page_name, place_name
from qa.markup import visible
from qa.types import Answer, Citation, NoAnswer
from qa.web.html import render
from qa.web.quote_view import passage_html
from qa.web.rich_text import Mark

MAX_CLOSEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A passage to show: its footnotes' numbers, its text with the quotes highlighted, and the range to open.

    `similar` counts the passages that differ from it in numbers only.
    """

    label: str
    numbers: tuple[str, ...]
    passage: Passage
    text: Markup
    start: int
    end: int
    hit: Hit | None = None
    is_current: bool = True
    similar: int = 0

    @property
    def place(self) -> str:
        """Where the range to open is."""
        return place_name(self.passage, self.start)

    @property
    def section(self) -> str:
        """The headings above the passage."""
        return " › ".join(line(visible(heading, self.passage.path)) for heading in self.passage.section)

    @property
    def page(self) -> str:
        """The page of the range to open; empty if the document has no pages."""
        return "".join(page_name(self.passage, self.start))

    @property
    def reasons(self) -> list[str]:
        """Why the passage was found, one reason per entry."""
        return _reasons(self.hit) if self.hit else []

    @property
    def target(self) -> dict[str, object]:
        """What the button that opens the document sends."""
        quote = self.passage.quote(self.start, self.end)
        return {"document": self.passage.path, "start": self.start, "end": self.end, "quote": quote}


def evidence_html(reply: Answer | NoAnswer, turn: str) -> str:
    """Show a card for each cited passage, or for the closest passages; empty if there are none."""
    hits = reply.hits if isinstance(reply, Answer) else reply.nearest
    if reply.citations:
        title = "Sources" if isinstance(reply, Answer) else "Closest passages"
        cards = _cited_cards(reply.citations, hits, turn)
    elif hits:
        title, cards = "Closest passages", _closest_cards(hits)
    else:
        return ""
    return render("evidence.html", title=title, cards=cards, turn=turn, question=reply.question)


def _closest_cards(hits: Sequence[Hit]) -> list[Card]:
    return [
        Card(
            label=f"Closest passage {number}",
            numbers=(),
            passage=hit.passage,
            text=passage_html(hit.passage, (hit.passage.start, hit.passage.end), ()),
            start=hit.passage.start,
            end=hit.passage.end,
            hit=hit,
            similar=hit.similar,
        )
        for number, hit in enumerate(hits[:MAX_CLOSEST], 1)
    ]


def _cited_cards(citations: Sequence[Citation], hits: Sequence[Hit], turn: str) -> list[Card]:
    passages = dict.fromkeys(citation.passage for citation in citations)
    return [
        _cited_card(passage, [cited for cited in citations if cited.passage == passage], hits, turn)
        for passage in passages
    ]


def _cited_card(passage: Passage, citations: Sequence[Citation], hits: Sequence[Hit], turn: str) -> Card:
    marks = [Mark(start=cited.start, end=cited.end, id=f"quote-{turn}-{cited.number}") for cited in citations]
    matches = [span for cited in citations for span in cited.marks]
    numbers = tuple(str(cited.number) for cited in citations)
    return Card(
        label=f"Footnote {', '.join(numbers)}",
        numbers=numbers,
        passage=passage,
        text=passage_html(passage, (passage.start, passage.end), marks, matches),
        start=citations[0].start,
        end=citations[0].end,
        hit=next((hit for hit in hits if hit.passage == passage), None),
        is_current=all(cited.is_current for cited in citations),
        similar=citations[0].similar,
    )


def _reasons(hit: Hit) -> list[str]:
    reasons = []
    if hit.bm25_rank:
        reasons.append(f"{_ordinal(hit.bm25_rank)} by matching words ({', '.join(hit.matched)})")
    if hit.semantic_rank:
        reasons.append(f"{_ordinal(hit.semantic_rank)} by meaning (similarity {hit.similarity:.2f})")
    reasons.append(f"contains {hit.term_coverage:.0%} of your words, weighted by rarity")
    reasons.append(f"its words are {hit.maxsim:.0%} similar to yours")
    return reasons


def _ordinal(rank: int) -> str:
    """Name a rank.

    >>> [_ordinal(rank) for rank in (1, 2, 3, 12, 21)]
    ['best', '2nd best', '3rd best', '12th best', '21st best']
    """
    if rank == 1:
        return "best"
    suffix = "th" if rank % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
    return f"{rank}{suffix} best"
