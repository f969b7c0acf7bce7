"""ASGI middleware: tell a load balancer whether this process lives, and whether it can answer.

`GET /health/live` is 200 as long as the process serves. `GET /health/ready` is 200 if there is an index to answer from
and it can be read, else 503 with the reason. Neither needs a sign-in, so neither names documents, folders or addresses.
"""

import asyncio
import json
import logging
from typing import Protocol

from index.errors import FootnoteError
from qa.web.asgi import Application, Message, Receive, Send, encoded
from qa.web.exchange import HEADERS

PREFIX = "/health"
_LOGGER = logging.getLogger("footnote")


class Answerable(Protocol):
    """A library that may have an index."""

    @property
    def is_built(self) -> bool: ...


class Health:
    """Answer the two addresses, and pass everything else on."""

    def __init__(self, app: Application, library: Answerable) -> None:
        self._app = app
        self._library = library

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or not path.startswith(f"{PREFIX}/"):
            await self._app(scope, receive, send)
        elif scope["method"] not in ("GET", "HEAD"):
            await _send(send, 405, {"error": f"Send GET {path}."})
        elif path == f"{PREFIX}/live":
            await _send(send, 200, {"live": True})
        elif path == f"{PREFIX}/ready":
            reason = await asyncio.to_thread(self._why_not)
            await _send(send, 503 if reason else 200, {"ready": not reason, **({"reason": reason} if reason else {})})
        else:
            await _send(send, 404, {"error": f"Ask {PREFIX}/live or {PREFIX}/ready."})

    def _why_not(self) -> str:
        """Return why no question can be answered; "" if they can."""
        try:
            return "" if self._library.is_built else "There is no index yet."
        except FootnoteError as error:
            _LOGGER.info("Not ready: %s", error)
            return "The index cannot be read: the log says why."


async def _send(send: Send, status: int, content: dict[str, object]) -> None:
    headers = {**HEADERS, "Content-Type": "application/json", "Cache-Control": "no-store"}
    await send({"type": "http.response.start", "status": status, "headers": encoded(headers)})
    await send({"type": "http.response.body", "body": json.dumps(content).encode()})
