"""The page in headless Chromium: ask, check, open, edit, rebuild, ask again."""

import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api")
playwright.expect.set_options(timeout=20_000)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ROOT = Path(__file__).parents[2]
HOSTILE = (
    "# Zebras <b onclick=alert(1)>\n\nA zebra says <script>alert(3)</script> and ${alert(4)} and "
    "![a](http://b.example/c.png) and [d](javascript:alert(5)).\n"
)
TEA = "# Tea\n\n## Steeping\n\nGreen tea is steeped for two minutes. Use water that does not boil.\n"
BREAD = "# Bread\n\n## Baking\n\nBread is baked for forty minutes. Use an oven that is hot.\n"
HOSTILE_NAME = "<img src=x onerror=alert(6)> ${alert(7)} `zebra`.md"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@contextmanager
def started(sources: Path, index: Path, *options: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """The app on a folder, as it starts: the address that it will have, and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, str(ROOT / "app.py"), "--sources", str(sources), "--index", str(index), *options]
    process = subprocess.Popen([*command, "--port", str(port)], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        yield f"http://127.0.0.1:{port}/", process
    finally:
        process.terminate()
        process.wait(10)


def wait_for(process: "subprocess.Popen[str]") -> None:
    """Return once an app serves its page."""
    assert process.stdout
    assert any("http://" in line for line in process.stdout), "the app ended before it served a page"


@contextmanager
def serve(sources: Path, index: Path, *options: str) -> Iterator[str]:
    """The address of the app on a folder, once it serves its page."""
    with started(sources, index, *options) as (address, process):
        wait_for(process)
        yield address


@contextmanager
def opened(browser: "playwright.Browser", address: str, **context: object) -> Iterator["playwright.Page"]:
    """The page in a browser of its own; at the end nothing may have gone wrong in its console or been asked of another
    host."""
    of = browser.new_context(**{"viewport": {"width": 1280, "height": 820}} | context)
    page = of.new_page()
    page.set_default_timeout(20_000)
    errors: list[str] = []
    # Gradio aborts its own streams where a page is left, and says so.
    note = lambda text: None if re.search("AbortError|Connection errored out", text) else errors.append(text)  # noqa: E731
    page.on("console", lambda message: note(message.text) if message.type == "error" else None)
    page.on("response", lambda answer: note(f"{answer.status} {answer.url}") if answer.status >= 400 else None)
    page.on("pageerror", lambda error: note(f"{error.name} {error}"))
    page.on(
        "request",
        lambda request: None if request.url.startswith((address, "data:", "blob:")) else errors.append(request.url),
    )
    page.goto(address)
    playwright.expect(page.locator(".welcome, .turn").first).to_be_attached(timeout=30_000)
    yield page
    of.close()
    assert errors == [], errors


def ask(page: "playwright.Page", question: str) -> None:
    turns = page.locator("#chat .turn")
    before = turns.count()
    page.get_by_label("Question", exact=True).fill(question)
    page.keyboard.press("Enter")
    playwright.expect(turns).to_have_count(before + 1)
    playwright.expect(page.locator("body.busy")).to_have_count(0)


def go_to(page: "playwright.Page", tab: str) -> None:
    page.get_by_role("tab", name=tab).click()


@contextmanager
def held(page, handler):
    """Hold back the calls of one handler of the server while the block lasts."""
    waiting = []

    def hold(route):
        if f'"do_{handler}"' in (route.request.post_data or ""):
            waiting.append(route)
        else:
            route.continue_()

    page.route("**/component_server**", hold)
    try:
        yield waiting
    finally:
        page.unroute("**/component_server**")
        for route in waiting:
            with suppress(playwright.Error):
                route.continue_()


def send(page, question):
    page.get_by_label("Question", exact=True).fill(question)
    page.keyboard.press("Enter")


def answer_of(turn: "playwright.Locator") -> "playwright.Locator":
    """The quotes of a turn that are shown at once."""
    return turn.locator(".reply > .answer").first


def serious(axe: object, page: "playwright.Page") -> list[tuple[str, str, str]]:
    """What keeps people from using a page: the rule, the element and what to do, of each serious finding."""
    return [
        (violation["id"], node["html"][:200], node.get("failureSummary", "")[:300])
        for violation in axe.run(page).response["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
