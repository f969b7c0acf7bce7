"""Choose between the quotes for a whole question and those for its parts."""

from collections.abc import Sequence

from index.types import Span
from qa.answer.extraction import QuoteSpan
from qa.answer.subquestions import SubQuestion, is_held, is_named


def are_better_apart(parts: Sequence[SubQuestion], firsts: Sequence[QuoteSpan], whole: Sequence[QuoteSpan]) -> bool:
    """Say whether the first quotes of two parts answer better than the quotes for the `whole` question.

    Two questions are answered by different passages. The sides of a comparison are answered by files with their names,
    by sentences under headings of their own, or by sentences that name them if the quotes for the whole lack one.
    """
    if len(firsts) < 2:
        return False
    if not parts[0].side:
        first, second = (quote.hit.passage for quote in firsts)
        return (first.path, first.start) != (second.path, second.start)
    sides = [part.side for part in parts]
    if _have_files(sides, firsts):
        return True
    return _lead(firsts[0]) != _lead(firsts[1]) and (_have_headings(sides, firsts) or _are_missed(sides, firsts, whole))


def _have_files(sides: Sequence[str], firsts: Sequence[QuoteSpan]) -> bool:
    paths = [quote.hit.passage.path for quote in firsts]
    return all(map(is_named, sides, paths)) and not any(map(is_named, sides, reversed(paths)))


def _have_headings(sides: Sequence[str], firsts: Sequence[QuoteSpan]) -> bool:
    heads = [" ".join(quote.hit.passage.section[-1:]) for quote in firsts]
    return all(map(is_held, sides, heads)) and not any(map(is_held, sides, reversed(heads)))


def _are_missed(sides: Sequence[str], firsts: Sequence[QuoteSpan], whole: Sequence[QuoteSpan]) -> bool:
    """Say whether each side is named by its quote or the headings above it, and not all are by the whole's quotes."""
    texts = [" ".join([*quote.hit.passage.section, quote.hit.passage.quote(*_lead(quote))]) for quote in firsts]
    quoted = " ".join(quote.hit.passage.quote(quote.start, quote.end) for quote in whole)
    return all(map(is_held, sides, texts)) and not all(is_held(side, quoted) for side in sides)


def _lead(quote: QuoteSpan) -> Span:
    """Return the range of the sentence that answers, or of the whole quote."""
    return quote.lead_span or (quote.start, quote.end)
