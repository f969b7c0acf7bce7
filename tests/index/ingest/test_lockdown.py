"""A file that has taken over its reader can do nothing with it, on a system that knows the measures."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import pytest

from index.ingest import seccomp
from index.ingest.landlock import landlock_version
from index.ingest.limits import Limits
from index.ingest.lockdown import Measure
from index.ingest.sandbox import Parser

needs_landlock = pytest.mark.skipif(
    landlock_version() < 1, reason="this system has no Landlock, so readers are not confined to their files"
)
TESTS = Path(__file__).parents[2]
# What not every machine allows, also to a process that is not locked up.
RARE = {"parent's memory", "parent's memory as a file", "memory limit", "file size limit", "io_uring", "exec",
        "trace", "extended attribute", "own environment"}  # fmt: skip


@pytest.fixture
def victims(tmp_path):
    """A folder with two files and a folder for each deed."""
    folder = tmp_path / "victims"
    folder.mkdir()
    for number in range(100):
        (folder / f"{number}.txt").write_text("precious")
        (folder / f"{number}.folder").mkdir()
    return folder


def state(folder):
    return {
        path.name: (path.read_text() if path.is_file() else "", path.lstat().st_mode, path.lstat().st_mtime_ns)
        for path in folder.iterdir()
    }


def plant(tmp_path, monkeypatch, victims, without_hook):
    """Make the reader of .eml files try every deed."""
    (tmp_path / "plant").mkdir()
    (tmp_path / "plant" / "sitecustomize.py").write_text(
        f"""
import sys, types

def read_mail(content, limits, read_part):
    import json
    from index.ingest.readers.elements import Element
    from support import hostile_reader
    yield Element(json.dumps(hostile_reader.run({str(victims)!r}, {without_hook})))

made = sys.modules["index.ingest.readers.email"] = types.ModuleType("index.ingest.readers.email")
made.read_mail = read_mail
"""
    )
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'plant'}{os.pathsep}{TESTS}")
    monkeypatch.setenv("FOOTNOTE_SECRET", "x")


@needs_landlock
@pytest.mark.parametrize("without_hook", [False, True], ids=["with hook", "hook switched off"])
def test_every_deed_of_a_hostile_reader_is_refused(tmp_path, monkeypatch, victims, without_hook):
    plant(tmp_path, monkeypatch, victims, without_hook)
    before = state(victims)
    with Parser() as parser:
        outcomes = json.loads(parser.read("a.eml", b"").text)
    assert [name for name, outcome in outcomes.items() if outcome == "done"] == []
    assert state(victims) == before
    assert len(outcomes) >= 33


@pytest.mark.skipif(sys.platform != "linux", reason="the deeds are those of Linux")
def test_the_deeds_succeed_in_a_process_that_is_not_locked_up(victims):
    code = f"import json; from support import hostile_reader; print(json.dumps(hostile_reader.run({str(victims)!r})))"
    environment = {**os.environ, "PYTHONPATH": str(TESTS), "FOOTNOTE_SECRET": "x"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    outcomes = json.loads(done.stdout.splitlines()[-1])
    assert {name: outcome for name, outcome in outcomes.items() if outcome != "done" and name not in RARE} == {}


@needs_landlock
def test_with_ocr_tesseract_may_run_and_no_other_program(tmp_path, monkeypatch):
    programs = tmp_path / "programs"
    programs.mkdir()
    shutil.copy(shutil.which("true"), programs / "tesseract")
    (tmp_path / "plant").mkdir()
    (tmp_path / "plant" / "sitecustomize.py").write_text(
        """
import sys, types

def read_mail(content, limits, read_part):
    import subprocess
    from index.ingest import lockdown
    from index.ingest.readers.elements import Element
    from index.ingest.readers.ocr import program
    yield Element(f"tesseract: {subprocess.run([program()]).returncode}")
    lockdown._FORBIDDEN = ()
    for other in ("/bin/sh", "/usr/bin/true", sys.executable):
        try:
            subprocess.run([other, "-c", ""])
            yield Element(f"{other} ran")
        except OSError as error:
            yield Element(type(error).__name__)

