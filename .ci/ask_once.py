"""Start the installed app, ask it one question by command and by HTTP, and stop it. Needs the standard library only."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[1]
QUESTION, EXPECTED = "When was the Rajin-Khasan railway project inaugurated?", "2013"
START_TIMEOUT, ANSWER_TIMEOUT, STOP_TIMEOUT = 180, 120, 20


def main() -> None:
    """Check `footnote --version`, `python -m qa ask` and the page's /ask."""
    version = run(str(Path(sys.executable).with_name("footnote")), "--version")
    if not version.startswith("footnote "):
        sys.exit(f"footnote --version printed {version!r}.")
    with tempfile.TemporaryDirectory() as index:
        folders = ("--sources", str(ROOT / "sources"), "--index", index)
        check("python -m qa ask", json.loads(run(sys.executable, "-m", "qa", "ask", QUESTION, "--json", *folders)))
        port = free_port()
        command = [sys.executable, "app.py", *folders, "--port", str(port)]
        app = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
        try:
            check("the page's /ask", ask(f"http://127.0.0.1:{port}", app))
        finally:
            stop(app)
    if group_is_alive(app.pid):
        sys.exit("The app left a process running.")
    print(f"{version.strip()} answers from a plain install.")


def run(*command: str) -> str:
    """Return what a command prints; end with its error if it fails."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=START_TIMEOUT)
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with status {done.returncode}: {done.stderr}")
    return done.stdout


def free_port() -> int:
    """Return a port that nothing serves yet."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def ask(address: str, app: "subprocess.Popen[bytes]") -> dict[str, object]:
    """Return the reply of the page's API, once the page is served."""
    body = json.dumps({"data": [QUESTION]}).encode()
    request = urllib.request.Request(
        f"{address}/gradio_api/call/ask", body, {"Content-Type": "application/json"}, method="POST"
    )
    deadline = time.monotonic() + START_TIMEOUT
    while True:
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_TIMEOUT) as reply:
                event = json.load(reply)["event_id"]
            break
        except urllib.error.HTTPError:
            raise
        except OSError:
            if app.poll() is not None:
                sys.exit(f"The app ended with status {app.returncode} before it served a page.")
            if time.monotonic() > deadline:
                sys.exit(f"The app served no page within {START_TIMEOUT} seconds.")
            time.sleep(0.5)
    with urllib.request.urlopen(f"{address}/gradio_api/call/ask/{event}", timeout=ANSWER_TIMEOUT) as events:
        for line in events:
            if line.startswith(b"data:") and line.strip() != b"data: null":
                found: dict[str, object] = json.loads(line.removeprefix(b"data:"))[0]
                return found
    sys.exit("The page's /ask ended without a reply.")


def check(way: str, reply: dict[str, object]) -> None:
    """End with an error unless a reply answers the question and cites a document."""
    if EXPECTED not in str(reply["answer"]) or not reply["citations"]:
        sys.exit(f"By {way}, {QUESTION!r} got {reply!r}.")


def stop(app: "subprocess.Popen[bytes]") -> None:
    """Stop the app, and whatever it has started."""
    app.terminate()
    try:
        app.wait(STOP_TIMEOUT)
    except subprocess.TimeoutExpired:
        os.killpg(app.pid, signal.SIGKILL)
        app.wait()
        sys.exit(f"The app did not stop within {STOP_TIMEOUT} seconds.")


def group_is_alive(group: int) -> bool:
    """Is any process of a group left? Those that are ending get two seconds."""
    for _ in range(20):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return False
        time.sleep(0.1)
    os.killpg(group, signal.SIGKILL)
    return True


if __name__ == "__main__":
    main()
