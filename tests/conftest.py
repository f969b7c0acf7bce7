"""A folder, an index and an encoder whose vectors can be worked out by hand."""

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Self

import numpy as np
import pytest
from numpy.typing import NDArray

from index.building import Report, build
from index.encoder import Encoder, load_encoder
from index.library import Library
from index.limits import Limits
from index.reading import read
from index.tokens import EncodedPassage, EncodedQuestion
from index.types import Document, Passage
from index.words import content_stems, words
from qa import users
from qa.desk import Desk
from qa.users import add_user

WIDTH = 256


class FakeEncoder:
    """A text's vector has a 1 on the axis of each of its telling words, then unit length; a token is a word.

    `encoded` holds the passages that were embedded, in order.
    """

    def __init__(self, name: str = "fake", fingerprint: str = "f" * 8) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self.width = WIDTH
        self.limit = 100
        self.encoded: list[str] = []

    def count(self, texts: Sequence[str]) -> list[int]:
        return [max(len(text.split()), len(text) // 20) for text in texts]

    def token_axes(self) -> NDArray[np.float32]:
        return np.eye(WIDTH, dtype=np.float32)

    def encode_question(self, question: str) -> EncodedQuestion:
        spans = [(start, end) for start, end, _ in words(question)]
        return EncodedQuestion(self._vector(question), self._tokens(question), tuple(spans))

    def knows(self, word: str) -> bool:
        return word == "zebra"

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self._vector(text) for text in texts])

    def encode_passages(self, passages: Iterable[Passage]) -> Iterator[EncodedPassage]:
        for passage in passages:
            text = passage.text
            self.encoded.append(text)
            vectors = self.encode([text, *(text[start:end] for start, end in passage.spans)])
            places = np.array([(start, end) for start, end, _ in words(text)], dtype=np.uint16).reshape(-1, 2)
            yield EncodedPassage(vectors, self._tokens(text), places)

    def _tokens(self, text: str) -> NDArray[np.float32]:
        return np.array([self._vector(text[start:end]) for start, end, _ in words(text)]).reshape(-1, WIDTH)

    def _vector(self, text: str) -> NDArray[np.float32]:
        vector = np.zeros(WIDTH, dtype=np.float32)
        vector[[zlib.crc32(stem.encode()) % WIDTH for stem in content_stems(text)]] = 1
        return vector / max(float(np.linalg.norm(vector)), 1e-12)


class ReadHere:
    """Reads files in this process, in a parser's place: quicker, where many builds are made."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()

    def read(self, path: str, content: bytes) -> Document:
        return read(path, content, self.limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the real model is kept compiled."""
    folder = tmp_path_factory.mktemp("compiled")
    load_encoder(None, folder)
    return folder


@pytest.fixture(scope="session")
def model(compiled: Path) -> Encoder:
    return load_encoder(None, compiled)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of two documents: tea.md with two sections, and coffee.txt."""
    made = tmp_path / "sources"
    made.mkdir()
    tea = "# Tea\n\n## Green\n\nGreen tea steeps for two minutes.\n\n## Black\n\nBlack tea steeps for five minutes.\n"
    (made / "tea.md").write_text(tea, "utf-8")
    (made / "coffee.txt").write_text("Coffee comes from Ethiopia. Espresso takes thirty seconds.\n", "utf-8")
    return made


@pytest.fixture
def library(folder: Path, index: Path, encoder: FakeEncoder) -> Library:
    """The folder and its index, which is not built yet."""
    return Library(folder, index, lambda: encoder)


@pytest.fixture
def desk(library: Library) -> Desk:
    """A desk of the library, once that is built."""
    desk = Desk(library)
    library.on_built = desk.note_changes
    library.start_build()
    library.wait()
    return desk


@pytest.fixture
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed at little cost."""
    monkeypatch.setattr(users, "COST", (16, 8, 1))


@pytest.fixture
def users_file(tmp_path: Path, cheap_passwords: None) -> Path:
    """A file with the user ada."""
    made = tmp_path / "users"
    add_user(made, "ada", "hot green tea")
    return made


@pytest.fixture
def run(folder: Path, index: Path, encoder: FakeEncoder) -> Callable[..., Report]:
    """Build the folder's index to the end and return the report."""

    def run_to_the_end(full: bool = False, by: FakeEncoder | None = None) -> Report:
        *_, report = build(folder, index, by or encoder, full)
        assert isinstance(report, Report)
        return report

    return run_to_the_end
