import json
import sys
import threading

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


def test_a_parser_that_is_stopped_gives_up_its_file_and_reads_no_other(tmp_path, monkeypatch):
    plant(tmp_path, monkeypatch, "import time; time.sleep(600); yield")
    with Parser(Limits(seconds=300.0)) as parser:
        assert parser.read("tea.md", TEA).title == "Tea"
        threading.Timer(0.5, parser.stop).start()
        with pytest.raises(ReadingError, match=r"^slow\.eml"):
            parser.read("slow.eml", b"")
        with pytest.raises(ReadingError, match=r"^tea\.md"):
            parser.read("tea.md", TEA)


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


def test_a_bug_of_a_reader_is_no_damage_of_the_file_and_is_logged(tmp_path, monkeypatch, parser, caplog):
    plant(
        tmp_path,
        monkeypatch,
        "from index.ingest.readers.archive import guard\n"
        "    from index.ingest.limits import Limits\n"
        "    yield from guard((undefined_name for _ in 'a'), Limits(), 'pages')",
    )
    with pytest.raises(
        ReadingError, match=r"^bug\.eml cannot be read, since Footnote failed \(NameError\): the log shows why\.$"
    ):
        parser.read("bug.eml", b"")
    assert "NameError: name 'undefined_name' is not defined" in caplog.text
    assert parser.read("tea.md", TEA).title == "Tea"


def test_an_error_that_a_file_can_cause_is_damage(tmp_path, monkeypatch, parser, caplog):
    plant(
        tmp_path,
        monkeypatch,
        "from index.ingest.readers.archive import guard\n"
        "    from index.ingest.limits import Limits\n"
        "    yield from guard((int('tea') for _ in 'a'), Limits(), 'pages')",
    )
    with pytest.raises(ReadingError, match=r"^bad\.eml is damaged \(invalid literal for int\(\)"):
        parser.read("bad.eml", b"")
    assert caplog.text == ""


DOCUMENT = {"path": "evil.eml", "text_bytes": 0, "pages": [], "page_labels": [], "left_out": [], "ocr_pages": []}
ANSWERS = [
    "no JSON",
    "[]",
    '{"size": -1, "values": {}}',
    '{"size": 9999999999, "values": {}}',
    '{"size": 0, "values": {"path": 1}}',
    '{"size": 0, "values": {"error": null}}',
    json.dumps({"size": 0, "values": {**DOCUMENT, "path": "tea.md"}}),
    json.dumps({"size": 0, "values": {**DOCUMENT, "text_bytes": -1}}),
    json.dumps({"size": 0, "values": {**DOCUMENT, "text_bytes": "9"}}),
    json.dumps({"size": 0, "values": {**DOCUMENT, "pages": [1]}}),
    json.dumps({"size": 2, "values": DOCUMENT}),  # a part of a block
    json.dumps({"size": 13, "values": DOCUMENT}),  # a block of an unknown kind
]


@pytest.mark.parametrize("answer", ANSWERS)
def test_whatever_a_reader_that_was_taken_over_sends_is_one_sentence(tmp_path, monkeypatch, parser, answer):
    body = f"""import gc, io, os
    for stream in [one for one in gc.get_objects() if isinstance(one, io.BufferedWriter) and one.fileno() > 2]:
        os.write(stream.fileno(), {(answer + chr(10)).encode() + b"z" * 13!r})
    os._exit(0)
    yield"""
    plant(tmp_path, monkeypatch, body)
    with pytest.raises(ReadingError, match=r"^evil\.eml crashes its reader: save it again"):
        parser.read("evil.eml", b"")
    assert parser.read("tea.md", TEA).title == "Tea"
