"""The server in front of a small application: ports, and clients that never finish what they begin."""

import re
import socket
import threading
from contextlib import contextmanager, suppress

import pytest

from index.errors import FootnoteError
from qa.web import server
from qa.web.server import LimitedProtocol, open_port, serve


async def hello(scope, receive, send):
    if scope["type"] == "lifespan":
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        await send({"type": "lifespan.shutdown.complete"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"hello"})


@contextmanager
def running(monkeypatch):
    """The address of a server that runs in a thread."""
    made, started = [], threading.Event()

    class Server(server._Server):
        def __init__(self, *given):
            super().__init__(*given)
            made.append(self)

    monkeypatch.setattr(server, "_Server", Server)
    opened = open_port("127.0.0.1", None)
    thread = threading.Thread(target=serve, args=(hello, opened, started.set), daemon=True)
    thread.start()
    assert started.wait(20)
    try:
        yield opened.getsockname()
    finally:
        made[0].should_exit = True
    thread.join(20)
    assert not thread.is_alive()


def hear(client):
    """Read until the whole answer has come."""
    found = b""
    while not found.endswith(b"hello"):
        piece = client.recv(1000)
        assert piece
        found += piece


def ask(address, text=b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"):
    """What the server sends until it closes the connection."""
    with socket.create_connection(address, timeout=20) as client:
        client.sendall(text)
        found = b""
        while piece := client.recv(10_000):
            found += piece
        return found


def test_small_parts_of_an_answer_are_sent_at_once(monkeypatch):
    delays, made = [], LimitedProtocol.connection_made

    def note(self, transport):
        opened = transport.get_extra_info("socket")
        delays.append(opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        made(self, transport)

    monkeypatch.setattr(LimitedProtocol, "connection_made", note)
    with running(monkeypatch) as address:
        assert ask(address).endswith(b"hello")
    assert delays and all(delays)


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHost: x\r\n", b"GET"])
def test_headers_that_do_not_end_are_not_waited_for(monkeypatch, begun):
    monkeypatch.setattr(server, "MAX_HEADER_SECONDS", 0.1)
    with running(monkeypatch) as address:
        with socket.create_connection(address, timeout=20) as client:
            client.sendall(begun)
            try:
                closed = client.recv(1000)
            except ConnectionResetError:
                closed = b""
        assert closed == b""
        assert ask(address).endswith(b"hello")


def test_a_second_request_of_a_connection_that_does_not_end_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(server, "MAX_HEADER_SECONDS", 0.1)
    with running(monkeypatch) as address, socket.create_connection(address, timeout=20) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        hear(client)
        client.sendall(b"GET / HTTP/1.1\r\n")
        with suppress(ConnectionResetError):
            assert client.recv(1000) == b""


def test_headers_that_are_too_large_are_refused(monkeypatch):
    with running(monkeypatch) as address:
        try:
            answer = ask(address, b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 200_000)
        except ConnectionError:
            answer = b"HTTP/1.1 400"
        assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 431"))


def test_an_address_may_have_some_connections_and_no_more(monkeypatch):
    monkeypatch.setattr(LimitedProtocol, "max_of_address", 3)
    with running(monkeypatch) as address:
        held = [socket.create_connection(address, timeout=20) for _ in range(3)]
        for client in held:
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            hear(client)
        with suppress(ConnectionError):
            assert ask(address) == b""
        for client in held:
            client.close()


def test_a_port_in_use_is_named():
    with open_port("127.0.0.1", None) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(FootnoteError, match=rf"^Port {port} of 127\.0\.0\.1 cannot be opened: it may be in use"):
            open_port("127.0.0.1", port)
        with open_port("127.0.0.1", None) as other:
            assert other.getsockname()[1] != port


@pytest.mark.parametrize("host", ["203.0.113.77", "no such host", "x" * 70 + ".example", "[::zz]"])
def test_a_host_that_is_not_of_this_machine_is_one_sentence(host):
    with pytest.raises(FootnoteError, match=rf"^--host {re.escape(host)} is not an address of this machine"):
        open_port(host, None)


def test_ipv6_can_be_served():
    try:
        opened = open_port("[::1]", None)
    except FootnoteError:
        pytest.skip("this machine has no IPv6")
    with opened:
        assert opened.family == socket.AF_INET6
