"""Resolve what a question asks in its conversation, and with which earlier turns it is searched (pure).

Only its wording makes a question a follow-up. A complete question that is not answered with confidence may still be
searched together with a similar turn, at a low weight.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from index.types import ContextText, Hit, ScoredSentence
from qa.answer.confidence import THRESHOLD
from qa.answer.small_talk import small_talk
from qa.answer.wording import (
    asks_for_more,
    asks_for_source,
    dependence,
    is_bare_topic,
    is_complete,
    is_continuing,
    means_those_in_charge,
    names_details,
    names_subject,
    points_to_unnamed,
    refers,
    returns_to_subject,
    without_correction,
    without_new_subject,
)
from qa.types import Turn

MAX_TURNS = 50
MAX_CONTEXT_TURNS = 4
MAX_RETURN_TURNS = 12
MAX_CONTEXT_CHARACTERS = 1_500
WEIGHT = 0.4
NO_SUBJECT_WEIGHT = 0.8  # if the follow-up names no subject ("how long does that take?")
DECAY = 0.4
COMPLETE_WEIGHT = 0.2  # of the last turn for a complete question
RELATED_THRESHOLD = 0.3  # similarity of a question to an earlier turn on its subject
RESOLVED_SIMILARITY = 0.4
UNRESOLVED_THRESHOLD = 0.5
OPENING_WORDS = 5
VAGUE_CONFIDENCE = 0.66  # below it, a first question with a pronoun and no details is vague

Similarities = Callable[[str, Sequence[str]], Sequence[float]]


@dataclass(frozen=True, slots=True)
class ResolvedQuestion:
    """The question to search, the turns that it may follow, last first, and the turns whose quotes it must not repeat.

    `follows` is set if the wording asks for more of an earlier answer, for its source, or corrects a question.
    """

    question: str
    turns: tuple[Turn, ...] = ()
    quoted_turns: tuple[Turn, ...] = ()
    follows: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """The texts that a question is searched together with, and the earlier question that it follows, "" if none.

    `unresolved_reference` is how far what a demonstrative points to ("this river") is missing from the conversation, in
    [0, 1]. `is_underspecified` is True if the question says too little, and `is_standalone` if its wording is complete.
    """

    context: tuple[ContextText, ...] = ()
    follows: str = ""
    unresolved_reference: float = 0.0
    is_underspecified: bool = False
    is_standalone: bool = True


def resolve_wording(question: str, turns: Sequence[Turn]) -> ResolvedQuestion:
    """Return what a question asks after some turns: itself, more of an answer, its source, or a corrected question.

    >>> resolve_wording("Tell me more!", [Turn("When was it built?")]).question
    'When was it built?'
    """
    question = question.strip()
    asked = [turn for turn in turns[-MAX_TURNS:] if turn.question and not small_talk(turn.question)]
    if asked and asks_for_source(question):
        return _repeat_last_answered(asked)
    if asked and asks_for_more(question):
        return replace(_repeat_last_answered(asked), quoted_turns=tuple(turns))
    return _resolve_subject(question, _turns_with_a_question(asked))


def _resolve_subject(question: str, earlier: Sequence[Turn]) -> ResolvedQuestion:
    """Return a corrected question, one on another subject, or one that may follow the earlier turns, last first."""
    corrected = without_correction(question)
    if earlier and corrected != question and not is_complete(corrected):
        return _correct(corrected, earlier)
    other = without_new_subject(corrected)
    if other != corrected or small_talk(question):
        return ResolvedQuestion(other)
    return ResolvedQuestion(corrected, _answered(earlier))


def _repeat_last_answered(asked: Sequence[Turn]) -> ResolvedQuestion:
    """Ask the last answered question again, as it was resolved then."""
    last = max((number for number, turn in enumerate(asked) if turn.answer), default=len(asked) - 1)
    first = resolve_wording(asked[last].question, asked[:last])
    return replace(first, follows=first.follows or first.question)


def _turns_with_a_question(asked: Sequence[Turn]) -> list[Turn]:
    """Return the turns, last first, without those that asked for more of an answer or for its source."""
    return [
        replace(turn, question=without_correction(turn.question))
        for turn in reversed(asked)
        if not (asks_for_more(turn.question) or asks_for_source(turn.question))
    ]


def _answered(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    return tuple(turn for turn in turns if turn.answer)


def _correct(question: str, earlier: Sequence[Turn]) -> ResolvedQuestion:
    """Replace the last question: its answer was for something else."""
    last = earlier[0].question
    return ResolvedQuestion(question, (Turn(last), *_answered(earlier[1:])), follows=last)


def resolve_follow_up(asked: ResolvedQuestion, confidence: float, similarities: Similarities) -> FollowUp:
    """Return what a question is searched together with.

    `confidence` is that of the question without context. `similarities` compares a question with texts.
    """
    turns, scores = _candidates(asked, similarities)
    unresolved = _unresolved_reference(asked.question, scores)
    if unresolved > UNRESOLVED_THRESHOLD:
        return FollowUp(follows=asked.follows, unresolved_reference=unresolved, is_underspecified=True)
    if not turns:
        question = asked.question
        has_pronoun = refers(question, OPENING_WORDS) and not means_those_in_charge(question)
        enough = THRESHOLD if names_details(question) else VAGUE_CONFIDENCE
        return FollowUp(follows=asked.follows, is_underspecified=has_pronoun and confidence < enough)
    if not asked.follows and not _is_follow_up(asked.question, confidence, scores[0]):
        return replace(_with_similar_turn(turns[0], scores[0], confidence), unresolved_reference=unresolved)
    found = _with_turns(turns, scores, _weight(asked, confidence))
    return replace(
        found,
        follows=asked.follows or found.follows,
        unresolved_reference=unresolved,
        is_standalone=dependence(asked.question) == "none",
    )


def _with_turns(turns: Sequence[Turn], scores: Sequence[float], weight: float) -> FollowUp:
    """Return the context of a follow-up: the last turn, and those before it that are on its subject, at less and less
    weight. It follows the last of them whose question is complete.
    """
    context = [ContextText(text_of(turns[0]), weight)]
    follows = turns[0].question
    for turn, score in zip(turns[1:], scores[1:], strict=True):
        weight *= DECAY
        is_complete_yet = dependence(follows) == "none"
        if score >= RELATED_THRESHOLD or not is_complete_yet:
            context.append(ContextText(text_of(turn), weight))
            follows = follows if is_complete_yet else turn.question
    return FollowUp(context=tuple(context), follows=follows)


def text_of(turn: Turn) -> str:
    """Return the question, the sections and the answer of a turn as the context of another question."""
    return turn.text[:MAX_CONTEXT_CHARACTERS]


def _candidates(asked: ResolvedQuestion, similarities: Similarities) -> tuple[list[Turn], list[float]]:
    """Return the turns that a question may follow with their similarities to it, last first.

    If the question goes back to a subject, that is the turn most similar to it, with those that it follows.
    """
    is_return = returns_to_subject(asked.question)
    turns = list(asked.turns[: MAX_RETURN_TURNS if is_return else MAX_CONTEXT_TURNS])
    if not turns:
        return [], []
    scores = list(similarities(asked.question, [text_of(turn) for turn in turns]))
    if is_return:
        first = scores.index(max(scores))
        last = next((at for at in range(first, len(turns)) if dependence(turns[at].question) == "none"), first)
        return turns[first : last + 1], scores[first : last + 1]
    return turns, scores


def _unresolved_reference(question: str, scores: Sequence[float]) -> float:
    """Return how far what a demonstrative points to is missing from the conversation; 0 if there is none."""
    if not scores or not points_to_unnamed(question):
        return 0.0
    return max(0.0, 1 - max([0.0, *scores]) / RESOLVED_SIMILARITY)


def _is_follow_up(question: str, confidence: float, similarity: float) -> bool:
    """Say whether a question depends on the conversation by its wording.

    A bare topic does only if it is not answered, and a fragment that names a subject ("how many days at sea") if it is
    not answered or similar to the last turn.
    """
    is_answered = confidence >= THRESHOLD
    if is_continuing(question) or refers(question):
        return True
    if is_bare_topic(question):
        return not is_answered
    is_other_subject = is_answered and similarity < RELATED_THRESHOLD and names_subject(question)
    return dependence(question) != "none" and not is_other_subject


def _weight(asked: ResolvedQuestion, confidence: float) -> float:
    """Return the weight of the last turn: less if a pronoun only makes the question a follow-up, and it is answered."""
    weight = WEIGHT if names_subject(asked.question) else NO_SUBJECT_WEIGHT
    return weight if asked.follows or is_continuing(asked.question) else weight * (1 - confidence / 2)


def _with_similar_turn(turn: Turn, score: float, confidence: float) -> FollowUp:
    """Return the context of a complete question: the last turn if it is similar, and the question is not answered."""
    if score < RELATED_THRESHOLD or confidence >= THRESHOLD:
        return FollowUp()
    return FollowUp(context=(ContextText(text_of(turn), COMPLETE_WEIGHT),))


def was_quoted(hit: Hit, sentence: ScoredSentence, turns: Sequence[Turn]) -> bool:
    """Say whether a sentence was quoted in some turns, by its place or, if only texts are known, by its words."""
    path, words = hit.passage.path, hit.passage.quote(sentence.start, sentence.end).split()
    return any(
        any(path == of and sentence.start < end and start < sentence.end for of, start, end in turn.places)
        or " ".join(words) in " ".join(turn.answer.split())
        for turn in turns
    )
