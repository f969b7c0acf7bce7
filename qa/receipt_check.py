"""Check a receipt against the files that it quotes (pure)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from index.errors import ReadingError
from index.types import Document, Span
from qa.receipt import Receipt, ReceiptQuote, ReceiptStatement, digest_of

State = Literal["holds", "moved", "changed", "gone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteCheck:
    """What became of a quote.

    It `holds` if the file is the same and has the quote at its range. It `moved` if the document has the quote at
    another range, `found`. It `changed` if the file or the quote is another, and is `gone` if the file cannot be read.
    """

    number: int
    document: str
    state: State
    found: Span | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptCheck:
    """The result for each quote, and what is wrong with the receipt itself."""

    quotes: tuple[QuoteCheck, ...]
    problems: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether every quote holds and the receipt is as it was made."""
        return not self.problems and all(one.state == "holds" for one in self.quotes)


def check_receipt(receipt: Receipt, read: Callable[[str], Document]) -> ReceiptCheck:
    """Check a receipt. `read` returns a document as its file is now, and raises ReadingError if it cannot."""
    documents: dict[str, Document | ReadingError] = {}
    for path in dict.fromkeys(one.document for one in receipt.citations):
        try:
            documents[path] = read(path)
        except ReadingError as error:
            documents[path] = error
    return ReceiptCheck(
        quotes=tuple(_check(one, documents[one.document]) for one in receipt.citations),
        problems=tuple(_problems(receipt)),
    )


def _check(quote: ReceiptQuote, document: Document | ReadingError) -> QuoteCheck:
    def result(state: State, reason: str = "", found: Span | None = None) -> QuoteCheck:
        return QuoteCheck(number=quote.number, document=quote.document, state=state, reason=reason, found=found)

    if isinstance(document, ReadingError):
        return result("gone", str(document))
    is_same_file = document.sha256 == quote.sha256
    in_place = 0 <= quote.start < quote.end and document.text[quote.start : quote.end] == quote.quote
    if in_place and not is_same_file:
        return result("changed", "The file has changed. It still has the quote at its place.")
    if in_place and document.page_at(quote.start) != quote.page:
        return result("changed", f"The quote is on {document.unit} {document.page_at(quote.start)}.")
    if in_place:
        return result("holds")
    start = document.text.find(quote.quote) if quote.quote else -1
    if start >= 0:
        found = (start, start + len(quote.quote))
        return result("moved", f"The quote is at [{found[0]}, {found[1]}).", found)
    return result("changed", "The document does not have the quote.")


def _problems(receipt: Receipt) -> Iterator[str]:
    """Yield what is wrong with a receipt, whatever the files hold."""
    if digest_of(receipt) != receipt.digest:
        yield "The receipt was edited: its digest differs."
    numbers = [one.number for one in receipt.citations]
    if numbers != list(range(1, len(numbers) + 1)):
        yield "The quotes are not numbered from 1."
    if len(receipt.statements) < len(receipt.citations) and not receipt.written:
        yield "A quote of the answer has no sentence."
    quotes = {one.number: one.quote for one in receipt.citations}
    for number, statement in enumerate(receipt.statements, 1):
        if problem := _statement_problem(statement, quotes, receipt.written):
            yield f"Sentence {number} {problem}"


def _statement_problem(statement: ReceiptStatement, quotes: Mapping[int, str], is_written: bool) -> str:
    """Say how a sentence and its quotes do not fit together, or return ""."""
    missing = [cited for cited in statement.citations if cited not in quotes]
    if missing:
        return f"cites {missing[0]}, which is no quote of the receipt."
    if statement.support == "supported" and not statement.citations:
        return "is supported without a quote."
    if not is_written and statement.text not in [quotes[cited] for cited in statement.citations]:
        return "differs from its quote."
    return ""
