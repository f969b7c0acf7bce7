"""ASGI middleware: allow only the page's own requests, and set security headers."""

import json
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping, Sequence
from contextvars import ContextVar
from html import escape
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

ADDRESS: ContextVar[str] = ContextVar("address", default="")  # the client of the current request
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
EVERYWHERE = ("0.0.0.0", "::", "[::]")
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
_SERVED = re.compile(
    r"/(?:(?:config|login|logout)/?|theme\.css|favicon\.ico|manifest\.json|robots\.txt)?"
    r"|/(?:assets|static|svelte)/.+"
    r"|/gradio_api/(?:(?:info|user|login_check|app_id|startup-events|theme\.css|upload|upload_progress|cancel|reset|component_server)/?"
    r"|queue/(?:join|data|status)|heartbeat/[^/]+|(?:run|api|call|call/v2)/[^/]+/?|(?:call|call/v2)/[^/]+/[^/]+"
    r"|file=(?![a-z][a-z0-9+.-]+:).+)",
    re.IGNORECASE,
)
_FORMS = re.compile(r"(?:/login|/gradio_api/upload)/?")
_REMOTE_ADDRESS = re.compile(r"\s*[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_LENGTH = re.compile(r"\d{1,15}", re.ASCII)
_PATH_TRICKS = re.compile(r"[\x00-\x1f\x7f]|(?:^|[/\\=])\.\.(?:[/\\]|$)")


def hosts_for(address: str, names: Iterable[str] = ()) -> frozenset[str] | None:
    """List the host names of a page that is served at an address, with further `names`; None allows every name.

    >>> sorted(hosts_for("127.0.0.1", ["tea.example"]))
    ['127.0.0.1', '[::1]', 'localhost', 'tea.example']
    """
    if address in EVERYWHERE:
        return None
    return frozenset(name.lower() for name in (*LOOPBACK, f"[{address}]" if _is_bare_v6(address) else address, *names))


def _is_bare_v6(address: str) -> bool:
    return ":" in address and not address.startswith("[")


class RequestFilter:
    """Pass on the requests that the page makes itself, and refuse others.

    `hosts` are the allowed host names, None allows every name: without the check, a foreign site could point a name of
    its own here (DNS rebinding) and read the answers. `max_bytes` limits a request; paths that start with one of
    `also` are allowed as well. A page that is opened under one of `names` may send requests although a proxy changed
    the host.
    """

    def __init__(
        self,
        app: Application,
        hosts: frozenset[str] | None,
        max_bytes: int,
        also: Sequence[str] = (),
        names: Sequence[str] = (),
    ) -> None:
        self._app = app
        self._hosts = hosts
        self._max_bytes = max_bytes
        self._also = tuple(also)
        self._names = frozenset(name.lower() for name in names)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if refusal := self._refusal(scope):
            is_page = scope["method"] == "GET" and "text/html" in header_of(scope, b"accept")
            await refuse(send, *refusal, as_page=is_page)
            return
        await self._pass_on(scope, receive, send)

    async def _pass_on(self, scope: Message, receive: Receive, send: Send) -> None:
        ADDRESS.set(scope["client"][0] if scope.get("client") else "")
        exchange = _Exchange(receive, send, self._max_bytes)
        try:
            if scope["method"] == "POST" and not _FORMS.fullmatch(scope["path"]):
                body = await exchange.body()
                if not exchange.is_too_large and _has_remote_file(body, _host(scope)):
                    await refuse(send, 403, "Remote files are not fetched: upload the file itself.")
                    return
            await self._app(scope, exchange.receive, exchange.send)
        except Exception:
            if not exchange.is_too_large:
                raise
        if exchange.is_too_large and not exchange.has_begun:
            await refuse(send, *self._too_large())

    def _refusal(self, scope: Message) -> tuple[int, str] | None:
        """Return the status and the reason if a request is refused."""
        host = _host(scope)
        if not host or (self._hosts is not None and _name(host) not in self._hosts):
            return 403, _unknown_name(_name(host))
        if reason := self._foreign(scope, host):
            return 403, reason
        is_served = _SERVED.fullmatch(scope["path"]) or scope["path"].startswith(self._also)
        if not is_served or _PATH_TRICKS.search(scope["path"]):
            return 403, "This address is not served."
        lengths = _headers(scope, b"content-length")
        if any(not _LENGTH.fullmatch(length) or int(length) > self._max_bytes for length in lengths):
            return self._too_large()
        return None

    def _foreign(self, scope: Message, host: str) -> str:
        """Say why a request is of another site; empty if it is of the page."""
        for origin in _headers(scope, b"origin"):
            shown = origin.partition("://")[2]
            if shown != host and _name(shown) not in self._names:
                return f"Requests from other sites are not allowed. {_unknown_name(_name(shown))}"
        return "Requests from other sites are not allowed." if _is_cross_site(scope) else ""

    def _too_large(self) -> tuple[int, str]:
        return 413, f"This is larger than {self._max_bytes / 2**20:.0f} MB: send a smaller file."


def _is_cross_site(scope: Message) -> bool:
    sites = _headers(scope, b"sec-fetch-site")
    return scope["path"] != "/" and any(site in ("cross-site", "same-site") for site in sites)


def _name(host: str) -> str:
    """Return a host without its port."""
    return re.sub(r":\d*$", "", host)


def _unknown_name(name: str) -> str:
    if not re.fullmatch(r"[a-z0-9.\[\]:-]{1,200}", name):
        return "This page has no such host name: open the address that was printed at its start."
    return (
        f"This page does not know the host name {name}: open the address that was printed at its start, "
        f"or start it with --name {name}."
    )


def _headers(scope: Message, wanted: bytes) -> list[str]:
    return [value.decode("latin-1").lower() for name, value in scope["headers"] if name.lower() == wanted]


def header_of(scope: Message, name: bytes) -> str:
    """Return a header as it was sent; empty if it is missing or sent several times."""
    found = [value.decode("latin-1") for header, value in scope["headers"] if header.lower() == name]
    return found[0] if len(found) == 1 else ""


def _host(scope: Message) -> str:
    """Return the host name of a request; empty if it has none, or several."""
    named = _headers(scope, b"host")
    return named[0] if len(named) == 1 else ""


class _Exchange:
    """Limit the size of a request, and add the security headers to its response."""

    def __init__(self, receive: Receive, send: Send, max_bytes: int) -> None:
        self._receive = receive
        self._send = send
        self._left = max_bytes
        self._read: list[bytes] = []
        self.has_begun = False

    @property
    def is_too_large(self) -> bool:
        return self._left < 0

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


def _has_remote_file(body: bytes, host: str) -> bool:
    """Whether JSON contains a file with a remote address: Gradio would fetch it (server-side request forgery)."""
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
            if _REMOTE_ADDRESS.match(path) or (_REMOTE_ADDRESS.match(url) and not own):
                return True
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return False


def _encoded(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


async def refuse(
    send: Send, status: int, reason: str, more: dict[str, str] | None = None, as_page: bool = False
) -> None:
    """Answer with a sentence instead of what was asked for."""
    kind = "text/html" if as_page else "text/plain"
    headers = {**HEADERS, "Content-Type": f"{kind}; charset=utf-8", "Connection": "close", **(more or {})}
    if as_page:
        head = "<!doctype html><meta name=viewport content='width=device-width'><title>Footnote</title>"
        reason = f"{head}<p>{escape(reason)}</p>"
    await send({"type": "http.response.start", "status": status, "headers": _encoded(headers)})
    await send({"type": "http.response.body", "body": reason.encode()})
