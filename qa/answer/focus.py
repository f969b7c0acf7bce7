"""Find the sentences that ask in a long message."""

import re
from dataclasses import dataclass

from index.types import ContextText

MIN_WORDS = 25  # a shorter question is searched as it is
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
    sentences = [found[0].strip() for found in _SENTENCE.finditer(message) if found[0].strip()]
    asking = [sentence for sentence in sentences if sentence.endswith("?")]
    asking = asking or [sentence for sentence in sentences if _ASKS.match(sentence)]
    rest = " ".join(sentence for sentence in sentences if sentence not in asking)
    if not asking or not rest or len(" ".join(asking).split()) < 3:
        return Focused(message)
    return Focused(" ".join(asking), (ContextText(rest[-MAX_CONTEXT_CHARACTERS:], CONTEXT_WEIGHT),))
