import shutil
from typing import Any

import pytest

from index.errors import FootnoteError
from index.library import Library
from index.location import database
from qa.service import QAService
from qa.web.api import Api
from qa.web.handlers import Handlers
from qa.web.library_handlers import LibraryHandlers
from qa.web.rest import make_rest
from qa.web.status_cache import StatusCache
from qa.web.visitor_library import VisitorLibrary


def test_a_visitor_sees_the_names_of_folders_and_not_where_they_lie(library, service, folder, tmp_path):
    shown = VisitorLibrary(library)
    assert shown.search("green tea", 1).hits[0].passage.path == "tea.md"
    assert shown.sources == folder and shown.is_built
    shutil.rmtree(folder)
    with pytest.raises(FootnoteError, match=r"^There is no folder") as raised:
        shown.status()
    assert str(tmp_path) not in str(raised.value) and "sources" in str(raised.value)
    library._build.problem = f"{tmp_path / 'index'} cannot be written."
    assert shown.problem == "index cannot be written."


def test_a_visitor_does_not_see_the_address_of_a_database(folder, encoder, tmp_path):
    index = database("postgresql://ada:secret@127.0.0.1:1/docs")
    shown = VisitorLibrary(Library(folder, index, lambda: encoder))
    for ask in (lambda: shown.is_built, lambda: shown.search("green tea", 1), shown.status):
        with pytest.raises(FootnoteError, match=r"^The index cannot be reached at the moment: ask again\.$"):
            ask()
    assert shown.hide(f"There is no index in {index}.") == "There is no index in .index."


def test_no_answer_of_the_api_has_an_absolute_path(library, service, folder, tmp_path):
    from starlette.testclient import TestClient

    shown = VisitorLibrary(library)
    shutil.rmtree(folder)
    client = TestClient(make_rest(Api(shown, QAService(shown))))
    for answer in (client.get("/api/status"), client.post("/api/ask", json={"question": "Is tea hot?"})):
        assert str(tmp_path) not in answer.text


def test_the_library_tab_and_the_welcome_have_no_absolute_path(library, service, folder, tmp_path):
    shown: Any = VisitorLibrary(library)
    status = StatusCache(shown)
    facts = LibraryHandlers(shown, service, status, may_change=True).facts({})["html"]
    assert str(tmp_path) not in facts and '<dd dir="auto">sources</dd>' in facts
    (tmp_path / "new" / "sources").mkdir(parents=True)
    empty: Any = VisitorLibrary(Library(tmp_path / "new" / "sources", tmp_path / "none", library.load))
    welcome = Handlers(empty, QAService(empty), StatusCache(empty), may_change=True).welcome({})["html"]
    assert str(tmp_path) not in welcome and "copy them to sources." in welcome
