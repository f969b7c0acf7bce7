"""Files are read in a process of their own, so that one that hangs, explodes or crashes its reader harms nothing else.

The process gets a file's bytes and gives back its document, or the picture of one of its pages. It may use so much
memory, and is ended when it takes too long; it can open no connection, start no program and write no file.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
from dataclasses import astuple
from pathlib import Path
from typing import IO, Any

from index.errors import ReadingError
from index.ingest.formats import draw, read
from index.ingest.limits import MEGABYTE, Limits
from index.ingest.readers.ocr import program
from index.types import Block, Document, Picture

_FILES_A_PROCESS = 1000
_FORBIDDEN = ("socket.", "subprocess.", "shutil.", "os.system", "os.exec", "os.posix_spawn", "os.fork")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Parser:
    """Reads files in a process that is started with the first of them, and anew after one that ended it.

    Threads that share one wait for each other.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._process: subprocess.Popen[bytes] | None = None
        self._read = 0
        self._lock = threading.Lock()

    def read(self, path: str, content: bytes) -> Document:
        """The document that a file's bytes hold.

        Raises:
            ReadingError: they cannot be read; the message says why and what to do.
        """
        said, _ = self._ask({"path": path}, content)
        return _document(said)

    def draw(self, path: str, content: bytes, page: int, quote: str, onward: bool = False) -> Picture:
        """The picture of a page of a PDF file, from 1, with a quote marked; `onward` the next page's, if the quote is
        whole on that one only.

        Raises:
            ReadingError: it cannot be drawn; the message says why and what to do.
        """
        said, png = self._ask({"path": path, "draw": [page, quote, onward]}, content)
        marks = tuple((left, top, right, bottom) for left, top, right, bottom in said["marks"])
        return Picture(png, said["number"], said["pages"], marks)

    def _ask(self, head: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
        """What the process says to a request, and the bytes that come with it."""
        with self._lock:
            process = self._running()
            late = threading.Event()

            def end() -> None:
                late.set()
                process.kill()

            timer = threading.Timer(self.limits.seconds, end)
            timer.start()
            try:
                assert process.stdin and process.stdout
                _send(process.stdin, head, content)
                received = _receive(process.stdout)
            except (OSError, ValueError):
                received = None
            finally:
                timer.cancel()
            if received is None:
                self._end()
        path = head["path"]
        if received is None:
            if late.is_set():
                raise ReadingError(f"{path} takes more than {self.limits.seconds:.0f} seconds to read: split it.")
            raise ReadingError(
                f"{path} cannot be read, it ends the program that reads it: save it anew or leave it out."
            )
        if "error" in received[0]:
            raise ReadingError(received[0]["error"])
        return received

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._process:
            self._process.kill()
            self._process.communicate()
        self._process, self._read = None, 0

    def __enter__(self) -> "Parser":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._read >= _FILES_A_PROCESS or (self._process and self._process.poll() is not None):
            self._end()
        self._read += 1
        if self._process is None:
            command = [
                sys.executable,
                "-P",
                "-B",
                "-W",
                "ignore",
                "-m",
                "index.ingest.sandbox",
                json.dumps(astuple(self.limits)),
            ]
            places = [str(Path(__file__).parents[2]), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, places))},
            )
        return self._process


def _send(stream: IO[bytes], head: dict[str, Any], content: bytes = b"") -> None:
    stream.write(json.dumps({**head, "size": len(content)}).encode() + b"\n")
    stream.write(content)
    stream.flush()


def _receive(stream: IO[bytes]) -> tuple[dict[str, Any], bytes] | None:
    """What was sent; None where it has ended."""
    if not (line := stream.readline()):
        return None
    head = json.loads(line)
    size = head.pop("size")
    content = stream.read(size)
    return (head, content) if len(content) == size else None


def _document(said: dict[str, Any]) -> Document:
    blocks = tuple(Block(*block) for block in said["blocks"])
    pages = tuple((start, number) for start, number in said["pages"])
    return Document(**{**said, "blocks": blocks, "pages": pages, "ocr_pages": tuple(said["ocr_pages"])})


def main() -> None:
    """Read files from standard input, one after the other, until it ends."""
    limits = Limits(*json.loads(sys.argv[1]))
    commands, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is not an answer
    _lock_up(limits)
    while request := _receive(commands):
        head, content = request
        answer = b""
        try:
            if "draw" in head:
                page, quote, onward = head["draw"]
                picture = draw(head["path"], content, page, quote, onward, limits)
                said = {"number": picture.number, "pages": picture.pages, "marks": picture.marks}
                answer = picture.png
            else:
                said = _data(read(head["path"], content, limits))
        except ReadingError as error:
            said = {"error": str(error)}
        except MemoryError:
            most = limits.memory_bytes // MEGABYTE
            said = {"error": f"{head['path']} takes more than {most} MB of memory to read: split it."}
        except RecursionError:
            said = {"error": f"{head['path']} is nested too deeply to be read: save it in another format."}
        _send(answers, said, answer)


def _data(document: Document) -> dict[str, Any]:
    names = ("path", "text", "sha256", "title", "pages", "unit", "note", "ocr_pages")
    said = {name: getattr(document, name) for name in names}
    return {**said, "blocks": [(block.start, block.end, block.level) for block in document.blocks]}


def _lock_up(limits: Limits) -> None:
    """Give away what reading does not need: memory past the limit, connections, programs and files to write."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    allowed = program() if limits.ocr else None

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "subprocess.Popen" and allowed and arguments[0] == allowed:
            return
        writes = event == "open" and not isinstance(arguments[0], int) and arguments[2] & _WRITING
        if writes or event.startswith(_FORBIDDEN):
            raise PermissionError(f"a reader may not: {event}")

    sys.addaudithook(refuse)


if __name__ == "__main__":
    main()
