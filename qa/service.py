"""Answer questions from a library: one path for the page, the API and the command line."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from index.errors import FootnoteError
from index.types import ContextText, Passage, SearchResult
from qa.answer.clarification import name_of
from qa.answer.pipeline import PASSAGES, answer
from qa.answer.suggestions import SURE, question_about, question_of, suggest
from qa.errors import UsageError
from qa.evaluation.dataset import read_questions
from qa.evaluation.metrics import DEPTH
from qa.evaluation.run import evaluate
from qa.evaluation.types import Evaluation, Progress
from qa.question_log import AnswerChange, QuestionLog, diff
from qa.types import Answer, Exchange, NoAnswer, Turn

MAX_QUESTION_CHARACTERS = 10_000
MAX_NOTED_QUESTIONS = 100
MAX_EXAMPLES = 4
MAX_EXAMPLE_PASSAGES = 24


class Library(Protocol):
    """What the service needs of a folder and its index."""

    @property
    def index(self) -> Path: ...
    def search(self, question: str, k: int, context: Sequence[ContextText] = ()) -> SearchResult: ...
    def similarities(self, question: str, texts: Sequence[str]) -> Sequence[float]: ...
    def still_says(self, path: str, quote: str) -> bool: ...
    def sample(self, most: int) -> list[Passage]: ...


class QAService:
    """Answers questions from a library. It logs them beside the index, unless `keeps_history` is False."""

    def __init__(self, library: Library, keeps_history: bool = True) -> None:
        self.changed: tuple[AnswerChange, ...] = ()
        self._library = library
        self._log = QuestionLog(library.index)
        self._keeps_history = keeps_history

    def ask(self, question: str, turns: Sequence[Turn] = (), k: int = PASSAGES) -> Answer | NoAnswer:
        """Answer a question that was asked after some turns. The reply lists `k` hits.

        Raises:
            FootnoteError: there is no index yet, it cannot be opened, or the question is too long.
        """
        question = question.strip()
        if len(question) > MAX_QUESTION_CHARACTERS:
            limit = f"ask with at most {MAX_QUESTION_CHARACTERS:,}"
            raise UsageError(f"The question has {len(question):,} characters: {limit}.")
        reply = answer(question, self._library, k, self._is_current, turns=turns)
        if self._keeps_history:
            self._log.append(reply)
        self.changed = tuple(change for change in self.changed if change.question != question)
        return reply

    def ask_at_any_confidence(self, question: str, turns: Sequence[Turn] = ()) -> Answer | NoAnswer:
        """Answer a question even if the confidence is low, for evaluation. Nothing is logged."""
        return answer(question, self._library, DEPTH, threshold=0.0, turns=turns)

    def exchange(self, question: str, turns: Sequence[Turn] = ()) -> Exchange:
        """Ask a question after some turns; return it with its reply or with the problem that prevented one."""
        try:
            return Exchange(question, self.ask(question, turns))
        except FootnoteError as error:
            return Exchange(question, problem=str(error))

    def suggestions(self, reply: Answer, turns: Sequence[Turn] = ()) -> tuple[str, ...]:
        """Suggest questions that the documents answer, near what a reply cites. `turns` are those before it."""
        return suggest(reply, turns, self._library)

    def evaluate(self, file: Path) -> Iterator[Progress | Evaluation]:
        """Ask a file of questions; yield the progress and, last, the evaluation.

        Raises:
            FootnoteError: the file or the index cannot be read.
        """
        yield from evaluate(read_questions(file), self.ask_at_any_confidence)

    def checked(self, exchanges: Iterable[Exchange]) -> list[Exchange]:
        """Mark the quotes that their documents no longer hold."""
        return [replace(one, reply=self._checked(one.reply)) if one.reply else one for one in exchanges]

    def examples(self) -> list[str]:
        """Suggest questions to begin with, made of passages across the folder, each answered by its passage."""
        found: list[str] = []
        for passage in self._library.sample(MAX_EXAMPLE_PASSAGES):
            for question in _questions(passage):
                reply = answer(question, self._library)
                if isinstance(reply, Answer) and reply.confidence >= SURE and reply.citations[0].passage == passage:
                    found.append(question)
                    break
            if len(found) == MAX_EXAMPLES:
                break
        return found

    def changes(self, last: int | None = None) -> list[AnswerChange]:
        """Ask the logged questions again, or the `last` of them, and return those answered by other quotes now."""
        known = self._log.entries()
        return diff(known[-last:] if last else known, lambda question: answer(question, self._library))

    def note_changes(self) -> None:
        """Find the last questions whose answers have changed, for the page to show."""
        self.changed = tuple(self.changes(MAX_NOTED_QUESTIONS))

    def _checked(self, reply: Answer | NoAnswer) -> Answer | NoAnswer:
        if isinstance(reply, NoAnswer):
            return reply
        citations = tuple(
            replace(cited, is_current=self._library.still_says(cited.passage.path, cited.quote))
            for cited in reply.citations
        )
        return replace(reply, citations=citations)

    def _is_current(self, passage: Passage) -> bool:
        return self._library.still_says(passage.path, passage.text)


def _questions(passage: Passage) -> Iterator[str]:
    """Yield questions that a passage answers, about its sentences first and then about its section."""
    for start, end in passage.sentences:
        if question := question_of(" ".join(passage.quote(start, end).split()), passage.text):
            yield question
    if passage.section and (question := question_about(name_of(passage), passage.text)):
        yield question
