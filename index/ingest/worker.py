"""The process that reads files: `python -m index.ingest.worker LIMITS`, started by `sandbox.py`.

It gives up what reading does not need (`lockdown.py`) before it reads the first file.
"""

import contextlib
import json
import os
import sys
import traceback
from dataclasses import asdict

from index.errors import ReadingError
from index.ingest.document_message import to_message
from index.ingest.formats import draw, read
from index.ingest.limits import MEGABYTE, Limits
from index.ingest.lockdown import Measure, limit_time, lock_up
from index.ingest.protocol import Message, receive, send
from index.ingest.readers.ocr import program


def main() -> None:
    """Answer the requests on standard input, one after the other, until it ends."""
    limits = Limits(**json.loads(sys.argv[1]))
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is not an answer
    measures = lock_up(limits, program() if limits.ocr else None)
    while request := receive(requests):
        with contextlib.suppress(ImportError, ValueError, OSError):
            limit_time(limits.seconds)
        send(answers, _answer(request, limits, measures))


def _answer(request: Message, limits: Limits, measures: list[Measure]) -> Message:
    if "measures" in request.values:
        return Message(values={"measures": [asdict(measure) for measure in measures]})
    path, bug = request.values["path"], ""
    try:
        if "draw" in request.values:
            picture = draw(path, request.content, **request.values["draw"], limits=limits)
            values = {"number": picture.number, "pages": picture.pages, "marks": picture.marks}
            return Message(values=values, content=picture.png)
        return to_message(read(path, request.content, limits))
    except ReadingError as error:
        problem = str(error)
    except MemoryError:
        problem = f"{path} takes more than {limits.memory_bytes // MEGABYTE} MB of memory to read: split it."
    except RecursionError:
        problem = f"{path} is nested too deeply to be read: save it in another format."
    except Exception as error:
        bug = traceback.format_exc()
        problem = f"{path} cannot be read, since Footnote failed ({type(error).__name__}): the log shows why."
    return Message(values={"error": problem, "bug": bug})


if __name__ == "__main__":
    main()
