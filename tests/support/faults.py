"""A disk that fails: the writes, syncs, renames and the like of SQLite and of Python below a folder are counted, and
chosen ones fail.

SQLite's are reached by its own interface to the system, the VFS: the functions that open a file and write it are
replaced in the library that Python's sqlite3 runs on.
"""

import _sqlite3
import builtins
import ctypes
import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import POINTER, c_char_p, c_int, c_int64, c_void_p
from pathlib import Path

import pytest

FULL, WRITE, SYNC, TRUNCATE, DELETE, SHARED, CANNOT_OPEN = 13, 778, 1034, 1546, 2570, 4874, 14
_CREATES = 0x4
_VFS_OPEN, _VFS_DELETE = 0, 1
_METHODS = "Close Read Write Truncate Sync FileSize Lock Unlock CheckReservedLock FileControl SectorSize".split()
_METHODS += "DeviceCharacteristics ShmMap ShmLock ShmBarrier ShmUnmap Fetch Unfetch".split()


class _Methods(ctypes.Structure):
    _fields_ = [("version", c_int), *((name, c_void_p) for name in _METHODS)]


class _File(ctypes.Structure):
    _fields_ = [("methods", POINTER(_Methods))]


class _Vfs(ctypes.Structure):
    _fields_ = [
        *((name, c_int) for name in ("version", "file_size", "longest_path")),
        *((name, c_void_p) for name in ("next", "name", "data", "open", "delete")),
    ]


# SQLite keeps the path that it opens by, so it is handed on as the address that it is.
_OPEN = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p, POINTER(_File), c_int, POINTER(c_int))
_DELETE = ctypes.CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)
_FAILING = {
    "Write": (ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64), WRITE),
    "Truncate": (ctypes.CFUNCTYPE(c_int, c_void_p, c_int64), TRUNCATE),
    "Sync": (ctypes.CFUNCTYPE(c_int, c_void_p, c_int), SYNC),
    "ShmMap": (ctypes.CFUNCTYPE(c_int, c_void_p, c_int, c_int, c_int, c_void_p), SHARED),
}


class Disk:
    """What is done below `root`, in `points`; those for whose number `fails` says so fail with `error`."""

    def __init__(self, root: Path) -> None:
        self.root = str(root)
        self.points: list[str] = []
        self.fails: Callable[[int], bool] = lambda number: False
        self.error = errno.ENOSPC

    def stumbles(self, what: str, path: object) -> bool:
        """Count an operation; whether it fails. SQLite's temporary files have no path."""
        place = os.fspath(path) if path else ""
        if isinstance(place, int) or (place and not place.startswith(self.root)):
            return False
        suffix = place.removeprefix(self.root).split(f".{os.getpid()}.")[0]
        self.points.append(f"{what} {suffix}")
        return self.fails(len(self.points))

    def check(self, what: str, path: object) -> None:
        """Count an operation of Python's, which fails when it is to."""
        if self.stumbles(what, path):
            raise OSError(self.error, os.strerror(self.error), str(path))


class _Raw(io.FileIO):
    disk: Disk

    def write(self, data: object) -> int:
        self.disk.check("write", self.name)
        return super().write(data)


_kept: list[object] = []  # what SQLite may still call


@contextmanager
def failing(root: Path) -> Iterator[Disk]:
    """A disk below a folder, while it is used."""
    disk = Disk(root)
    with pytest.MonkeyPatch.context() as patch, _failing_sqlite(disk):
        for name in ("replace", "rename", "unlink", "remove", "mkdir", "rmdir"):
            patch.setattr(os, name, _checked(disk, name, getattr(os, name)))
        opened, numbered = io.open, os.open

        def open_file(path: object, mode: str = "r", *rest: object, **named: object) -> object:
            if mode not in ("wb", "w+b") or not str(path).startswith(disk.root):
                return opened(path, mode, *rest, **named)
            disk.check("open", path)
            raw = _Raw(path, mode, opener=named.get("opener"))
            raw.disk = disk
            return io.BufferedWriter(raw) if mode == "wb" else io.BufferedRandom(raw)

        def open_number(path: object, flags: int, *rest: object, **named: object) -> int:
            if flags & os.O_CREAT:
                disk.check("open", path)
            return numbered(path, flags, *rest, **named)

        patch.setattr(io, "open", open_file)
        patch.setattr(builtins, "open", open_file)
        patch.setattr(os, "open", open_number)
        yield disk


def _checked(disk: Disk, name: str, call: Callable[..., object]) -> Callable[..., object]:
    def checked(path: object, *rest: object, **named: object) -> object:
        disk.check(name, path)
        return call(path, *rest, **named)

    return checked


@contextmanager
def _failing_sqlite(disk: Disk) -> Iterator[None]:
    try:
        library = ctypes.CDLL(_sqlite3.__file__)
        library.sqlite3_vfs_find.restype = POINTER(_Vfs)
    except (AttributeError, OSError):
        pytest.skip("this Python's SQLite cannot be reached")
    vfs = library.sqlite3_vfs_find(None).contents
    opens, deletes = vfs.open, vfs.delete
    files = _Files(disk, _OPEN(opens), _DELETE(deletes))
    made = _OPEN(files.open), _DELETE(files.delete)
    _kept.extend((files, made))
    vfs.open, vfs.delete = (ctypes.cast(function, c_void_p).value for function in made)
    try:
        yield
    finally:
        vfs.open, vfs.delete = opens, deletes


class _Files:
    """What SQLite calls to open and to delete a file, and to write those that were opened so."""

    def __init__(self, disk: Disk, opens: Callable[..., int], deletes: Callable[..., int]) -> None:
        self._disk, self._opens, self._deletes = disk, opens, deletes
        self._methods: dict[int, _Methods] = {}
        self._paths: dict[int, str] = {}

    def open(self, vfs: int, path: int | None, file: object, flags: int, found: object) -> int:
        place = ctypes.string_at(path).decode() if path else ""
        if flags & _CREATES and (not place or not Path(place).exists()) and self._disk.stumbles("open", place):
            return CANNOT_OPEN
        result = int(self._opens(vfs, path, file, flags, found))
        if result == 0 and (not place or place.startswith(self._disk.root)):
            methods = file.contents.methods.contents
            key = ctypes.addressof(methods)
            self._methods[key] = self._methods.get(key) or self._replaced(methods)
            file.contents.methods = ctypes.pointer(self._methods[key])
            self._paths[ctypes.addressof(file.contents)] = place
        return result

    def delete(self, vfs: int, path: bytes, synced: int) -> int:
        if Path(path.decode()).exists() and self._disk.stumbles("delete", path.decode()):
            return DELETE
        return int(self._deletes(vfs, path, synced))

    def _replaced(self, methods: _Methods) -> _Methods:
        made = _Methods.from_buffer_copy(methods)
        for name, (kind, code) in _FAILING.items():
            if address := getattr(methods, name):
                method = kind(self._failing(name, kind(address), code))
                _kept.append(method)
                setattr(made, name, ctypes.cast(method, c_void_p))
        return made

    def _failing(self, name: str, call: Callable[..., int], code: int) -> Callable[..., int]:
        def method(file: int, *rest: int) -> int:
            counts = name != "ShmMap" or rest[2]
            if counts and self._disk.stumbles(name.lower(), self._paths.get(file, "")):
                return FULL if name == "Write" and self._disk.error == errno.ENOSPC else code
            return call(file, *rest)

        return method
