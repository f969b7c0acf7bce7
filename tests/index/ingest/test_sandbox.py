import sys

import pytest

from index.errors import ReadingError
from index.ingest.formats import read
from index.ingest.limits import MEGABYTE, Limits
from index.ingest.sandbox import Parser

TEA = b"# Tea\n\nSteep it.\n"


@pytest.fixture
def parser():
    with Parser(Limits(seconds=20.0)) as made:
        yield made


def plant(tmp_path, monkeypatch, body):
    """Make the reader of .eml files do something else in the process that reads."""
    (tmp_path / "sitecustomize.py").write_text(
        f"""
import sys, types

def read_mail(content, limits, read_part):
    from index.ingest.readers.elements import Element
    {body}

made = sys.modules["index.ingest.readers.email"] = types.ModuleType("index.ingest.readers.email")
made.read_mail = read_mail
"""
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))


def test_a_document_comes_out_of_the_process_as_it_is(parser):
    assert parser.read("a/tea.md", TEA) == read("a/tea.md", TEA)


def test_a_reason_comes_out_too_and_the_process_goes_on(parser):
    with pytest.raises(ReadingError, match=r"^bad\.txt is not text"):
        parser.read("bad.txt", b"a\0b")
    assert parser.read("tea.md", TEA).title == "Tea"


def test_a_file_that_takes_too_long_is_given_up_and_the_next_is_read(tmp_path, monkeypatch):
    plant(tmp_path, monkeypatch, "import time; time.sleep(60); yield")
    with Parser(Limits(seconds=1.0)) as parser:
        with pytest.raises(ReadingError, match=r"^slow\.eml takes more than 1 seconds to read: split it"):
            parser.read("slow.eml", b"")
        assert parser.read("tea.md", TEA).title == "Tea"


def test_a_file_that_ends_its_reader_is_given_up_and_the_next_is_read(parser, tmp_path, monkeypatch):
    plant(tmp_path, monkeypatch, "import os; os._exit(3); yield")
    with pytest.raises(ReadingError, match=r"^crash\.eml crashes its reader: save it again"):
        parser.read("crash.eml", b"")
    assert parser.read("tea.md", TEA).title == "Tea"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory of a process")
def test_a_file_that_takes_too_much_memory_is_given_up(tmp_path, monkeypatch):
    plant(tmp_path, monkeypatch, "held = bytearray(2**30); yield")
    with (
        Parser(Limits(memory_bytes=512 * MEGABYTE)) as parser,
        pytest.raises(ReadingError, match=r"^big\.eml takes more than 512 MB of memory to read: split it"),
    ):
        parser.read("big.eml", b"")


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import socket; socket.getaddrinfo('example.org', 80)",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "open('/tmp/footnote-was-here', 'w')",
    ],
)
def test_a_reader_may_not_connect_start_programs_or_write(tmp_path, monkeypatch, attempt, parser):
    said = "str(error)"
    plant(
        tmp_path,
        monkeypatch,
        f"try:\n        {attempt}\n    except PermissionError as error:\n        yield Element({said})\n",
    )
    assert parser.read("a.eml", b"").text.startswith("a reader may not: ")
