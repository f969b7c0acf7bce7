"""Throttle failed logins with exponential back-off."""

import asyncio
import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Protocol

from qa.errors import UsageError
from qa.web.security import ADDRESS
from qa.web.users import MAX_NAME, MAX_PASSWORD, normal_name

FREE_FAILURES = 5  # of one name from one address
FREE_FAILURES_OF_ADDRESS = 20  # with any names
MAX_WAIT = 60.0
MAX_DELAY = 5.0  # of a name that fails from many addresses: its owner is slowed, not shut out
MAX_KEYS = 10_000


class TooManyAttemptsError(UsageError):
    """A sign-in was refused unchecked, after too many failures."""

    def __init__(self, seconds: float) -> None:
        self.seconds = math.ceil(seconds)
        unit = "second" if self.seconds == 1 else "seconds"
        super().__init__(f"Too many failed attempts: try again in {self.seconds} {unit}.")


class Throttle:
    """Count failures by key, and compute how long the next attempt must wait: 1, 2, 4 ... seconds, up to a minute.

    The last 10,000 keys are remembered.
    """

    def __init__(self, free: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._free = free
        self._clock = clock
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def wait(self, key: str) -> float:
        """Return the seconds that the next attempt must wait."""
        _, free_at = self._failures.get(key, (0, 0.0))
        return max(free_at - self._clock(), 0.0)

    def count(self, key: str) -> None:
        """Count an attempt as a failure, until `reset`."""
        failures, _ = self._failures.pop(key, (0, 0.0))
        failures += 1
        pause = min(2.0 ** min(failures - self._free, 10), MAX_WAIT) if failures >= self._free else 0.0
        self._failures[key] = failures, self._clock() + pause
        while len(self._failures) > MAX_KEYS:
            self._failures.popitem(last=False)

    def delay(self, key: str) -> float:
        """Return the seconds by which the failures so far should slow an attempt down, a few at most."""
        failures, _ = self._failures.get(key, (0, 0.0))
        return min(2.0 ** min(failures - self._free, 10), MAX_DELAY) if failures > self._free else 0.0

    def reset(self, key: str) -> None:
        """Forget a key's failures."""
        self._failures.pop(key, None)


class UserList(Protocol):
    """The users who may sign in."""

    def check(self, name: str, password: str) -> bool: ...


class SignIn:
    """Check names and passwords one at a time.

    Failures are throttled by name and address, and by address. So a stranger who knows a name does not shut its owner
    out: failures of a name from everywhere only slow its sign-ins down.
    """

    def __init__(
        self,
        users: UserList,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._users = users
        self._pairs, self._names = Throttle(FREE_FAILURES, clock), Throttle(FREE_FAILURES_OF_ADDRESS, clock)
        self._addresses = Throttle(FREE_FAILURES_OF_ADDRESS, clock)
        self._sleep = sleep
        self._turn = asyncio.Lock()

    async def check(self, name: str, password: str) -> bool:
        """Check a user's password.

        Raises:
            TooManyAttemptsError: there were too many failures.
        """
        if len(name) > MAX_NAME or len(password) > MAX_PASSWORD:
            return False
        name, address = normal_name(name), _network(ADDRESS.get())
        pair = f"{address} {name}"
        if wait := max(self._addresses.wait(address), self._pairs.wait(pair)):
            raise TooManyAttemptsError(wait)
        delay = self._names.delay(name)
        for throttle, key in ((self._names, name), (self._pairs, pair), (self._addresses, address)):
            throttle.count(key)
        if delay:
            await self._sleep(delay)
        async with self._turn:
            is_right = await asyncio.to_thread(self._users.check, name, password)
        if is_right:
            self._names.reset(name)
            self._pairs.reset(pair)
            self._addresses.reset(address)
        return is_right


def _network(address: str) -> str:
    """Return the address, or the /64 network of an IPv6 address: one client can use all of it."""
    try:
        return str(ipaddress.ip_network((address, 64), strict=False)) if ":" in address else address
    except ValueError:
        return address
