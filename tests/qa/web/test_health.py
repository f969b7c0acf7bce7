"""The addresses that a load balancer asks."""

import pytest
from starlette.testclient import TestClient

from index.errors import DatabaseUnreachableError
from qa.web.application import Serving, make_application
from qa.web.health import Health
from qa.web.hosts import hosts_for


async def inner(scope, receive, send):
    await send({"type": "http.response.start", "status": 299, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def client(library):
    return TestClient(Health(inner, library))


def test_a_server_is_ready_once_there_is_an_index(client, library):
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "reason": "There is no index yet."})
    library.start_build()
    library.wait()
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"ready": True})
    assert answer.headers["cache-control"] == "no-store"


def test_a_server_lives_without_an_index(client):
    assert (client.get("/health/live").status_code, client.get("/health/live").json()) == (200, {"live": True})


def test_an_index_that_cannot_be_read_is_not_named():
    class Lost:
        @property
        def is_built(self):
            raise DatabaseUnreachableError("The database postgresql://db.example cannot be reached.")

    answer = TestClient(Health(inner, Lost())).get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["reason"] == "The index cannot be read: the log says why."


def test_other_addresses_are_passed_on_or_refused(client):
    assert client.get("/healthy").status_code == 299
    assert client.get("/health/other").status_code == 404
    assert client.post("/health/ready").status_code == 405


def test_nobody_signs_in_for_it(library, service, users_file, tmp_path):
    from qa.web.access import Access

    serving = Serving(hosts=hosts_for("127.0.0.1", [], has_users=True), access=Access(users_file))
    client = TestClient(make_application(library, service, serving, tmp_path), base_url="http://127.0.0.1")
    assert client.get("/health/ready").status_code == 200
    assert client.get("/api/status").status_code == 401
