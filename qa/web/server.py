"""Open the port and serve an application by HTTP, with limits on connections and on what never ends."""

import asyncio
import errno
import logging
import socket
from collections.abc import Callable
from pathlib import Path

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from index.errors import FootnoteError
from qa.errors import UsageError
from qa.web.asgi import Application

FIRST_PORT = 7860
_PORTS = 100  # that are tried from the first one on
MAX_CONNECTIONS = 800
MAX_CONNECTIONS_OF_ADDRESS = 256
MAX_HEADER_SECONDS = 10.0
MAX_HEADER_BYTES = 65_536
_SHUTDOWN_SECONDS = 2
_BACKLOG = 128


def open_port(host: str, port: int | None) -> socket.socket:
    """Open a port, or the first free one from 7860, and return its socket, which listens.

    Raises:
        FootnoteError: the host is not of this machine, or the port cannot be opened.
    """
    address = host.removeprefix("[").removesuffix("]")
    try:
        family, *_ = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except (OSError, UnicodeError) as error:
        raise FootnoteError(f"--host {host} is not an address of this machine: use 127.0.0.1 or 0.0.0.0.") from error
    for candidate in [port] if port else range(FIRST_PORT, FIRST_PORT + _PORTS):
        # With the protocol named, asyncio sends small parts of an answer at once (TCP_NODELAY), not 40 ms later.
        opened = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            opened.bind((address, candidate))
            opened.listen(_BACKLOG)
            return opened
        except OSError as error:
            opened.close()
            problem = _problem(error, host, port)
            if error.errno != errno.EADDRINUSE:
                break
    raise FootnoteError(problem)


def _problem(error: OSError, host: str, port: int | None) -> str:
    if error.errno == errno.EADDRNOTAVAIL:
        return f"--host {host} is not an address of this machine: use 127.0.0.1 or 0.0.0.0."
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"Port {port} of {host} cannot be opened without an administrator's rights: choose a --port above 1023."
    if port:
        return f"Port {port} of {host} cannot be opened: it may be in use, choose another --port."
    return f"No port from {FIRST_PORT} on of {host} can be opened: they may be in use, choose another --port."


class LimitedProtocol(H11Protocol):
    """HTTP/1.1 that refuses too many connections of one address, and closes one whose headers do not end."""

    max_of_address = MAX_CONNECTIONS_OF_ADDRESS
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Count the connections of the address, and wait for the headers."""
        super().connection_made(transport)
        own = [_address(other) for other in self.connections].count(_address(self))
        if own > self.max_of_address:
            transport.abort()
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Receive data, and wait for the rest of the headers if they are not complete."""
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        super().connection_lost(exc)
        self._stop_watching()

    def _watch(self) -> None:
        if self.conn.their_state is not h11.IDLE:
            self._stop_watching()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(MAX_HEADER_SECONDS, self._end)

    def _stop_watching(self) -> None:
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None

    def _end(self) -> None:
        if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            self.transport.abort()


def _address(connection: object) -> str:
    client = getattr(connection, "client", None)
    return client[0] if client else ""


class _ManyClients(LimitedProtocol):
    """HTTP/1.1 for a page behind a proxy, which has the connections of all its clients."""

    max_of_address = MAX_CONNECTIONS


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, on_started: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_started = on_started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # pages that are open are no error
        await super().shutdown(sockets)


def serve(
    app: Application,
    opened: socket.socket,
    on_started: Callable[[], None],
    certificate: Path | None = None,
    key: Path | None = None,
    has_proxy: bool = False,
) -> None:
    """Serve an application until the process is asked to end. `on_started` is called once it answers.

    Raises:
        UsageError: the certificate and the key cannot be used.
    """
    config = uvicorn.Config(
        app,
        http=_ManyClients if has_proxy else LimitedProtocol,
        ws="none",
        lifespan="on",
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=MAX_CONNECTIONS,
        h11_max_incomplete_event_size=MAX_HEADER_BYTES,
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )
    try:
        config.load()
    except OSError as error:  # also what OpenSSL says of them
        raise UsageError(f"--tls-cert {certificate} and --tls-key {key} are not a certificate and its key.") from error
    _Server(config, on_started).run([opened])
