"""ASGI middleware: serve the HTTP API and MCP beside the page, to those who signed in."""

import base64
import binascii
import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol

from qa.web.asgi import Application, Message, Receive, Send, header_of
from qa.web.login_throttle import TooManyAttemptsError
from qa.web.security import refuse

CHECK_AGAIN = 600.0  # seconds after which a password is checked again
MAX_KNOWN = 1_000


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


class Door(Protocol):
    """Who may use the mounts; see `qa.web.access.Access`."""

    @property
    def version(self) -> object: ...
    async def check(self, name: str, password: str) -> bool: ...
    def user_of(self, scope: Message) -> str | None: ...


class Mounts:
    """Serve the mounts, and everything else from the application inside.

    If there is a `door`, a request to a mount needs the page's cookie or HTTP Basic authentication.
    """

    def __init__(self, app: Application, mounts: tuple[Mount, ...], door: Door | None = None) -> None:
        self._app = app
        self._mounts = mounts
        self._door = door
        self._known: OrderedDict[str, float] = OrderedDict()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(list(self._mounts), scope, receive, send)
            return
        mount = next((one for one in self._mounts if one.serves(scope.get("path", ""))), None)
        if scope["type"] != "http" or not mount:
            await self._app(scope, receive, send)
        elif refusal := await self._refusal(scope):
            await refuse(send, refusal.status, refusal.reason, refusal.headers)
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

    async def _refusal(self, scope: Message) -> "_Refusal | None":
        try:
            if not self._door or self._door.user_of(scope) or await self._has_password(scope, self._door):
                return None
        except TooManyAttemptsError as error:
            return _Refusal(status=429, reason=str(error), headers={"Retry-After": str(error.seconds)})
        reason = "Sign in with a user name and a password (HTTP Basic authentication)."
        return _Refusal(
            status=401, reason=reason, headers={"WWW-Authenticate": 'Basic realm="Footnote", charset="UTF-8"'}
        )

    async def _has_password(self, scope: Message, door: Door) -> bool:
        kind, _, sent = header_of(scope, b"authorization").partition(" ")
        if kind.lower() != "basic":
            return False
        key = hashlib.sha256(f"{door.version} {sent}".encode()).hexdigest()
        if self._known.get(key, 0.0) > time.monotonic():
            return True
        try:
            name, _, password = base64.b64decode(sent, validate=True).decode("utf-8").partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return False
        if not await door.check(name, password):
            return False
        self._known[key] = time.monotonic() + CHECK_AGAIN
        while len(self._known) > MAX_KNOWN:
            self._known.popitem(last=False)
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Refusal:
    """Why a request is refused."""

    status: int
    reason: str
    headers: dict[str, str]
