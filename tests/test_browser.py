"""The page in headless Chromium: ask, check, open, edit, rebuild, ask again."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs chromium (apt-get install chromium)"),
]
ROOT = Path(__file__).parents[1]
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@contextmanager
def serve(sources: Path, index: Path) -> Iterator[str]:
    """The address of the app on a folder, on any free port."""
    command = [sys.executable, str(ROOT / "app.py"), "--sources", str(sources), "--index", str(index)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert process.stdout
        for line in process.stdout:
            if found := re.search(r"http://\S+", line):
                yield found[0]
                break
        else:
            pytest.fail("the app ended before it served a page")
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def browser() -> Iterator["playwright.Browser"]:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(ROOT / "sources", folder / "sources")
    (folder / "sources" / "tea.md").write_text(
        "# Tea\n\n## Steeping\n\nGreen tea is steeped for two minutes. Use water that does not boil.\n", "utf-8"
    )
    with serve(folder / "sources", folder / "index") as address:
        yield address, folder / "sources"


@pytest.fixture
def page(browser: "playwright.Browser", served: tuple[str, Path]) -> Iterator["playwright.Page"]:
    """The opened page; at the end nothing may have gone wrong in its console or been asked of another host."""
    page = browser.new_page(viewport={"width": 1280, "height": 820})
    page.set_default_timeout(20_000)
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "request",
        lambda request: None if request.url.startswith((served[0], "data:", "blob:")) else errors.append(request.url),
    )
    page.goto(served[0])
    yield page
    page.close()
    assert errors == []


def ask(page: "playwright.Page", question: str) -> None:
    answers = page.locator("#chat .bot.message")
    before = answers.count()
    page.get_by_label("Question").fill(question)
    page.keyboard.press("Enter")
    playwright.expect(answers).to_have_count(before + 1, timeout=20_000)


def test_a_footnote_brings_its_quote_and_the_quote_its_document(page):
    ask(page, "How long is green tea steeped?")
    playwright.expect(page.locator("#chat .answer")).to_contain_text("Green tea is steeped for two minutes.")
    page.locator("#chat a.footnote").first.click()
    playwright.expect(page.locator(".evidence.chosen .card.lit mark.lit")).to_have_text(
        "Green tea is steeped for two minutes."
    )
    page.get_by_role("button", name="Show in document").first.click()
    playwright.expect(page.locator(".document h2")).to_have_text("Tea")
    playwright.expect(page.locator(".document mark")).to_have_text("Green tea is steeped for two minutes.")
    page.get_by_role("button", name="Back to the evidence").click()
    playwright.expect(page.locator(".evidence.chosen .card").first).to_be_visible()


def test_a_slip_is_put_right_and_said_and_the_words_that_meet_are_set_off(page):
    ask(page, "How long is green tea staeped?")
    playwright.expect(page.locator("#chat .searched")).to_have_text("Searched for: How long is green tea steeped?")
    playwright.expect(page.locator(".evidence.chosen mark b")).to_contain_text(["Green", "tea", "steeped"])


def test_a_footnote_of_an_older_answer_brings_back_its_evidence(page):
    ask(page, "How long is green tea steeped?")
    ask(page, "When was the Rajin-Khasan railway project inaugurated?")
    playwright.expect(page.locator(".evidence.chosen .asked")).to_contain_text("Rajin-Khasan")
    page.locator("#chat a.footnote").first.click()
    playwright.expect(page.locator(".evidence.chosen .asked")).to_have_text("How long is green tea steeped?")


def test_what_the_documents_do_not_hold_is_declined_with_the_nearest_passages(page):
    ask(page, "Who won the 2018 World Cup?")
    playwright.expect(page.locator("#chat .declined")).to_contain_text("The documents do not answer this.")
    playwright.expect(page.locator(".evidence.chosen h2")).to_have_text("Nearest passages")


def test_an_example_question_is_answered(page):
    page.locator("#chat button", has_text="What do the documents say about").first.click()
    playwright.expect(page.locator("#chat a.footnote").first).to_be_visible()


def test_a_question_with_markup_is_shown_as_text(page):
    ask(page, "<img src=x onerror=alert(1)> ${alert(2)} **green tea**")
    playwright.expect(page.locator("#chat .user.message")).to_have_text(
        "<img src=x onerror=alert(1)> ${alert(2)} **green tea**"
    )


def test_an_edit_is_seen_offered_and_after_a_rebuild_answered(page, served):
    ask(page, "How long is black tea steeped?")
    playwright.expect(page.locator("#chat")).not_to_contain_text("five minutes")
    playwright.expect(page.locator("#status")).to_contain_text("8 documents")
    tea = served[1] / "tea.md"
    tea.write_text(tea.read_text("utf-8") + "\n## Black tea\n\nBlack tea is steeped for five minutes.\n", "utf-8")
    playwright.expect(page.locator("#status")).to_contain_text("The folder has changed: 1 edited.")
    page.get_by_role("button", name="Rebuild").click()
    playwright.expect(page.locator("#status")).not_to_contain_text("The folder has changed")
    playwright.expect(page.locator("#status progress")).to_have_count(0)
    ask(page, "How long is black tea steeped?")
    playwright.expect(page.locator("#chat .answer").last).to_contain_text("Black tea is steeped for five minutes.")


def test_clearing_the_chat_clears_the_evidence(page):
    ask(page, "How long is green tea steeped?")
    page.get_by_role("button", name="Clear").click()
    playwright.expect(page.locator("#evidence")).to_contain_text("The passages behind an answer appear here.")
    ask(page, "How long is green tea steeped?")
    playwright.expect(page.locator(".evidence.chosen .asked")).to_have_text("How long is green tea steeped?")


def test_on_a_phone_nothing_is_wider_than_the_screen(page):
    page.set_viewport_size({"width": 360, "height": 740})
    ask(page, "How long is green tea steeped?")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_an_empty_folder_opens_and_says_so(browser, tmp_path):
    (tmp_path / "sources").mkdir()
    with serve(tmp_path / "sources", tmp_path / "index") as address:
        page = browser.new_page()
        page.goto(address)
        playwright.expect(page.locator("#status")).to_contain_text("No documents yet.", timeout=20_000)
        page.get_by_label("Question").fill("What is tea?")
        page.keyboard.press("Enter")
        playwright.expect(page.locator("#chat")).to_contain_text("There are no documents yet", timeout=20_000)
        page.close()
