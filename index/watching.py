"""A folder -> word that it may have changed, soon after it has."""

import threading
from collections.abc import Iterator
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
