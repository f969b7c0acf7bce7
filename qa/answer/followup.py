"""What a question asks in its conversation, and on which of its earlier turns it leans (pure).

How a question is worded tells, together with how surely it is answered alone and how near in meaning it is to what was
said. The numbers were tuned on half of some conversations; the optimum is flat.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from index.types import ContextText, Hit, ScoredSentence
from qa.types import Turn

MOST_TURNS = 50
TURNS = 4
WEIGHT = 0.4
FADING = 0.4
SURE = 0.5
RELATED = 0.1
STILL_RELATED = 0.3
LEAST = 0.1
RESOLVED = 0.4
NOWHERE = 0.5
FEW_WORDS = 3
OPENING = 5
LONGEST_TEXT = 1_500

_POLITE = r"(?:(?:ok(?:ay)?|yes|please|and|well|can you|could you|i want to|i would like to|i['’]d like to)[ ,]+)*"
_MORE = re.compile(
    rf"{_POLITE}(?:(?:tell|show|give) (?:me|us) (?:some |a (?:bit|little) )?more|(?:say|know|learn|hear) (?:some )?more"
    r"|more|go on|continue|keep going|what else|anything else|elaborate|next)"
    r"(?: (?:details?|information|info))?(?: (?:on|about) (?:it|that|this|them))?(?:[ ,]+please)?\W*",
    re.IGNORECASE,
)
_WHERE = re.compile(
    rf"{_POLITE}(?:(?:show me )?where (?:does|do|did|is|was|are|were) (?:it|that|this|they|you|the documents?)"
    r"(?: (?:say|said|written|stated|stand|find|get|found|mentioned|come|from|read))+(?: (?:it|that|this|so|from))*"
    r"|show me where|says who|who says(?: that| so)?|(?:what is |what['’]s )?(?:the|your) source(?: of that)?|source"
    r"|(?:which|what) (?:document|file|page) (?:is|was) (?:that|this|it) (?:from|in|on))\W*",
    re.IGNORECASE,
)
_CORRECTION = re.compile(
    r"(?:(?:no|nope|sorry|oops|wait|actually)[ ,.!:]+)*"
    r"(?:i (?:mean|meant)|(?:i was|i am|i['’]m) (?:asking|talking) about)(?: to (?:say|ask))?[ ,:]+"
    r"|no[,.!:]+ (?=(?:the|about|in|for|on|not) )",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"(?:who|what|when|where|why|which|how|is|are|was|were|do|does|did|can|could)\b(?:\W+\w+){3}", re.I)
_CONTINUES = re.compile(
    r"\W*(?:(?:and|but|so|or|then|ok|okay|no|yes|what about|how about|what else|anything else|any others?)\b"
    r"|(?:why|how come|how so|how|when|where|who|since when|really)\W*$)",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\b(?:this|these|those)\b"
    r"(?! (?:year|month|week|morning|days?|documents?|folder|files?|texts?|pages?|manual|book)\b)",
    re.IGNORECASE,
)
_REFERS = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|such|this|these|those)\b|^\W*that\b"
    r"|\b(?:about|of|for|with|by|do|does|did|like|than|after|before|mean|to|in|on|is|was|are|were) that\W*$"
    r"|\bthat (?:time|year|day|place)\b|\b(?:there|one|ones)\W*$|\b(?:which|other|first|second|last|next|same) ones?\b"
    r"|\bthe (?:same|former|latter|others?)\b",
    re.IGNORECASE,
)
_EXPLETIVE = re.compile(
    r"\b(?:(?:is|was|be) it \w+ (?:that|to|for)|it (?:is|was|be) \w+ (?:that|to|for)"
    r"|(?:does|did) it (?:mean|take|cost)(?: \w+)? (?:for|to))\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<=\w )[A-Z]\w|[A-Z]{2}|\w: ")


@dataclass(frozen=True, slots=True)
class ResolvedQuestion:
    """What is asked: the question to search, the turns that it may lean on, last first, and the turns whose quotes are
    not to be given again. `follows` is set where it follows an earlier question however that is worded."""

    question: str
    turns: tuple[Turn, ...] = ()
    given: tuple[Turn, ...] = ()
    follows: str = ""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The texts that a question is searched together with; the earlier question that it follows, "" where it stands
    alone; how far what it points to ("this river"), in [0, 1], was not said before it; whether it says too little; and
    whether by its wording it could stand alone."""

    said: tuple[ContextText, ...]
    follows: str
    unresolved_reference: float
    is_underspecified: bool
    is_standalone: bool


