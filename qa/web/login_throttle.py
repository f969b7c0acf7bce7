"""Signing in at a pace at which passwords cannot be guessed."""

import asyncio
import ipaddress
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from qa.web.security import ADDRESS
from qa.web.users import Users, normal_name

FREE_FAILURES = 5
LONGEST_WAIT = 60.0
MOST_KNOWN = 10_000


class Pace:
    """How long an attempt has to wait: not at all up to the fifth failure in a row, then 1, 2, 4 ... seconds, a minute
    at most, each after the one before it. The last 10,000 keys are remembered."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def begin(self, key: str) -> float | None:
        """The seconds that an attempt has to wait; None where more than a minute's worth of others wait before it. It
        counts as a failure until `forgive`."""
        now = self._clock()
        failures, free = self._failures.pop(key, (0, now))
        own = min(2.0 ** min(failures - FREE_FAILURES, 10), LONGEST_WAIT) if failures >= FREE_FAILURES else 0.0
        start = max(now, free) + own
        waits = start - now <= LONGEST_WAIT
        self._failures[key] = (failures + 1, start) if waits else (failures, free)
        while len(self._failures) > MOST_KNOWN:
            self._failures.popitem(last=False)
        return start - now if waits else None

    def forgive(self, key: str) -> None:
        """Forget a key's failures."""
        self._failures.pop(key, None)


class SignIn:
    """Checks names and passwords one after the other, failures slowed for each name and for each address."""

    def __init__(
        self,
        users: Users,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._users = users
        self._names, self._addresses = Pace(clock), Pace(clock)
        self._sleep = sleep
        self._turn = asyncio.Lock()

    async def check(self, name: str, password: str) -> bool:
        """Whether it is that user's password, after the wait that is due."""
        name, address = normal_name(name), _network(ADDRESS.get())
        waits = [self._addresses.begin(address), self._names.begin(name)]
        if None in waits:
            return False
        if wait := max(filter(None, waits), default=0.0):
            await self._sleep(wait)
        async with self._turn:
            is_right = await asyncio.to_thread(self._users.check, name, password)
        if is_right:
            self._names.forgive(name)
            self._addresses.forgive(address)
        return is_right


def _network(address: str) -> str:
    """What one sender may take its addresses from: of IPv6, all that begin alike."""
    try:
        return str(ipaddress.ip_network((address, 64), strict=False)) if ":" in address else address
    except ValueError:
        return address
