"""Written answers by the handlers of the page, by the HTTP API and by MCP."""

import json
import re
from dataclasses import replace

import pytest
from starlette.testclient import TestClient
from support.llm_server import GREEN, language_model

from index.ingest.formats import read
from qa.receipt import read_receipt
from qa.receipt_check import check_receipt
from qa.service import QAService
from qa.web.api import Api
from qa.web.handlers import Handlers
from qa.web.layout import page_handlers
from qa.web.rest import make_rest
from qa.web.session import load
from qa.web.status_cache import StatusCache
from qa.web.writing_handlers import WritingHandlers
from qa.written.connection import Endpoint

QUESTION = "How long does green tea steep?"


@pytest.fixture(scope="module")
def server():
    with language_model() as model:
        yield model


@pytest.fixture
def writing_service(server, library, service):
    server.behaviour = ""
    return QAService(library, False, Endpoint(url=server.address, model="mixed"))


@pytest.fixture
def writing(library, writing_service):
    page = Handlers(library, writing_service, StatusCache(library), may_change=True)
    return WritingHandlers(page, writing_service)


def follow(writing, name):
    """Return what the page shows, step by step."""
    steps, seen = [], 0
    while True:
        got = writing.written({"id": name, "seen": seen})
        steps.append(got)
        if got.get("done", True):
            return steps
        seen = got["seen"]


def statements(html):
    return re.findall(r'class="statement (\w+)"', html)


def test_sentences_come_one_by_one_and_the_last_step_is_the_answer(writing, server):
    server.behaviour, server.pause = "slow", 0.2
    name = writing.write({"key": "a1", "question": QUESTION})["id"]
    steps = follow(writing, name)
    assert [statements(step["html"]) for step in (steps[0], steps[-1])] == [["supported"], ["supported"] * 2]
    assert steps[-1]["saved"]["reply"]["written"]
    assert "problem" in writing.written({"id": name})


def test_a_written_answer_is_saved_and_shown_again(writing):
    last = follow(writing, writing.write({"key": "a1", "question": QUESTION})["id"])[-1]
    loaded = load(last["saved"]).exchange.reply
    assert [(one.support, one.citations) for one in loaded.statements] == [("supported", (1,)), ("partly", (1,))]
    assert "<u>nine minutes</u>" in last["html"]
    assert 'href="#quote-a1-1"' in last["html"]
    assert load(last["saved"] | {"reply": last["saved"]["reply"] | {"citations": []}}) is None


def test_what_a_model_writes_is_escaped(writing, server):
    server.behaviour = "uncited"
    service = writing._service
    *_, reply = service.answers(QUESTION)
    hostile = replace(reply, statements=(replace(reply.statements[0], text="<img src=x onerror=alert(1)>"),))
    html = writing._page.draft(hostile, "a1")
    assert "<img" not in html and "&lt;img src=x" in html


def test_a_cancelled_answer_is_gone(writing, server):
    server.behaviour, server.pause = "slow", 1.0
    server.is_cancelled.clear()
    name = writing.write({"key": "a1", "question": QUESTION})["id"]
    assert writing.unwrite({"id": name}) == {"cancelled": True}
    assert "problem" in writing.written({"id": name})
    assert server.is_cancelled.wait(5)


def test_a_problem_of_the_question_is_shown(writing):
    name = writing.write({"key": "a1", "question": QUESTION, "only": ["nothing.pdf"]})["id"]
    assert (
        "The documents that you chose are no longer in the folder. Choose others." in follow(writing, name)[-1]["html"]
    )


def test_a_page_without_a_language_model_has_no_handlers_for_it(library, service, writing_service):
    names = [handler.__name__ for handler in page_handlers(library, service, True)]
    assert "write" not in names
    assert {"write", "written", "unwrite"} <= {
        handler.__name__ for handler in page_handlers(library, writing_service, True)
    }


def test_the_api_gives_statements_and_quotes_if_it_is_asked_to(library, writing_service):
    client = TestClient(make_rest(Api(library, writing_service)))
    answer = client.post("/api/ask", json={"question": QUESTION}).json()
    assert (answer["written"], [one["support"] for one in answer["statements"]]) == (True, ["supported", "partly"])
    assert answer["statements"][1]["missing"] == ["nine minutes"]
    quoted = client.post("/api/ask", json={"question": QUESTION, "written": False}).json()
    assert (quoted["written"], quoted["statements"]) == (False, [])
    assert quoted["answer"].startswith(f"{GREEN}.")


def test_the_page_and_the_api_give_receipts_that_hold(writing, library, writing_service):
    last = follow(writing, writing.write({"key": "a1", "question": QUESTION})["id"])[-1]
    saved = read_receipt(writing._page.receipt({"turn": last["saved"]})["text"])
    answer = TestClient(make_rest(Api(library, writing_service))).post(
        "/api/ask", json={"question": QUESTION, "receipt": True}
    )
    sent = read_receipt(json.dumps(answer.json()["receipt"]))
    for receipt in (saved, sent):
        assert [one.support for one in receipt.statements] == ["supported", "partly"]
        assert check_receipt(receipt, lambda path: read(path, (library.sources / path).read_bytes())).holds
    assert "problem" in writing._page.receipt({"turn": {"question": "q"}})
