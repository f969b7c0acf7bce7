"""ASGI middleware: serve the HTTP API and MCP beside the page, to those who signed in."""

import base64
import binascii
import hashlib
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie

from qa.web.security import Application, Message, Receive, Send, header_of, refuse

CHECK_AGAIN = 600.0  # seconds after which a password is checked again
MAX_KNOWN = 1_000
Check = Callable[[str, str], Awaitable[bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """An application at some paths. `path` replaces them, if given. `run` lasts as long as it does."""

    prefixes: tuple[str, ...]
    app: Application
    path: str = ""
    run: Callable[[], AbstractAsyncContextManager[object]] = nullcontext

    def serves(self, path: str) -> bool:
        """Whether a path is one of its prefixes, or below one."""
        return any(path == prefix or path.startswith(f"{prefix}/") for prefix in self.prefixes)


class Mounts:
    """Serve the mounts, and everything else from the application inside.

    If there is a `check` of names and passwords, a request to a mount needs the page's cookie or HTTP Basic
    authentication.
    """

    def __init__(self, app: Application, mounts: tuple[Mount, ...], check: Check | None = None) -> None:
        self._app = app
        self._mounts = mounts
        self._check = check
        self._known: OrderedDict[str, float] = OrderedDict()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(list(self._mounts), scope, receive, send)
            return
        mount = next((one for one in self._mounts if one.serves(scope.get("path", ""))), None)
        if scope["type"] != "http" or not mount:
            await self._app(scope, receive, send)
        elif self._check and not await self._is_signed_in(scope):
            headers = {"WWW-Authenticate": 'Basic realm="Footnote", charset="UTF-8"'}
            await refuse(send, 401, "Sign in with a user name and a password (HTTP Basic authentication).", headers)
        else:
            inner = {**scope, "path": mount.path or scope["path"], "root_path": ""}
            await mount.app(inner, receive, send)

    async def _live(self, mounts: list[Mount], scope: Message, receive: Receive, send: Send) -> None:
        """Run what lasts as long as the mounts do around the application's own lifespan."""
        if not mounts:
            await self._app(scope, receive, send)
            return
        async with mounts[0].run():
            await self._live(mounts[1:], scope, receive, send)

    async def _is_signed_in(self, scope: Message) -> bool:
        if _has_cookie(scope):
            return True
        kind, _, encoded = header_of(scope, b"authorization").partition(" ")
        if kind.lower() != "basic" or not self._check:
            return False
        key = hashlib.sha256(encoded.encode()).hexdigest()
        if self._known.get(key, 0.0) > time.monotonic():
            return True
        try:
            name, _, password = base64.b64decode(encoded, validate=True).decode("utf-8").partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return False
        if not await self._check(name, password):
            return False
        self._known[key] = time.monotonic() + CHECK_AGAIN
        while len(self._known) > MAX_KNOWN:
            self._known.popitem(last=False)
        return True


def _has_cookie(scope: Message) -> bool:
    """Whether a request has the cookie that Gradio sets when someone signs in."""
    page = scope.get("app")
    tokens, name = getattr(page, "tokens", {}), getattr(page, "cookie_id", "")
    try:
        cookies = SimpleCookie(header_of(scope, b"cookie"))
    except CookieError:
        return False
    found = [cookies.get(f"access-token-{name}"), cookies.get(f"access-token-unsecure-{name}")]
    return any(cookie is not None and tokens.get(cookie.value) is not None for cookie in found)
