"""Search and ask the questions of a set, to fit ranking and confidence to what comes back."""

from collections.abc import Callable, Iterator, Sequence

from index.types import Hit
from qa.answer.confidence import Signals
from qa.answer.focus import focus
from qa.answer.pipeline import Retriever, answer
from qa.evaluation.corpora import Corpus
from qa.evaluation.dataset import Question
from qa.evaluation.fitting import Candidates, JudgedReply
from qa.evaluation.run import ask_each, holds, reply_signals
from qa.types import Answer, NoAnswer

CANDIDATES = 60
# Questions as people type them count more than those that were written for a test or from the paragraph.
RANKING_WEIGHTS = {"folder": 3.0, "folders": 1.0, "squad": 1.0}
CONFIDENCE_WEIGHTS = {"folder": 3.0, "folders": 1.0, "squad": 0.3}
OFF_TOPIC_WEIGHT = 0.5
NOT_SEARCHED = ("greeting", "folder", "foreign", "unanswerable")  # kinds
NOT_ASKED = ("greeting", "folder")

ShowDone = Callable[[int], None]


def search_each(corpus: Corpus, retriever: Retriever, show: ShowDone) -> Iterator[Candidates]:
    """Search the answerable questions that follow no other, and yield the candidates of each."""
    for done, question in enumerate(corpus.questions, 1):
        if not question.facts or question.turns or question.kind in NOT_SEARCHED:
            continue
        show(done)
        focused = focus(question.question)
        hits = retriever.search(focused.question, CANDIDATES, focused.context).hits
        yield Candidates(
            name=corpus.name,
            group=corpus.group(question),
            weight=RANKING_WEIGHTS[corpus.layout],
            signals=tuple(hit.signals for hit in hits),
            holds=tuple(_holds_fact(hit, question) for hit in hits),
        )


def _holds_fact(hit: Hit, question: Question) -> bool:
    passage = hit.passage
    if question.expected_documents and passage.path not in question.expected_documents:
        return False
    start, end = question.span or (passage.start, passage.end)
    is_there = passage.start < end and start < passage.end
    return is_there and any(holds([passage.text], fact) for fact in question.facts)


def judge_each(
    corpus: Corpus, questions: Sequence[Question], retriever: Retriever, show: ShowDone
) -> Iterator[JudgedReply]:
    """Ask questions of a set's documents at any confidence, and yield the replies, judged."""
    for done, question in enumerate(questions, 1):
        if question.answerability == "unknown" or question.kind in NOT_ASKED:
            continue
        show(done)
        reply = answer(question.question, retriever, threshold=0.0, turns=question.turns)
        found = reply_signals(reply)
        is_off_topic = question.answerability == "off_topic"
        yield JudgedReply(
            name=corpus.name,
            group=corpus.group(question),
            weight=_confidence_weight(corpus, question) if found != Signals() else 0.0,
            signals=found,
            confidence=reply.confidence,
            is_answerable=question.answerability == "answerable",
            is_answered=isinstance(reply, Answer),
            is_right=not is_off_topic and _is_right(question, reply),
            is_off_topic=is_off_topic,
            is_follow_up=bool(question.turns),
        )


def _is_right(question: Question, reply: Answer | NoAnswer) -> bool:
    (outcome,) = ask_each([question], lambda text, turns: reply)
    return outcome.is_right


def _confidence_weight(corpus: Corpus, question: Question) -> float:
    if question.turns:
        return 0.0
    return OFF_TOPIC_WEIGHT if question.answerability == "off_topic" else CONFIDENCE_WEIGHTS[corpus.layout]
