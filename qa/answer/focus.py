"""Find the sentences that ask in a long message."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.types import ContextText

MIN_WORDS = 25  # a shorter question is searched as it is
MIN_ASKING_WORDS = 3
CONTEXT_WEIGHT = 0.15
MAX_CONTEXT_CHARACTERS = 1_000
_SENTENCE = re.compile(r"(?:[^.!?\n]|[.!?](?=\S))+[.!?]*")
_ASKS = re.compile(
    r"\s*(?:(?:so|and|but|now|well|also|please|ok|okay|my question is)[,:]?\s+)*"
    r"(?:who|whom|whose|what|when|where|why|which|how|is|are|was|were|do|does|did|can|could|may|should|will|would|has"
    r"|have|tell me|explain|describe|list|show|find|i (?:want|need|would like) to know)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Focused:
    """The part of a message that asks, and the rest as context."""

    question: str
    context: tuple[ContextText, ...] = ()


def focus(message: str) -> Focused:
    """Return the sentences of a long message that ask; the others become context of little weight.

    >>> focus("We moved here in May. " * 6 + "How high is the rent?").question
    'How high is the rent?'
    """
    if len(message.split()) < MIN_WORDS:
        return Focused(message)
    sentences = [sentence for found in _SENTENCE.finditer(message) if (sentence := found[0].strip())]
    asking = _asking(sentences)
    rest = " ".join(sentence for sentence in sentences if sentence not in asking)
    if not rest or len(" ".join(asking).split()) < MIN_ASKING_WORDS:
        return Focused(message)
    return Focused(" ".join(asking), (ContextText(rest[-MAX_CONTEXT_CHARACTERS:], CONTEXT_WEIGHT),))


def _asking(sentences: Sequence[str]) -> list[str]:
    """Return the sentences with a question mark or, if there is none, those that begin like a question."""
    marked = [sentence for sentence in sentences if sentence.endswith("?")]
    return marked or [sentence for sentence in sentences if _ASKS.match(sentence)]
