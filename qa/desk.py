"""Where questions are answered from a library: the answers, whether they still hold, and what may be asked."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from index.errors import FootnoteError
from index.types import Found, Passage
from qa.answering import answer
from qa.asked import Changed, asked, changes, remember
from qa.kept import Turn
from qa.types import Answer, NoAnswer

LONGEST_QUESTION = 2_000
MOST_ASKED_AGAIN = 100


class Library(Protocol):
    """What a desk needs of a folder and its index."""

    index: Path

    def search(self, question: str, k: int) -> Found: ...
    def still_says(self, path: str, quote: str) -> bool: ...
    def sections(self) -> list[str]: ...


class Desk:
    """Answers questions from a library; what was asked is kept beside its index, if that is wanted."""

    def __init__(self, library: Library, keeps_questions: bool = True) -> None:
        self.changed: tuple[Changed, ...] = ()
        self._library = library
        self._keeps_questions = keeps_questions

    def ask(self, question: str) -> Answer | NoAnswer:
        """The answer from the last whole index.

        Raises:
            FootnoteError: there is no index yet, or it cannot be opened.
        """
        question = question.strip()[:LONGEST_QUESTION]
        reply = answer(question, self._library, is_current=self._is_current)
        if self._keeps_questions:
            remember(self._library.index, reply)
        self.changed = tuple(change for change in self.changed if change.question != question)
        return reply

    def turn(self, question: str) -> Turn:
        """A question with its answer, or with the problem that kept it from being answered."""
        try:
            return Turn(question, self.ask(question))
        except FootnoteError as error:
            return Turn(question, problem=str(error))

    def checked(self, turns: Iterable[Turn]) -> list[Turn]:
        """The same turns, each quote marked that its document does not hold any longer."""
        return [replace(turn, reply=self._checked(turn.reply)) if turn.reply else turn for turn in turns]

    def examples(self) -> list[str]:
        """Questions to start from: about the sections, those that the documents do answer."""
        sections = list(dict.fromkeys(heading for heading in self._library.sections() if len(heading) < 80))
        about = [f"What do the documents say about {name}?" for name in sections[:: max(1, len(sections) // 8)][:8]]
        return [question for question in about if isinstance(answer(question, self._library), Answer)][:4]

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
