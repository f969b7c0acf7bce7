"""Follow-ups are rewritten by the language model, and questions with parts searched part by part."""

import json

import pytest
from starlette.testclient import TestClient
from support.libraries import TEA, library_of
from support.llm_server import is_rewriting

from qa.service import AskOptions, QAService
from qa.types import Turn
from qa.web.api import Api
from qa.web.rest import make_rest
from qa.written import rewriting
from qa.written.connection import Endpoint
from qa.written.rewriting import hits_to_write_from

TURNS = [Turn("How long does green tea steep?", "Green tea steeps for two minutes.")]
FOLLOW_UP = "And black?"
WHOLE = "How long does black tea steep?"
BLACK = "Black tea steeps for five minutes."


@pytest.fixture
def llm(server):
    server.requests.clear()
    server.rewritten = WHOLE
    server.behaviour = "two"
    return server


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    leave = "# Leave\n\n## Days\n\nThere are 25 days of leave.\n\n## Approval\n\nThe manager approves leave.\n"
    return library_of(tmp_path_factory.mktemp("rewriting"), {"tea.md": TEA, "leave.md": leave})


@pytest.fixture
def service(llm, library):
    return QAService(library, False, Endpoint(url=llm.address, model="small"))


def rewritings(llm):
    return [request for request in llm.requests if is_rewriting(request)]


def test_a_follow_up_is_searched_and_written_as_the_whole_question_which_is_shown(service, llm):
    reply = service.ask(FOLLOW_UP, TURNS)
    assert (reply.question, reply.searched, reply.follows) == (FOLLOW_UP, WHOLE, TURNS[0].question)
    assert llm.prompt.endswith(f"Question: {WHOLE}")
    assert BLACK in [one.text for one in reply.statements]
    (sent,) = rewritings(llm)
    assert [message["content"] for message in sent["messages"][1:]] == [
        TURNS[0].question,
        TURNS[0].answer,
        f"Last question: {FOLLOW_UP}",
    ]


@pytest.mark.parametrize(
    "rewritten",
    [
        "",  # the endpoint fails
        "I cannot do that.",
        "Sure!\\nHow long does black tea steep?",
        f"{'very ' * 100}long?",
    ],
)
def test_without_a_rewritten_question_a_follow_up_is_searched_with_the_turns_before_it(service, llm, rewritten):
    llm.rewritten = rewritten.replace("\\n", "\n")
    reply = service.ask(FOLLOW_UP, TURNS)
    assert (reply.searched, reply.follows) == (FOLLOW_UP, TURNS[0].question)
    assert reply.statements
    assert len(rewritings(llm)) == 1


def test_a_slow_rewriting_is_given_up(service, llm, monkeypatch):
    monkeypatch.setattr(rewriting, "REWRITE_SECONDS", 0.0)
    assert service.ask(FOLLOW_UP, TURNS).searched == FOLLOW_UP


@pytest.mark.parametrize(
    ("question", "turns"),
    [(WHOLE, TURNS), (FOLLOW_UP, []), ("tell me more", TURNS), ("where does it say that?", TURNS)],
)
def test_other_questions_are_not_rewritten(service, llm, question, turns):
    service.ask(question, turns)
    assert rewritings(llm) == []


def test_neither_is_a_question_that_is_to_be_searched_as_typed_or_quoted(service, llm):
    assert service.ask(FOLLOW_UP, TURNS, options=AskOptions(corrects_spelling=False)).searched == FOLLOW_UP
    service.ask(FOLLOW_UP, TURNS, options=AskOptions(is_written=False))
    assert rewritings(llm) == []


def test_a_rewritten_question_that_finds_nothing_is_not_used(service, llm):
    llm.rewritten = "Who won the cup?"
    reply = service.ask(FOLLOW_UP, TURNS)
    assert (reply.searched, reply.follows) == (FOLLOW_UP, TURNS[0].question)


def test_a_rewritten_question_is_limited_to_the_chosen_documents(service, llm):
    reply = service.ask(FOLLOW_UP, TURNS, options=AskOptions(only=["tea.md"]))
    assert (reply.searched, {hit.passage.path for hit in reply.hits}) == (WHOLE, {"tea.md"})


def test_the_api_shows_the_rewritten_question(service, library):
    history = [{"role": "user", "content": TURNS[0].question}, {"role": "assistant", "content": TURNS[0].answer}]
    client = TestClient(make_rest(Api(library, service)))
    data = client.post("/api/ask", json={"question": FOLLOW_UP, "history": history}).json()
    assert (data["question"], data["searched"], data["written"]) == (FOLLOW_UP, WHOLE, True)
    assert BLACK in json.dumps(data["statements"])


def test_each_part_of_a_question_brings_its_passages(service, llm, library):
    question = "Who approves leave and how long does black tea steep?"
    reply = service.ask(question)
    assert "The manager approves leave." in llm.prompt and BLACK in llm.prompt
    assert reply.statements
    alone = service.ask(question, options=AskOptions(k=1, is_written=False))
    texts = [hit.passage.text for hit in hits_to_write_from(alone, library.search, 1)]
    assert any("manager approves" in text for text in texts) and any("Black tea" in text for text in texts)
