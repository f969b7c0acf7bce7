"""The guard around a small application, and around the real page: nothing but what the page needs is ever served."""

import asyncio
import socket

import gradio as gr
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from index.library import Library
from qa.service import QAService
from qa.web import exchange
from qa.web.exchange import HEADERS
from qa.web.hosts import Hosts, hosts_for, is_loopback
from qa.web.layout import make_page
from qa.web.login_throttle import SignIn
from qa.web.security import MAX_LOGIN_BYTES, RequestFilter
from qa.web.users import Users

MAX_BYTES = 2**20
SECRET = "the kettle is made of silver"


async def echo(scope, receive, send):
    """Answer with the path and how many bytes came, whatever is asked."""
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RuntimeError("gone")
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": f"{scope['path']} {size}".encode()})


@pytest.fixture
def client():
    return TestClient(RequestFilter(echo, hosts_for("127.0.0.1"), MAX_BYTES), base_url="http://127.0.0.1:7860")


def test_every_answer_binds_the_browser_also_a_refusal(client):
    for path in ("/", "/proxy"):
        answer = client.get(path)
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "http" not in HEADERS["Content-Security-Policy"]


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost", "LOCALHOST:1", "[::1]:7860"])
def test_the_page_is_served_under_its_own_names(client, host):
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost:1@evil.example", "", "evil:7860"]
)
def test_under_another_name_it_is_not_served(client, host):
    answer = client.get("/", headers={"Host": host})
    assert answer.status_code == 403 and answer.text.startswith("This page ")
    assert "open the address that was printed at its start" in answer.text


def test_two_names_at_once_are_none(client):
    assert client.get("/", headers=[("Host", "localhost"), ("Host", "evil.example")]).status_code == 403


def test_served_everywhere_it_has_the_names_of_the_machine_and_any_address():
    for address in ("0.0.0.0", "::"):
        hosts = hosts_for(address)
        assert hosts.allow("192.168.1.5") and hosts.allow("[fe80::1]") and hosts.allow(socket.gethostname().lower())
        assert not hosts.allow("evil.example") and not hosts.allow("")
        assert hosts_for(address, has_users=True).allow("evil.example")
    anyone = TestClient(RequestFilter(echo, Hosts(names=None), MAX_BYTES), base_url="http://tea.example")
    assert anyone.get("/").status_code == 200
    assert hosts_for("192.168.1.5").allow("192.168.1.5") and hosts_for("fe80::1").allow("[fe80::1]")
    assert not hosts_for("192.168.1.5").allow("192.168.1.6")


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:7861", "http://127.0.0.1"])
def test_another_page_may_not_ask(client, method, origin):
    answer = client.request(method, "/gradio_api/queue/join", headers={"Origin": origin})
    assert answer.status_code == 403 and answer.text.startswith("Requests from other sites are not allowed.")


