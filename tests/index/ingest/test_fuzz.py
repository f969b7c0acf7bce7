"""Files with errors in them, by the thousand: each is read or refused with a reason, and the next is read as ever."""

import io
import os
import random
import zipfile
from pathlib import Path

import pytest
from support.formats import FACTS, FORMATS

from index.errors import ReadingError
from index.ingest.limits import Limits
from index.ingest.sandbox import Parser

GOOD = {name: make(FACTS) for name, (make, _) in FORMATS.items()}


def mutated(content, chance):
    """The content with a few errors: bytes changed, cut off, left out, put in twice or put in anew."""
    made = bytearray(content)
    for _ in range(chance.choice((1, 3, 20))):
        at, length = chance.randrange(len(made) + 1), chance.choice((1, 2, 8, 64, 1000))
        match chance.randrange(5):
            case 0:
                made[at : at + length] = chance.randbytes(len(made[at : at + length]))
            case 1:
                del made[at:]
            case 2:
                del made[at : at + length]
            case 3:
                made[at:at] = made[at : at + length]
            case 4:
                made[at:at] = chance.choice((b"\0", b"<", b"&#0;", b"\xff\xfe", b"9" * 40, b"<!DOCTYPE a>", b"]]>"))
    return bytes(made)


def broken(content, chance):
    """A file with errors; in a packed one, they are in a part of it as often as in the whole."""
    if not zipfile.is_zipfile(io.BytesIO(content)) or chance.random() < 0.5:
        return mutated(content, chance)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as book, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as other:
        chosen = chance.choice(book.namelist())
        for name in book.namelist():
            other.writestr(name, mutated(book.read(name), chance) if name == chosen else book.read(name))
    return made.getvalue()


def run(count, seed):
    """Read so many broken files of each format; how many were refused and why those that should not have been."""
    refused, wrong, open_before = 0, [], len(list(Path("/proc/self/fd").iterdir())) if os.name == "posix" else 0
    with Parser(Limits(seconds=20.0)) as parser:
        for name, content in GOOD.items():
            chance = random.Random(f"{name} {seed}")
            for number in range(count):
                try:
                    parser.read(name, broken(content, chance))
                except ReadingError as error:
                    refused += 1
                    said = str(error)
                    if not said.startswith(name) or "crashes its reader" in said or "takes more than" in said:
                        wrong.append((number, said))
            assert parser.read(name, content).text
    left = len(list(Path("/proc/self/fd").iterdir())) if os.name == "posix" else 0
    return refused, wrong, left - open_before


def test_broken_files_are_read_or_refused_with_a_reason():
    refused, wrong, left_open = run(8, seed=1)
    assert refused > 8 and (wrong, left_open) == ([], 0)


@pytest.mark.slow
def test_thousands_of_broken_files_are_read_or_refused_with_a_reason():
    refused, wrong, left_open = run(200, seed=2)
    assert refused > 200 and (wrong, left_open) == ([], 0)
