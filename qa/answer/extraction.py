"""Choose what to quote: windows of whole sentences around the ones that answer.

The number of words is shared among the best passages by the probability that each holds the answer. A list is quoted
with its lead-in, a table row with its header.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from index.text.answer_type import defined_subject, matches_answer_type, subject_pattern
from index.types import Hit, ScoredSentence, Span
from qa.answer.comparison import differs, repeats
from qa.answer.structure import Unit, items, list_around, rows_around, units

WORDS = 178
MAX_WORDS = 200
MIN_WORDS = 25
SECOND_WORDS = 40  # of words that the first passage leaves, if the second has a smaller share
SECOND_MATCH = 0.85  # its late-interaction score, as a share of that of the first
MAX_PASSAGES = 4
FLATTENING = 2.0  # the temperature of the shares: 1 gives each passage words by its probability
MAX_ITEMS = 9
MAX_ROWS = 5
ROW_TOLERANCE = 0.03
FORWARD_BONUS = 0.05

MAXSIM_WITH_PREVIOUS_WEIGHT = 1.0
MAXSIM_WEIGHT = 0.5
SIMILARITY_WEIGHT = 0.5
COVERAGE_WEIGHT = 0.25
ANSWER_TYPE_WEIGHT = 0.1
FIRST_WEIGHT = 1.0  # the first sentence under the heading of what a question asks the meaning of
CODE_WEIGHT = 0.5  # a sentence with the code that is asked about outranks those with another

_ASKS_FOR_LIST = re.compile(
    r"\b(?:list|steps?|ingredients|which|what are|what all|what (?:\w+ )?(?:do|does|should|must|can|are|were)\b.*"
    r"|what \w+s\b|name (?:the|all)|how (?:do|can|to|should|did|does|is|are)\b|whats? (?:the|in))",
    re.IGNORECASE,
)

WasQuoted = Callable[[Hit, ScoredSentence], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteSpan:
    """Neighbouring sentences of one hit, from number `first` to number `last`.

    `lead` is the number of the sentence that answers, if it is among them. `more` is how many list items are left out.
    """

    hit: Hit
    first: int
    last: int
    lead: int | None = None
    more: int = 0

    @property
    def start(self) -> int:
        """Where the quote begins in its document."""
        return self.hit.sentences[self.first].start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.hit.sentences[self.last].end

    def overlaps(self, other: "QuoteSpan") -> bool:
        """Say whether both quote the same text."""
        same = self.hit.passage.path == other.hit.passage.path
        return same and self.start < other.end and other.start < self.end

    @property
    def lead_span(self) -> Span | None:
        """The range of the sentence that answers, in the document."""
        if self.lead is None:
            return None
        sentence = self.hit.sentences[self.lead]
        return sentence.start, sentence.end


@dataclass(slots=True)
class _Source:
    """A hit with what its sentences are, their scores, and which of them may be quoted."""

    hit: Hit
    units: list[Unit]
    scores: list[float]
    open: list[bool] = field(default_factory=list)


def select_quotes(
    question: str, hits: Sequence[Hit], was_quoted: WasQuoted = lambda hit, sentence: False, words: int = WORDS
) -> list[QuoteSpan]:
    """Return the quotes that answer a question, the one with the lead sentence first.

    `hits` are ranked; their scores are taken as the probabilities that they hold the answer. Sentences that were quoted
    before are left out. If the first passage leaves some of its words, one that matches nearly as well is quoted too.
    """
    quotes: list[QuoteSpan] = []
    unused = 0.0
    for source, share in _shares([_source(question, hit, was_quoted) for hit in hits[:MAX_PASSAGES]], words):
        is_second = len(quotes) == 1 and source.hit.maxsim >= SECOND_MATCH * quotes[0].hit.maxsim
        budget = min(share + unused, SECOND_WORDS) if share < MIN_WORDS and is_second else share
        before = _words(quotes)
        if budget >= MIN_WORDS:
            quotes += _new_quotes(question, source, budget, quotes)
        unused += share - (_words(quotes) - before)
    return quotes


def _new_quotes(question: str, source: _Source, budget: float, quotes: Sequence[QuoteSpan]) -> list[QuoteSpan]:
    """Return the quotes of a passage that fit, and repeat none of another passage."""
    found: list[QuoteSpan] = []
    for quote in _quotes_of(question, source, budget, MAX_WORDS - _words(quotes)):
        together = [*quotes, *found, quote]
        fits = len(together) == 1 or _words(together) <= MAX_WORDS
        if fits and not any(repeats(_text(quote), _text(other)) for other in quotes):
            found.append(quote)
    return found


def _words(quotes: Sequence[QuoteSpan]) -> int:
    return sum(len(_text(quote).split()) for quote in quotes)


def contradicted(quote: QuoteSpan, others: Sequence[QuoteSpan]) -> int | None:
    """Return the position of the first quote of another section that says the same as the lead of a quote, but with
    another number or a negation."""
    if quote.lead_span is None or units(quote.hit.passage)[quote.lead or 0].is_row:
        return None
    text = quote.hit.passage.quote(*quote.lead_span)
    own = quote.hit.passage
    for at, other in enumerate(others):
        passage = other.hit.passage
        if (passage.path, passage.section) == (own.path, own.section):
            continue
        sentences = other.hit.sentences[other.first : other.last + 1]
        if any(differs(text, passage.quote(one.start, one.end)) for one in sentences):
            return at
    return None


def _source(question: str, hit: Hit, was_quoted: WasQuoted) -> _Source:
    found = units(hit.passage)
    scores = [_score(question, sentence, unit) for sentence, unit in zip(hit.sentences, found, strict=True)]
    if scores and _is_section_of(defined_subject(question), hit.passage.section):
        scores[0] += FIRST_WEIGHT
    return _Source(hit, found, scores, [not was_quoted(hit, sentence) for sentence in hit.sentences])


def _is_section_of(subject: str, section: Sequence[str]) -> bool:
    """Say whether the last heading is a subject."""
    return bool(subject and section and re.search(subject_pattern(subject), section[-1], re.IGNORECASE))


def _score(question: str, sentence: ScoredSentence, unit: Unit) -> float:
    codes = [term for term in sentence.matched if any(map(str.isdigit, term))]
    return (
        CODE_WEIGHT * len(codes)
        + MAXSIM_WITH_PREVIOUS_WEIGHT * sentence.maxsim_with_previous
        + MAXSIM_WEIGHT * sentence.maxsim
        + SIMILARITY_WEIGHT * sentence.similarity
        + COVERAGE_WEIGHT * sentence.term_coverage
        + ANSWER_TYPE_WEIGHT * matches_answer_type(question, unit.text)
    )


def _shares(sources: Sequence[_Source], words: int) -> list[tuple[_Source, float]]:
    """Return each passage with its share of the words."""
    flat = [max(source.hit.score, 1e-9) ** (1 / FLATTENING) for source in sources]
    shares = [words * one / sum(flat) for one in flat]
    return list(zip(sources, shares, strict=True))


def _quotes_of(question: str, source: _Source, budget: float, room: float) -> list[QuoteSpan]:
    """Return what to quote of one passage: a list, rows, or a window of sentences around the lead."""
    found = source.units
    leads = [at for at in range(len(found)) if source.open[at] and _may_lead(found, at)]
    if not leads:
        return []
    lead = max(leads, key=lambda at: (source.scores[at], -at))
    if found[lead].is_row:
        return _rows(source, lead)
    if found[lead].is_lead_in and found[lead + 1 : lead + 2] and found[lead + 1].is_row:
        return [_table(source, lead, min(max(budget, WORDS / 2), room))]
    run = list_around(found, lead)
    if run and (found[lead].is_lead_in or _ASKS_FOR_LIST.search(question)):
        return [_list(source, lead, run, min(max(budget, WORDS / 2), room))]
    return [_window(source, lead, budget)]


def _may_lead(found: Sequence[Unit], at: int) -> bool:
    """Say whether a sentence can answer: no question, label, picture or header, and no lead-in that nothing follows."""
    unit = found[at]
    announces_nothing = unit.is_lead_in and at + 1 == len(found)
    return not (unit.is_question or unit.is_label or unit.is_picture or unit.is_header or announces_nothing)


def _rows(source: _Source, lead: int) -> list[QuoteSpan]:
    """Return the rows that match as well as the best one, with their header if it stands in the passage."""
    run = rows_around(source.units, lead)
    best = source.hit.sentences[lead]
    chosen = [
        at
        for at in run
        if source.open[at]
        and not source.units[at].is_header
        and source.hit.sentences[at].term_coverage >= best.term_coverage
        and source.scores[at] >= source.scores[lead] - ROW_TOLERANCE
    ][:MAX_ROWS]
    chosen = sorted({lead, *chosen})
    header = [run.start] if source.units[run.start].is_header else []
    spans: list[QuoteSpan] = []
    for at in [*header, *chosen]:
        marked = lead if at == lead else None
        if spans and spans[-1].last == at - 1:
            before = spans[-1]
            spans[-1] = QuoteSpan(
                hit=source.hit, first=before.first, last=at, lead=before.lead if marked is None else marked
            )
        else:
            spans.append(QuoteSpan(hit=source.hit, first=at, last=at, lead=marked))
    return spans


def _table(source: _Source, lead: int, budget: float) -> QuoteSpan:
    """Return a sentence with the table that it announces, as many rows as fit."""
    rows = rows_around(source.units, lead + 1)
    budget -= source.units[lead].words
    fitting = _fitting(source.units, [range(at, at + 1) for at in rows], budget)
    return QuoteSpan(hit=source.hit, first=lead, last=fitting[-1].stop - 1, lead=lead, more=len(rows) - len(fitting))


def _list(source: _Source, lead: int, run: range, budget: float) -> QuoteSpan:
    """Return a list with the sentence before it, as many whole items as fit. Items that were quoted are left out."""
    parts = [item for item in items(source.units, run) if source.open[item.start]]
    if not parts:
        return _window(source, lead, budget)
    first = _list_start(source, run, parts[0].start)
    words = sum(unit.words for unit in source.units[first : parts[0].start])
    fitting = _fitting(source.units, parts, budget - words)
    last = fitting[-1].stop - 1
    if not first <= lead <= last:  # the item that answers stands behind those that fit
        return _window(source, lead, budget)
    return QuoteSpan(hit=source.hit, first=first, last=last, lead=lead, more=len(parts) - len(fitting))


def _list_start(source: _Source, run: range, first_item: int) -> int:
    """Return the sentence before a list if the list is quoted from its beginning, else the first item."""
    before = run.start - 1
    if first_item != run.start or before < 0 or not source.open[before] or source.units[before].is_question:
        return first_item
    return before


def _fitting(found: Sequence[Unit], parts: Sequence[range], budget: float) -> list[range]:
    """Return the first items that follow each other and fit, one at least."""
    chosen: list[range] = []
    for item in parts[:MAX_ITEMS]:
        budget -= sum(found[at].words for at in item)
        if chosen and (budget < 0 or item.start != chosen[-1].stop):
            break
        chosen.append(item)
    return chosen


def _window(source: _Source, lead: int, budget: float) -> QuoteSpan:
    """Return the sentences around the lead that fit, the better neighbour first."""
    found = source.units
    first = last = lead
    budget -= found[lead].words
    while (chosen := _neighbour(source, first, last, budget)) is not None:
        budget -= found[chosen].words
        first, last = min(first, chosen), max(last, chosen)
    while last > lead and _ends_nothing(found[last]):
        last -= 1
    return QuoteSpan(hit=source.hit, first=first, last=last, lead=lead)


def _ends_nothing(unit: Unit) -> bool:
    """Say whether a sentence at the end of a window says nothing without what follows."""
    return unit.is_question or unit.is_lead_in or unit.is_label or unit.is_picture


def _neighbour(source: _Source, first: int, last: int, budget: float) -> int | None:
    """Return the better one of the sentences before and after a window that fits; None if none does."""
    found = source.units
    bonus = {last + 1: FORWARD_BONUS, first - 1: float(found[first].refers_back)}
    fitting = [at for at in bonus if 0 <= at < len(found) and found[at].words <= budget and _may_follow(source, at)]
    return max(fitting, key=lambda at: (source.scores[at] + bonus[at], at), default=None)


def _may_follow(source: _Source, at: int) -> bool:
    """Say whether a sentence may stand in a window: it was not quoted before, and is no row of a table."""
    return source.open[at] and not source.units[at].is_row


def _text(quote: QuoteSpan) -> str:
    return quote.hit.passage.quote(quote.start, quote.end)
