"""Where questions are answered from a library: the answers, whether they still hold, and what may be asked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from index.errors import FootnoteError
from index.types import ContextText, Passage, SearchResult
from qa.answer.clarification import name_of
from qa.answer.pipeline import answer
from qa.answer.suggestions import SURE, question_about, question_of, suggest
from qa.evaluation.dataset import read_lines
from qa.evaluation.run import DEPTH, Evaluation, Progress, evaluate
from qa.question_log import Changed, asked, changes, remember
from qa.types import Answer, Exchange, NoAnswer, Turn, as_turn

LONGEST_QUESTION = 2_000
MOST_ASKED_AGAIN = 100
MOST_EXAMPLES = 4
MOST_TRIED = 24


class Library(Protocol):
    """What the service needs of a folder and its index."""

    index: Path

    def search(self, question: str, k: int, context: Sequence[ContextText] = ()) -> SearchResult: ...
    def similarities(self, question: str, texts: Sequence[str]) -> Sequence[float]: ...
    def still_says(self, path: str, quote: str) -> bool: ...
    def sample(self, most: int) -> list[Passage]: ...


class QAService:
    """Answers questions from a library; what was asked is kept beside its index, if that is wanted."""

    def __init__(self, library: Library, keeps_questions: bool = True) -> None:
        self.changed: tuple[Changed, ...] = ()
        self._library = library
        self._keeps_questions = keeps_questions

    def ask(self, question: str, turns: Sequence[Turn] = ()) -> Answer | NoAnswer:
        """The answer from the last whole index, to a question asked after some turns.

        Raises:
            FootnoteError: there is no index yet, or it cannot be opened.
        """
        question = question.strip()[:LONGEST_QUESTION]
        reply = answer(question, self._library, is_current=self._is_current, turns=turns)
        if self._keeps_questions:
            remember(self._library.index, reply)
        self.changed = tuple(change for change in self.changed if change.question != question)
        return reply

    def exchange(self, question: str, earlier: Iterable[Exchange] = ()) -> Exchange:
        """A question, asked after others, with its answer, or with the problem that kept it from being answered."""
        try:
            return Exchange(question, self.ask(question, _turns(earlier)))
        except FootnoteError as error:
            return Exchange(question, problem=str(error))

    def suggestions(self, exchanges: Sequence[Exchange]) -> tuple[str, ...]:
        """What may be asked next: questions that are answered, near what was cited last."""
        last = exchanges[-1].reply if exchanges else None
        return suggest(last, _turns(exchanges[:-1]), self._library) if isinstance(last, Answer) else ()

    def evaluate(self, file: Path) -> Iterator[Progress | Evaluation]:
        """How far the evaluation of a file of questions is and, last, what came of it.

        Raises:
            FootnoteError: the file or the index cannot be read.
        """

        def ask(question: str, turns: Sequence[Turn]) -> Answer | NoAnswer:
            return answer(question, self._library, DEPTH, threshold=0.0, turns=turns)

        yield from evaluate(read_lines(file), ask)

    def checked(self, turns: Iterable[Exchange]) -> list[Exchange]:
        """The same turns, each quote marked that its document does not hold any longer."""
        return [replace(turn, reply=self._checked(turn.reply)) if turn.reply else turn for turn in turns]

    def examples(self) -> list[str]:
        """Questions to start from, made of passages here and there, each of which is answered by its passage."""
        found: list[str] = []
        for passage in self._library.sample(MOST_TRIED):
            for question in _questions(passage):
                reply = answer(question, self._library)
                if isinstance(reply, Answer) and reply.confidence >= SURE and reply.citations[0].passage == passage:
                    found.append(question)
                    break
            if len(found) == MOST_EXAMPLES:
                break
        return found

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

    def note_changes(self) -> None:
        """Ask again what was asked last, so that the page can show which answers are different now."""
        last = asked(self._library.index)[-MOST_ASKED_AGAIN:]
        self.changed = tuple(changes(last, lambda question: answer(question, self._library)))


def _turns(exchanges: Iterable[Exchange]) -> list[Turn]:
    return [as_turn(exchange.reply) for exchange in exchanges if exchange.reply]


def _questions(passage: Passage) -> Iterator[str]:
    """Questions that a passage answers, about its sentences first and then about its section."""
    for start, end in passage.sentences:
        if question := question_of(" ".join(passage.quote(start, end).split()), passage.text):
            yield question
    if passage.section and (question := question_about(name_of(passage), passage.text)):
        yield question
