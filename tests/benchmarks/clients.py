"""Ask the page from many clients at once: `python tests/benchmarks/clients.py [--clients 20] [--seconds 120]`.

Prints the number of answers and failures, their times, and the memory of the page's process at the start and the end.
"""

import argparse
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from gradio_client import Client
from support.browser import ROOT, serve

QUESTIONS = (
    "What is the Rajin port linked to by the railway project?",
    "When did the Korean War take place?",
    "Who met Vladimir Putin?",
    "Who won the 2018 World Cup?",
    "What do cultural exchanges promote?",
)


def main() -> None:
    """Ask with a number of clients for a number of seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--sources", type=Path, default=ROOT / "sources")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as index, serve(options.sources, Path(index)) as address:
        first = Client(address, verbose=False)
        while not first.predict(api_name="/status").get("generation") or first.predict(api_name="/status")["building"]:
            time.sleep(1)
        first.predict(QUESTIONS[0], api_name="/ask")
        alone = timed(first, 20)
        before, taken, failed = memory(index), [], []
        end = time.monotonic() + options.seconds

        def ask_on() -> None:
            client = Client(address, verbose=False)
            number = 0
            while time.monotonic() < end:
                began = time.perf_counter()
                try:
                    client.predict(QUESTIONS[number % len(QUESTIONS)], api_name="/ask")
                    taken.append(time.perf_counter() - began)
                except Exception as error:
                    failed.append(repr(error))
                number += 1

        threads = [threading.Thread(target=ask_on) for _ in range(options.clients)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            time.sleep(options.seconds / 8)
            print(f"{len(taken)} answered, {len(failed)} failed, {memory(index):.0f} MB", flush=True)
        print(f"one client: median {1000 * share(alone, 0.5):.0f} ms")
        print(
            f"{options.clients} clients: {len(taken) / options.seconds:.1f} answers a second, "
            f"median {1000 * share(taken, 0.5):.0f} ms, 95th percentile {1000 * share(taken, 0.95):.0f} ms, "
            f"{len(failed)} failed; memory {before:.0f} MB, then {memory(index):.0f} MB"
        )
        print(*failed[:5], sep="\n")


def timed(client: Client, count: int) -> list[float]:
    """Return the seconds that each question takes, asked one after the other."""
    taken = []
    for number in range(count):
        began = time.perf_counter()
        client.predict(QUESTIONS[number % len(QUESTIONS)], api_name="/ask")
        taken.append(time.perf_counter() - began)
    return taken


def share(values: list[float], part: float) -> float:
    """Return the value below which a share of some values lies."""
    return sorted(values)[int(part * (len(values) - 1))] if values else 0.0


def memory(index: str) -> float:
    """Return the megabytes of the process that serves an index."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if index in (process / "cmdline").read_text() and "app.py" in (process / "cmdline").read_text():
                pages = int((process / "statm").read_text().split()[1])
                return pages * 4096 / 2**20
        except OSError:
            continue
    return 0.0


if __name__ == "__main__":
    main()
