"""Handlers of the Ask tab and the header. Stateless: the browser saves the conversation and sends what is needed.

Each handler takes what the page's script sent and returns the texts and the HTML to show.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from zlib import crc32

from index.errors import FootnoteError
from qa.formatting import count
from qa.receipt import to_text as receipt_text
from qa.service import MAX_QUESTION_CHARACTERS, AskOptions, QAService
from qa.types import Answer, Exchange, NoAnswer
from qa.web import session
from qa.web.chat_view import announcement, reply_html, suggestions_html, turn_html, welcome_html
from qa.web.evidence_view import evidence_html
from qa.web.library import Difference, Library
from qa.web.library_view import Status, inside_text, left_text, status_html, time_text
from qa.web.messages import Ask, Recheck, SavedConversation, SavedTurnMessage, Suggest, Switch
from qa.web.status_cache import StatusCache

Reply = dict[str, Any]
_NOT_READ = "The documents in this folder have not been read yet: update the library to read them."
_ASK_NOW = "You can ask now: your question will be answered when that’s done."


class Handlers:
    """What the Ask tab and the header do."""

    def __init__(self, library: Library, service: QAService, status: StatusCache, may_change: bool) -> None:
        self._library = library
        self._service = service
        self._status = status
        self._may_change = may_change
        self._examples: tuple[int, Sequence[str]] = (-1, ())
        self._files = 0  # that the first build reads

    def ask(self, data: object) -> Reply:
        """Answer a question with quotes; during the first build, ask the page to wait."""
        asked = Ask.model_validate(data)
        if waiting := self.waiting():
            return {"waiting": waiting}
        question = asked.question.strip()[:MAX_QUESTION_CHARACTERS]
        options = self.options(asked, is_written=False)
        exchange = self._service.exchange(question, [turn.turn() for turn in asked.context], options)
        return self.answered(exchange, asked.key)

    def waiting(self) -> str:
        """Say how long the first build will take, or return "" if questions can be answered."""
        return self._waiting_text() if self._library.is_building and not self._library.is_built else ""

    def answered(self, exchange: Exchange, key: str) -> Reply:
        """Show an exchange, with what the browser saves and announces of it."""
        return self._shown(exchange, key) | {"saved": session.dump(exchange), "announced": announcement(exchange)}

    def draft(self, reply: Answer | NoAnswer, key: str) -> str:
        """Show the sentences that are written so far."""
        return reply_html(Exchange(reply.question, reply), key)

    def show(self, data: object) -> Reply:
        """Show the turns of a saved conversation; a turn that is not valid is left out."""
        turns = []
        for saved in SavedConversation.model_validate(data).turns:
            if turn := session.load(saved):
                (exchange,) = self._service.checked([turn.exchange])
                turns.append(
                    self._shown(exchange, turn.key) | {"key": turn.key, "turn": turn_html(exchange.question, turn.key)}
                )
        return {"turns": turns}

    def suggest(self, data: object) -> Reply:
        """Suggest related questions after a turn."""
        asked = Suggest.model_validate(data)
        turn = session.load(asked.turn)
        if not turn or not isinstance(turn.exchange.reply, Answer):
            return {"html": ""}
        try:
            context = [earlier.turn() for earlier in asked.context]
            return {"html": suggestions_html(self._service.suggestions(turn.exchange.reply, context))}
        except FootnoteError:
            return {"html": ""}

    def recheck(self, data: object) -> Reply:
        """Say of each quote whether its document still contains it."""
        quotes = Recheck.model_validate(data).quotes
        current = {one: self._library.still_says(one.document, one.quote) for one in dict.fromkeys(quotes)}
        return {"current": [current[one] for one in quotes]}

    def receipt(self, data: object) -> Reply:
        """Make the receipt of a saved turn, as JSON."""
        turn = session.load(SavedTurnMessage.model_validate(data).turn)
        if not turn or not turn.exchange.reply:
            return {"problem": "This answer cannot be read any more: ask again."}
        return {"text": receipt_text(self._service.receipt(turn.exchange.reply))}

    def welcome(self, data: object) -> Reply:
        """Show what the library contains, with example questions."""
        cached = self._status.get()
        if cached.problem:
            return {"html": welcome_html(cached.problem, ())}
        if cached.status:
            contents = cached.status.description
            if self._examples[0] != contents.generation:
                self._examples = contents.generation, self._service.examples()
            inside = inside_text(list(self._library.contents().titles))
            return {"html": welcome_html(inside, self._examples[1])}
        if waiting := self.waiting():
            return {"html": welcome_html(f"{waiting} {_ASK_NOW}", ())}
        if not cached.is_empty:
            return {"html": welcome_html(self._library.problem or _NOT_READ, ())}
        text = f"There are no documents yet. Add some here, or copy them to {self._library.place}."
        return {"html": welcome_html(text, (), may_add=self._may_change)}

    def status(self, data: object) -> Reply:
        """Show the header, with a version that changes when there is something new to show."""
        library, status = self._library, self._status.get().status
        difference = status.difference if status else ""
        waiting = self.waiting()
        return {
            "html": status_html(self._header()),
            "building": library.is_building and library.progress is not None,
            "built": status is not None,
            "waiting": f"{waiting} {_ASK_NOW}" if waiting else "",
            "watching": library.watch.is_on,
            "version": f"{status.description.generation if status else 0} {difference} {len(self._service.changed)}",
        }

    def _header(self) -> Status:
        """Say what the library contains, how the folder differs from it, and how far a build is."""
        library, cached = self._library, self._status.get()
        progress = library.progress if library.is_building else None
        is_current = cached.status is not None and not cached.status.difference
        running = Status(
            problem=cached.problem or ("" if cached.is_empty or is_current else library.problem),
            building=progress,
            seconds=time.monotonic() - library.begun,
            document=progress.document if progress else "",
            embedded=progress.embedded if progress else 0,
            may_change=self._may_change,
        )
        status = cached.status
        if not status:
            summary = "No documents yet." if cached.is_empty else "Documents not read yet."
            return replace(running, summary="" if progress else summary)
        return replace(
            running,
            summary=count(status.description.documents, "document"),
            when=f"updated {time_text(status.description.built_at)}",
            unread=len(status.unread),
            unread_key=str(crc32("\n".join(status.unread).encode())),
            changed=changed_text(status.difference),
        )

    def update(self, data: object) -> Reply:
        """Start a build."""
        if self._may_change:
            self._library.start_build()
        return self.status(data)

    def cancel(self, data: object) -> Reply:
        """Stop the running build."""
        if self._may_change:
            self._library.cancel_build()
        return self.status(data)

    def watch(self, data: object) -> Reply:
        """Start or stop watching the folder."""
        if self._may_change:
            watch = self._library.watch
            (watch.start if Switch.model_validate(data).on else watch.stop)()
        return self.status(data)

    def options(self, asked: Ask, is_written: bool = True) -> AskOptions:
        """Return how a question of the page is to be answered.

        Raises:
            FootnoteError: documents were chosen, but none of them exists.
        """
        return AskOptions(
            only=() if asked.everywhere else self.existing(asked.only),
            is_written=is_written,
            corrects_spelling=not asked.as_typed,
            finds_scope=not asked.everywhere,
        )

    def existing(self, chosen: Sequence[str]) -> list[str]:
        """Return the chosen documents and folders that still exist: another document may have the name of one.

        Raises:
            FootnoteError: documents were chosen, but none of them exists.
        """
        titles = self._library.contents().titles if chosen else {}
        folders = {path for path in chosen if path.endswith("/") and any(title.startswith(path) for title in titles)}
        existing = [path for path in chosen if path in titles or path in folders]
        if chosen and not existing:
            raise FootnoteError("The documents that you chose are no longer in the folder. Choose others.")
        return existing

    def _shown(self, exchange: Exchange, key: str) -> Reply:
        evidence = evidence_html(exchange.reply, key) if exchange.reply else ""
        return {"html": reply_html(exchange, key), "evidence": evidence}

    def _waiting_text(self) -> str:
        progress = self._library.progress
        left = left_text(progress, time.monotonic() - self._library.begun) if progress else ""
        if progress and progress.stage == "Reading":
            self._files = progress.total
        what = count(self._files, "document").removeprefix("1 ") if self._files else "documents"
        return f"Reading your {what} for the first time{f' – {left}' if left else ''}."


def changed_text(difference: Difference) -> str:
    """Say how many files have changed since the last build; empty if none has."""
    number = sum(map(len, (difference.added, difference.edited, difference.removed, difference.renamed)))
    return f"{count(number, 'document')} changed." if number else ""
