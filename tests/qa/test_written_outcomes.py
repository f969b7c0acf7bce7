"""Each behaviour of a language model's server has the same outcome in the command, the API, MCP and the page."""

import asyncio
import json
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from support.fakes import FakeEncoder
from support.libraries import TEA, library_of
from support.llm_server import language_model
from support.outcomes import OUTCOMES, QUESTION, QUOTED, check_data

import qa.__main__ as qa_command
from index.ingest.formats import read
from qa.receipt import read_receipt
from qa.receipt_check import check_receipt
from qa.service import QAService
from qa.web.api import Api
from qa.web.handlers import Handlers
from qa.web.mcp_tools import make_mcp
from qa.web.rest import make_rest
from qa.web.status_cache import StatusCache
from qa.web.writing_handlers import WritingHandlers
from qa.written import connection
from qa.written.connection import Endpoint


@pytest.fixture(scope="module")
def server():
    with language_model() as model:
        model.pause = 0.1
        yield model


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """A library of two documents about tea and coffee, built once."""
    documents = {"tea.md": TEA, "coffee.txt": "Coffee comes from Ethiopia.\n"}
    return library_of(tmp_path_factory.mktemp("outcomes"), documents)


@pytest.fixture(params=OUTCOMES)
def outcome(request, server, monkeypatch):
    """The outcome of a behaviour, which the server has now."""
    server.behaviour = request.param
    server.requests.clear()
    if request.param == "stalls":
        monkeypatch.setattr(connection, "READ_SECONDS", 0.03)
    yield OUTCOMES[request.param]
    assert len(server.requests) == OUTCOMES[request.param].requests


@pytest.fixture
def host(server):
    return server.address[len("http://") : -len("/v1")]


@pytest.fixture
def service(server, library):
    return QAService(library, False, Endpoint(url=server.address, model="small"))


@pytest.fixture
def run(monkeypatch, server, library, capsys):
    """Run `footnote ask` with the server's language model; the exit status and what it prints."""
    monkeypatch.setattr("qa.commands.load_encoder", lambda name, cache: FakeEncoder())
    folder = ["--sources", str(library.sources), "--index", str(library.index), "--no-build", "--no-history"]

    def run(*arguments: str) -> tuple[int, str]:
        status = qa_command.main(["ask", *arguments, "--llm", server.address, "--llm-model", "small", *folder])
        return status, capsys.readouterr().out

    return run


def test_the_command_as_data(run, outcome, host):
    status, out = run(outcome.question, "--json")
    assert status == 0
    check_data(json.loads(out), outcome, host)


def test_the_api(service, library, outcome, host):
    reply = TestClient(make_rest(Api(library, service))).post("/api/ask", json={"question": outcome.question})
    assert reply.status_code == 200
    check_data(reply.json(), outcome, host)


def test_the_page(service, library, outcome, host):
    writing = WritingHandlers(Handlers(library, service, StatusCache(library), may_change=True), service)
    asked = writing.write({"key": "a1", "question": outcome.question})
    got = {"done": False, "seen": 0}
    while not got["done"]:
        got = writing.written({"id": asked["id"], "seen": got["seen"]})
    check_data(got["saved"]["reply"] | {"written": bool(got["saved"]["reply"]["statements"])}, outcome, host)
    html = got["html"]
    assert re.findall(r'class="statement (\w+)"', html) == list(outcome.support)
    assert re.findall(r"<u>(.*?)</u>", html) == ([outcome.wrong] if outcome.wrong else [])
    notice = outcome.notice.format(host=host, writer=f"small at {host}")
    assert re.findall(r'class="searched notice">(.*?)</p>', html) == ([notice] if notice else [])
    assert not re.search(r"evil|<script|<img", html)


# One for each kind of outcome: the others take the same way from here.
@pytest.mark.parametrize("behaviour", ["mixed", "half", "injected", "500"])
def test_the_tool_of_mcp(service, library, server, host, behaviour):
    server.behaviour = behaviour
    tools = make_mcp(Api(library, service))
    _, data = asyncio.run(tools.call_tool("ask", {"question": QUESTION}))
    check_data(data, OUTCOMES[behaviour], host)


@pytest.mark.parametrize("behaviour", ["mixed", "negation", "half", "injected", "401"])
def test_the_command_as_text(run, server, host, behaviour):
    server.behaviour = behaviour
    outcome = OUTCOMES[behaviour]
    status, out = run(QUESTION)
    assert (status, "evil" in out) == (0, False)
    notice = outcome.notice.format(host=host, writer=f"small at {host}")
    assert out.splitlines()[0] == (notice or f"Written by small at {host}.")
    reasons = {"mixed": "(not in the documents: nine minutes)", "negation": "(the documents say the opposite: steep)"}
    assert re.findall(r"\([nt][^)]*\)", out) == list(filter(None, [reasons.get(behaviour)]))
    assert (f"{QUOTED}[^1]" in out) == (behaviour != "negation")


@pytest.mark.parametrize("behaviour", ["mixed", "number", "negation"])
def test_with_strict_nothing_unsupported_is_printed(run, server, behaviour):
    server.behaviour = behaviour
    data = json.loads(run(QUESTION, "--strict", "--json")[1])
    assert [one["support"] for one in data["statements"]] == (["supported"] if behaviour == "mixed" else [])
    assert ("nine" in data["answer"], "does not" in data["answer"]) == (False, False)
    assert data["answer"].startswith(QUOTED)


def test_the_server_of_the_tests_has_every_behaviour_of_this_table():
    from support import llm_server

    assert {*llm_server.TEXTS, *llm_server.STATUSES, "broken"} == set(OUTCOMES)


def test_receipts_of_all_written_answers_hold(run, server, tmp_path, library):
    for behaviour in ("faithful", "two", "number", "negation", "mixed", "half"):
        server.behaviour = behaviour
        file: Path = tmp_path / f"{behaviour}.json"
        assert run(QUESTION, "--receipt", str(file))[0] == 0
        receipt = read_receipt(file.read_text("utf-8"))
        assert receipt.written, behaviour
        assert check_receipt(receipt, lambda path: read(path, (library.sources / path).read_bytes())).holds, behaviour
