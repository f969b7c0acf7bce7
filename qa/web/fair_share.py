"""ASGI middleware: let one client work on some requests at a time, so that it does not delay the others."""

import asyncio
from collections import Counter
from collections.abc import Callable

from qa.web.asgi import Application, Message, Receive, Send, headers_of

MAX_AT_ONCE = 16  # requests of one client that are worked on; the others wait
MAX_WAITING = 256  # requests of one client that wait; the others are refused


class FairShare:
    """Limit the requests of each client that may take long. A client is a user, or else an address."""

    def __init__(self, app: Application, user_of: Callable[[Message], str | None] = lambda _: None) -> None:
        self._app = app
        self._user_of = user_of
        self._clients: dict[str, asyncio.Semaphore] = {}
        self._requests: Counter[str] = Counter()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or scope["path"].startswith("/login"):
            await self._app(scope, receive, send)
            return
        client = self._user_of(scope) or (scope["client"][0] if scope.get("client") else "")
        if self._requests[client] >= MAX_AT_ONCE + MAX_WAITING:
            await _refuse(scope, send)
            return
        self._requests[client] += 1
        try:
            async with self._clients.setdefault(client, asyncio.Semaphore(MAX_AT_ONCE)):
                await self._app(scope, receive, send)
        finally:
            self._requests[client] -= 1
            if not self._requests[client]:
                del self._requests[client], self._clients[client]


async def _refuse(scope: Message, send: Send) -> None:
    text = "Too many requests at once: wait for their answers, then ask again."
    is_json = "application/json" in "".join(headers_of(scope, b"accept"))
    kind, body = ("application/json", f'{{"error": "{text}"}}') if is_json else ("text/plain; charset=utf-8", text)
    headers = [(b"content-type", kind.encode()), (b"retry-after", b"1"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 429, "headers": headers})
    await send({"type": "http.response.body", "body": body.encode()})
