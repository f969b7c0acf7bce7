"""Read files in a separate process, so that one that hangs, explodes or crashes its reader harms nothing else.

The process (`worker.py`) gets a file's bytes and returns its document, or the picture of one of its pages. What it may
do is limited as far as the system allows (`lockdown.py`).
"""

import json
import logging
import os
import signal
import struct
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from index.errors import ReadingError
from index.ingest.document_message import to_document
from index.ingest.limits import Limits
from index.ingest.lockdown import Measure
from index.ingest.protocol import Message, receive, send
from index.types import Document, Picture

_MAX_FILES = 1000  # that one process reads, in case a reader leaks memory
_WALL_CLOCK = 4  # the seconds that pass at most for each second that a reader may compute
_SIGXCPU = 24  # how the kernel ends a process that has used up its processor time
# What the process needs of the environment: its libraries, Tesseract and its data, and what Windows needs to run it.
_ENVIRONMENT = "PATH PYTHONPATH LD_LIBRARY_PATH LANG LC_ALL LC_CTYPE TZ TESSDATA_PREFIX OMP_THREAD_LIMIT SYSTEMROOT"
# A process ends with the thread that started it, so one thread that lasts starts them all.
_STARTER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reader-starter")
_LOGGER = logging.getLogger("footnote")


class Parser:
    """Reads files in a process that starts with the first file, and again after a file that ended it.

    Threads that share one wait for each other.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._process: subprocess.Popen[bytes] | None = None
        self._files = 0
        self._lock = threading.Lock()
        self._is_stopped = False

    def read(self, path: str, content: bytes) -> Document:
        """Read a file's bytes as a document.

        Raises:
            ReadingError: they cannot be read; the message says why and what to do.
        """
        answer = self._ask(Message(values={"path": path}, content=content))
        try:
            document = to_document(answer)
            if document.path != path:
                raise ValueError(f"a document of {document.path}")
            return document
        except (LookupError, TypeError, ValueError, struct.error) as error:
            self.close()  # a reader that was taken over may send anything
            raise _crash(path) from error

    def draw(self, path: str, content: bytes, page: int, quote: str, onward: bool = False) -> Picture:
        """Draw a page of a PDF file, numbered from 1, with a quote marked.

        With `onward`, draw the next page instead if the whole quote is only there.

        Raises:
            ReadingError: the page cannot be drawn; the message says why and what to do.
        """
        request = {"path": path, "draw": {"page": page, "quote": quote, "onward": onward}}
        answer = self._ask(Message(values=request, content=content))
        marks = tuple((left, top, right, bottom) for left, top, right, bottom in answer.values["marks"])
        return Picture(answer.content, answer.values["number"], answer.values["pages"], marks)

    def measures(self) -> list[Measure]:
        """Return the measures against harmful files, and whether each holds on this machine."""
        answer = self._ask(Message(values={"path": "The reader", "measures": True}))
        return [Measure(**measure) for measure in answer.values["measures"]]

    def stop(self) -> None:
        """End the process at once. The file that another thread reads is given up, and none is read after it."""
        self._is_stopped = True
        if process := self._process:
            _kill(process)

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def __enter__(self) -> "Parser":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, request: Message) -> Message:
        """Send a request to the process, and return its answer.

        Raises:
            ReadingError: the process reports one, takes too long, or ends.
        """
        path, late = request.values["path"], threading.Event()
        with self._lock:
            process = self._running()

            def end() -> None:
                late.set()
                _kill(process)

            timer = threading.Timer(_WALL_CLOCK * self.limits.seconds, end)
            timer.start()
            try:
                assert process.stdin and process.stdout
                if self._is_stopped:
                    end()
                send(process.stdin, request)
                answer = receive(process.stdout)
                if answer and not isinstance(answer.values.get("error", ""), str):
                    answer = None
            except (OSError, ValueError, KeyError, TypeError, AttributeError):
                answer = None
            finally:
                timer.cancel()
            if answer is None:
                self._end()
        if answer is None:
            if late.is_set() or process.returncode == -_SIGXCPU:
                raise ReadingError(f"{path} takes more than {self.limits.seconds:.0f} seconds to read: split it.")
            raise _crash(path)
        if "error" in answer.values:
            if bug := answer.values.get("bug"):
                _LOGGER.error("A reader failed at %s.\n%s", path, bug)
            raise ReadingError(answer.values["error"])
        return answer

    def _end(self) -> None:
        if self._process:
            _kill(self._process)
            self._process.communicate()
        self._process, self._files = None, 0

    def _running(self) -> subprocess.Popen[bytes]:
        if self._files >= _MAX_FILES or (self._process and self._process.poll() is not None):
            self._end()
        self._files += 1
        if self._process is None:
            self._process = _STARTER.submit(_start, self.limits).result()
        return self._process


def _crash(path: str) -> ReadingError:
    return ReadingError(f"{path} crashes its reader: save it again or leave it out.")


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and Tesseract, if it runs it."""
    if hasattr(os, "killpg") and process.returncode is None:
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


def _start(limits: Limits) -> subprocess.Popen[bytes]:
    """Start a process in a new session, so that Ctrl-C in a terminal does not reach it."""
    command = [sys.executable, "-P", "-B", "-W", "ignore", "-m", "index.ingest.worker", json.dumps(asdict(limits))]
    paths = [str(Path(__file__).parents[2]), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    environment = {name: os.environ[name] for name in _ENVIRONMENT.split() if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, start_new_session=True
    )
