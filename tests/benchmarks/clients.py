"""Ask the HTTP API from many clients at once: `python tests/benchmarks/clients.py [--clients 20] [--asks 10000]`.

Prints the answers a second and their times, one client's times beside those of an answer alone, the failures, and the
memory of the server's process as it answers.
"""

import argparse
import sys
import tempfile
import threading
import time
from itertools import count
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

import httpx
from corpus import write_corpus
from support.browser import serve

STEPS = 10  # at which memory is read


def main() -> None:
    """Ask with one client, then with a number of clients until a number of questions is asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--asks", type=int, default=10_000)
    parser.add_argument("--passages", type=int, default=1_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sources = Path(folder, "sources")
        questions = [question for question, _ in write_corpus(sources, options.passages)]
        with serve(sources, Path(folder, "index")) as address:
            with httpx.Client(base_url=address, timeout=60) as client:
                while not (status := client.get("api/status").json())["built"] or status["building"]:
                    time.sleep(0.5)
                alone, whole = one_client(client, questions)
            print(f"one client: median {median(whole):.1f} ms (the answer alone: {median(alone):.1f} ms)")
            many_clients(address, folder, questions, options.clients, options.asks)


def one_client(client: httpx.Client, questions: list[str]) -> tuple[list[float], list[float]]:
    """Return the milliseconds of answers alone, and of requests, for 100 questions."""
    alone, whole = [], []
    for question in questions[:100]:
        began = time.perf_counter()
        reply = client.post("api/ask", json={"question": question}).json()
        whole.append(1000 * (time.perf_counter() - began))
        alone.append(1000 * reply["seconds"])
    return alone[10:], whole[10:]


def many_clients(address: str, folder: str, questions: list[str], clients: int, asks: int) -> None:
    """Ask from many threads, and print what came of it."""
    numbers, taken, failed = count(), [], []

    def ask_on() -> None:
        with httpx.Client(base_url=address, timeout=60) as client:
            while (number := next(numbers)) < asks:
                began = time.perf_counter()
                reply = client.post("api/ask", json={"question": questions[number % len(questions)]})
                taken.append(time.perf_counter() - began)
                if reply.status_code != 200:
                    failed.append(reply.text)

    used, began = [], time.perf_counter()
    threads = [threading.Thread(target=ask_on) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for step in range(1, STEPS + 1):
        while len(taken) < step * asks // STEPS and any(thread.is_alive() for thread in threads):
            time.sleep(0.2)
        used.append(memory(folder))
        print(f"{len(taken):,} answers, {used[-1]:.1f} MB", flush=True)
    for thread in threads:
        thread.join()
    times = sorted(1000 * one for one in taken)
    print(
        f"{clients} clients: {len(taken) / (time.perf_counter() - began):.1f} answers a second, "
        f"median {median(times):.0f} ms, 95th percentile {times[int(0.95 * len(times))]:.0f} ms, {len(failed)} failed; "
        f"memory {used[-1] - used[0]:+.1f} MB since the first tenth of them"
    )
    print(*failed[:5], sep="\n")


def memory(folder: str) -> float:
    """Return the megabytes of the process that serves a folder."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_text()
            if folder in command and "app.py" in command:
                return int((process / "statm").read_text().split()[1]) * 4096 / 2**20
        except OSError:
            continue
    return 0.0


if __name__ == "__main__":
    main()
