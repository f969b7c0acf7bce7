"""Requests to the page -> only those that it makes itself; and headers by which a browser keeps to it.

It stands around the page's application, whichever that is, by ASGI, and knows nothing of what is served but the paths.
"""

import json
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping, Sequence
from contextvars import ContextVar
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

ADDRESS: ContextVar[str] = ContextVar("address", default="")  # of who asks, for whatever answers
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
EVERYWHERE = ("0.0.0.0", "::", "[::]")
HEADERS = {
    # The page's framework writes scripts and styles into the page and makes functions of texts.
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
_SERVED = re.compile(
    r"/(?:(?:config|login|logout)/?|theme\.css|favicon\.ico|manifest\.json|robots\.txt)?"
    r"|/(?:assets|static|svelte)/.+"
    r"|/gradio_api/(?:(?:info|user|login_check|app_id|startup-events|theme\.css|upload|upload_progress|cancel|reset)/?"
    r"|queue/(?:join|data|status)|heartbeat/[^/]+|(?:run|api|call|call/v2)/[^/]+/?|(?:call|call/v2)/[^/]+/[^/]+"
    r"|file=(?![a-z][a-z0-9+.-]+:).+)",
    re.IGNORECASE,
)
_FORMS = re.compile(r"(?:/login|/gradio_api/upload)/?")
_ELSEWHERE = re.compile(r"\s*[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_LENGTH = re.compile(r"\d{1,15}", re.ASCII)
_TRICKS = re.compile(r"[\x00-\x1f\x7f]|(?:^|[/\\=])\.\.(?:[/\\]|$)")


def hosts_for(address: str, names: Iterable[str] = ()) -> frozenset[str] | None:
    """The names by which a page that is served at an address may be asked for, with more `names`; None is any.

    >>> sorted(hosts_for("127.0.0.1", ["tea.example"]))
    ['127.0.0.1', '[::1]', 'localhost', 'tea.example']
    """
    if address in EVERYWHERE:
        return None
    return frozenset(name.lower() for name in (*LOOPBACK, f"[{address}]" if _is_bare_v6(address) else address, *names))


def _is_bare_v6(address: str) -> bool:
    return ":" in address and not address.startswith("[")


class Guard:
    """An application with another inside, which sees only what the page needs, asked by the page, and not too large.

    `hosts` are the names by which it may be asked for, None is any: else a foreign page could have its own name lead
    here and read what it likes. `most_bytes` is the largest request; what begins like `also` is served as well.
    """

    def __init__(
        self, app: Application, hosts: frozenset[str] | None, most_bytes: int, also: Sequence[str] = ()
    ) -> None:
        self._app = app
        self._hosts = hosts
        self._most = most_bytes
        self._also = tuple(also)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if refusal := self._refusal(scope):
            await _refuse(send, *refusal)
            return
        ADDRESS.set(scope["client"][0] if scope.get("client") else "")
        exchange = _Exchange(receive, send, self._most)
        try:
            if scope["method"] == "POST" and not _FORMS.fullmatch(scope["path"]):
                body = await exchange.body()
                if not exchange.is_too_large and _names_elsewhere(body, _host(scope)):
                    await _refuse(send, 403, "The page fetches nothing from elsewhere: send the file itself.")
                    return
            await self._app(scope, exchange.receive, exchange.send)
        except Exception:
            if not exchange.is_too_large:
                raise
        if exchange.is_too_large and not exchange.has_begun:
            await _refuse(send, *self._too_large())

    def _refusal(self, scope: Message) -> tuple[int, str] | None:
        """The status and the reason with which a request is refused."""
        origins, sites, lengths = (_headers(scope, name) for name in (b"origin", b"sec-fetch-site", b"content-length"))
        host = _host(scope)
        if not host or (self._hosts is not None and re.sub(r":\d*$", "", host) not in self._hosts):
            return 403, "This page is not served under that name: open it at the address that its start printed."
        is_off_topic = any(site in ("cross-site", "same-site") for site in sites) and scope["path"] != "/"
        if is_off_topic or any(origin.partition("://")[2] != host for origin in origins):
            return 403, "Another page may not ask this one."
        is_served = _SERVED.fullmatch(scope["path"]) or scope["path"].startswith(self._also)
        if not is_served or _TRICKS.search(scope["path"]):
            return 403, "The page does not need this address, so it is not served."
        if any(not _LENGTH.fullmatch(length) or int(length) > self._most for length in lengths):
            return self._too_large()
        return None

    def _too_large(self) -> tuple[int, str]:
        return 413, f"This is larger than {self._most / 2**20:.0f} MB: send less at once."


def _headers(scope: Message, wanted: bytes) -> list[str]:
    return [value.decode("latin-1").lower() for name, value in scope["headers"] if name.lower() == wanted]


def _host(scope: Message) -> str:
    """The name by which the page is asked for; "" if there is none, or more than one."""
    named = _headers(scope, b"host")
    return named[0] if len(named) == 1 else ""


class _Exchange:
    """A request as far as it is not too large, and the answer to it with the headers; half a request has none."""

    def __init__(self, receive: Receive, send: Send, most: int) -> None:
        self._receive = receive
        self._send = send
        self._left = most
        self._read: list[bytes] = []
        self.has_begun = False

    @property
    def is_too_large(self) -> bool:
        return self._left < 0

    async def body(self) -> bytes:
        """The whole body, which `receive` then gives once more."""
        pieces = []
        while (message := await self.receive())["type"] == "http.request":
            pieces.append(message.get("body", b""))
            if not message.get("more_body"):
                break
        self._read = [b"".join(pieces)]
        return self._read[0]

    async def receive(self) -> Message:
        if self.is_too_large:
            return {"type": "http.disconnect"}
        if self._read:
            return {"type": "http.request", "body": self._read.pop()}
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        return {"type": "http.disconnect"} if self.is_too_large else message

    async def send(self, message: Message) -> None:
        if self.is_too_large and not self.has_begun:
            return
        if message["type"] == "http.response.start":
            self.has_begun = True
            message = {**message, "headers": [*message.get("headers", ()), *_encoded(HEADERS)]}
        await self._send(message)


def _names_elsewhere(body: bytes, host: str) -> bool:
    """Whether JSON holds a file that is an address: the page's framework would fetch it, whoever asks."""
    try:
        waiting: list[Any] = [json.loads(body)]
    except RecursionError:
        return True
    except ValueError:
        return False
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            path, url = (str(value.get(key)) for key in ("path", "url"))
            own = url.lower().partition("://")[2].startswith(f"{host}/")
            if _ELSEWHERE.match(path) or (_ELSEWHERE.match(url) and not own):
                return True
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return False


def _encoded(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


async def _refuse(send: Send, status: int, reason: str) -> None:
    headers = {**HEADERS, "Content-Type": "text/plain; charset=utf-8", "Connection": "close"}
    await send({"type": "http.response.start", "status": status, "headers": _encoded(headers)})
    await send({"type": "http.response.body", "body": reason.encode()})
