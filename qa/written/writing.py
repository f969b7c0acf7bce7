"""Write an answer with a language model, and hold each sentence to the documents as it arrives."""

from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Protocol

from index.types import Hit, Passage
from qa.errors import WritingError
from qa.types import Answer, Citation, NoAnswer, Statement, Turn
from qa.written.checking import MAX_EVIDENCE, Check, check
from qa.written.connection import Chunk, Endpoint, Message
from qa.written.prompt import NO_ANSWER, messages
from qa.written.rewriting import Search, hits_to_write_from, rewrite
from qa.written.sentences import SentenceSplitter, WrittenSentence
from qa.written.sources import Sources, TextEncoder

PASSAGES = 10
MAX_SOURCE_CHARACTERS = 16_000  # about 4,000 tokens
MAX_STATEMENTS = 40
MAX_QUOTES = 50
MAX_CHARACTERS = 8_000

IsCurrent = Callable[[Passage], bool]


class Connecting(Protocol):
    """A connection to a language model."""

    endpoint: Endpoint

    def stream(self, messages: Sequence[Message], seconds: float | None = None) -> Generator[Chunk]: ...


class Writer:
    """Writes answers with a language model. With `is_strict`, only supported sentences are shown."""

    def __init__(self, connection: Connecting, encoder: Callable[[], TextEncoder], is_strict: bool = False) -> None:
        self._connection = connection
        self._encoder = encoder
        self._is_strict = is_strict

    @property
    def name(self) -> str:
        """The model and its host, as the reader sees them."""
        return self._connection.endpoint.name

    @property
    def is_strict(self) -> bool:
        """Whether sentences that are not supported are left out."""
        return self._is_strict

    def whole_question(self, question: str, turns: Sequence[Turn]) -> str:
        """Return a follow-up as a whole question, or "" if the language model cannot say it in time."""
        return rewrite(question, turns, self._connection)

    def write(
        self,
        reply: Answer | NoAnswer,
        turns: Sequence[Turn],
        k: int,
        is_current: IsCurrent,
        is_cancelled: Callable[[], bool] = lambda: False,
        search: Search | None = None,
    ) -> Iterator[Answer | NoAnswer]:
        """Yield the written answer after each sentence, and last as it stays. A `search` finds the parts of a question.

        If nothing can be written, or no sentence is supported, that is the quoted `reply` with a notice that says why.
        """
        hits = _within_context(hits_to_write_from(reply, search, PASSAGES)) if _is_to_question(reply) else []
        reply = _with_hits(reply, k)
        if not hits:
            yield reply
            return
        sources = Sources(hits, self._encoder())
        draft = _Draft(reply=reply, writer=self.name, is_strict=self._is_strict, is_current=is_current)
        asked = messages(reply.searched or reply.question, turns, sources)
        problem = ""
        with ThreadPoolExecutor(1) as thread:
            ready = thread.submit(sources.prepare)  # while the language model begins
            try:
                for sentence in self._sentences(asked, draft, is_cancelled):
                    ready.result()
                    draft.add(sentence, check(sentence.text, sources, sentence.cited))
                    if draft.statements:
                        yield draft.answer()
            except WritingError as error:
                problem = str(error)
        yield draft.finished(problem)

    def _sentences(
        self, asked: Sequence[Message], draft: "_Draft", is_cancelled: Callable[[], bool]
    ) -> Iterator[WrittenSentence]:
        splitter = SentenceSplitter()
        characters = 0
        with closing(self._connection.stream(asked)) as stream:
            for chunk in stream:
                draft.tokens += chunk.tokens
                characters += len(chunk.text)
                for sentence in splitter.feed(chunk.text):
                    if draft.declines(sentence):
                        return
                    yield sentence
                if characters > MAX_CHARACTERS or draft.is_full or is_cancelled():
                    break
        for sentence in splitter.close():
            if draft.declines(sentence):
                return
            yield sentence