def resolve_wording(question: str, turns: Sequence[Turn]) -> ResolvedQuestion:
    """What a question asks after some turns: itself, more of the same, where that was said, or the last one corrected.

    >>> resolve_wording("Tell me more!", [Turn("When was it built?")]).question
    'When was it built?'
    """
    question, asked = question.strip(), [turn for turn in turns[-MOST_TURNS:] if turn.question]
    if asked and _WHERE.fullmatch(question):
        answered = max((number for number, turn in enumerate(asked) if turn.answer), default=len(asked) - 1)
        return _again(asked[answered], asked[:answered], ())
    if asked and _MORE.fullmatch(question):
        return _again(asked[-1], asked[:-1], tuple(turns))
    earlier = [
        replace(turn, question=_meant(turn.question)) for turn in reversed(asked) if not _is_about_last(turn.question)
    ]
    telling = [turn for turn in earlier if turn.answer or not _leans(turn.question)]
    meant = _meant(question)
    if earlier and meant != question and not _WHOLE.match(meant):
        last = earlier[0].question
        return ResolvedQuestion(
            meant, (Turn(last), *(turn for turn in telling if turn is not earlier[0])), follows=last
        )
    return ResolvedQuestion(meant, tuple(telling))


def _again(turn: Turn, before: Sequence[Turn], given: tuple[Turn, ...]) -> ResolvedQuestion:
    """What an earlier question asked, asked again."""
    first = resolve_wording(turn.question, before)
    return replace(first, given=given or first.given, follows=first.follows or first.question)


def _is_about_last(question: str) -> bool:
    return bool(_MORE.fullmatch(question) or _WHERE.fullmatch(question))


def _meant(question: str) -> str:
    """A question without the words that only say that it corrects the last one."""
    correction = _CORRECTION.match(question)
    return (correction and question[correction.end() :].strip()) or question


def resolve_follow_up(
    asked: ResolvedQuestion, sure: float, similarities: Callable[[str, Sequence[str]], Sequence[float]]
) -> FollowUp:
    """What a question is searched together with: the last turn, and the others less and less, as far as they are near
    it or the later ones leaned on them in their turn. `similarities` tells how near in meaning a question is to texts.
    """
    turns = asked.turns[:TURNS]
    near = similarities(asked.question, [turn.text[:LONGEST_TEXT] for turn in turns]) if turns else []
    points = _POINTS.search(asked.question)
    is_unnamed = bool(turns and points and not _NAME.search(asked.question[: points.start()]))
    unresolved_reference = is_unnamed * max(0.0, 1 - max([0.0, *near]) / RESOLVED)
    strength = _strength(asked, sure, near)
    points_nowhere = unresolved_reference > NOWHERE or (not turns and sure < SURE and _points(asked.question, OPENING))
    if strength < LEAST or unresolved_reference > NOWHERE:
        return FollowUp((), asked.follows, unresolved_reference, points_nowhere, is_standalone=True)
    said: list[ContextText] = []
    weight, follows = WEIGHT * strength, ""
    is_answered = any(turn.answer for turn in turns)
    for number, (turn, nearness_of) in enumerate(zip(turns, near, strict=True)):
        is_corrected = number == 0 and bool(asked.follows)
        if not turn.answer and is_answered and not is_corrected and nearness_of < max(*near, STILL_RELATED):
            continue  # what was declined is seldom what the conversation is about
        if not said or nearness_of >= STILL_RELATED or _leans(follows):
            said.append(ContextText(turn.text[:LONGEST_TEXT], weight))
            follows = turn.question if not follows or _leans(follows) else follows
        if turn.answer:
            weight *= FADING
    return FollowUp(tuple(said), asked.follows or follows, unresolved_reference, False, not _leans(asked.question))


def _strength(asked: ResolvedQuestion, sure: float, near: Sequence[float]) -> float:
    """How much of a follow-up a question is, in [0, 1]."""
    if not near:
        return 0.0
    if _CONTINUES.match(asked.question) or asked.turns[0].question == asked.follows:
        return 1.0
    if _leans(asked.question):
        return 1 - sure / 2
    return max(0.0, 1 - sure / SURE) if near[0] >= RELATED else 0.0


def _leans(question: str) -> bool:
    """Whether a question's wording points to what was said: it goes on, is of few words, or has a pronoun before which
    there is no name.

    >>> _leans("Who paid for it?"), _leans("When did Genghis Khan leave his tents?")
    (True, False)
    """
    return len(question.split()) <= FEW_WORDS or bool(_CONTINUES.match(question)) or _points(question)


def _points(question: str, within: int | None = None) -> bool:
    """Whether a question has a pronoun before which there is no name, `within` so many words."""
    opening = " ".join(question.split()[:within])
    refers = None if _EXPLETIVE.search(question) else _REFERS.search(opening)
    return bool(refers and not _NAME.search(opening[: refers.start()]))


def was_quoted(hit: Hit, sentence: ScoredSentence, turns: Sequence[Turn]) -> bool:
    """Whether a sentence was quoted in one of some turns: its place, or its words where only texts are known."""
    path, words = hit.passage.path, hit.passage.quote(sentence.start, sentence.end).split()
    return any(
        any(path == of and sentence.start < end and start < sentence.end for of, start, end in turn.places)
        or " ".join(words) in " ".join(turn.answer.split())
        for turn in turns
    )
