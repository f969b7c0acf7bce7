"""Run builds in the background, one at a time."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

from index.build import Progress, Report
from index.errors import FootnoteError

CANCELLED = "Update cancelled."
FAILED = "The build failed: the log shows why."
OLD_INDEX = "Answers use the last complete index."
NO_INDEX = "The documents have not been read yet: update the library to read them."
logger = logging.getLogger("footnote")


class BackgroundBuild:
    """Run the steps of a build in a thread. A build that is requested meanwhile runs after it.

    `make_steps` starts a build, full or not; `on_built` is called in the thread after each complete build. `progress`
    and `started_at` describe the running build, `problem` says why the last one failed. `is_built` tells whether there
    is an index without it.
    """

    def __init__(
        self,
        make_steps: Callable[[bool], Iterator[Progress | Report]],
        on_built: Callable[[], None],
        is_built: Callable[[], bool],
    ) -> None:
        self._make_steps = make_steps
        self._on_built = on_built
        self._is_built = is_built
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_running = self._is_cancelled = False
        self._next: bool | None = None  # whether the build that waits is a full one
        self.progress: Progress | None = None
        self.problem = ""
        self.started_at = 0.0

    @property
    def is_running(self) -> bool:
        return self._is_running

    def start(self, full: bool) -> None:
        """Start a build, or let one follow the running build, which may have passed a new file already."""
        with self._lock:
            if self._is_running:
                self._next = full or bool(self._next)
                return
            self._is_running = True
            self._begin()
            self._thread = threading.Thread(target=self._run, args=[full], daemon=True)
            self._thread.start()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until no build is running, or for some seconds."""
        if self._thread:
            self._thread.join(seconds)

    def cancel(self) -> None:
        """Cancel the running build at its next step, and those that wait."""
        with self._lock:
            self._is_cancelled, self._next = True, None

    def _begin(self) -> None:
        self._is_cancelled, self.problem = False, ""
        self.progress, self.started_at = Progress(stage="Preparing the model"), time.monotonic()

    def _run(self, full: bool) -> None:
        while True:
            self._build(full)
            with self._lock:
                if self._next is None:
                    self._is_running = False
                    return
                full, self._next = self._next, None
                self._begin()

    def _build(self, full: bool) -> None:
        try:
            for step in self._make_steps(full):
                if isinstance(step, Report):
                    logger.info("Build: %s; generation %d.", step.changes, step.generation)
                    self._on_built()
                    break
                if self._is_cancelled:
                    self.problem = f"{CANCELLED} {self._in_use()}".rstrip()
                    break
                self.progress = step
        except FootnoteError as error:
            self.problem = str(error)
            logger.info("The build failed: %s", error)
        except Exception:
            self.problem = f"{FAILED} {self._in_use()}".rstrip()
            logger.exception("The build failed.")

    def _in_use(self) -> str:
        with suppress(FootnoteError):  # of a database that cannot be reached
            return OLD_INDEX if self._is_built() else NO_INDEX
        return ""
