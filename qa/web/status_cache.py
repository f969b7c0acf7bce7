"""Share one status of the library among all visitors, so that they do not walk the folder once each."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from index.errors import FootnoteError
from qa.web.library import Library, LibraryStatus

MIN_AGE = 1.0  # seconds
MAX_AGE = 30.0
MAX_LOAD = 0.01  # walking the folder takes at most this share of one core


@dataclass(frozen=True, slots=True, kw_only=True)
class CachedStatus:
    """A status, or the problem that prevented one. Both are empty before there is an index.

    `is_empty` says that there is no index and no file in the folder either.
    """

    status: LibraryStatus | None = None
    problem: str = ""
    is_empty: bool = False


class StatusCache:
    """Compute the status when it is read, unless the last one is young compared with what it cost."""

    def __init__(
        self,
        library: Library,
        clock: Callable[[], float] = time.monotonic,
        work: Callable[[], float] = time.thread_time,
    ) -> None:
        self._library = library
        self._clock = clock
        self._work = work
        self._computing = threading.Lock()
        self._cached = CachedStatus()
        self._expires = 0.0
        self._was_building = False

    def get(self) -> CachedStatus:
        """Return the status. While one visitor computes it, the others get the last one."""
        is_building = self._library.is_building
        if self._was_building and not is_building:
            self.invalidate()
        self._was_building = is_building
        if self._clock() >= self._expires and self._computing.acquire(blocking=self._expires == 0.0):
            try:
                self._compute()
            finally:
                self._computing.release()
        return self._cached

    def invalidate(self) -> None:
        """Compute the status when it is read next."""
        self._expires = 0.0

    def _compute(self) -> None:
        if self._clock() < self._expires:
            return  # another visitor computed it while this one waited
        started = self._work()
        try:
            status = self._library.status()
            self._cached = CachedStatus(status=status, is_empty=not status and not self._library.file_statuses())
        except FootnoteError as error:
            self._cached = CachedStatus(problem=str(error))
        cost = self._work() - started
        self._expires = self._clock() + min(max(MIN_AGE, cost / MAX_LOAD), MAX_AGE)
