import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from index.errors import FootnoteError
from index.output import run_command, write, write_json

ROOT = Path(__file__).parents[2]


def fail(error):
    def run():
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "status", "text"),
    [
        (FootnoteError("There is no index: build one."), 1, "There is no index: build one.\n"),
        (KeyboardInterrupt(), 130, "Cancelled.\n"),
        (BrokenPipeError(), 0, ""),
    ],
)
def test_what_the_user_can_solve_is_a_sentence_and_a_status(error, status, text, capsys):
    assert run_command(fail(error), if_cancelled="Cancelled.") == status
    assert capsys.readouterr() == ("", text)


def test_a_bug_stays_a_traceback():
    with pytest.raises(KeyError, match="a bug"):
        run_command(fail(KeyError("a bug")))


def test_an_encoding_that_lacks_a_character_gets_its_code(monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    assert run_command(lambda: write("140 €") or write_json({"price": "140 € \U0001f600"}) or 0) == 0
    text, data = raw.getvalue().decode().splitlines()
    assert text == "140 \\u20ac"
    assert json.loads(data) == {"price": "140 € \U0001f600"}


def test_names_that_are_not_text_are_written_too(monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="utf-8"))
    assert run_command(lambda: write("caf\udce9.md €") or 0) == 0
    assert raw.getvalue().decode() == "caf\\udce9.md €\n"


def test_closed_streams_are_empty(monkeypatch):
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    assert run_command(lambda: write(sys.stdin.read()) or 0) == 0


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")  # noqa: PTH110
def test_a_full_disk_is_a_sentence():
    code = "from index.output import *; raise SystemExit(run_command(lambda: write('x') or 0))"
    with open("/dev/full", "w") as full:  # noqa: PTH123
        ended = subprocess.run([sys.executable, "-c", code], stdout=full, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    assert (ended.returncode, ended.stderr) == (
        1,
        "The output cannot be written (No space left on device): write it elsewhere.\n",
    )


@pytest.mark.skipif(os.name == "nt", reason="needs signals")
def test_ctrl_c_while_modules_are_imported_is_quiet():
    code = (
        "import os, signal, sys; sys.argv = ['app.py']; import runpy\n"
        "class Late:\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name == 'ipaddress': os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.modules.pop('ipaddress', None); sys.meta_path.insert(0, Late())\n"
        "runpy.run_path('app.py', run_name='__main__')"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (ended.returncode, ended.stderr) == (-signal.SIGINT, "")
