"""What ASGI applications exchange: scopes, messages and headers."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]


def headers_of(scope: Message, wanted: bytes) -> list[str]:
    """Return all values of a header, in lower case."""
    return [value.decode("latin-1").lower() for name, value in scope["headers"] if name.lower() == wanted]


def header_of(scope: Message, name: bytes) -> str:
    """Return a header as it was sent; empty if it is missing or sent several times."""
    found = [value.decode("latin-1") for header, value in scope["headers"] if header.lower() == name]
    return found[0] if len(found) == 1 else ""


def host_of(scope: Message) -> str:
    """Return the host of a request, with its port; empty if it has none, or several."""
    named = headers_of(scope, b"host")
    return named[0] if len(named) == 1 else ""


def encoded(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """Encode headers as ASGI sends them."""
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]
