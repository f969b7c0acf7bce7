"""Whatever is sent to the page and the API is answered, or refused in a sentence: never an error of ours."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from qa.web.application import Serving, make_application, upload_folder
from qa.web.hosts import hosts_for

HANDLERS = (
    "ask show suggest recheck welcome status update cancel watch open page table facts add remove restore".split()
)
NAMES = st.sampled_from(
    "question query history k only key context turns turn quotes document quote start end page search order removed "
    "path name replace on role content answer places data reply citations hits session_hash fn_index".split()
)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=40),
    st.sampled_from(["\ud800", "a\u2028b", "../../etc/passwd", "tea.md", "\0", "q" * 11_000, "1e999", "user"]),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | st.text(max_size=5), inner, max_size=6),
    max_leaves=12,
)


@pytest.fixture
def page(library, service):
    with upload_folder() as uploads:
        app = make_application(library, service, Serving(hosts=hosts_for("127.0.0.1"), may_change=False), uploads)
        with TestClient(app, base_url="http://127.0.0.1:7860", raise_server_exceptions=True) as client:
            yield client


def component(page):
    parts = page.get("/config").json()["components"]
    return next(part["id"] for part in parts if part["props"].get("elem_id") == "status")


def send(page, path, value):
    body = json.dumps(value).encode()
    return page.post(path, content=body, headers={"Content-Type": "application/json"})


def check(page, number, examples):
    """Send values to every address that takes any."""
    counts = {"ask": 1, "converse": 2, "search": 2}  # of values; Gradio itself fails at any other number
    paths = ["/api/ask", "/api/search", *(f"/gradio_api/run/{name}" for name in counts)]

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow],
        database=None,
    )
    @given(path=st.sampled_from(paths), value=VALUES, values=st.lists(VALUES, min_size=2, max_size=2))
    def api(path, value, values):
        answer = send(page, path, {"data": values[: counts[path.split("/")[-1]]]} if "gradio_api" in path else value)
        if answer.status_code >= 400:
            error = answer.json().get("error") or answer.json().get("detail")
            assert error, (path, value, values)
        assert answer.status_code in (200, 400, 422, 500), answer.text

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow],
        database=None,
    )
    @given(name=st.sampled_from(HANDLERS), value=VALUES)
    def handlers(name, value):
        asked = {"data": value, "component_id": number, "fn_name": f"do_{name}", "session_hash": "x"}
        answer = send(page, "/gradio_api/component_server", asked)
        assert answer.status_code in (200, 403), (name, value, answer.text)

    api()
    handlers()


def test_odd_values_are_answered_or_refused(page):
    check(page, component(page), 60)


@pytest.mark.slow
def test_thousands_of_odd_values_are_answered_or_refused(page):
    check(page, component(page), 3000)
