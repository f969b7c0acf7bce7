"""Which host names a page answers to: without the check, a foreign site could point its name here (DNS rebinding)."""

import ipaddress
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass

EVERYWHERE = ("0.0.0.0", "::", "[::]")
_LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosts:
    """The allowed names, in lower case; all of them if `names` is None, and every address if `has_addresses`."""

    names: frozenset[str] | None
    has_addresses: bool = False

    def allow(self, name: str) -> bool:
        """Whether a request may name a host, given without its port.

        A foreign site cannot take over an address, only a name.
        """
        if not name or self.names is None or name in self.names:
            return bool(name)
        return self.has_addresses and _address(name) is not None


def hosts_for(address: str, names: Iterable[str] = (), has_users: bool = False) -> Hosts:
    """Return the hosts of a page that is served at an address, with further `names`.

    A page at every address of the machine has the machine's names and any address. If its users sign in, it has any
    name, since a foreign site does not get their cookie.

    >>> sorted(hosts_for("127.0.0.1", ["tea.example"]).names)
    ['127.0.0.1', '[::1]', 'localhost', 'tea.example']
    """
    if address in EVERYWHERE and has_users:
        return Hosts(names=None)
    own = _machine_names() if address in EVERYWHERE else [_with_brackets(address)]
    found = frozenset(name.lower() for name in (*_LOOPBACK_NAMES, *own, *names))
    return Hosts(names=found, has_addresses=address in EVERYWHERE)


def is_loopback(host: str) -> bool:
    """Whether only the machine itself reaches a host.

    >>> [host for host in ("localhost", "127.0.0.2", "::1", "[::1]", "0.0.0.0", "tea.example") if is_loopback(host)]
    ['localhost', '127.0.0.2', '::1', '[::1]']
    """
    address = _address(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def without_port(host: str) -> str:
    """Return a host without its port.

    >>> without_port("[::1]:7860"), without_port("localhost")
    ('[::1]', 'localhost')
    """
    return re.sub(r":\d*$", "", host)


def _machine_names() -> list[str]:
    name = socket.gethostname()
    short = name.partition(".")[0]
    return [name, short, f"{short}.local"]


def _with_brackets(address: str) -> str:
    return f"[{address}]" if ":" in address and not address.startswith("[") else address


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None
