"""The process that reads files: `python -m index.ingest.worker LIMITS`, started by `sandbox.py`.

It gives up what reading does not need: connections, programs, files to write, and memory and time past the limits.
"""

import contextlib
import json
import os
import sys
import time
from dataclasses import astuple
from typing import Any

from index.errors import ReadingError
from index.ingest.formats import draw, read
from index.ingest.limits import MEGABYTE, Limits
from index.ingest.protocol import Message, receive, send
from index.ingest.readers.ocr import program

_FORBIDDEN = ("socket.", "subprocess.", "shutil.", "os.system", "os.exec", "os.posix_spawn", "os.fork")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def main() -> None:
    """Answer the requests on standard input, one after the other, until it ends."""
    limits = Limits(**json.loads(sys.argv[1]))
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is not an answer
    _lock_up(limits)
    while request := receive(requests):
        _limit_time(limits.seconds)
        send(answers, _answer(request, limits))


def _answer(request: Message, limits: Limits) -> Message:
    path = request.values["path"]
    try:
        if "draw" in request.values:
            picture = draw(path, request.content, **request.values["draw"], limits=limits)
            values = {"number": picture.number, "pages": picture.pages, "marks": picture.marks}
            return Message(values=values, content=picture.png)
        document = read(path, request.content, limits)
        names = ("path", "text", "sha256", "title", "pages", "unit", "note", "ocr_pages", "date")
        fields: dict[str, Any] = {name: getattr(document, name) for name in names}
        return Message(values={**fields, "blocks": [astuple(block) for block in document.blocks]})
    except ReadingError as error:
        problem = str(error)
    except MemoryError:
        problem = f"{path} takes more than {limits.memory_bytes // MEGABYTE} MB of memory to read: split it."
    except RecursionError:
        problem = f"{path} is nested too deeply to be read: save it in another format."
    return Message(values={"error": problem})


def _limit_time(seconds: float) -> None:
    """Let the kernel end this process once it has computed for some more seconds."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + seconds) + 1, most))


def _lock_up(limits: Limits) -> None:
    """Give up memory past the limit, connections, programs and files to write."""
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
