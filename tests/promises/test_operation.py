"""The app as a process: it ends quietly, attacks cost it little, and it answers many clients while it is rebuilt."""

import random
import signal
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from urllib.parse import urlsplit

import httpx
import pytest
from support.served import app

from index.library import Library
from index.verify import verify

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="reads what Linux says of a process"),
]
SECONDS = 120
CLIENTS = 20
MAX_MEMORY_MB = 300  # above idle, under attack
MAX_DELAY = 0.5  # seconds by which strangers may delay an answer


@pytest.fixture
def served(folder, index, compiled):
    with app(folder, index) as made:
        wait_until_built(made)
        yield made


def wait_until_built(made):
    while not httpx.get(f"{made.address}api/status", timeout=30).json()["built"]:
        time.sleep(0.1)


def ask(made, question="How long does green tea steep?"):
    answer = httpx.post(f"{made.address}api/ask", json={"question": question}, timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.json()


def place(made):
    parts = urlsplit(made.address)
    return parts.hostname, parts.port


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_quietly_while_pages_are_open(served, number):
    with httpx.stream("GET", f"{served.address}gradio_api/heartbeat/x", timeout=30):
        status, output = served.end(number)
    assert output == "" and status in (0, 130)


def test_a_port_that_is_taken_is_one_sentence_before_anything_is_built(served, folder, index):
    port = place(served)[1]
    refused = pytest.raises(AssertionError, match=rf"Port {port} of 127\.0\.0\.1 cannot be opened: it may be in use")
    with refused, app(folder, index.parent / "other", "--port", str(port)):
        pass
    assert not (index.parent / "other").exists()


def half_requests(made, count, text):
    held = []
    for _ in range(count):
        try:
            client = socket.create_connection(place(made), timeout=5)
            client.sendall(text)
            held.append(client)
        except OSError:
            break
    return held


def post(made, path, body, times):
    for _ in range(times):
        with suppress(httpx.TransportError):  # the connection is closed before the body is sent
            assert httpx.post(f"{made.address}{path}", content=body, timeout=60).status_code in (403, 413)
    return []


def many_questions(made, count):
    """Send questions at once, as another address of this machine."""
    transport = httpx.HTTPTransport(local_address="127.0.0.2")
    with httpx.Client(transport=transport, timeout=120) as client, ThreadPoolExecutor(40) as pool:
        question = {"question": "How long does green tea steep?"}
        answers = pool.map(lambda _: client.post(f"{made.address}api/ask", json=question).status_code, range(count))
        assert set(answers) <= {200, 429}
    return []


ATTACKS = {
    "half headers": lambda made: half_requests(made, 200, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: "),
    "half bodies": lambda made: half_requests(
        made,
        30,
        b"POST /gradio_api/queue/join HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900000\r\n\r\n" + b"[" * 800_000,
    ),
    "large bodies": lambda made: post(made, "gradio_api/queue/join", b"[" + b"[]," * 21_000_000 + b"1]", 1),
    "nested bodies": lambda made: post(made, "gradio_api/queue/join", b"[[]," * 200_000, 5),
    "long names": lambda made: post(made, "login", b"password=x&username=" + b"%EF%B7%BA" * 300_000, 20),
    "many questions": lambda made: many_questions(made, 200),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_costs_little_and_delays_nobody(served, name):
    ask(served)
    usual = min(ask(served) and elapsed(served) for _ in range(5))
    before = served.memory_mb()
    with ThreadPoolExecutor(1) as pool:
        attack = pool.submit(ATTACKS[name], served)
        slowest = 0.0
        while not attack.done() or slowest == 0.0:
            slowest = max(slowest, elapsed(served))
        held = attack.result()
    cost = served.memory_mb() - before
    print(f"{name}: {cost:.0f} MB, slowest answer {slowest:.2f} s, usually {usual:.2f} s")
    assert cost < MAX_MEMORY_MB
    assert slowest - usual < MAX_DELAY
    for client in held:
        client.close()


def elapsed(made):
    started = time.perf_counter()
    ask(made)
    return time.perf_counter() - started


def test_two_minutes_of_many_clients_with_rebuilds(served, folder, index, encoder):
    errors, answered = [], []
    deadline = time.monotonic() + SECONDS
    edits, texts = [], [path.read_text() for path in folder.iterdir()]

    def client(number):
        chance = random.Random(number)
        questions = ("How long does green tea steep?", "Where does coffee come from?", "What is the moon made of?")
        while time.monotonic() < deadline:
            try:
                reply = ask(served, chance.choice(questions))
                answered.append(time.monotonic())
                for cited in reply["citations"]:
                    assert any(cited["quote"] in text for text in (*texts, *edits)), cited
            except Exception as error:
                errors.append(repr(error))
                return

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    before = served.open_files()
    while time.monotonic() < deadline:
        text = f"Cup {len(edits)} comes from Kenya."
        edits.append(text)
        (folder / "cup.txt").write_text(text)
        page = httpx.post(f"{served.address}gradio_api/run/build", json={"data": []}, timeout=60)
        assert page.status_code == 200
        assert httpx.get(served.address, timeout=60).status_code == 200
        time.sleep(4)
    for thread in threads:
        thread.join(90)
    assert errors == []
    assert len(answered) > 100 and len(edits) > 10
    time.sleep(6)  # connections that are kept alive end
    assert served.open_files() <= before + 20
    with_index = Library(folder, index, lambda: encoder)
    with with_index._open() as store:
        assert [problem for problem in verify(store, folder) if "cup.txt" not in problem] == []
