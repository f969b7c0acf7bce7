"""The whole application, as it is served to users who sign in."""

import asyncio
import json
import logging
import stat
import tempfile
from collections import Counter

import pytest
from filelock import FileLock
from starlette.testclient import TestClient

from qa.web import fair_share
from qa.web.access import Access
from qa.web.application import Serving, make_application, upload_folder
from qa.web.fair_share import FairShare
from qa.web.forwarded import ForwardedHeaders
from qa.web.hosts import hosts_for
from qa.web.users import add_user, remove_user

ASK = {"data": ["How long does green tea steep?"]}


@pytest.fixture
def served(library, service, users_file):
    add_user(users_file, "bob", "cold black tea")
    serving = Serving(hosts=hosts_for("127.0.0.1"), access=Access(users_file), has_mcp=True)
    with upload_folder() as uploads:
        app = make_application(library, service, serving, uploads)
        with TestClient(app, base_url="http://127.0.0.1:7860", client=("10.0.0.1", 5)) as client:
            yield client


def sign_in(client, name="ada", password="hot green tea", **more):
    return client.post("/login", data={"username": name, "password": password}, **more)


def test_a_user_signs_in_asks_and_is_signed_out_when_removed(served, users_file):
    assert served.post("/gradio_api/run/ask", json=ASK).status_code == 401
    assert sign_in(served).status_code == 200
    answer = served.post("/gradio_api/run/ask", json=ASK).json()
    assert "Green tea steeps for two minutes." in answer["data"][0]["answer"]
    assert served.get("/api/status").status_code == 200
    remove_user(users_file, "ada")
    assert served.post("/gradio_api/run/ask", json=ASK).status_code == 401
    assert served.get("/api/status").status_code == 401
    assert sign_in(served).status_code == 400


def test_signing_out_ends_all_sessions_of_the_name_however_it_was_typed(served):
    assert sign_in(served, "\uff41\uff44\uff41").status_code == 200
    sessions = [dict(served.cookies)]
    served.cookies.clear()
    assert sign_in(served).status_code == 200
    sessions.append(dict(served.cookies))
    assert served.get("/logout", follow_redirects=False).status_code == 302
    for cookies in sessions:
        served.cookies.clear()
        cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        assert served.post("/gradio_api/run/ask", json=ASK, headers={"Cookie": cookie}).status_code == 401


def test_too_many_failures_are_429_in_the_form_and_leave_others_alone(served):
    answers = [sign_in(served, "bob", "wrong") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [400] * 5 + [429]
    assert answers[-1].headers["retry-after"] == "1"
    assert answers[-1].json()["detail"] == "Too many failed attempts: try again in 1 second."
    assert sign_in(served).status_code == 200


def test_a_client_cannot_choose_its_address(served):
    answers = [
        sign_in(served, "bob", "wrong", headers={"X-Forwarded-For": f"10.9.9.{number}"}).status_code
        for number in range(6)
    ]
    assert answers[-1] == 429
    assert sign_in(served).status_code == 200
    config = served.get(
        "/config", headers={"X-Forwarded-Host": "evil.example", "X-Gradio-Server": "http://evil.example"}
    )
    assert config.status_code == 200 and "evil.example" not in config.text


def test_mcp_and_the_api_need_a_sign_in(served):
    pytest.importorskip("mcp")
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    headers = {"Accept": "application/json, text/event-stream"}
    for path in ("/mcp", "/gradio_api/mcp", "/gradio_api/mcp/", "/api/ask", "/api/status"):
        assert served.post(path, json=message, headers=headers).status_code == 401
    assert served.get("/gradio_api/heartbeat/x").status_code == 401
    sign_in(served)
    tools = served.post("/mcp", json=message, headers=headers).json()["result"]["tools"]
    assert sorted(tool["name"] for tool in tools) == ["ask", "search", "status"]


def test_uploads_lie_in_a_private_folder_that_is_removed():
    with upload_folder() as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        (folder / "file").write_text("x")
    assert not folder.exists()


def test_the_folder_of_an_app_that_was_killed_is_removed_by_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    abandoned, used, foreign = (tmp_path / f"footnote-{name}" for name in ("abandoned", "used", "foreign"))
    for folder in (abandoned, used, foreign):
        folder.mkdir()
        (folder / "file").write_text("x")
    (abandoned / ".lock").touch()
    with FileLock(used / ".lock"), upload_folder() as new:
        assert sorted(tmp_path.iterdir()) == sorted([foreign, new, used])


def test_odd_requests_are_answered_without_a_traceback(served, caplog):
    sign_in(served)
    caplog.set_level(logging.ERROR)
    odd = ["\ud800", None, 7, [], {}, "q" * 20_000, "\0", "a\u2028b"]
    statuses = Counter()
    for question in odd:
        body = json.dumps({"question": question}).encode()
        answer = served.post("/api/ask", content=body, headers={"Content-Type": "application/json"})
        statuses[answer.status_code] += 1
    assert set(statuses) <= {200, 400}


async def _answer(scope, receive, send):
    names = sorted(name.decode() for name, _ in scope["headers"])
    client = scope["client"][0]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": f"{client} {scope['scheme']} {names}".encode()})


def test_only_a_trusted_proxy_says_who_its_client_is():
    headers = {"X-Forwarded-For": "10.2.2.2", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "tea.example"}
    app = ForwardedHeaders(_answer, ["192.168.0.0/16"])
    trusted = TestClient(app, client=("192.168.7.7", 1)).get("/", headers=headers).text
    assert trusted.startswith("10.2.2.2 https ") and "x-forwarded-host" in trusted
    other = TestClient(app, client=("127.0.0.1", 1)).get("/", headers=headers).text
    assert other.startswith("127.0.0.1 http ") and "x-forwarded" not in other


def test_a_client_works_on_some_requests_at_a_time_and_does_not_delay_another(monkeypatch):
    monkeypatch.setattr(fair_share, "MAX_AT_ONCE", 2)
    monkeypatch.setattr(fair_share, "MAX_WAITING", 3)
    working, answered = Counter(), []
    most = Counter()

    async def check():
        free = asyncio.Event()

        async def app(scope, receive, send):
            client = scope["client"][0]
            working[client] += 1
            most[client] = max(most[client], working[client])
            if client == "greedy":
                await free.wait()
            working[client] -= 1
            answered.append(client)

        share = FairShare(app)

        def request(client):
            async def send(message):
                if message["type"] == "http.response.start":
                    answered.append((client, message["status"]))

            scope = {"type": "http", "method": "POST", "path": "/api/ask", "headers": [], "client": (client, 1)}
            return asyncio.create_task(share(scope, None, send))

        greedy = [request("greedy") for _ in range(7)]
        await asyncio.sleep(0)
        await request("modest")
        assert answered == [("greedy", 429)] * 2 + ["modest"]
        free.set()
        await asyncio.gather(*greedy)
        assert share._requests == {} and share._clients == {}

    asyncio.run(check())
    assert most["greedy"] == 2 and answered.count("greedy") == 5


def test_the_sessions_of_open_pages_and_the_queue_are_bounded(served):
    app = served.app
    while not hasattr(app, "state"):
        app = app._app
    (page,) = (route.app for route in app.routes if hasattr(getattr(route, "app", None), "state_holder"))
    assert page.state_holder.capacity == 500
    assert page.get_blocks()._queue.max_size == 32
