"""One request and its response: limit the body's size and time, and add the security headers."""

import asyncio
import time

from qa.web.asgi import Message, Receive, Send, encoded

MAX_PAUSE = 20.0  # seconds between two pieces of a body
MIN_BYTES_A_SECOND = 16_384  # a body that arrives more slowly is refused, after some seconds
MAX_SECONDS = 30.0
HEADERS = {
    # Gradio writes inline scripts and styles, and compiles functions from text.
    "Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval';"
    " style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:;"
    " media-src 'self' data: blob:; connect-src 'self';"
    " object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Exchange:
    """Receive a request of limited size and time, and send its response with the security headers."""

    def __init__(self, receive: Receive, send: Send, max_bytes: int) -> None:
        self._receive = receive
        self._send = send
        self._left = max_bytes
        self._read: list[bytes] = []
        self._is_complete = False
        self._ends = time.monotonic() + MAX_SECONDS + max_bytes / MIN_BYTES_A_SECOND
        self.is_late = False
        self.has_begun = False

    @property
    def is_too_large(self) -> bool:
        return self._left < 0

    @property
    def is_refused(self) -> bool:
        """Whether the body was too large or too slow."""
        return self.is_too_large or self.is_late

    async def body(self) -> bytes:
        """Read the whole body; `receive` then returns it again."""
        pieces = []
        while (message := await self.receive())["type"] == "http.request":
            pieces.append(message.get("body", b""))
            if not message.get("more_body"):
                break
        self._read = [b"".join(pieces)]
        return self._read[0]

    async def receive(self) -> Message:
        """Receive the next message; a client that is refused seems to have gone."""
        if self.is_refused:
            return {"type": "http.disconnect"}
        if self._read:
            return {"type": "http.request", "body": self._read.pop()}
        message = await self._receive_in_time()
        self._left -= len(message.get("body", b""))
        self._is_complete = not message.get("more_body")
        return {"type": "http.disconnect"} if self.is_refused else message

    async def _receive_in_time(self) -> Message:
        if self._is_complete:
            return await self._receive()  # what follows the body may come at any time
        try:
            wait = min(MAX_PAUSE, self._ends - time.monotonic())
            return await asyncio.wait_for(self._receive(), max(wait, 0.0))
        except TimeoutError:
            self.is_late = True
            return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Send a message of the response."""
        if self.is_refused and not self.has_begun:
            return
        if message["type"] == "http.response.start":
            self.has_begun = True
            message = {**message, "headers": [*message.get("headers", ()), *encoded(HEADERS)]}
        await self._send(message)
