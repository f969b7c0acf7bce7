"""Write answers in the background, so that the page can show each sentence as it arrives."""

import secrets
import threading
import time
from dataclasses import dataclass, field

from index.errors import FootnoteError
from qa.errors import UsageError
from qa.service import MAX_QUESTION_CHARACTERS, QAService
from qa.types import Answer, Exchange, NoAnswer
from qa.web.handlers import Handlers, Reply
from qa.web.messages import Ask, Writing

MAX_WRITINGS = 32
MAX_WAIT = 10.0  # seconds that the page waits for the next sentence before it asks again
MAX_AGE = 600.0


@dataclass(slots=True, kw_only=True)
class _Writing:
    """An answer that is being written: the replies so far, the last one as it stays."""

    question: str
    key: str
    replies: list[Answer | NoAnswer] = field(default_factory=list)
    problem: str = ""
    is_done: bool = False
    is_cancelled: bool = False
    changed: threading.Condition = field(default_factory=threading.Condition)
    begun: float = field(default_factory=time.monotonic)


class WritingHandlers:
    """Start, follow and cancel written answers. Only the page that started one knows its id."""

    def __init__(self, page: Handlers, service: QAService) -> None:
        self._page = page
        self._service = service
        self._writings: dict[str, _Writing] = {}
        self._lock = threading.Lock()

    def write(self, data: object) -> Reply:
        """Begin to write an answer and return its id; during the first build, ask the page to wait."""
        asked = Ask.model_validate(data)
        if waiting := self._page.waiting():
            return {"waiting": waiting}
        writing = _Writing(question=asked.question.strip()[:MAX_QUESTION_CHARACTERS], key=asked.key)
        name = secrets.token_hex(16)
        with self._lock:
            self._forget_old()
            if len(self._writings) >= MAX_WRITINGS:
                raise UsageError("Too many answers are being written: ask again in a moment.")
            self._writings[name] = writing
        threading.Thread(target=self._run, args=(writing, asked), daemon=True).start()
        return {"id": name}

    def written(self, data: object) -> Reply:
        """Wait for more sentences than the page has `seen`, and show them. The last result is that of `ask`."""
        followed = Writing.model_validate(data)
        writing = self._writings.get(followed.id)
        if writing is None:
            return {"problem": "This answer is no longer being written: ask again."}
        with writing.changed:
            writing.changed.wait_for(lambda: writing.is_done or len(writing.replies) > followed.seen, MAX_WAIT)
            replies, is_done = list(writing.replies), writing.is_done
        if not is_done:
            shown = self._page.draft(replies[-1], writing.key) if replies else ""
            return {"html": shown, "seen": len(replies), "done": False}
        with self._lock:
            self._writings.pop(followed.id, None)
        exchange = Exchange(writing.question, replies[-1] if replies else None, writing.problem)
        return self._page.answered(exchange, writing.key) | {"done": True}

    def unwrite(self, data: object) -> Reply:
        """Cancel an answer: the request to the language model ends with its next word."""
        with self._lock:
            writing = self._writings.pop(Writing.model_validate(data).id, None)
        if writing:
            writing.is_cancelled = True
        return {"cancelled": writing is not None}

    def _run(self, writing: _Writing, asked: Ask) -> None:
        turns = [turn.turn() for turn in asked.context]
        try:
            options = self._page.options(asked)
            for reply in self._service.answers(writing.question, turns, options, lambda: writing.is_cancelled):
                with writing.changed:
                    writing.replies.append(reply)
                    writing.changed.notify_all()
        except FootnoteError as error:
            writing.problem = str(error)
            writing.replies.clear()
        finally:
            with writing.changed:
                writing.is_done = True
                writing.changed.notify_all()

    def _forget_old(self) -> None:
        """Cancel and remove answers that no page has asked for in a long time."""
        now = time.monotonic()
        for name, writing in list(self._writings.items()):
            if now - writing.begun > MAX_AGE:
                writing.is_cancelled = True
                del self._writings[name]
