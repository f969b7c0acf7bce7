"""Run a command in a terminal: write its output, and report in one sentence what the user can solve."""

import io
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

from index.errors import FootnoteError, OutputError


def end_quietly() -> None:
    """Let Ctrl-C end the program without a traceback while it imports its modules."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def run_command(run: Callable[[], int], if_cancelled: str = "") -> int:
    """Run a command. Return its status, 1 after an error that the user can solve, and 130 after Ctrl-C."""
    prepare_streams()
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        status = run()
        write("", end="")  # what is still buffered
        return status
    except FootnoteError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        if if_cancelled:
            print(if_cancelled, file=sys.stderr)
        return 130
    except BrokenPipeError:
        _discard_output()
        return 0


def prepare_streams() -> None:
    """Replace closed streams by empty ones, and write what an encoding lacks as `\\u20ac`."""
    sys.stdin = sys.stdin or io.StringIO()
    sys.stdout = sys.stdout or io.StringIO()
    sys.stderr = sys.stderr or io.StringIO()
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)


def write(text: str, end: str = "\n") -> None:
    """Write a text to standard output at once.

    Raises:
        OutputError: it cannot be written, as on a full disk.
    """
    try:
        print(text, end=end, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        _discard_output()
        raise OutputError(f"The output cannot be written ({error.strerror}): write it elsewhere.") from error


def write_json(data: object) -> None:
    """Write data as one line of JSON, in characters that the terminal has."""
    is_unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    write(json.dumps(data, ensure_ascii=not is_unicode))


def _discard_output() -> None:
    """Send what is still buffered nowhere, since nothing can be written any more."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