@dataclass(slots=True, kw_only=True)
class _Draft:
    """The statements and quotes so far."""

    reply: Answer | NoAnswer
    writer: str
    is_strict: bool
    is_current: IsCurrent
    statements: list[Statement] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)
    checked: int = 0
    left_out: int = 0
    tokens: int = 0
    has_declined: bool = False

    @property
    def is_full(self) -> bool:
        """Whether the answer has as many sentences or quotes as the page shows."""
        return self.checked >= MAX_STATEMENTS or len(self.citations) > MAX_QUOTES - MAX_EVIDENCE

    def declines(self, sentence: WrittenSentence) -> bool:
        """Say whether a sentence means that the documents hold no answer."""
        self.has_declined = self.has_declined or sentence.text.upper().strip(" .!*") == NO_ANSWER
        return self.has_declined

    def add(self, sentence: WrittenSentence, checked: Check) -> None:
        """Add a sentence with the result of its check."""
        self.checked += 1
        if self.is_strict and checked.support != "supported":
            self.left_out += 1
            return
        numbers = () if checked.support == "unsupported" else tuple(self._cite(checked))
        self.scores.append(checked.score)
        missing = [sentence.text[start:end] for start, end in checked.missing]
        self.statements.append(
            Statement(
                text=sentence.text,
                support=checked.support,
                citations=numbers,
                missing=() if checked.support == "supported" else tuple(dict.fromkeys(missing)),
                contradicts=checked.contradicts if checked.support == "partly" else "",
            )
        )

    def _cite(self, checked: Check) -> Iterator[int]:
        """Yield the number of each sentence of the evidence; the same sentence has one number."""
        for one in sorted(checked.evidence, key=lambda one: one.number):
            passage = one.hit.passage
            known = next(
                (
                    cited.number
                    for cited in self.citations
                    if (cited.passage.path, cited.start, cited.end) == (passage.path, one.start, one.end)
                ),
                0,
            )
            if not known:
                known = len(self.citations) + 1
                self.citations.append(Citation.of(known, one.hit, one.start, one.end, self.is_current(passage)))
                self.hits.append(one.hit)
            yield known

    def answer(self) -> Answer:
        """Return the answer so far."""
        reply = self.reply
        hits = reply.hits if isinstance(reply, Answer) else reply.nearest
        return Answer(
            question=reply.question,
            citations=tuple(self.citations),
            confidence=sum(self.scores) / len(self.scores),
            hits=tuple(dict.fromkeys([*hits, *self.hits])),
            generation=reply.generation,
            searched=reply.searched,
            total_passages=reply.total_passages,
            follows=reply.follows,
            unknown=reply.unknown,
            scope=reply.scope,
            statements=tuple(self.statements),
            writer=self.writer,
        )

    def finished(self, problem: str) -> Answer | NoAnswer:
        """Return the written answer, or the quoted one if no sentence is supported, with a notice that says why."""
        if any(one.support != "unsupported" for one in self.statements):
            notices = [f"Written in part: {problem}" if problem else "", _left_out(self.left_out)]
            return replace(self.answer(), notice=_joined(notices), tokens=self.tokens)
        if problem:
            reason = problem
        elif self.has_declined:
            reason = f"{self.writer} found no answer in the passages."
        elif self.checked:
            reason = f"The documents support nothing that {self.writer} wrote."
        else:
            reason = f"{self.writer} wrote nothing."
        return replace(self.reply, notice=_joined([self.reply.notice, f"Not written: {reason}"]))


def _joined(notices: Sequence[str]) -> str:
    return " ".join(filter(None, notices))


def _left_out(number: int) -> str:
    """Say how many sentences are not shown, "" if none is left out.

    >>> _left_out(1)
    '1 sentence is left out, since the documents do not support it.'
    """
    if not number:
        return ""
    return (
        "1 sentence is left out, since the documents do not support it."
        if number == 1
        else f"{number} sentences are left out, since the documents do not support them."
    )


def _within_context(hits: Sequence[Hit]) -> list[Hit]:
    """Return the first hits that fit the context."""
    chosen: list[Hit] = []
    characters = 0
    for hit in hits[:PASSAGES]:
        characters += len(hit.passage.text)
        if chosen and characters > MAX_SOURCE_CHARACTERS:
            break
        chosen.append(hit)
    return chosen


def _is_to_question(reply: Answer | NoAnswer) -> bool:
    """Say whether a reply is to a clear question, and not to a request such as "translate this"."""
    if isinstance(reply, Answer):
        return reply.kind == "answer"
    return reply.kind == "none" and not reply.message and not reply.clarifications


def _with_hits(reply: Answer | NoAnswer, k: int) -> Answer | NoAnswer:
    """Return a reply with the first `k` hits."""
    if isinstance(reply, Answer):
        return replace(reply, hits=reply.hits[:k])
    return replace(reply, nearest=reply.nearest[:k])
