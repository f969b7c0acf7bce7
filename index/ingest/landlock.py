"""Give up all files but some to read, and all connections, with Landlock (Linux 5.13 or later).

Landlock holds for the process and the programs that it starts, and cannot be undone.
"""

import ctypes
import os
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same numbers on every architecture
_VERSION, _PATH_BENEATH = 1, 1
_EXECUTE, _READ_FILE, _READ_FOLDER = 1 << 0, 1 << 2, 1 << 3
# Rights to handle by the version that knows them; a right that is handled and not granted is refused.
_FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_NETWORK_RIGHTS = {4: 0b11}  # bind and connect by TCP
_SCOPES = {6: 0b11}  # abstract sockets and signals


def landlock_version() -> int:
    """Return the version of Landlock that the kernel supports; 0 if it does not."""
    return max(_call(_CREATE_RULESET, None, 0, _VERSION), 0) if sys.platform == "linux" else 0


def restrict_files(readable: Iterable[Path], programs: Iterable[Path] = ()) -> bool:
    """Give up every file but those to read and the programs to run, and all connections.

    Folders are readable with all that they contain; what does not exist is left out. Return whether the kernel
    restricts the process. It needs `PR_SET_NO_NEW_PRIVS` first.
    """
    version = landlock_version()
    if not version:
        return False
    files, network, scopes = (_known(rights, version) for rights in (_FILE_RIGHTS, _NETWORK_RIGHTS, _SCOPES))
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    rules = _call(_CREATE_RULESET, struct.pack("=QQQ", files, network, scopes)[:size], size, 0)
    if rules < 0:
        return False
    try:
        for path in readable:
            _allow(rules, path, _READ_FILE | _READ_FOLDER)
        for path in programs:
            _allow(rules, path, _READ_FILE | _EXECUTE)
        return _call(_RESTRICT_SELF, rules, 0) == 0
    finally:
        os.close(rules)


def _allow(rules: int, path: Path, rights: int) -> None:
    with suppress(OSError):
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not path.is_dir():
                rights &= ~_READ_FOLDER
            _call(_ADD_RULE, rules, _PATH_BENEATH, struct.pack("=Qi", rights, opened), 0)
        finally:
            os.close(opened)


def _known(rights: dict[int, int], version: int) -> int:
    return max((value for first, value in rights.items() if first <= version), default=0)


def _call(number: int, *arguments: object) -> int:
    values = (ctypes.c_long(value) if isinstance(value, int) else value for value in arguments)
    return int(ctypes.CDLL(None, use_errno=True).syscall(number, *values))
