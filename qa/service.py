"""Answer questions from a library: one path for the page, the API and the command line."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Protocol

from index.errors import FootnoteError
from index.types import FolderContents, Passage
from qa.answer.catalogue import Catalogue
from qa.answer.confidence import THRESHOLD
from qa.answer.examples import find_examples
from qa.answer.pipeline import PASSAGES
from qa.answer.reply import SearchableFolder, reply_to
from qa.answer.scope import selected
from qa.answer.small_talk import small_talk
from qa.answer.suggestions import suggest
from qa.errors import UsageError
from qa.evaluation.dataset import read_questions
from qa.evaluation.metrics import DEPTH
from qa.evaluation.run import evaluate
from qa.evaluation.types import Evaluation, Progress
from qa.question_log import AnswerChange, QuestionLog, diff
from qa.receipt import Receipt, make_receipt
from qa.types import Answer, Exchange, NoAnswer, Turn
from qa.version import installed_version
from qa.written.connection import Connection, Endpoint
from qa.written.rewriting import Search, is_rewritable
from qa.written.sources import TextEncoder
from qa.written.writing import PASSAGES as WRITTEN_PASSAGES
from qa.written.writing import Writer

MAX_QUESTION_CHARACTERS = 10_000
NO_WORDS = "There are no words in this question. Ask about something that the documents may say."
MAX_NOTED_QUESTIONS = 100
MAX_NAMED_PATTERNS = 5
MAX_STARTERS = 3  # questions in the reply to a greeting
MAX_EXAMPLE_PASSAGES = 600
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_WORD = re.compile(r"[^\W_]")


class Library(SearchableFolder, Protocol):
    """What the service needs of a folder and its index."""

    @property
    def folder(self) -> Path: ...
    @property
    def encoder(self) -> TextEncoder: ...
    def sample(self, count: int) -> list[Passage]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AskOptions:
    """How to answer a question.

    The reply lists `k` hits. `only` are patterns of the documents to search, all if there are none. What the question
    names limits it further if it `finds_scope`. Without `is_written`, the answer is quoted even if a language model is
    connected.
    """

    k: int = PASSAGES
    only: Sequence[str] = ()
    is_written: bool = True
    corrects_spelling: bool = True
    finds_scope: bool = True


_USUAL = AskOptions()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Examples:
    """Questions to begin with, found for one generation of the index."""

    generation: int
    questions: list[str]


class QAService:
    """Answers questions from a library. It logs them beside the index, unless `keeps_history` is False.

    With an `endpoint`, a language model writes the answers, and with `is_strict` only supported sentences are shown.
    """

    def __init__(
        self,
        library: Library,
        keeps_history: bool = True,
        endpoint: Endpoint | None = None,
        is_strict: bool = False,
    ) -> None:
        self.writer = Writer(Connection(endpoint), lambda: library.encoder, is_strict) if endpoint else None
        self.changed: tuple[AnswerChange, ...] = ()
        self._library = library
        self._log = QuestionLog(library.folder)
        self._keeps_history = keeps_history
        self._examples: _Examples | None = None

    def ask(
        self,
        question: str,
        turns: Sequence[Turn] = (),
        options: AskOptions = _USUAL,
    ) -> Answer | NoAnswer:
        """Answer a question that was asked after some turns.

        Raises:
            FootnoteError: there is no index yet, it cannot be opened, or the question is too long.
        """
        *_, reply = self.answers(question, turns, options)
        return reply

    def answers(
        self,
        question: str,
        turns: Sequence[Turn] = (),
        options: AskOptions = _USUAL,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> Iterator[Answer | NoAnswer]:
        """Yield a written answer after each sentence, and last as it stays; a quoted one at once.

        The language model stops if it `is_cancelled`.

        Raises:
            FootnoteError: see `ask`.
        """
        question = _LONE_SURROGATE.sub("\ufffd", question.strip())
        if len(question) > MAX_QUESTION_CHARACTERS:
            limit = f"ask with at most {MAX_QUESTION_CHARACTERS:,}"
            raise UsageError(f"The question has {len(question):,} characters: {limit}.")
        writer = self.writer if options.is_written else None
        wide = replace(options, k=max(options.k, WRITTEN_PASSAGES)) if writer else options
        reply = self._reply(question, turns, wide)
        if self._keeps_history and reply.kind != "greeting":
            self._log.append(reply)
        self.changed = tuple(change for change in self.changed if change.question != question)
        if writer is None:
            yield reply
            return
        search = None
        if options.only or not reply.scope:  # it is not limited to what the question or an earlier one names
            search = self._searching(options.only)
            if options.corrects_spelling:
                reply = self._rewritten(reply, turns, AskOptions(k=wide.k, only=options.only))
        yield from writer.write(reply, turns, options.k, self._is_current, is_cancelled, search)

    def _searching(self, only: Sequence[str]) -> Search:
        """Return the search of the documents that patterns select, of all if there are none."""
        paths = _selected(only, self._library.contents()) if only else None
        return partial(self._library.search, only=paths)

    def _rewritten(self, reply: Answer | NoAnswer, turns: Sequence[Turn], options: AskOptions) -> Answer | NoAnswer:
        """Reply to a follow-up as the whole question that it is rewritten into, unless that finds less."""
        if self.writer is None or not is_rewritable(reply):
            return reply
        whole = self.writer.whole_question(reply.question, turns)
        found = self._reply(whole, (), options) if whole else reply
        if not whole or (isinstance(found, NoAnswer) and isinstance(reply, Answer)):
            return reply
        return replace(found, question=reply.question, searched=whole, follows=reply.follows)

    def _is_current(self, passage: Passage) -> bool:
        return self._library.still_says(passage.path, passage.text)

    def ask_at_any_confidence(self, question: str, turns: Sequence[Turn] = ()) -> Answer | NoAnswer:
        """Answer a question even if the confidence is low, for evaluation. Nothing is logged."""
        return self._reply(question, turns, AskOptions(k=DEPTH), threshold=0.0)

    def receipt(self, reply: Answer | NoAnswer) -> Receipt:
        """Make the receipt of a reply.

        Raises:
            ReceiptError: the index was built again since, and a document that is quoted has changed.
        """
        return make_receipt(reply, self._library.document, self._library.encoder.name, installed_version())

    def exchange(
        self,
        question: str,
        turns: Sequence[Turn] = (),
        options: AskOptions = _USUAL,
    ) -> Exchange:
        """Ask a question after some turns; return it with its reply or with the problem that prevented one."""
        try:
            return Exchange(question, self.ask(question, turns, options))
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
        generation = self._library.contents().generation
        if self._examples is None or self._examples.generation != generation:
            found = find_examples(self._library.sample(MAX_EXAMPLE_PASSAGES), self._library)
            self._examples = _Examples(generation=generation, questions=found)
        return self._examples.questions

    def changes(self, last: int | None = None) -> list[AnswerChange]:
        """Ask the logged questions again, or the `last` of them, and return those answered by other quotes now."""
        known = self._log.entries()
        return diff(known[-last:] if last else known, lambda question: self._reply(question, ()))

    def note_changes(self) -> None:
        """Find the last questions whose answers have changed, for the page to show."""
        self.changed = tuple(self.changes(MAX_NOTED_QUESTIONS))

    def _reply(
        self,
        question: str,
        turns: Sequence[Turn],
        options: AskOptions = _USUAL,
        threshold: float = THRESHOLD,
    ) -> Answer | NoAnswer:
        """Reply to whatever is asked. A greeting and help come with questions to begin with."""
        if not _WORD.search(question):
            return NoAnswer(question=question, message=NO_WORDS)
        paths = _selected(options.only, self._library.contents()) if options.only else None
        reply = reply_to(
            question,
            self._library,
            turns=turns,
            k=options.k,
            threshold=threshold,
            paths=paths,
            corrects_spelling=options.corrects_spelling,
            finds_scope=options.finds_scope,
        )
        is_opening = reply.kind == "greeting" and small_talk(question) not in ("thanks", "farewell")
        if isinstance(reply, NoAnswer) and is_opening:
            reply = replace(reply, clarifications=tuple(self.examples()[:MAX_STARTERS]))
        return replace(reply, scope=reply.scope or _named(options.only))

    def _checked(self, reply: Answer | NoAnswer) -> Answer | NoAnswer:
        if isinstance(reply, NoAnswer):
            return reply
        citations = tuple(
            replace(cited, is_current=self._library.still_says(cited.passage.path, cited.quote))
            for cited in reply.citations
        )
        return replace(reply, citations=citations)


def _selected(patterns: Sequence[str], contents: FolderContents) -> frozenset[str]:
    """Return the documents that patterns select.

    Raises:
        UsageError: they select none.
    """
    found = selected(patterns, Catalogue.of(contents))
    if not found:
        named = ", ".join(patterns).strip() or "an empty name"
        raise UsageError(f"No document matches {named}: name a document, a folder/ or a pattern like *.pdf.")
    return found


def _named(patterns: Sequence[str]) -> str:
    """Name some patterns, and how many more there are."""
    more = len(patterns) - MAX_NAMED_PATTERNS
    return ", ".join([*patterns[:MAX_NAMED_PATTERNS], *([f"{more} more"] if more > 0 else [])])
