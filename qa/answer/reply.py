"""Reply to whatever is asked: a request of some kind, or a question, of all documents or some of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from index.types import ContextText, Document, FolderContents, Passage, SearchResult
from qa.answer.catalogue import Catalogue
from qa.answer.confidence import THRESHOLD, threshold_for
from qa.answer.folder import Folder, Vectors
from qa.answer.followup import resolve_wording
from qa.answer.pipeline import PASSAGES, answer
from qa.answer.requests import is_small_talk, recognise
from qa.answer.respond import respond
from qa.answer.scope import Scope, find_scope
from qa.types import Answer, NoAnswer, Turn

Paths = frozenset[str] | None


class SearchableFolder(Folder, Protocol):
    """A folder of documents that can compare texts too."""

    def similarities(self, question: str, texts: Sequence[str]) -> Sequence[float]: ...


@dataclass(frozen=True)
class LimitedFolder:
    """Some documents of a folder, or all if `paths` is None."""

    folder: SearchableFolder
    paths: Paths

    def search(self, question: str, k: int, context: Sequence[ContextText] = (), only: Paths = None) -> SearchResult:
        """Search the documents, or those of them that are in `only`."""
        both = self.paths if only is None else only if self.paths is None else only & self.paths
        return self.folder.search(question, k, context, both)

    def contents(self) -> FolderContents:
        """Return the titles of the documents by path."""
        whole = self.folder.contents()
        if self.paths is None:
            return whole
        return replace(whole, titles={path: title for path, title in whole.titles.items() if path in self.paths})

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
) -> Answer | NoAnswer:
    """Reply to a question that was asked after some turns, from the documents `paths` or all.

    What the question itself names limits it further. A follow-up is limited like the question that it follows.
    """
    limited = LimitedFolder(folder, paths)
    catalogue = Catalogue(limited.contents().titles)
    turns = [turn for turn in turns if not is_small_talk(turn.question)]
    request = recognise(question)
    if request and (reply := respond(request, question, limited, catalogue, turns)):
        return reply
    if reply := _again(question, limited, catalogue, turns):
        return reply
    asking = _Asking(folder=folder, turns=turns, k=k, threshold=threshold)
    scope = find_scope(question, catalogue)
    if scope and (reply := asking.within(scope, question)):
        return reply
    reply = asking.answer(question, paths)
    earlier = find_scope(reply.follows, catalogue) if reply.follows else None
    return (earlier and asking.within(replace(earlier, question=question), question)) or reply


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

    folder: SearchableFolder
    turns: Sequence[Turn]
    k: int
    threshold: float

    def answer(self, question: str, paths: Paths) -> Answer | NoAnswer:
        limited = LimitedFolder(self.folder, paths)
        return answer(question, limited, self.k, self._is_current, self.threshold, self.turns)

    def within(self, scope: Scope, question: str) -> Answer | NoAnswer | None:
        """Reply from the documents of a scope. Return None if they do not answer and the scope is not certain."""
        limited = LimitedFolder(self.folder, scope.paths)
        request = recognise(scope.question)
        catalogue = Catalogue(limited.contents().titles)
        reply = respond(request, question, limited, catalogue, self.turns) if request else None
        reply = reply or self.answer(scope.question, scope.paths)
        if reply.confidence < threshold_for(reply.follows) and not scope.is_certain:
            return None
        searched = "" if reply.searched == scope.question else reply.searched
        return replace(reply, question=question, searched=searched, scope=scope.name)

    def _is_current(self, passage: Passage) -> bool:
        return self.folder.still_says(passage.path, passage.text)
