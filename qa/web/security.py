"""ASGI middleware: allow only the page's own requests, and set security headers."""

import asyncio
import json
import re
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from html import escape
from pathlib import Path
from typing import Any

from index.folder_size import folder_bytes
from qa.web.asgi import Application, Message, Receive, Send, encoded, header_of, headers_of, host_of
from qa.web.exchange import HEADERS, Exchange
from qa.web.hosts import Hosts, without_port

ADDRESS: ContextVar[str] = ContextVar("address", default="")  # the client of the current request
MEGABYTE = 2**20
MAX_BYTES = MEGABYTE  # of a request that uploads nothing
MAX_LOGIN_BYTES = 16_384
MAX_UPLOADS = 10  # times the largest upload, for all together
_SERVED = re.compile(
    r"/(?:(?:config|login|logout)/?|theme\.css|favicon\.ico|manifest\.json|robots\.txt)?"
    r"|/(?:assets|static|svelte)/.+"
    r"|/gradio_api/(?:(?:info|user|login_check|app_id|startup-events|theme\.css|upload|upload_progress|cancel|reset|component_server)/?"
    r"|queue/(?:join|data|status)|heartbeat/[^/]+|(?:run|api|call|call/v2)/[^/]+/?|(?:call|call/v2)/[^/]+/[^/]+"
    r"|file=(?![a-z][a-z0-9+.-]+:).+)",
    re.IGNORECASE,
)
_FORMS = re.compile(r"(?:/login|/gradio_api/upload)/?")
_UPLOAD = re.compile(r"/gradio_api/upload/?")
# What a browser needs to show the form to sign in. Gradio itself refuses a part of it.
_OPEN = re.compile(
    r"/(?:(?:config|login|logout)/?|theme\.css|favicon\.ico|manifest\.json|robots\.txt)?|/(?:assets|static|svelte)/.+"
    r"|/gradio_api/(?:(?:info|user|login_check|app_id|startup-events|theme\.css)/?)"
)
_REMOTE_ADDRESS = re.compile(r"\s*[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_LENGTH = re.compile(r"\d{1,15}", re.ASCII)
_PATH_TRICKS = re.compile(r"[\x00-\x1f\x7f]|(?:^|[/\\=])\.\.(?:[/\\]|$)")


class RequestFilter:
    """Pass on the requests that the page makes itself, and refuse others.

    `hosts` are the allowed host names. `max_bytes` limits an upload, and ten times as many all that lie in the folder
    of `uploads`; any other request may have 1 MB. Paths that start with one of `also` are allowed as well. A page that
    is opened under one of `names` may send requests although a proxy changed the host. If there is `is_signed_in`,
    other requests than those of the sign-in are refused before their body is read.
    """

    def __init__(
        self,
        app: Application,
        hosts: Hosts,
        max_bytes: int,
        also: Sequence[str] = (),
        names: Sequence[str] = (),
        is_signed_in: Callable[[Message], bool] | None = None,
        uploads: Path | None = None,
    ) -> None:
        self._app = app
        self._hosts = hosts
        self._max_bytes = max_bytes
        self._also = tuple(also)
        self._names = frozenset(name.lower() for name in names)
        self._is_signed_in = is_signed_in
        self._uploads = uploads

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})  # the page has none
        elif refusal := self._refusal(scope):
            is_page = scope["method"] == "GET" and "text/html" in header_of(scope, b"accept")
            await refuse(send, *refusal, as_page=is_page)
        else:
            await self._pass_on(scope, receive, send)

    async def _pass_on(self, scope: Message, receive: Receive, send: Send) -> None:
        ADDRESS.set(scope["client"][0] if scope.get("client") else "")
        exchange = Exchange(receive, send, self._max_bytes_of(scope))
        try:
            if scope["method"] == "POST" and not _FORMS.fullmatch(scope["path"]):
                body = await exchange.body()
                is_whole = not exchange.is_refused
                if is_whole and await asyncio.to_thread(_has_remote_file, body, host_of(scope)):
                    await refuse(send, 403, "Remote files are not fetched: upload the file itself.")
                    return
            await self._app(scope, exchange.receive, exchange.send)
        except Exception:
            if not exchange.is_refused:
                raise
        if exchange.is_refused and not exchange.has_begun:
            late = 408, "The request arrived too slowly: send it again."
            await refuse(send, *(late if exchange.is_late else self._too_large(scope)))

    def _refusal(self, scope: Message) -> tuple[int, str] | None:
        """Return the status and the reason if a request is refused."""
        host = host_of(scope)
        if not self._hosts.allow(without_port(host)):
            return 403, _unknown_name(without_port(host))
        if reason := self._foreign(scope, host):
            return 403, reason
        is_mount = scope["path"].startswith(self._also)
        is_served = is_mount or _SERVED.fullmatch(scope["path"])
        if not is_served or _PATH_TRICKS.search(scope["path"]):
            return 403, "This address is not served."
        is_open = is_mount or _OPEN.fullmatch(scope["path"])  # mounts check who is signed in themselves
        if self._is_signed_in and not is_open and not self._is_signed_in(scope):
            return 401, "Sign in first: open the page and enter your name and password."
        return self._wrong_size(scope)

    def _wrong_size(self, scope: Message) -> tuple[int, str] | None:
        lengths = headers_of(scope, b"content-length")
        most = self._max_bytes_of(scope)
        if any(not _LENGTH.fullmatch(length) or int(length) > most for length in lengths):
            return self._too_large(scope)
        if _UPLOAD.fullmatch(scope["path"]) and self._is_full():
            return 413, "Too many uploads wait to be added: add or remove them first, or try again in an hour."
        return None

    def _is_full(self) -> bool:
        """Whether the folder of uploads has as much as it may."""
        waiting = folder_bytes(self._uploads, recursive=True) if self._uploads else 0
        return waiting > MAX_UPLOADS * self._max_bytes

    def _max_bytes_of(self, scope: Message) -> int:
        if _UPLOAD.fullmatch(scope["path"]):
            return self._max_bytes
        return MAX_LOGIN_BYTES if scope["path"].startswith("/login") else MAX_BYTES

    def _foreign(self, scope: Message, host: str) -> str:
        """Say why a request is of another site; empty if it is of the page."""
        for origin in headers_of(scope, b"origin"):
            shown = origin.partition("://")[2]
            if shown != host and without_port(shown) not in self._names:
                return f"Requests from other sites are not allowed. {_unknown_name(without_port(shown))}"
        return "Requests from other sites are not allowed." if _is_cross_site(scope) else ""

    def _too_large(self, scope: Message) -> tuple[int, str]:
        most = self._max_bytes_of(scope)
        size = f"{most / MEGABYTE:.0f} MB" if most >= MEGABYTE else f"{most // 1024} KB"
        return 413, f"This is larger than {size}: send {'a smaller file' if most == self._max_bytes else 'less'}."


def _is_cross_site(scope: Message) -> bool:
    sites = headers_of(scope, b"sec-fetch-site")
    return scope["path"] != "/" and any(site in ("cross-site", "same-site") for site in sites)


def _unknown_name(name: str) -> str:
    if not re.fullmatch(r"[a-z0-9.\[\]:-]{1,200}", name):
        return "This page has no such host name: open the address that was printed at its start."
    return (
        f"This page does not know the host name {name}: open the address that was printed at its start, "
        f"or start it with --name {name}."
    )


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


async def refuse(
    send: Send, status: int, reason: str, more: dict[str, str] | None = None, as_page: bool = False
) -> None:
    """Answer with a sentence instead of what was asked for."""
    kind = "text/html" if as_page else "text/plain"
    headers = {**HEADERS, "Content-Type": f"{kind}; charset=utf-8", "Connection": "close", **(more or {})}
    if as_page:
        head = "<!doctype html><meta name=viewport content='width=device-width'><title>Footnote</title>"
        reason = f"{head}<p>{escape(reason)}</p>"
    await send({"type": "http.response.start", "status": status, "headers": encoded(headers)})
    await send({"type": "http.response.body", "body": reason.encode()})
