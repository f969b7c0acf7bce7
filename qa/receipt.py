"""Save an answer as a receipt: its quotes with the hashes of their files, so that anyone can check it later."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError

from index.types import Document
from qa.errors import ReceiptError
from qa.types import Answer, NoAnswer, Support

VERSION: Literal[1] = 1
MAX_RECEIPT_CHARACTERS = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptStatement:
    """A sentence of the answer: a quote, or a written sentence with the checker's result."""

    __pydantic_config__ = ConfigDict(extra="forbid", strict=True)

    text: str
    support: Support
    citations: list[int]
    missing: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptQuote:
    """A quote: the range [start, end) of its document's text, and the SHA-256 of the file that it was read from."""

    __pydantic_config__ = ConfigDict(extra="forbid", strict=True)

    number: int
    document: str
    sha256: str
    start: int
    end: int
    page: int | None
    section: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """An answer with what is needed to check it. `digest` is the SHA-256 of everything else in it.

    `model` and `generation` name the index that answered, `footnote` the version of the program, and `writer` the
    language model of a written answer.
    """

    __pydantic_config__ = ConfigDict(extra="forbid", strict=True)

    receipt: Literal[1]
    question: str
    answered: bool
    written: bool
    writer: str
    message: str
    confidence: float
    statements: list[ReceiptStatement]
    citations: list[ReceiptQuote]
    generation: int
    model: str
    footnote: str
    created: str
    digest: str = ""


_RECEIPT = TypeAdapter(Receipt)


def make_receipt(
    reply: Answer | NoAnswer, document: Callable[[str], Document | None], model: str, version: str
) -> Receipt:
    """Make the receipt of a reply. `document` returns a document of the index.

    Raises:
        ReceiptError: a document that is quoted has changed.
    """
    is_written = isinstance(reply, Answer) and bool(reply.statements)
    statements = [
        ReceiptStatement(text=one.text, support=one.support, citations=list(one.citations), missing=list(one.missing))
        for one in (reply.statements if isinstance(reply, Answer) else ())
    ]
    quoted = [
        ReceiptStatement(text=one.quote, support="supported", citations=[one.number], missing=[])
        for one in reply.citations
    ]
    hashes = _hashes(reply, document)
    receipt = Receipt(
        receipt=VERSION,
        question=reply.question,
        answered=isinstance(reply, Answer),
        written=is_written,
        writer=reply.writer if isinstance(reply, Answer) else "",
        message=reply.message or ("" if isinstance(reply, Answer) else reply.text),
        confidence=round(reply.confidence, 4),
        statements=statements or quoted,
        citations=[
            ReceiptQuote(
                number=one.number,
                document=one.passage.path,
                sha256=hashes[one.passage.path],
                start=one.start,
                end=one.end,
                page=one.passage.page_at(one.start),
                section=" › ".join(one.passage.section),
                quote=one.quote,
            )
            for one in reply.citations
        ],
        generation=reply.generation,
        model=model,
        footnote=version,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    return replace(receipt, digest=digest_of(receipt))


def _hashes(reply: Answer | NoAnswer, document: Callable[[str], Document | None]) -> dict[str, str]:
    """Return the SHA-256 of the file of each document that is quoted."""
    found: dict[str, str] = {}
    for one in reply.citations:
        path = one.passage.path
        quoted = document(path)
        if quoted is None or quoted.text[one.start : one.end] != one.quote:
            raise ReceiptError(f"{path} has changed since this answer, so no receipt was made: ask again.")
        found[path] = quoted.sha256
    return found


def digest_of(receipt: Receipt) -> str:
    """Return the SHA-256 of a receipt without its digest, as JSON with sorted keys and no spaces."""
    values = asdict(receipt)
    del values["digest"]
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def to_text(receipt: Receipt) -> str:
    """Write a receipt as JSON."""
    return json.dumps(asdict(receipt), ensure_ascii=False, indent=2) + "\n"


def read_receipt(text: str) -> Receipt:
    """Read a receipt from JSON.

    Raises:
        ReceiptError: it is not JSON, or not the JSON of a receipt.
    """
    if len(text) > MAX_RECEIPT_CHARACTERS:
        raise ReceiptError("This file is too large for a receipt: save the answer again with ask --receipt.")
    try:
        return _RECEIPT.validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        what = f"{place}: {first['msg']}" if place else str(first["msg"])
        raise ReceiptError(
            f"This is not a valid receipt ({what}): save the answer again with ask --receipt."
        ) from error
