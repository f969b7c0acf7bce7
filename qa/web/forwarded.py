"""ASGI middleware: believe what a trusted proxy says of its clients, and nobody else."""

from collections.abc import Sequence

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from qa.web.asgi import Application, Message, Receive, Send

_NAMES = (b"forwarded", b"x-gradio-server", b"x-real-ip")
_PREFIX = b"x-forwarded-"


class ForwardedHeaders:
    """Remove headers about other hosts than the client, unless the client is one of the trusted `proxies`."""

    def __init__(self, app: Application, proxies: Sequence[str]) -> None:
        self._app = app
        self._proxies = ProxyHeadersMiddleware(app, list(proxies))  # type: ignore[arg-type]

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif client and client[0] in self._proxies.trusted_hosts:
            await self._proxies(scope, receive, send)  # type: ignore[arg-type]
        else:
            headers = [(name, value) for name, value in scope["headers"] if not _is_forwarded(name.lower())]
            await self._app({**scope, "headers": headers}, receive, send)


def _is_forwarded(name: bytes) -> bool:
    return name in _NAMES or name.startswith(_PREFIX)
