"""The functions that other programs may call."""

import json

import gradio as gr
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from index.library import Library
from qa.service import QAService
from qa.web.api import Api
from qa.web.layout import make_page


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
    with pytest.raises(gr.Error, match="Entry 1 of the history must be an object"):
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
    with pytest.raises(gr.Error, match="There are no documents yet"):
        Api(library, QAService(library)).ask("tea?")


def test_mcp_clients_get_the_same_functions_as_tools(library, service):
    pytest.importorskip("mcp")
    outer = FastAPI()
    gr.mount_gradio_app(outer, make_page(library, service), path="/", mcp_server=True, ssr_mode=False)
    spoken = {"Accept": "application/json, text/event-stream"}
    with TestClient(outer, base_url="http://127.0.0.1:7860") as client:
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
        said = client.post("/gradio_api/mcp/", json=message, headers=spoken).text
    tools = json.loads(said[said.index("{") : said.rindex("}") + 1])["result"]["tools"]
    assert [tool["name"] for tool in tools] == ["ask", "converse", "search", "status", "build"]
    assert set(tools[1]["inputSchema"]["properties"]) == {"question", "history"}
