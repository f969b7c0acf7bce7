"""Offer what an underspecified question could mean: complete questions, one for each section that matches (pure)."""

import re
from collections.abc import Sequence

from index.types import Hit, Passage

MAX_CHOICES = 4
MIN_TOPICS = 3  # of a word or two; a question with a pronoun needs two
SIMILAR_MATCH = 0.7  # a section matches as well as the best with this share of its maxsim
MAX_NAME_CHARACTERS = 60
MAX_NAME_WORDS = 9
MAX_QUESTION_WORDS = 18
_WORD = re.compile(r"[^\W\d_]{3,}")
_NUMBERED = re.compile(
    r"^(?:(?:chapter|section|part|appendix)\s+)?(?:[\dIVXLC]+|[A-Z])(?:\.\d+)*[.:)]?\s+", re.IGNORECASE
)
_LINK = re.compile(r"\[(?P<text>[^\]]+)\]\([^)]*\)")
_MARKS = re.compile(r"[*`]+|\s*\{#[^}]*\}")
_QUESTION = re.compile(
    r"\W*(?:who|whom|whose|what|when|where|why|which|how|is|are|was|were|do|does|did|can|could|has|have|will|should)\b",
    re.IGNORECASE,
)


def clarifying_questions(question: str, is_vague: bool, hits: Sequence[Hit]) -> tuple[str, ...]:
    """Return questions that an underspecified one could mean, one for each section that matches about as well as the
    best.

    It is underspecified if it `is_vague`, or is a word or two without a question. If only one section matches, or it is
    the name of one, there is nothing to choose.
    """
    question = question.strip()
    is_word = len(question.split()) <= 2 and not _QUESTION.match(question)
    if not (is_vague or is_word) or len(question.split()) > MAX_QUESTION_WORDS:
        return ()
    names = _topics(hits)
    if len(names) < (2 if is_vague else MIN_TOPICS) or _key(question) in {_key(name) for name in names}:
        return ()
    chosen = names[:MAX_CHOICES]
    if is_word:
        return tuple(chosen)
    return tuple(f"{name.rstrip('?')}: {question[0].lower()}{question[1:]}" for name in chosen)


def _topics(hits: Sequence[Hit]) -> list[str]:
    """Return the names of the sections that match about as well as the best."""
    if not hits or not hits[0].term_coverage:
        return []
    best = max(hit.maxsim for hit in hits)
    alike = [hit for hit in hits if hit.term_coverage >= hits[0].term_coverage and hit.maxsim >= SIMILAR_MATCH * best]
    names = {_key(name): name for name in reversed([name_of(hit.passage) for hit in alike]) if name}
    return list(reversed(names.values()))


def _key(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def name_of(passage: Passage) -> str:
    """Return what a passage is about in a few words: its innermost heading, without its number, or the name of its file
    if that is made of words. Return "" if neither is a short name.

    >>> name_of(Passage(path="tea-and-coffee.md", start=0, end=3, text="Hot"))
    'tea and coffee'
    """
    heading = " ".join(passage.section[-1].split()) if passage.section else ""
    heading = _NUMBERED.sub("", max(heading.split(" | "), key=len)).strip(" .:")
    heading = _LINK.sub(r"\g<text>", heading)
    heading = _MARKS.sub("", heading)
    if not heading:
        heading = " ".join(re.split(r"[-_\s]+", passage.path.rpartition("/")[2].rpartition(".")[0]))
        if not all(_WORD.search(word) or word.isalpha() for word in heading.split()):
            return ""
    is_short = len(heading) <= MAX_NAME_CHARACTERS and len(heading.split()) <= MAX_NAME_WORDS
    return heading if is_short and _WORD.search(heading) else ""
