"""Event handlers of the Ask tab and the header. Stateless: the browser saves the conversation and sends it each time.

Each handler returns the components that it changes, with their new values.
"""

import time
from collections.abc import Sequence
from typing import Any

import gradio as gr

from index.errors import FootnoteError
from index.types import Document, Span
from qa.formatting import count
from qa.service import MAX_QUESTION_CHARACTERS, QAService
from qa.types import Exchange
from qa.web import session
from qa.web.chat_view import all_evidence_html, announcement, archive_html, chat_html, suggestions_html, welcome_html
from qa.web.components import Components
from qa.web.document_view import GONE, document_html, find_quote, picture_html
from qa.web.html import paragraph
from qa.web.library import Difference, Library, LibraryStatus
from qa.web.library_view import Status, status_html, summary_text

MAX_ARCHIVED = 20
MAX_PATH = 4_096

Updates = dict[Any, Any]  # Gradio's components, each with its new value
Saved = Sequence[Any] | None  # a conversation as the browser sends it, not validated yet


class Handlers:
    """What each event of the Ask tab and the header does."""

    def __init__(self, components: Components, library: Library, service: QAService, may_change: bool) -> None:
        self._tab = components.ask
        self._header = components.header
        self._tabs = components.tabs
        self._watching = components.library.watching
        self._library = library
        self._service = service
        self._may_change = may_change

    def ask(self, question: str, saved: Saved) -> Updates:
        """Answer a question and empty the box."""
        if not question.strip():
            return {self._tab.question: gr.skip()}
        return {self._tab.question: ""} | self._ask(question, session.validate(saved))

    def act(self, event: gr.EventData, saved: Saved) -> Updates:
        """Ask what a button in the chat says: an example, or a turn again, edited or standalone.

        The turns after one that is asked again are dropped.
        """
        data, turns = event._data, session.validate(saved)
        number = int(data.get("turn", len(turns)))
        question = str(data.get("question") or (turns[number]["question"] if number < len(turns) else ""))
        return self._ask(question, turns[:number], standalone=data["action"] == "standalone")

    def suggest(self, saved: Saved) -> Updates:
        """Show related questions."""
        try:
            return {self._tab.suggestions: suggestions_html(self._service.suggestions(session.load(saved)))}
        except FootnoteError:
            return {self._tab.suggestions: ""}

    def load(self, saved: Saved, archive: Saved, request: gr.Request) -> Updates:
        """Show the conversation that the browser saved, and ask the question in the page's address, if there is one."""
        question = str(request.query_params.get("q", "")).strip() if request else ""
        turns = session.validate(saved)
        is_new = question and not (turns and turns[-1]["question"] == question)
        return (
            (self._ask(question, turns) if is_new else self._conversation(turns))
            | self._archived(archive)
            | self._welcome()
            | {self._header.version: self._version()}
        )

    def recheck(self, saved: Saved) -> Updates:
        """Mark the quotes that their documents no longer contain; without a conversation, refresh the welcome."""
        if not saved:
            return self._welcome()
        shown = self._conversation(session.validate(saved))
        return {component: shown[component] for component in (self._tab.chat, self._tab.evidence)}

    def begin(self, saved: Saved, archive: Saved) -> Updates:
        """Start a new conversation and archive the current one."""
        turns = session.validate(saved)
        kept = [*(archive or []), *([turns] if turns else [])][-MAX_ARCHIVED:]
        return self._conversation([]) | self._archived(kept)

    def choose(self, event: gr.EventData, saved: Saved, archive: Saved) -> Updates:
        """Open a past conversation, delete it, or delete all."""
        action, number = event._data["action"], int(event._data.get("number", -1))
        turns, kept = session.validate(saved), list(archive or [])
        if action == "delete all":
            kept = []
        elif 0 <= number < len(kept):
            chosen = kept.pop(number)
            if action == "reopen":
                kept = [*kept, *([turns] if turns else [])][-MAX_ARCHIVED:]
                turns = session.validate(chosen)
        return self._conversation(turns) | self._archived(kept)

    def open_cited(self, event: gr.EventData) -> Updates:
        """Open the document behind a card at its quote."""
        data = event._data
        if data["action"] != "open":
            return {self._tab.document: gr.skip()}
        return self._open(str(data["document"]), str(data["quote"]), int(data["start"]))

    def open_listed(self, event: gr.EventData) -> Updates:
        """Open a document of the library's table from its beginning."""
        if event._data["action"] != "read":
            return {self._tab.document: gr.skip()}
        return {self._tabs: gr.Tabs(selected="ask")} | self._open(str(event._data["document"]), "", 0)

    def close_document(self) -> Updates:
        """Show the sources again."""
        return {self._tab.reader: gr.update(visible=False), self._tab.cards: gr.update(visible=True)}

    def refresh(self) -> Updates:
        """Update the header."""
        is_building = self._library.is_building
        return {
            self._header.status: self._status(),
            self._header.update: gr.update(visible=self._may_change and not is_building),
            self._header.cancel: gr.update(visible=self._may_change and is_building),
            self._header.version: self._version(),
            self._watching: self._library.watch.is_on,
        }

    def update(self) -> Updates:
        """Start a build."""
        if self._may_change:
            self._library.start_build()
        return self.refresh()

    def cancel(self) -> Updates:
        """Stop the running build."""
        if self._may_change:
            self._library.cancel_build()
        return self.refresh()

    def watch(self, is_wanted: bool) -> Updates:
        """Start or stop watching the folder."""
        if self._may_change:
            self._library.watch.turn(is_wanted)
        return self.refresh()

    def _ask(self, question: str, turns: list[dict[str, Any]], standalone: bool = False) -> Updates:
        earlier: list[Exchange] = [] if standalone else session.load(turns)
        exchange = self._service.exchange(question.strip()[:MAX_QUESTION_CHARACTERS], earlier)
        return self._conversation([*turns, session.dump(exchange)])

    def _conversation(self, turns: list[dict[str, Any]]) -> Updates:
        turns = session.validate(turns)
        shown = self._service.checked(session.load(turns))
        return {
            self._tab.session: turns,
            self._tab.chat: chat_html(shown),
            self._tab.evidence: all_evidence_html(shown),
            self._tab.announced: announcement(shown[-1]) if shown else "",
        }

    def _archived(self, archive: Saved) -> Updates:
        kept = list(archive or [])[-MAX_ARCHIVED:]
        return {
            self._tab.archive: kept,
            self._tab.archived: archive_html([session.load(turns) for turns in kept]),
        }

    def _welcome(self) -> Updates:
        examples: Sequence[str] = ()
        try:
            status = self._library.standing()
            if status:
                summary = summary_text(status.description.documents, status.description.built_at)
                examples = self._service.examples()
            elif self._library.is_building:
                summary = "Reading your documents for the first time. You can ask as soon as it is done."
            else:
                summary = f"There are no documents yet: add some to {self._library.sources}."
        except FootnoteError as error:
            summary = str(error)
        return {self._tab.welcome: welcome_html(summary, examples)}

    def _open(self, path: str, quote: str, start: int) -> Updates:
        document = self._library.document(path[:MAX_PATH])
        shown: str = paragraph(GONE)
        if document:
            span = find_quote(document, quote, start)
            shown = document_html(document, span, self._picture(document, span, quote))
        return {
            self._tab.document: shown,
            self._tab.reader: gr.update(visible=True),
            self._tab.cards: gr.update(visible=False),
        }

    def _picture(self, document: Document, span: Span | None, quote: str) -> str:
        if not span or not document.pages:
            return ""
        try:
            picture = self._library.picture(document.path, document.page_at(span[0]) or 1, quote)
            return picture_html(picture) if picture else ""
        except FootnoteError as error:
            return paragraph(str(error), "stale")

    def _status(self) -> str:
        library = self._library
        progress = library.progress if library.is_building else None
        problem, status = library.problem, None
        try:
            status = library.standing()
        except FootnoteError as error:
            problem = str(error)
        empty = "" if progress else "No documents yet."
        return status_html(
            Status(
                summary=summary_text(status.description.documents, status.description.built_at) if status else empty,
                unread=len(status.unread) if status else 0,
                changed=changed_text(status.difference) if status else "",
                problem=problem,
                building=progress,
                seconds=time.monotonic() - library.begun,
                document=progress.document if progress else "",
            )
        )

    def _version(self) -> str:
        """Return a text that changes when there is something new to show."""
        try:
            status: LibraryStatus | None = self._library.standing()
        except FootnoteError as error:
            return str(error)
        if not status:
            return ""
        return f"{status.description.generation} {status.difference} {len(self._service.changed)}"


def changed_text(difference: Difference) -> str:
    """Say how many files have changed since the last build; empty if none has."""
    number = sum(map(len, (difference.added, difference.edited, difference.removed, difference.renamed)))
    return f"{count(number, 'document')} changed." if number else ""
