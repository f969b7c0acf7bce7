"""What a question that says too little could mean, as whole questions, one for each section that matches (pure)."""

import re
from collections.abc import Sequence

from index.types import Hit, Passage

MOST_CHOICES = 4
AS_WELL = 0.6
LONGEST_NAME = 80
MOST_WORDS = 18
_WORD = re.compile(r"[^\W\d_]{3,}")
_NUMBERED = re.compile(
    r"^(?:(?:chapter|section|part|appendix)\s+)?(?:[\dIVXLC]+|[A-Z])(?:\.\d+)*[.:)]?\s+", re.IGNORECASE
)
_QUESTION = re.compile(
    r"\W*(?:who|whom|whose|what|when|where|why|which|how|is|are|was|were|do|does|did|can|could|has|have|will|should)\b",
    re.IGNORECASE,
)


def clarifying_questions(question: str, points: bool, hits: Sequence[Hit]) -> tuple[str, ...]:
    """Questions that a thin one could stand for: one for each section that matches it about as well as the best.

    It is thin where it `points` to what was not said, or is a word or two with no question in them. Where only one
    section matches, there is nothing to choose.
    """
    is_word = len(question.split()) <= 2 and not _QUESTION.match(question)
    is_short = len(question.split()) <= MOST_WORDS
    if not (points or is_word) or not is_short or not hits or not hits[0].term_coverage:
        return ()
    alike = [hit for hit in hits if hit.term_coverage >= hits[0].term_coverage and hit.score >= AS_WELL * hits[0].score]
    names = list(dict.fromkeys(filter(None, (name_of(hit.passage) for hit in alike))))
    if len(names) < (2 if points else 3):
        return ()
    if is_word:
        return tuple(f"What do the documents say about {name}?" for name in names[:MOST_CHOICES])
    asked = question.strip()
    return tuple(f"{name}: {asked[0].lower()}{asked[1:]}" for name in names[:MOST_CHOICES])


def name_of(passage: Passage) -> str:
    """What a passage is about in a few words: its innermost heading, without its number, or the name of its file if
    that is made of words; "" where neither tells.

    >>> name_of(Passage(path="tea-and-coffee.md", start=0, end=3, text="Hot"))
    'tea and coffee'
    """
    heading = " ".join(passage.section[-1].split()) if passage.section else ""
    heading = _NUMBERED.sub("", max(heading.split(" | "), key=len)).strip(" .:")
    if not heading:
        heading = " ".join(re.split(r"[-_\s]+", passage.path.rpartition("/")[2].rpartition(".")[0]))
        if not all(_WORD.search(word) or word.isalpha() for word in heading.split()):
            return ""
    return heading if _WORD.search(heading) and len(heading) <= LONGEST_NAME else ""
