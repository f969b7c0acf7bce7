"""A folder -> word that it may have changed, soon after it has."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from watchfiles import watch

STILL_MS = 1_000
GATHERED_MS = 10_000
LOOKED_AFTER = 10.0  # seconds: a network folder does not tell of changes


def changes(folder: Path, stop: threading.Event) -> Iterator[None]:
    """A step when something below the folder has changed and then been still for a second, and every ten seconds in any
    case; no more once `stop` is set."""
    try:
        for _ in watch(
            folder,
            watch_filter=None,
            debounce=GATHERED_MS,
            step=STILL_MS,
            stop_event=stop,
            rust_timeout=int(1e3 * LOOKED_AFTER),
            yield_on_timeout=True,
            raise_interrupt=False,
            ignore_permission_denied=True,
        ):
            yield
    except OSError:  # the folder has gone, or the system watches as many as it will
        while not stop.wait(LOOKED_AFTER):
            yield


class Watch:
    """Calls `look` in a thread of its own whenever the folder may have changed, while it is on."""

    def __init__(self, folder: Path, look: Callable[[], None]) -> None:
        self._folder = folder
        self._look = look
        self._lock = threading.Lock()
        self._off: threading.Event | None = None

    @property
    def is_on(self) -> bool:
        return self._off is not None

    def turn(self, on: bool) -> None:
        """Begin to watch, or end it."""
        with self._lock:
            if self._off and not on:
                self._off.set()
                self._off = None
            elif on and self._off is None:
                self._off = threading.Event()
                threading.Thread(target=self._run, args=[self._off], daemon=True).start()

    def _run(self, off: threading.Event) -> None:
        for _ in changes(self._folder, off):
            self._look()