made = sys.modules["index.ingest.readers.email"] = types.ModuleType("index.ingest.readers.email")
made.read_mail = read_mail
"""
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "plant"))
    monkeypatch.setenv("PATH", str(programs))
    with Parser(Limits(ocr=True)) as parser:
        text = parser.read("a.eml", b"").text
    assert text.split() == ["tesseract:", "0", *["PermissionError"] * 3]


HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}


@pytest.mark.parametrize("machine", HEADERS)
def test_the_numbers_of_system_calls_are_those_of_the_kernel(machine):
    if not HEADERS[machine].exists():
        pytest.skip("the kernel's headers are not installed")
    text = HEADERS[machine].read_text()
    numbers = {name: int(number) for name, number in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", text)}
    tables = (seccomp._NETWORK, seccomp._FILES, seccomp._PROCESSES, seccomp._MACHINE, seccomp._PROGRAMS)
    listed = seccomp._numbers(" ".join((*tables, seccomp._UNKNOWN)), list(HEADERS).index(machine))
    known = {name: number for name, number in listed.items() if name in numbers}  # headers may be older
    assert len(known) > 90 and known == {name: numbers[name] for name in known}


@needs_landlock
def test_the_parser_reports_which_measures_hold():
    with Parser(Limits(seconds=20.0)) as parser:
        measures = parser.measures()
        assert parser.read("tea.md", b"# Tea\n\nHot.\n").title == "Tea"
    assert all(isinstance(measure, Measure) and measure.holds for measure in measures), measures
    assert {"Landlock", "seccomp", "memory limit", "ends with its parent"} <= {measure.name for measure in measures}


def test_a_measure_that_a_system_does_not_know_keeps_no_other_from_being_taken():
    code = """
import json, resource
from dataclasses import asdict
from index.ingest import lockdown
from index.ingest.limits import Limits
del resource.RLIMIT_AS
lockdown.restrict_files = lambda *_: 1 / 0 if False else False
def fails(*_, **__): raise OSError("not on this system")
lockdown.refuse_calls = fails
print(json.dumps([asdict(measure) for measure in lockdown.lock_up(Limits())]))
"""
    root = {**os.environ, "PYTHONPATH": str(TESTS.parent)}
    done = subprocess.run([sys.executable, "-c", code], env=root, capture_output=True, text=True, check=True)
    holds = {measure["name"]: measure["holds"] for measure in json.loads(done.stdout)}
    assert (holds["memory limit"], holds["Landlock"], holds["seccomp"]) == (False, False, False)
    assert holds["no file contents written"] and holds["no core dumps"] and holds["audit hook"]


def is_running(process):
    with suppress(OSError):
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
def test_a_reader_ends_with_a_builder_that_is_killed(tmp_path):
    plant = tmp_path / "sitecustomize.py"
    plant.write_text(
        """
import sys, types

def read_mail(content, limits, read_part):
    import sys, os
    print(os.getpid(), file=sys.stderr, flush=True)
    while True:
        pass

made = sys.modules["index.ingest.readers.email"] = types.ModuleType("index.ingest.readers.email")
made.read_mail = read_mail
"""
    )
    code = "from index.ingest.sandbox import Parser\nParser().read('a.eml', b'')"
    environment = {**os.environ, "PYTHONPATH": f"{TESTS.parent}{os.pathsep}{tmp_path}"}
    builder = subprocess.Popen([sys.executable, "-c", code], env=environment, stderr=subprocess.PIPE, text=True)
    reader = int(builder.stderr.readline())
    assert is_running(reader)
    builder.kill()
    builder.communicate()
    deadline = time.monotonic() + 10
    while is_running(reader) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_running(reader)


def test_a_measure_can_be_sent_as_json():
    assert asdict(Measure(name="seccomp", holds=True)) == {"name": "seccomp", "holds": True}
