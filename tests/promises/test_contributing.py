"""The walks through the code that contributors are shown are those that the program takes."""

import re
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest

from index.embed.encoder import Encoder
from index.ingest.formats import read
from index.library import Library
from qa.service import QAService
from qa.web.handlers import Handlers
from qa.web.status_cache import StatusCache

ROOT = Path(__file__).parents[2]
CONTRIBUTING = (ROOT / ".github" / "CONTRIBUTING.md").read_text("utf-8")
MAX_FILES = 7


def walk(title: str) -> list[tuple[str, str]]:
    """Return the steps of a walk: the file and the function."""
    steps = re.findall(rf"^{title}\n\n((?:\d+\. .*\n)+)", CONTRIBUTING, re.MULTILINE)[0]
    return re.findall(r"^\d+\. `(.*?\.py)`: .*?`([\w.]+)`", steps, re.MULTILINE)


def calls(act: Callable[[], object]) -> list[tuple[str, str]]:
    """Return the project's functions in the order in which an action calls each first, by file and name."""
    found: dict[tuple[str, str], None] = {}

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(f"{ROOT}/"):
            file = Path(frame.f_code.co_filename).relative_to(ROOT).as_posix()
            found.setdefault((file, frame.f_code.co_qualname))

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        act()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)  # type: ignore[arg-type]
    return list(found)


def test_a_question_takes_the_walk_that_is_described(folder: Path, index: Path, model: Encoder) -> None:
    library = Library(folder, index, lambda: model)
    library.start_build()
    library.wait()
    handlers = Handlers(library, QAService(library), StatusCache(library), may_change=True)
    steps = walk("A question, from the page to its citation:")
    taken = calls(lambda: handlers.ask({"question": "How long does green tea steep?", "key": "1", "context": []}))
    assert [step for step in taken if step in steps] == steps
    assert len({file for file, _ in steps}) == len(steps) <= MAX_FILES


def test_a_file_takes_the_walk_that_is_described(folder: Path, index: Path, model: Encoder) -> None:
    library = Library(folder, index, lambda: model)

    def build() -> None:
        library.start_build()
        library.wait()

    steps = walk("A file, from the folder to the store:")
    reading = ("index/ingest/formats.py", "read")  # in another process, so this step is taken here
    taken = calls(build)
    assert [step for step in taken if step in steps] == [step for step in steps if step != reading]
    assert reading in steps
    assert reading in calls(lambda: read("tea.md", (folder / "tea.md").read_bytes()))
    assert len({file for file, _ in steps}) == len(steps) <= MAX_FILES


@pytest.mark.parametrize("name", re.findall(r"`((?:index|qa|tests)/[\w/]+\.py)`", CONTRIBUTING))
def test_a_file_that_is_named_is_there(name: str) -> None:
    assert "NAME" in name or (ROOT / name).is_file()
