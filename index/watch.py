"""Notice when files in a folder change."""

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from watchfiles import watch

QUIET_MS = 1_000
MAX_GATHERING_MS = 10_000
POLL_SECONDS = 10.0  # for network folders, which report no changes
logger = logging.getLogger("footnote")


def changes(folder: Path, stop: threading.Event) -> Iterator[None]:
    """Yield one second after the last of some changes below a folder, and every ten seconds, until `stop` is set."""
    try:
        for _ in watch(
            folder,
            watch_filter=None,
            debounce=MAX_GATHERING_MS,
            step=QUIET_MS,
            stop_event=stop,
            rust_timeout=int(1e3 * POLL_SECONDS),
            yield_on_timeout=True,
            raise_interrupt=False,
            ignore_permission_denied=True,
        ):
            yield
    except OSError as error:  # the folder is gone, or the system allows no more watches
        logger.info("Changes in %s are not reported (%s): looking every %.0f seconds.", folder, error, POLL_SECONDS)
        while not stop.wait(POLL_SECONDS):
            yield


class Watch:
    """Call `on_change` in a separate thread whenever a folder may have changed."""

    def __init__(self, folder: Path, on_change: Callable[[], None]) -> None:
        self._folder = folder
        self._on_change = on_change
        self._lock = threading.Lock()
        self._stop: threading.Event | None = None

    @property
    def is_on(self) -> bool:
        return self._stop is not None

    def start(self) -> None:
        """Start watching, unless it is on."""
        with self._lock:
            if self._stop is None:
                self._stop = threading.Event()
                threading.Thread(target=self._run, args=[self._stop], daemon=True).start()

    def stop(self) -> None:
        """Stop watching."""
        with self._lock:
            if self._stop:
                self._stop.set()
                self._stop = None

    def _run(self, stop: threading.Event) -> None:
        for _ in changes(self._folder, stop):
            self._on_change()
