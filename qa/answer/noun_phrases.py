"""Noun phrases of sentences, to ask about: which ones say what they are, and how they stand in a question (pure)."""

import re

MIN_WORDS = 6  # of a sentence to ask about
_VAGUE = re.compile(
    r"(?:it|he|she|they|we|you|i|this|that|these|those|there|here|what|which|who|one|each|both|another|other|such|its"
    r"|his|her|their|our|my|in|on|at|by|for|with|from|if|when|while|as|since|because|although|after|before|but|and|however"
    r"|most|many|some|all|only|also|an?|nobody|somebody|someone"
    r"|the (?:first|second|last|next|other|same|following|latter|former|reason|most)) "
    r"|.* (?:who|that|which|of|and|or|but|as|is|are|not|to) ",
    re.IGNORECASE,
)


def is_vague(noun: str) -> bool:
    """Say whether a noun phrase says nothing without the sentences around it."""
    return bool(_VAGUE.match(f"{noun} "))


def in_running_text(words: str, text: str) -> str:
    """Return words as they are inside a sentence: without the capitals that a text does not give them there."""
    small = set(re.findall(r"\b[a-z][\w'’-]*", text)) | {"the", "a", "an", "everyone", "everybody"}
    return " ".join(
        word.lower() if word.istitle() and {word.lower(), word.lower().removesuffix("s")} & small else word
        for word in words.split()
    )
