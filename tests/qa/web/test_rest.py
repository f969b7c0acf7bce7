"""The HTTP API, MCP and who may use them."""

import base64
from types import SimpleNamespace

import pytest
from starlette.testclient import TestClient

from index.library import Library
from qa.service import QAService
from qa.web.access import Access
from qa.web.api import Api
from qa.web.mounts import Mount, Mounts
from qa.web.rest import make_rest
from qa.web.users import add_user


@pytest.fixture
def client(library, service):
    return TestClient(make_rest(Api(library, service)))


def test_a_question_is_answered_in_one_request(client):
    answer = client.post("/api/ask", json={"question": "Where does coffee come from?"})
    assert answer.status_code == 200
    assert answer.json()["citations"][0]["document"] == "coffee.txt"
    history = [
        {"role": "user", "content": "How long does green tea steep?"},
        {"role": "assistant", "content": "Green tea steeps for two minutes."},
    ]
    answer = client.post("/api/ask", json={"question": "What about black tea?", "history": history})
    assert answer.json()["follows"] == "How long does green tea steep?"


def test_a_question_can_be_limited_to_documents(client):
    answer = client.post("/api/ask", json={"question": "How long does green tea steep?", "only": ["coffee.txt"]})
    assert {hit["document"] for hit in answer.json()["hits"]} <= {"coffee.txt"}
    assert answer.json()["scope"] == "coffee.txt"


def test_search_and_status(client):
    (hit,) = client.post("/api/search", json={"query": "green tea", "k": 1}).json()["hits"]
    assert (hit["rank"], hit["document"]) == (1, "tea.md")
    status = client.get("/api/status").json()
    assert (status["built"], status["documents"], status["passages"]) == (True, 2, 3)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"question": ""}, "question: String should have at least 1 character."),
        ({}, "question: Field required."),
        ({"question": "q" * 10_001}, "question: String should have at most 10000 characters."),
        ({"question": "q", "k": 99}, "k: Input should be less than or equal to 50."),
        ({"question": "q", "only": ["nothing.pdf"]}, "No document matches nothing.pdf"),
        ({"question": "q", "history": ["x"]}, "history.0: Input should be"),
    ],
)
def test_a_wrong_request_is_400_with_a_sentence(client, body, error):
    answer = client.post("/api/ask", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(error)


def test_other_errors_are_sentences_too(client, folder, index, encoder):
    answer = client.post("/api/ask", content="{no JSON", headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["error"][:26]) == (400, "The body is not valid JSON")
    answer = client.get("/api/nothing")
    assert (answer.status_code, answer.json()["error"]) == (404, "There is no GET /api/nothing: see /api/openapi.json.")
    empty = Library(folder, index / "other", lambda: encoder)
    answer = TestClient(make_rest(Api(empty, QAService(empty)))).post("/api/ask", json={"question": "tea?"})
    assert answer.status_code == 409 and "There are no documents yet" in answer.json()["error"]


def test_the_api_describes_itself(client):
    found = client.get("/api/openapi.json").json()
    assert sorted(found["paths"]) == ["/api/ask", "/api/search", "/api/status"]
    assert {"question", "answered", "citations"} <= set(found["components"]["schemas"]["AskReply"]["properties"])


async def page(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"page " + scope["path"].encode()})


async def tool(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"tool " + scope["path"].encode()})


def test_a_mount_serves_its_paths_and_the_page_the_others():
    mount = Mount(prefixes=("/tool", "/old/tool"), app=tool, path="/tool")
    client = TestClient(Mounts(page, (mount,)))
    assert [client.get(path).text for path in ("/tool", "/old/tool/x", "/tools", "/")] == [
        "tool /tool",
        "tool /tool",
        "page /tools",
        "page /",
    ]


def basic(name, password):
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def test_a_mount_needs_a_password_or_the_cookie_of_the_page(users_file):
    checked = []

    class Door(Access):
        async def check(self, name, password):
            checked.append(name)
            return await super().check(name, password)

    door, gradio = Door(users_file), SimpleNamespace(tokens={}, cookie_id="c")
    door.connect(gradio)
    gradio.tokens["t0ken"] = "ada"
    client = TestClient(Mounts(page, (Mount(prefixes=("/tool",), app=tool),), door))
    refused = client.get("/tool")
    assert (refused.status_code, refused.headers["www-authenticate"][:5]) == (401, "Basic")
    for headers in (
        basic("ada", "wrong"),
        basic("bob", "hot green tea"),
        {"Authorization": "Basic !"},
        {"Cookie": "a=b"},
    ):
        assert client.get("/tool", headers=headers).status_code == 401
    assert client.get("/tool", headers={"Cookie": "access-token-c=other"}).status_code == 401
    assert client.get("/tool", headers={"Cookie": "access-token-c=t0ken"}).text == "tool /tool"
    checked.clear()
    for _ in range(3):
        assert client.get("/tool", headers=basic("ada", "hot green tea")).text == "tool /tool"
    assert checked == ["ada"]  # scrypt is slow: a password is not checked with every request
    assert client.get("/").text == "page /"
    add_user(users_file, "ada", "cold black tea")  # a password that was changed is not valid for ten more minutes
    assert client.get("/tool", headers=basic("ada", "hot green tea")).status_code == 401


def test_too_many_wrong_passwords_are_429_with_the_time_to_wait(users_file):
    client = TestClient(Mounts(page, (Mount(prefixes=("/tool",), app=tool),), Access(users_file)))
    answers = [client.get("/tool", headers=basic("ada", "wrong")) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert answers[-1].headers["retry-after"] == "1"
    assert answers[-1].text == "Too many failed attempts: try again in 1 second."


@pytest.fixture
def mcp(library, service):
    pytest.importorskip("mcp")
    from qa.web.mcp_tools import make_mcp

    server = make_mcp(Api(library, service))
    mount = Mount(prefixes=("/mcp",), app=server.streamable_http_app(), path="/mcp", run=server.session_manager.run)

    async def nothing(scope, receive, send):
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        await send({"type": "lifespan.shutdown.complete"})

    with TestClient(Mounts(nothing, (mount,))) as client:

        def call(method, **params):
            message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
            headers = {"Accept": "application/json, text/event-stream"}
            return client.post("/mcp", json=message, headers=headers).json()["result"]

        yield call


def test_mcp_tools_only_read_and_describe_their_results(mcp):
    tools = {tool["name"]: tool for tool in mcp("tools/list")["tools"]}
    assert set(tools) == {"ask", "search", "status"}
    for tool in tools.values():
        assert tool["annotations"]["readOnlyHint"] is True
        assert tool["outputSchema"]["type"] == "object"
    assert set(tools["ask"]["inputSchema"]["properties"]) == {"question", "history", "only", "written"}


def test_an_mcp_result_is_json_as_text_and_as_structure(mcp):
    got = mcp("tools/call", name="ask", arguments={"question": "Where does coffee come from?"})
    assert got["structuredContent"]["citations"][0]["document"] == "coffee.txt"
    assert '"document": "coffee.txt"' in got["content"][0]["text"]
    got = mcp("tools/call", name="ask", arguments={"question": "q", "only": ["nothing.pdf"]})
    assert got["isError"] is True and "No document matches nothing.pdf" in got["content"][0]["text"]
