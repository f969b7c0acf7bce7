"""Throttle failed logins with exponential back-off."""

import asyncio
import ipaddress
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from qa.web.security import ADDRESS
from qa.web.users import Users, normal_name

FREE_FAILURES = 5
MAX_WAIT = 60.0
MAX_KEYS = 10_000


class Throttle:
    """Compute how long an attempt must wait: after five failures in a row 1, 2, 4 ... seconds, up to a minute.

    Attempts of one key wait one after the other. The last 10,000 keys are remembered.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def acquire(self, key: str) -> float | None:
        """Return the seconds that an attempt must wait; None if the queue is longer than a minute.

        It counts as a failure until `reset`.
        """
        now = self._clock()
        failures, free = self._failures.pop(key, (0, now))
        own = min(2.0 ** min(failures - FREE_FAILURES, 10), MAX_WAIT) if failures >= FREE_FAILURES else 0.0
        start = max(now, free) + own
        waits = start - now <= MAX_WAIT
        self._failures[key] = (failures + 1, start) if waits else (failures, free)
        while len(self._failures) > MAX_KEYS:
            self._failures.popitem(last=False)
        return start - now if waits else None

    def reset(self, key: str) -> None:
        """Forget a key's failures."""
        self._failures.pop(key, None)


class SignIn:
    """Check names and passwords one at a time; failures are throttled per name and per address."""

    def __init__(
        self,
        users: Users,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._users = users
        self._names, self._addresses = Throttle(clock), Throttle(clock)
        self._sleep = sleep
        self._turn = asyncio.Lock()

    async def check(self, name: str, password: str) -> bool:
        """Wait if necessary, then check a user's password."""
        name, address = normal_name(name), _network(ADDRESS.get())
        waits = [self._addresses.acquire(address), self._names.acquire(name)]
        if None in waits:
            return False
        if wait := max(filter(None, waits), default=0.0):
            await self._sleep(wait)
        async with self._turn:
            is_right = await asyncio.to_thread(self._users.check, name, password)
        if is_right:
            self._names.reset(name)
            self._addresses.reset(address)
        return is_right


def _network(address: str) -> str:
    """Return the address, or the /64 network of an IPv6 address: one client can use all of it."""
    try:
        return str(ipaddress.ip_network((address, 64), strict=False)) if ":" in address else address
    except ValueError:
        return address
