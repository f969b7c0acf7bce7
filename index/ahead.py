"""Run a generator in a thread, some items ahead of the caller."""

import threading
from collections import deque
from collections.abc import Callable, Generator
from contextlib import closing
from typing import Generic, Self, TypeVar

T = TypeVar("T")


class Ahead(Generic[T]):
    """Run a generator in a thread. The thread waits while the items that are not used yet cost more than `max_cost`.

    An item counts as used when the next one is taken. An error of the generator is raised after its last item. `stop`
    is called before `close` waits for the thread, to interrupt what takes long.
    """

    def __init__(
        self,
        items: Generator[T, None, None],
        *,
        cost: Callable[[T], int] = lambda item: 0,
        max_cost: int = 0,
        stop: Callable[[], None] = lambda: None,
    ) -> None:
        self._items = items
        self._cost = cost
        self._max_cost = max_cost
        self._stop = stop
        self._changed = threading.Condition()
        self._ready: deque[T] = deque()
        self._unused = self._taken = 0
        self._is_over = self._is_closed = False
        self._error: BaseException | None = None
        # A daemon, so that the program can end without it.
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def is_over(self) -> bool:
        """Whether every item was taken, and the generator did not fail."""
        with self._changed:
            return self._is_over and not self._ready and not self._error

    def take(self, seconds: float = 0.0) -> T | None:
        """Return the next item; None if there is none within some seconds, or every item was taken."""
        with self._changed:
            self._unused -= self._taken
            self._taken = 0
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._ready or self._is_over, seconds)
            if self._ready:
                item = self._ready.popleft()
                self._taken = self._cost(item)
                return item
            if self._error:
                raise self._error
            return None

    def close(self) -> None:
        """Close the generator at its next item, and wait for that."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        self._stop()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _is_wanted(self, item: T) -> bool:
        """Hand over an item, and wait until another one may be made. Return False if none is wanted any more."""
        with self._changed:
            self._ready.append(item)
            self._unused += self._cost(item)
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._unused <= self._max_cost or self._is_closed)
            return not self._is_closed

    def _run(self) -> None:
        try:
            with closing(self._items) as items:
                for item in items:
                    is_wanted = self._is_wanted(item)
                    del item  # so that it is gone when the next one is made
                    if not is_wanted:
                        break
        except BaseException as error:
            self._error = error
        finally:
            with self._changed:
                self._is_over = True
                self._changed.notify_all()
