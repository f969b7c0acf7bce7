"""Reply to whatever is asked: a request of some kind, or a question, of all documents or some of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from typing import Protocol

from index.types import ContextText, Document, FolderContents, Passage, SearchResult
from qa.answer.catalogue import Catalogue
from qa.answer.confidence import THRESHOLD, threshold_for
from qa.answer.date_limits import wrong_option
from qa.answer.dates import period_of_name
from qa.answer.extremes import TABLES, asks_for_extreme, find_extreme, quotes_of
from qa.answer.folder import Folder, Vectors, cite
from qa.answer.followup import resolve_wording
from qa.answer.pipeline import PASSAGES, answer
from qa.answer.question_language import is_other_language, language_notice
from qa.answer.requests import is_small_talk, recognise
from qa.answer.respond import CANNOT, FIGURES, respond
from qa.answer.scope import Scope, find_scope
from qa.types import Answer, NoAnswer, Turn

Paths = frozenset[str] | None


class SearchableFolder(Folder, Protocol):
    """A folder of documents that can compare texts too."""

    def similarities(self, question: str, texts: Sequence[str]) -> Sequence[float]: ...


@dataclass(frozen=True)
class LimitedFolder:
    """Some documents of a folder with the contents `whole`, or all if `paths` is None."""

    folder: SearchableFolder
    whole: FolderContents
    paths: Paths
    corrects_spelling: bool = True

    def search(
        self,
        question: str,
        k: int,
        context: Sequence[ContextText] = (),
        only: Paths = None,
        corrects_spelling: bool = True,
    ) -> SearchResult:
        """Search the documents, or those of them that are in `only`."""
        return self.folder.search(
            question, k, context, self.within(only).paths, corrects_spelling and self.corrects_spelling
        )

    def within(self, paths: Paths) -> "LimitedFolder":
        """Return those of the documents that are in `paths`."""
        both = self.paths if paths is None else paths if self.paths is None else paths & self.paths
        return self if both == self.paths else replace(self, paths=None if self._is_all(both) else both)

    def _is_all(self, paths: Paths) -> bool:
        return paths is None or len(paths) == len(self.whole.titles)

    def contents(self) -> FolderContents:
        """Return the titles of the documents by path."""
        return self._contents

    @cached_property
    def _contents(self) -> FolderContents:
        if self.paths is None:
            return self.whole
        titles = {path: self.whole.titles[path] for path in self.paths if path in self.whole.titles}
        return replace(self.whole, titles=dict(sorted(titles.items())))

    def similarities(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """Return the cosine similarity of a question to each text."""
        return self.folder.similarities(question, texts)

    def still_says(self, path: str, quote: str) -> bool:
        """Check whether a document still has a quote in it."""
        return self.folder.still_says(path, quote)

    def document(self, path: str) -> Document | None:
        """Return a document as it was indexed, or None."""
        return self.folder.document(path)

    def passages_of(self, path: str) -> list[tuple[Passage, Vectors]]:
        """Return the passages of a document in order, with their vectors."""
        return self.folder.passages_of(path)


def reply_to(
    question: str,
    folder: SearchableFolder,
    *,
    turns: Sequence[Turn] = (),
    k: int = PASSAGES,
    threshold: float = THRESHOLD,
    paths: Paths = None,
    corrects_spelling: bool = True,
    finds_scope: bool = True,
) -> Answer | NoAnswer:
    """Reply to a question that was asked after some turns, from the documents `paths` or all.

    What the question itself names limits it further if it `finds_scope`. A follow-up is limited like the question that
    it follows. The spelling of a question in another language than the documents is not corrected.
    """
    whole = folder.contents()
    languages = whole.languages
    limited = LimitedFolder(folder, whole, paths, corrects_spelling and not is_other_language(question, languages))
    reply = _reply(question, limited, turns=turns, k=k, threshold=threshold, finds_scope=finds_scope)
    dated = [replace(cited, date=_date_of(cited.passage.path, whole)) for cited in reply.citations]
    reply = replace(reply, citations=tuple(dated))
    if isinstance(reply, Answer) or reply.kind != "none" or reply.message or reply.notice:
        return reply
    hits = limited.search(question, PASSAGES).hits if reply.follows else reply.nearest
    return replace(reply, notice=language_notice(question, languages, hits))


def _date_of(path: str, contents: FolderContents) -> str:
    """Return the day in the name of a document, or else the date that it has."""
    named = period_of_name(path.rpartition("/")[2])
    return named.first if named and named.first == named.last else contents.dates.get(path, "")


def _reply(
    question: str, limited: LimitedFolder, *, turns: Sequence[Turn], k: int, threshold: float, finds_scope: bool
) -> Answer | NoAnswer:
    if written := wrong_option(question, date.today()):
        return NoAnswer(question=question, message=f"“{written}” is not a date: write 2024, 2024-03 or 2024-03-31.")
    catalogue = Catalogue.of(limited.contents())
    turns = [turn for turn in turns if not is_small_talk(turn.question)]
    asking = _Asking(folder=limited, turns=turns, k=k, threshold=threshold)
    scope = find_scope(question, catalogue) if finds_scope else None
    ways: list[Callable[[], Answer | NoAnswer | None]] = [
        partial(asking.requested, question, catalogue),
        partial(_again, question, limited, catalogue, turns),
    ]
    if scope:
        ways.insert(0 if scope.is_period else len(ways), partial(asking.within, scope, question))
    for way in ways:
        if reply := way():
            return reply
    return asking.as_asked(question, catalogue if finds_scope else None)


def _again(
    question: str, folder: LimitedFolder, catalogue: Catalogue, turns: Sequence[Turn]
) -> Answer | NoAnswer | None:
    """Reply to "tell me more" and "where does it say that?" after a request, or return None."""
    asked = resolve_wording(question, turns)
    request = recognise(asked.question) if asked.follows and asked.question != question else None
    if request is None or request.kind not in ("overview", "place", "documents"):
        return None
    quoted = [place for turn in asked.quoted_turns for place in turn.places]
    reply = respond(request, question, folder, catalogue, asked.turns[::-1], quoted)
    return reply and replace(reply, follows=asked.follows)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """How a question is asked."""

    folder: LimitedFolder
    turns: Sequence[Turn]
    k: int
    threshold: float

    def answer(self, question: str, paths: Paths) -> Answer | NoAnswer:
        limited = self.folder.within(paths)
        return answer(question, limited, self.k, self._is_current, self.threshold, self.turns)

    def as_asked(self, question: str, catalogue: Catalogue | None) -> Answer | NoAnswer:
        """Answer a question from all documents, or from those that the question names that it follows."""
        reply = self.answer(question, None)
        if extreme := self.extreme(question, reply):
            return extreme
        earlier = find_scope(reply.follows, catalogue) if reply.follows and catalogue else None
        if earlier and (limited := self.within(replace(earlier, question=question), question)):
            return limited
        return reply

    def extreme(self, question: str, reply: Answer | NoAnswer) -> Answer | None:
        """Quote the rows with the highest or lowest value, if a question asks for them and a table is found first."""
        if not asks_for_extreme(question):
            return None
        hits = reply.hits if isinstance(reply, Answer) else reply.nearest
        paths = dict.fromkeys(hit.passage.path for hit in hits[:TABLES])
        documents = {path: document for path in paths if (document := self.folder.document(path))}
        is_answered = isinstance(reply, Answer)
        found = find_extreme(reply.searched or question, hits, documents, is_answered=is_answered)
        if found is None:
            return None
        return Answer(
            question=question,
            citations=cite(self.folder, quotes_of(self.folder, found)),
            confidence=max(reply.confidence, self.threshold),
            hits=hits,
            generation=reply.generation,
            searched=reply.searched,
            total_passages=reply.total_passages,
            message=found.message,
        )

    def requested(self, question: str, catalogue: Catalogue) -> Answer | NoAnswer | None:
        """Reply to a request. Return None if a question is none."""
        request = recognise(question)
        if request is None:
            return None
        if request.kind == "cannot" and request.topic:
            return self.figures(request.topic, question)
        reply = respond(request, question, self.folder, catalogue, self.turns)
        if reply is None and request.kind == "overview" and request.document and not request.is_uncertain:
            return self.about(request.document, question)
        return reply

    def figures(self, topic: str, question: str) -> Answer | NoAnswer:
        """Quote the passages with the figures that somebody wants to add up."""
        reply = self.answer(topic, None)
        if isinstance(reply, NoAnswer) and not reply.citations:
            return NoAnswer(question=question, message=CANNOT["add"], generation=reply.generation)
        return replace(reply, question=question, searched="", message=FIGURES)

    def about(self, name: str, question: str) -> Answer | NoAnswer:
        """Answer about the topic of an overview, since no document is called so."""
        reply = self.answer(name, None)
        if isinstance(reply, Answer):
            return replace(reply, question=question, searched="")
        return NoAnswer(question=question, message=f"No document is called “{name}”.", generation=reply.generation)

    def within(self, scope: Scope, question: str) -> Answer | NoAnswer | None:
        """Reply from the documents of a scope. Return None if they do not answer and the scope is not certain."""
        if not scope.paths:
            return NoAnswer(question=question, message=f"There are no {scope.name}.", scope=scope.name)
        limited = self.folder.within(scope.paths)
        request = recognise(scope.question)
        catalogue = Catalogue.of(limited.contents())
        reply = respond(request, question, limited, catalogue, self.turns) if request else None
        reply = reply or self.answer(scope.question, scope.paths)
        if reply.confidence < threshold_for(reply.follows) and not scope.is_certain:
            return None
        searched = "" if reply.searched == scope.question else reply.searched
        return replace(reply, question=question, searched=searched, scope=scope.name)

    def _is_current(self, passage: Passage) -> bool:
        return self.folder.still_says(passage.path, passage.text)
