"""The functions that other programs may call."""

import gradio as gr
import pytest

from index.errors import FootnoteError
from index.library import Library
from qa.errors import HistoryError
from qa.service import QAService
from qa.web.api import Api, as_gradio_error


@pytest.fixture
def api(library, service):
    return Api(library, service)


def test_an_answer_is_data(api):
    data = api.ask("Where does coffee come from?")
    assert (data["answer"], data["citations"][0]["document"]) == (
        "Coffee comes from Ethiopia. Espresso takes thirty seconds.",
        "coffee.txt",
    )


def test_a_history_can_be_sent(api):
    history = [
        {"role": "user", "content": "How long does green tea steep?"},
        {"role": "assistant", "content": "Green tea steeps for two minutes."},
    ]
    reply = api.converse("What about black tea?", history)
    assert (reply["answer"], reply["follows"]) == (
        "Black tea steeps for five minutes.",
        "How long does green tea steep?",
    )
    with pytest.raises(HistoryError, match="Entry 1 of the history must be an object"):
        api.converse("What about black tea?", ["x"])


def test_search_status_and_build_are_data(api, library, folder):
    (hit,) = api.search("green tea", 1)
    assert (hit["rank"], hit["document"], hit["text"]) == (1, "tea.md", "Green tea steeps for two minutes.")
    (folder / "cocoa.txt").write_text("Cocoa is sweet.")
    assert api.status()["difference"]["added"] == ("cocoa.txt",)
    assert api.build()["building"]
    library.wait()
    status = api.status()
    assert (status["building"], status["documents"], status["generation"]) == (False, 3, 2)


def test_an_error_is_one_sentence(folder, index, encoder):
    library = Library(folder, index, lambda: encoder)
    api = Api(library, QAService(library))
    with pytest.raises(FootnoteError, match="There are no documents yet"):
        api.ask("tea?")
    with pytest.raises(gr.Error, match="There are no documents yet"):
        as_gradio_error(api.ask)("tea?")
