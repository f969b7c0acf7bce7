"""What a file could do to a machine that has taken over its reader: deeds, each of which must fail.

A deed gets a file of its own that it may harm, and raises OSError if the system refuses it.
"""

# The deeds are calls of the system as they are:
# ruff: noqa: PTH101, PTH102, PTH104, PTH106, PTH107, PTH123, PTH208, PTH211, SIM115

import ctypes
import os
import resource
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
from multiprocessing import util
from pathlib import Path

LIBC = ctypes.CDLL(None, use_errno=True)
CALLS = {
    "x86_64": {"process_vm_readv": 310, "io_uring_setup": 425, "memfd_create": 319, "execveat": 322, "clone3": 435}
}
NUMBERS = CALLS.get(os.uname().machine) or {
    **CALLS["x86_64"],
    "process_vm_readv": 270,
    "memfd_create": 279,
    "execveat": 281,
}


def native(result):
    """Raise OSError if a function of the C library failed."""
    if result in (-1, None, 0xFFFFFFFFFFFFFFFF):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def fork(victim):
    if not (child := os.fork()):
        os._exit(0)
    os.waitpid(child, 0)


def forkpty(victim):
    child, terminal = os.forkpty()
    if not child:
        os._exit(0)
    os.close(terminal)


def native_system(victim):
    LIBC.system(f"/bin/echo harmed > {victim}".encode())
    if "harmed" not in Path(victim).read_text():
        raise OSError("the program did not run")


def fork_exec(victim):
    import _posixsubprocess

    ends = os.pipe()
    nothing = [-1] * 6
    _posixsubprocess.fork_exec(
        [b"/bin/sh", b"-c", b"true"], [b"/bin/sh"], True, (ends[1],), None, None, *nothing, *ends,
        False, False, -1, None, None, None, -1, None, False,
    )  # fmt: skip
    os.close(ends[1])
    if report := os.read(ends[0], 1000):
        raise OSError(report.decode())


def spawn(victim):
    child = util.spawnv_passfds(b"/bin/sh", [b"sh", b"-c", b"true"], [])
    if os.waitpid(child, 0)[1]:
        raise OSError("the program did not run")


def posix_spawn(victim):
    if os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)[1]:
        raise OSError("the program did not run")


def native_connection(victim):
    native(LIBC.socket(socket.AF_INET, socket.SOCK_STREAM, 0))


def native_write(victim):
    opened = native(LIBC.open(os.fsencode(victim), os.O_WRONLY))
    native(LIBC.write(opened, b"x", 1))


def native_call(name, *arguments):
    return lambda victim: native(LIBC.syscall(NUMBERS[name], *arguments))


def read_parents_memory(victim):
    local = ctypes.create_string_buffer(8)
    vector = struct.pack("@PN", ctypes.addressof(local), 8)
    native(LIBC.syscall(NUMBERS["process_vm_readv"], os.getppid(), vector, 1, vector, 1, 0))


def set_owner(victim):
    os.chown(victim, os.getuid(), os.getgid())


def shadow(victim):
    return Path(victim).with_suffix(".new")


def make_database(victim):
    with sqlite3.connect(shadow(victim)) as connection:
        connection.execute("CREATE TABLE t (a)")


def raise_limit(name):
    return lambda victim: resource.setrlimit(getattr(resource, name), (resource.RLIM_INFINITY,) * 2)


def secret_of_environment(victim):
    if "FOOTNOTE_SECRET" not in os.environ:
        raise OSError("there is no such variable")


DEEDS = {
    "socket": lambda victim: socket.socket(),
    "_socket": lambda victim: sys.modules["_socket"].socket(),
    "socket pair": lambda victim: socket.socketpair(),
    "name of a host": lambda victim: socket.getaddrinfo("127.0.0.1", 80) and socket.socket(),
    "program": lambda victim: subprocess.run(["/bin/true"], check=True),
    "fork": fork,
    "forkpty": forkpty,
    "open to write": lambda victim: open(victim, "w"),
    "open to append": lambda victim: open(victim, "a"),
    "open to create": lambda victim: os.open(shadow(victim), os.O_CREAT | os.O_WRONLY),
    "create to read": lambda victim: os.open(shadow(victim), os.O_CREAT | os.O_RDONLY),
    "touch": lambda victim: shadow(victim).touch(),
    "native write": native_write,
    "database": make_database,
    "memory limit": raise_limit("RLIMIT_AS"),
    "file size limit": raise_limit("RLIMIT_FSIZE"),
    "native socket": native_connection,
    "native system": native_system,
    "fork_exec": fork_exec,
    "spawnv_passfds": spawn,
    "posix_spawn": posix_spawn,
    "exec": native_call("execveat", -1, None, None, None, 0),
    "remove": lambda victim: os.remove(victim),
    "native unlink": lambda victim: native(LIBC.unlink(os.fsencode(victim))),
    "rename": lambda victim: os.rename(victim, shadow(victim)),
    "truncate": lambda victim: os.truncate(victim, 0),
    "link": lambda victim: os.link(victim, shadow(victim)),
    "symlink": lambda victim: os.symlink(victim, shadow(victim)),
    "mkdir": lambda victim: os.mkdir(shadow(victim)),
    "rmdir": lambda victim: os.rmdir(Path(victim).with_suffix(".folder")),
    "mkfifo": lambda victim: os.mkfifo(shadow(victim)),
    "chmod": lambda victim: os.chmod(victim, 0o777),
    "chown": set_owner,
    "utime": lambda victim: os.utime(victim, (0, 0)),
    "extended attribute": lambda victim: os.setxattr(victim, "user.footnote", b"x"),
    "native creat": lambda victim: native(LIBC.creat(os.fsencode(shadow(victim)), 0o600)),
    "password file": lambda victim: open("/etc/passwd").read(),
    "document": lambda victim: open(victim).read(),
    "list of a folder": lambda victim: os.listdir(Path(victim).parent),
    "own environment": secret_of_environment,
    "parent's environment": lambda victim: open(f"/proc/{os.getppid()}/environ").read(),
    "parent's memory as a file": lambda victim: open(f"/proc/{os.getppid()}/mem", "rb"),
    "parent's memory": read_parents_memory,
    "root by proc": lambda victim: open(f"/proc/self/root{victim}").read(),
    "signal to the parent": lambda victim: os.kill(os.getppid(), 0),
    "signal to all": lambda victim: os.killpg(os.getpgid(os.getppid()), 0),
    "trace": lambda victim: native(LIBC.ptrace(0, 0, 0, 0)),
    "io_uring": native_call("io_uring_setup", 8, ctypes.create_string_buffer(120)),
    "file in memory": native_call("memfd_create", b"x", 0),
    "alarm to the parent": lambda victim: signal.pidfd_send_signal(os.pidfd_open(os.getppid()), 0),
}  # fmt: skip


def run(folder, without_hook=False):
    """Try every deed on a file of its own in a folder; return "refused" or "done" for each."""
    if without_hook:
        lockdown = sys.modules["index.ingest.lockdown"]
        lockdown._FORBIDDEN, lockdown._WRITING = (), 0
    outcomes = {}
    for number, (name, deed) in enumerate(DEEDS.items()):
        try:
            deed(f"{folder}/{number}.txt")
            outcomes[name] = "done"
        except (OSError, sqlite3.Error, ValueError) as error:
            outcomes[name] = f"refused: {error}"
    return outcomes