def test_a_link_from_another_page_leads_to_the_page_and_to_nothing_else(client):
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert [client.get(path, headers=foreign).status_code for path in ("/", "/logout")] == [200, 403]
    assert client.get("/logout", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200


def test_behind_a_proxy_the_page_is_known_by_the_name_that_it_was_given():
    named = {"Origin": "https://docs.example"}
    for host in ("docs.example", "127.0.0.1:7860"):  # a proxy may or may not pass the host on
        client = TestClient(
            RequestFilter(echo, hosts_for("127.0.0.1", ["docs.example"]), 2**20, names=["docs.example"]),
            base_url=f"http://{host}",
        )
        assert client.post("/gradio_api/queue/join", json=[1], headers=named).status_code == 200
        other = client.post("/gradio_api/queue/join", headers={"Origin": "https://evil.example"})
        assert other.status_code == 403 and "--name evil.example" in other.text


def test_a_browser_is_shown_a_page_that_says_what_to_set(client):
    answer = client.get("/", headers={"Host": "docs.example", "Accept": "text/html,*/*"})
    assert answer.status_code == 403 and answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "start it with --name docs.example." in answer.text
    answer = client.get("/", headers={"Host": "<script>.example", "Accept": "text/html"})
    assert "script" not in answer.text


def test_the_page_itself_and_programs_may_ask(client):
    origin = {"Origin": "http://127.0.0.1:7860"}
    assert client.post("/gradio_api/queue/join", json=[1], headers=origin).text == "/gradio_api/queue/join 3"
    assert client.post("/gradio_api/call/ask", json=[1]).status_code == 200


def test_what_is_too_large_is_refused_whether_it_says_so_or_not():
    client = TestClient(RequestFilter(echo, hosts_for("127.0.0.1"), 2 * MAX_BYTES), base_url="http://127.0.0.1:7860")
    for path, most, text in (
        ("/gradio_api/upload", 2 * MAX_BYTES, "This is larger than 2 MB: send a smaller file."),
        ("/gradio_api/queue/join", MAX_BYTES, "This is larger than 1 MB: send less."),
        ("/login", MAX_LOGIN_BYTES, "This is larger than 16 KB: send less."),
    ):
        for body in (b"x" * (most + 1), iter([b"x" * most, b"x"])):
            answer = client.post(path, content=body)
            assert (answer.status_code, answer.text) == (413, text)
        assert client.post(path, content=b"x" * most).text == f"{path} {most}"
    for length in ("-5", "9" * 5000, "1e9"):
        assert client.post("/gradio_api/upload", headers={"Content-Length": length}).status_code == 413


def test_who_is_not_signed_in_is_refused_before_the_body_is_read():
    taken = []

    async def body():
        taken.append(1)
        yield b"[" * 1000

    guard = RequestFilter(echo, hosts_for("127.0.0.1"), MAX_BYTES, also=["/api"], is_signed_in=lambda scope: False)

    async def app(scope, receive, send):
        async def watched():
            taken.append(scope["path"])
            return await receive()

        await guard(scope, watched, send)

    client = TestClient(app, base_url="http://127.0.0.1:7860")
    refused = ["/gradio_api/queue/join", "/gradio_api/upload", "/gradio_api/component_server", "/gradio_api/run/ask"]
    for path in refused:
        answer = client.post(path, content=b"[]")
        assert (answer.status_code, answer.text[:14]) == (401, "Sign in first:")
    for path in ("/gradio_api/heartbeat/x", "/gradio_api/queue/data", "/gradio_api/file=/tmp/x"):
        assert client.get(path).status_code == 401
    assert taken == []
    assert [client.get(path).status_code for path in ("/", "/config", "/theme.css", "/api/status")] == [200] * 4
    assert client.post("/login", content=b"x").status_code == 200


def test_a_body_that_does_not_end_is_refused(monkeypatch):
    monkeypatch.setattr(exchange, "MAX_PAUSE", 0.05)
    sent = []

    async def receive():
        if not sent:
            sent.append(1)
            return {"type": "http.request", "body": b"[", "more_body": True}
        await asyncio.sleep(60)

    async def send(message):
        sent.append(message)

    for path in ("/gradio_api/queue/join", "/gradio_api/upload"):
        sent.clear()
        scope = {"type": "http", "method": "POST", "path": path, "headers": [(b"host", b"localhost")], "client": None}
        asyncio.run(RequestFilter(echo, hosts_for("127.0.0.1"), MAX_BYTES)(scope, receive, send))
        assert sent[1]["status"] == 408 and sent[2]["body"] == b"The request arrived too slowly: send it again."


def test_uploads_that_wait_are_limited_in_sum(tmp_path):
    guard = RequestFilter(echo, hosts_for("127.0.0.1"), 1000, uploads=tmp_path)
    client = TestClient(guard, base_url="http://127.0.0.1:7860")
    for number in range(11):
        assert client.post("/gradio_api/upload", content=b"x").status_code == 200
        (tmp_path / f"{number}").write_bytes(b"x" * 1000)
    answer = client.post("/gradio_api/upload", content=b"x")
    assert (answer.status_code, answer.text[:21]) == (413, "Too many uploads wait")
    assert client.post("/gradio_api/queue/join", content=b"[]").status_code == 200


def test_a_websocket_is_not_accepted(client):
    with pytest.raises(WebSocketDisconnect, match=r"^$") as closed, client.websocket_connect("/gradio_api/queue/join"):
        pass
    assert closed.value.code == 1008


def test_loopback_is_told_from_what_others_reach():
    loopback = ["127.0.0.1", "127.0.0.2", "localhost", "::1", "[::1]"]
    assert all(map(is_loopback, loopback))
    assert not any(map(is_loopback, ["0.0.0.0", "::", "192.168.1.5", "tea.example", "localhost.tea.example"]))


@pytest.mark.parametrize("path", ["https://evil.example/x", "HTTP://evil.example", " ftp://evil", "file:///etc/passwd"])
def test_a_file_that_is_an_address_is_not_fetched(client, path):
    file = {"path": path, "meta": {"_type": "gradio.FileData"}}
    answer = client.post("/gradio_api/queue/join", json={"data": [[{"content": [file]}]]})
    assert (answer.status_code, answer.text[:37]) == (403, "Remote files are not fetched: upload ")
    assert client.post("/gradio_api/run/ask", json={"data": [{"path": "a", "url": path}]}).status_code == 403


def test_a_file_that_was_sent_here_is_taken(client):
    file = {"path": "/tmp/gradio/a/tea.md", "url": "http://127.0.0.1:7860/gradio_api/file=/tmp/gradio/a/tea.md"}
    assert client.post("/gradio_api/queue/join", json={"data": [file]}).status_code == 200
    assert client.post("/gradio_api/queue/join", json={"data": [{"path": "tea: green.md"}]}).status_code == 200
    assert client.post("/gradio_api/queue/join", content=b"[" * 100_000).status_code == 403
    assert client.post("/gradio_api/queue/join", content=b"{no JSON").status_code == 200


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The real page of a folder in whose place and neighbourhood there are secrets, without sign-in."""
    from support.fakes import FakeEncoder

    place = tmp_path_factory.mktemp("page")
    (place / "sources").mkdir()
    (place / "sources" / "tea.md").write_text("# Tea\n\nGreen tea steeps for two minutes.\n", "utf-8")
    (place / "secret.txt").write_text(SECRET, "utf-8")
    library = Library(place / "sources", place / "index", FakeEncoder)
    library.start_build()
    library.wait()
    yield place, lambda **options: real(library, **options)


def real(library, auth=None):
    outer = FastAPI(openapi_url=None)
    inside = {"middleware": [(RequestFilter, (), {"hosts": hosts_for("testserver"), "max_bytes": 2**20})]}
    kept = {"app_kwargs": inside, "auth": auth, "run_history": False, "footer_links": [], "max_file_size": "1mb"}
    gr.mount_gradio_app(outer, make_page(library, QAService(library)), path="/", ssr_mode=False, **kept)
    return outer


@pytest.fixture(scope="module")
def page(served):
    with TestClient(served[1](), raise_server_exceptions=False, follow_redirects=False) as client:
        yield client


def test_the_real_page_is_served_and_answers_behind_the_guard(page):
    assert "Footnote" in page.get("/").text
    assert page.get("/").headers["content-security-policy"] == HEADERS["Content-Security-Policy"]
    answer = page.post("/gradio_api/run/ask", json={"data": ["How long does green tea steep?"]})
    assert answer.json()["data"][0]["answer"] == "Green tea steeps for two minutes."


UNNEEDED = """/openapi.json /docs /redoc /monitoring /monitoring/summary /monitoring/x /pwa_icon /pwa_icon/9
/gradio_api/deep_link /gradio_api/token /gradio_api/dev/reload /gradio_api/runs /gradio_api/openapi.json
/gradio_api/custom_component/x/client/t/f.js /gradio_api/proxy=https://example.org
/gradio_api/file=https://example.org /gradio_api/file=HTTP://example.org /gradio_api/file/tea.md
/gradio_api/stream/a/b/1/playlist-file /gradio_api/process_recording
/gradio_api/vibe-edit /gradio_api/undo-vibe-edit /gradio_api/vibe-code /gradio_api/vibe-starter-queries
/gradio_api/profiling/traces /gradio_api/mcp/sse /gradio_api/run-history/buckets /GRADIO_API/vibe-code""".split()


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", UNNEEDED)
def test_what_the_page_does_not_need_is_not_served(page, method, path):
    answer = page.request(method, path)
    assert (answer.status_code, answer.text) == (403, "This address is not served.")


ROUTES = ("/gradio_api/file=", "/static/", "/assets/", "/svelte/", "/gradio_api/call/ask/")
TRICKS = (
    "{place}/secret.txt",
    "../secret.txt",
    "../../../../../../../../../../..{place}/secret.txt",
    "..%2f..%2f..%2f..%2f..%2f..%2f..%2f..{place}/secret.txt",
    "%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e{place}/secret.txt",
    "%252e%252e%252f%252e%252e%252f%252e%252e{place}/secret.txt",
    "..%5c..%5c..%5csecret.txt",
    "..%255csecret.txt",
    "C:%5csecret.txt",
    "C:/secret.txt",
    "//{place}/secret.txt",
    "{place}/secret.txt%00.svg",
    "{place}/sources/link.txt",
    "{place}/sources/../secret.txt",
    "{place}/sources/tea.md",
    "{place}/index/index.db",
    "file://{place}/secret.txt",
    "~/.bashrc",
    "app.py",
    "/proc/self/environ",
)


def test_no_path_leads_to_a_file_outside(page, served):
    place = served[0]
    (place / "sources" / "link.txt").symlink_to(place / "secret.txt")
    for route in ROUTES:
        for trick in TRICKS:
            answer = page.get(route + trick.format(place=place))
            assert answer.status_code in (400, 403, 404, 405, 422) or (
                answer.status_code == 200 and answer.headers["content-type"].startswith("text/event-stream")
            ), (route, trick, answer.status_code)
            assert SECRET not in answer.text and "Green tea" not in answer.text and "import " not in answer.text


def test_a_linked_file_in_the_folder_of_uploads_is_not_followed_out_of_it(page, served):
    sent = page.post("/gradio_api/upload", files={"files": ("../../tea.txt", b"tea")}).json()[0]
    assert page.get(f"/gradio_api/file={sent}").text == "tea"
    assert ".." not in sent
    for path in (f"{sent}/../../../secret.txt", f"{sent}%00", sent.rpartition("/")[0]):
        assert page.get(f"/gradio_api/file={path}").status_code == 403


def test_without_signing_in_the_real_page_gives_nothing_of_the_documents(served):
    with TestClient(served[1](auth=lambda name, password: (name, password) == ("ada", "tea"))) as client:
        assert '"auth_required":true' in client.get("/").text.replace(" ", "")
        for path in (
            "/config",
            "/gradio_api/info",
            "/gradio_api/file=/etc/passwd",
            "/gradio_api/queue/data",
            "/gradio_api/queue/status",
        ):
            assert client.get(path, params={"session_hash": "a"}).status_code == 401, path
        for path in (
            "/gradio_api/run/ask",
            "/gradio_api/api/ask",
            "/gradio_api/call/ask",
            "/gradio_api/queue/join",
            "/gradio_api/component_server",
            "/gradio_api/upload",
        ):
            assert client.post(path, json={"data": ["tea"]}).status_code == 401, path
        assert client.post("/login", data={"username": "ada", "password": "coffee"}).status_code == 400
        assert client.post("/login", data={"username": "ada", "password": "tea"}).status_code == 200


def test_signing_in_knows_from_where_it_is_tried(served):
    door = SignIn(Users({}))
    with TestClient(served[1](auth=door.check), client=("10.1.2.3", 5)) as client:
        assert client.post("/login", data={"username": "ada", "password": "tea"}).status_code == 400
    assert list(door._addresses._failures) == ["10.1.2.3"]
