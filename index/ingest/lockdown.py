"""Give up what reading a file does not need. A measure that a system lacks prevents no other."""

import ctypes
import mimetypes
import os
import shutil
import signal
import struct
import sys
import sysconfig
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.ingest.landlock import restrict_files
from index.ingest.limits import Limits
from index.ingest.seccomp import refuse_calls

_FORBIDDEN = (
    *("socket.", "subprocess.", "shutil.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "pty."),
    *("os.remove", "os.rename", "os.truncate", "os.link", "os.symlink", "os.mkdir", "os.rmdir", "os.chmod", "os.chown"),
    *("os.utime", "os.kill", "os.setxattr", "os.removexattr", "os.chflags", "sqlite3.", "ftplib."),
    *("signal.pthread_kill", "urllib.", "webbrowser.", "winreg.", "resource.prlimit"),
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_SYSTEM_FOLDERS = (
    "/lib /lib64 /usr/lib /usr/lib64 /usr/lib32 /usr/local/lib /nix/store /gnu/store /home/linuxbrew/.linuxbrew"
)
_SYSTEM_FILES = "/etc/ld.so.cache /etc/localtime /usr/share/zoneinfo /dev/null /dev/urandom /usr/share/mime"
_FONTS = "/usr/share/fonts /usr/share/X11/fonts /usr/local/share/fonts"
_PDEATHSIG, _NO_NEW_PRIVS = 1, 38
_CAPSET = {"x86_64": 126, "aarch64": 91}
_CAPABILITIES_VERSION, _READ_ANY_FILE = 0x20080522, 1 << 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A measure against harmful files, and whether it holds on this machine."""

    name: str
    holds: bool


def sandbox_text(measures: Sequence[Measure]) -> str:
    """Say which measures hold.

    >>> sandbox_text([Measure(name="memory limit", holds=True), Measure(name="seccomp", holds=False)])
    'Files are read in a separate process, with: memory limit. This system does not support: seccomp.'
    """
    hold = ", ".join(measure.name for measure in measures if measure.holds)
    fail = ", ".join(measure.name for measure in measures if not measure.holds)
    return f"Files are read in a separate process, with: {hold}." + (
        f" This system does not support: {fail}." if fail else ""
    )


def lock_up(limits: Limits, program: str | None = None) -> list[Measure]:
    """Take every measure that this machine knows, and say which hold. `program` may still be run, for OCR."""
    is_linux = sys.platform == "linux"
    measures: list[tuple[str, Callable[[], bool]]] = [
        ("memory limit", lambda: _limit("RLIMIT_AS", limits.memory_bytes)),
        ("no file contents written", lambda: _limit("RLIMIT_FSIZE", 0)),
        ("no core dumps", lambda: _limit("RLIMIT_CORE", 0)),
        ("processor time limit", lambda: limit_time(limits.seconds)),
        ("ends with its parent", lambda: is_linux and end_with_parent()),
        ("no new privileges", lambda: is_linux and _prctl(_NO_NEW_PRIVS, 1)),
        ("no capabilities", lambda: is_linux and _drop_capabilities()),
        ("Landlock", lambda: restrict_files(_readable(program), _programs(program))),
        ("seccomp", lambda: refuse_calls(may_run_programs=program is not None)),
        ("audit hook", lambda: _add_audit_hook(program)),
    ]
    return [Measure(name=name, holds=_try(take)) for name, take in measures]


def limit_time(seconds: float) -> bool:
    """Let the kernel end this process once it has computed for some more seconds."""
    import resource
    import time

    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + seconds) + 1, most))
    return True


def end_with_parent() -> bool:
    """Let the kernel end this process when the thread that started it ends."""
    return _prctl(_PDEATHSIG, signal.SIGKILL)


def _try(take: Callable[[], bool]) -> bool:
    try:
        return bool(take())
    except (ImportError, AttributeError, KeyError, OSError, ValueError):
        return False


def _limit(name: str, value: int) -> bool:
    import resource

    resource.setrlimit(getattr(resource, name), (value, value))
    return True


def _prctl(option: int, value: int) -> bool:
    return bool(ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0) == 0)


def _drop_capabilities() -> bool:
    """Drop the rights of an administrator, who may then read every file that Landlock leaves, and nothing else."""
    head = struct.pack("=Ii", _CAPABILITIES_VERSION, 0)
    rights = _READ_ANY_FILE if os.geteuid() == 0 else 0
    data = struct.pack("=6I", rights, rights, 0, 0, 0, 0)
    number = _CAPSET[os.uname().machine]
    return bool(ctypes.CDLL(None, use_errno=True).syscall(number, head, data) == 0)


def _readable(program: str | None) -> Iterator[Path]:
    """Yield what the readers' libraries read: themselves, what they link to, time zones, fonts and types of files."""
    yield Path(__file__).parents[1]
    paths = sysconfig.get_paths()
    yield from (Path(paths[name]) for name in ("stdlib", "platstdlib", "purelib", "platlib"))
    yield from (Path(prefix, "lib") for prefix in (sys.prefix, sys.base_prefix))
    project = Path(__file__).parents[2].resolve()
    yield from (Path(entry) for entry in sys.path if entry and not project.is_relative_to(Path(entry).resolve()))
    names = f"{_SYSTEM_FOLDERS} {_SYSTEM_FILES} {_FONTS}"
    yield from map(Path, [*names.split(), *mimetypes.knownfiles])
    if program:
        yield from (Path(program).resolve().parents[1] / name for name in ("lib", "share"))
    linked = f"{os.environ.get('LD_LIBRARY_PATH', '')}:{os.environ.get('TESSDATA_PREFIX', '')}"
    yield from (Path(folder) for folder in linked.split(":") if folder)


def _programs(program: str | None) -> Iterator[Path]:
    """Yield the program, what it links to if it is a script, and the loaders of programs."""
    if not program:
        return
    yield Path(program).resolve()
    with Path(program).open("rb") as file:
        first = file.readline(200)
    if first.startswith(b"#!") and (interpreter := shutil.which(first[2:].split()[0].decode())):
        yield Path(interpreter).resolve()
    for folder in ("/lib", "/lib64", "/usr/lib", "/usr/lib64"):
        yield from Path(folder).glob("ld-*.so*")
        yield from Path(folder).glob("*-linux-*/ld-*.so*")


def _add_audit_hook(program: str | None) -> bool:
    """Refuse what Python itself reports: a second line, which native code gets past."""

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "subprocess.Popen" and program and arguments[0] == program:
            return
        writes = event == "open" and not isinstance(arguments[0], int) and arguments[2] & _WRITING
        if writes or event.startswith(_FORBIDDEN):
            raise PermissionError(f"a reader may not: {event}")

    sys.addaudithook(refuse)
    return True
