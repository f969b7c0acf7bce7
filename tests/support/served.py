"""The app as a process, without a browser."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass
class App:
    """A process that serves a folder, and the address at which it answers."""

    process: "subprocess.Popen[str]"
    address: str

    def memory_mb(self) -> float:
        """The memory that it has used most so far."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024

    def open_files(self) -> int:
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))  # noqa: PTH208 - no Path is made of what vanishes

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """End it by a signal; its status, and what it still wrote."""
        self.process.send_signal(number)
        output, _ = self.process.communicate(timeout=30)
        return self.process.returncode, output


@contextmanager
def app(sources: Path, index: Path, *options: str) -> Iterator[App]:
    """Serve a folder at a free port."""
    command = [sys.executable, str(ROOT / "app.py"), "--sources", str(sources), "--index", str(index), *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT)
    try:
        line = process.stdout.readline()
        assert line.startswith("Footnote answers at http"), line
        yield App(process, line.split()[-1])
    finally:
        process.kill()
        process.communicate()
