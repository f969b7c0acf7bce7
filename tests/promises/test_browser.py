"""The page in headless Chromium: ask, check, open, edit, rebuild, ask again."""

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from support.browser import CHROMIUM, HOSTILE, HOSTILE_NAME, QUIET, ROOT, TEA, ask, go_to, opened, started, wait_for

from qa.web.users import add_user

playwright = pytest.importorskip("playwright.sync_api")
playwright.expect.set_options(timeout=20_000)


@pytest.fixture(scope="module")
def browser() -> Iterator["playwright.Browser"]:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory, compiled: Path) -> Iterator[dict[str, tuple[str, Path]]]:
    """The address and the folder of three apps that start side by side: one for all, one that lets in users only and
    is read-only, and one without documents."""
    places = {name: tmp_path_factory.mktemp(name) for name in ("all", "users", "empty")}
    for place in places.values():
        (place / "sources").mkdir()
        if place != places["empty"]:
            shutil.copytree(ROOT / "sources", place / "sources", dirs_exist_ok=True)
            (place / "sources" / "tea.md").write_text(TEA, "utf-8")
            (place / "sources" / HOSTILE_NAME).write_text(HOSTILE, "utf-8")
    add_user(places["users"] / "users", "ada", "green tea please")
    options = {"users": ("--auth", str(places["users"] / "users"), "--read-only")}
    with ExitStack() as stack:
        begun = {
            name: stack.enter_context(started(place / "sources", place / "index", *options.get(name, ())))
            for name, place in places.items()
        }
        for _, process in begun.values():
            wait_for(process)
        yield {name: (address, places[name] / "sources") for name, (address, _) in begun.items()}


@pytest.fixture(scope="module")
def served(apps: dict[str, tuple[str, Path]]) -> tuple[str, Path]:
    return apps["all"]


@pytest.fixture(scope="module")
def first_page(browser: "playwright.Browser", served: tuple[str, Path]) -> Iterator["playwright.Page"]:
    with opened(browser, served[0]) as page:
        yield page


@pytest.fixture
def page(first_page: "playwright.Page") -> "playwright.Page":
    """The one page that these tests share, with a new conversation."""
    go_to(first_page, "Ask")
    if first_page.locator("#chat .turn").count():
        first_page.get_by_role("button", name="New conversation").click()
    playwright.expect(first_page.locator("#chat .turn")).to_have_count(0)
    return first_page


def test_the_first_view_says_what_it_knows_and_offers_questions_that_are_answered(page):
    playwright.expect(page.locator(".welcome")).to_contain_text("word for word")
    playwright.expect(page.locator(".welcome .summary")).to_contain_text("9 documents · ")
    page.locator(".welcome .examples button").first.click()
    playwright.expect(page.locator("#chat a.footnote").first).to_be_visible()
    playwright.expect(page.locator(".welcome")).not_to_be_visible()


def test_a_footnote_brings_its_quote_and_the_quote_its_document(page):
    ask(page, "How long is green tea steeped?")
    playwright.expect(page.locator("#chat .answer")).to_contain_text("Green tea is steeped for two minutes.")
    page.locator("#chat a.footnote").first.click()
    lit = page.locator(".evidence.chosen .card.lit")
    playwright.expect(lit.locator("mark.lit")).to_have_text("Green tea is steeped for two minutes.")
    lit.get_by_text("Why this passage").click()
    playwright.expect(lit.locator(".why")).to_contain_text("by matching words")
    page.get_by_role("button", name="Show in document").first.click()
    playwright.expect(page.locator(".document h3")).to_have_text("Tea")
    playwright.expect(page.locator(".document mark")).to_have_text("Green tea is steeped for two minutes.")
    page.get_by_label("Find in this document").fill("water")
    playwright.expect(page.locator(".found")).to_have_text("1 of 1")
    page.get_by_text("Contents").click()
    page.locator(".contents").get_by_role("link", name="Steeping").click()
    page.get_by_role("button", name="Back to sources").click()
    playwright.expect(page.locator(".evidence.chosen .card").first).to_be_visible()


def test_a_slip_is_put_right_and_said_and_the_words_that_meet_are_set_off(page):
    ask(page, "How long is green tea staeped?")
    playwright.expect(page.locator("#chat .searched")).to_have_text(
        "Showing results for: How long is green tea steeped?"
    )
    playwright.expect(page.locator(".evidence.chosen mark b")).to_contain_text(["Green", "tea", "steeped"])


def test_what_the_documents_do_not_hold_is_declined_with_the_nearest_passages(page):
    ask(page, "Who won the 2018 World Cup?")
    playwright.expect(page.locator("#chat .declined")).to_contain_text("I found no answer in your documents.")
    playwright.expect(page.locator(".evidence.chosen h2")).to_have_text("Closest passages")


def test_a_conversation_is_copied_exported_kept_put_aside_and_opened_again(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, "How long is green tea steeped?")
    page.get_by_role("button", name="Copy the answer with its footnotes as plain text").click()
    answer = "Green tea is steeped for two minutes. [1]\n\n[1] tea.md, Tea › Steeping\n"
    assert page.evaluate("navigator.clipboard.readText()") == f"How long is green tea steeped?\n\n{answer}"
    page.get_by_role("button", name="Copy as Markdown").click()
    assert "two minutes.[^1]" in page.evaluate("navigator.clipboard.readText()")
    ask(page, "Who won the 2018 World Cup?")
    for kind, start in (("Markdown", "# Conversation of "), ("JSON", "[\n  {")):
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Export as {kind}").click()
        text = download.value.path().read_text("utf-8")
        assert text.startswith(start) and "Green tea is steeped for two minutes." in text and "World Cup" in text
    page.reload()
    playwright.expect(page.locator("#chat .turn")).to_have_count(2)
    page.locator("#chat a.footnote").first.click()
    playwright.expect(page.locator(".evidence.chosen .asked")).to_have_text("How long is green tea steeped?")
    page.get_by_role("button", name="New conversation").click()
    playwright.expect(page.locator("#chat .turn")).to_have_count(0)
    playwright.expect(page.locator("#evidence")).to_contain_text("The passages an answer quotes appear here.")
    page.get_by_text("Past conversations").click()
    page.get_by_role("button", name="Open: How long is green tea steeped?").first.click()
    playwright.expect(page.locator("#chat .turn")).to_have_count(2)


def test_a_question_is_edited_in_its_place_and_asked_again(page):
    ask(page, "Who won the 2018 World Cup?")
    ask(page, "How long is green tea steeped?")
    page.get_by_role("button", name="Edit and ask again: Who won the 2018 World Cup?").click()
    page.get_by_label("Edit the question").fill("What is the Rajin port linked to?")
    page.get_by_role("button", name="Ask again", exact=True).click()
    playwright.expect(page.locator("#chat .turn")).to_have_count(1)
    playwright.expect(page.locator("#chat .answer")).to_contain_text("Trans-Siberian")


def test_a_conversation_of_six_turns_stays_on_its_subject(page):
    last = page.locator("#chat .turn").last
    ask(page, "What is the Rajin-Khasan railway project for?")
    playwright.expect(last.locator(".answer")).to_contain_text("Trans-Siberian")
    playwright.expect(page.locator("#next button").first).to_be_visible()
    ask(page, "When was it inaugurated?")
    playwright.expect(last).to_contain_text("Asked about: What is the Rajin-Khasan railway project for?")
    playwright.expect(last.locator(".answer")).to_contain_text("2013")
    ask(page, "And who benefits?")
    playwright.expect(last.locator(".answer")).to_contain_text("All parties involved")
    ask(page, "Which leaders have met?")
    playwright.expect(last.locator(".answer")).to_contain_text("Kim Jong-un")
    playwright.expect(last).not_to_contain_text("Asked about")
    ask(page, "And who paid for their visits?")
    last.get_by_role("button", name="Ask as a new question").click()
    playwright.expect(last).not_to_contain_text("Asked about")
    ask(page, "What is a good recipe for pancakes?")
    playwright.expect(last.locator(".declined")).to_be_visible()
    page.get_by_role("button", name="Edit and ask again: What is a good recipe for pancakes?").click()
    page.get_by_label("Edit the question").fill("What did the Soviet Union's political backing reinforce?")
    page.keyboard.press("Enter")
    playwright.expect(last.locator(".answer")).to_contain_text("socialist state")
    playwright.expect(page.locator("#chat .turn")).to_have_count(6)


def test_a_link_carries_its_question(page, served):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, "How long is green tea steeped?")
    page.get_by_role("button", name="Copy a link").click()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == f"{served[0]}?q=How%20long%20is%20green%20tea%20steeped%3F"
    page.get_by_role("button", name="New conversation").click()
    page.goto(link)
    playwright.expect(page.locator("#chat .answer")).to_contain_text("Green tea is steeped for two minutes.")


def test_two_browsers_have_conversations_of_their_own(browser, served, page):
    ask(page, "How long is green tea steeped?")
    with opened(browser, served[0]) as other:
        playwright.expect(other.locator("#chat .turn")).to_have_count(0)
        ask(other, "Who won the 2018 World Cup?")
        playwright.expect(page.locator("#chat .turn")).to_have_count(1)


def test_what_is_hostile_is_shown_as_text(page):
    question = "<img src=x onerror=alert(1)> ${alert(2)} **zebra** [a](http://b.example/) &lt;"
    ask(page, question)
    playwright.expect(page.locator("#chat .question p")).to_have_text(question)
    playwright.expect(page.locator("#chat .answer")).to_contain_text("<script>alert(3)</script>")
    page.get_by_role("button", name="Show in document").first.click()
    playwright.expect(page.locator(".document")).to_contain_text("${alert(4)}")
    assert page.locator("#document img, #cards img, #chat img, #chat .answer a:not(.footnote)").count() == 0
    playwright.expect(page.locator("#document .path")).to_have_text(HOSTILE_NAME)
    ask(page, "x" * 100_000)
    assert len(page.locator("#chat .question p").last.text_content()) == 2_000


def test_the_library_is_kept_in_order(page, served, tmp_path):
    go_to(page, "Library")
    cocoa = tmp_path / "cocoa.txt"
    cocoa.write_text("Cocoa is drunk sweet.\n")
    add = page.locator("#drop input[type=file]")
    add.set_input_files(cocoa)
    playwright.expect(page.locator("#note")).to_have_text("cocoa.txt was added.")
    row = page.locator("table.files tr", has_text="cocoa.txt")
    playwright.expect(row).to_contain_text("indexed")
    cocoa.write_text("Cocoa is drunk salted.\n")
    add.set_input_files(cocoa)
    playwright.expect(page.locator("#note")).to_contain_text("cocoa.txt is in the folder already")
    page.get_by_label("Replace files of the same name").check()
    add.set_input_files(cocoa)
    playwright.expect(page.locator("#note")).to_have_text("cocoa.txt was added.")
    playwright.expect(row).to_contain_text("indexed")
    page.get_by_label("Filter").fill("coco")
    playwright.expect(page.locator("table.files tbody tr")).to_have_count(1)
    page.get_by_role("button", name="Open cocoa.txt").click()
    playwright.expect(page.locator(".document")).to_have_text("Cocoa is drunk salted.")
    go_to(page, "Library")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove cocoa.txt").click()
    playwright.expect(page.locator("#note")).to_contain_text("cocoa.txt was removed.")
    playwright.expect(page.locator("table.files tbody tr")).to_have_count(0)
    page.get_by_label("Filter").fill("")
    playwright.expect(page.locator("table.files")).to_contain_text(HOSTILE_NAME)
    page.get_by_role("button", name="Sort by passages").click()
    playwright.expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Passages")


def test_a_build_is_cancelled_and_the_last_index_kept(page, served):
    long = served[1] / "long.md"
    long.write_text(
        "".join(f"# Part {number}\n\nThis is part {number} of many.\n\n" for number in range(2_000)), "utf-8"
    )
    page.get_by_role("button", name="Update").click()
    playwright.expect(page.locator("#status progress")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    playwright.expect(page.locator("#status .problem")).to_have_text("Cancelled. The last complete index stays in use.")
    playwright.expect(page.locator("#status")).to_contain_text("9 documents")
    long.unlink()
    ask(page, "How long is green tea steeped?")
    playwright.expect(page.locator("#chat .answer")).to_contain_text("Green tea is steeped")


def test_questions_of_ones_own_tell_how_well_it_answers(page, tmp_path):
    questions = tmp_path / "questions.jsonl"
    lines = (
        {"question": "Who met Vladimir Putin?", "answers": ["Kim Jong-un"]},
        {"question": "Who won the 2018 World Cup?", "answers": ["France"]},
        {"question": "How tall is the Eiffel Tower?"},
    )
    questions.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    go_to(page, "Evaluate")
    page.locator("input[type=file][accept]").set_input_files(questions)
    page.get_by_role("button", name="Run", exact=True).click()
    playwright.expect(page.locator("#result")).to_contain_text("2 of 3 questions were answered correctly.")
    page.locator(".failures").get_by_role("button", name="Who won the 2018 World Cup?").click()
    playwright.expect(page.locator("#chat .declined")).to_be_visible()
    questions.write_text("no JSON", "utf-8")
    go_to(page, "Evaluate")
    page.get_by_label("Clear").first.click()
    page.locator("input[type=file][accept]").set_input_files(questions)
    page.get_by_role("button", name="Run", exact=True).click()
    playwright.expect(page.locator("#progress .problem")).to_contain_text("Line 1")


def test_an_edit_is_seen_marked_offered_and_after_a_rebuild_answered(page, served):
    ask(page, "How long is green tea steeped?")
    tea = served[1] / "tea.md"
    tea.write_text("# Tea\n\n## Steeping\n\nGreen tea is steeped for five minutes.\n", "utf-8")
    playwright.expect(page.locator("#status")).to_contain_text("1 document changed.")
    playwright.expect(page.locator("#chat .stale")).to_contain_text("This document has changed since.")
    page.get_by_role("button", name="Update").click()
    playwright.expect(page.locator("#status")).not_to_contain_text("changed.")
    playwright.expect(page.get_by_role("button", name="Update")).to_be_visible()
    ask(page, "How long is green tea steeped?")
    playwright.expect(page.locator("#chat .answer").last).to_contain_text("Green tea is steeped for five minutes.")
    playwright.expect(page.locator("#chat .stale")).to_have_count(1)


def test_everything_is_reached_by_keyboard(page):
    page.keyboard.press("/")
    page.keyboard.type("How long is green tea steeped?")
    page.keyboard.press("Enter")
    playwright.expect(page.locator("#chat .turn")).to_have_count(1)
    footnote = page.locator("#chat a.footnote").first
    footnote.focus()
    page.keyboard.press("Enter")
    playwright.expect(page.locator(".card.lit")).to_be_focused()
    page.keyboard.press("Tab")
    playwright.expect(page.get_by_role("button", name="Show in document").first).to_be_focused()
    page.keyboard.press("Enter")
    playwright.expect(page.locator(".document")).to_be_visible()
    page.keyboard.press("Escape")
    playwright.expect(page.locator(".evidence.chosen .card").first).to_be_visible()
    playwright.expect(page.locator("#announced")).to_contain_text("Green tea is steeped")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_nothing_is_wider_than_the_screen(browser, served, scheme):
    with opened(browser, served[0], viewport={"width": 360, "height": 740}, color_scheme=scheme) as page:
        ask(page, "How long is green tea steeped?")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        go_to(page, "Library")
        playwright.expect(page.locator("table.files")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        is_dark = page.evaluate("document.body.classList.contains('dark')")
        assert is_dark == (scheme == "dark")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_keeps_anyone_from_using_it(browser, served, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    def serious(page):
        found = axe.run(page).response["violations"]
        return [
            (violation["id"], node["html"][:200], node.get("failureSummary", "")[:300])
            for violation in found
            if violation["impact"] in ("serious", "critical")
            for node in violation["nodes"]
        ]

    with opened(browser, served[0], color_scheme=scheme) as page:
        assert serious(page) == []
        ask(page, "How long is green tea steeped?")
        ask(page, "Who won the 2018 World Cup?")
        page.locator("#chat a.footnote").first.click()
        page.locator(".evidence.chosen").get_by_text("Why this passage").first.click()
        assert serious(page) == []
        page.get_by_role("button", name="Show in document").first.click()
        playwright.expect(page.locator(".document")).to_be_visible()
        assert serious(page) == []
        go_to(page, "Library")
        playwright.expect(page.locator("table.files")).to_be_visible()
        assert serious(page) == []


def test_only_those_who_sign_in_see_the_library_and_change_nothing_if_it_is_read_only(browser, apps):
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(apps["users"][0])
        for password, seen in (("black tea", "Incorrect Credentials"), ("green tea please", "Ask your documents")):
            page.get_by_label("Username").fill("ada")
            page.get_by_label("Password").fill(password)
            page.keyboard.press("Enter")
            playwright.expect(page.locator("body")).to_contain_text(seen)
        ask(page, "How long is green tea steeped?")
        playwright.expect(page.locator("#chat a.footnote").first).to_be_visible()
        go_to(page, "Library")
        playwright.expect(page.locator("table.files")).to_be_visible()
        assert page.locator("#drop, [data-action=remove], #update:visible").count() == 0


def test_an_empty_folder_opens_and_says_so(browser, apps):
    with opened(browser, apps["empty"][0]) as page:
        playwright.expect(page.locator("#status")).to_contain_text("No documents yet.")
        ask(page, "What is tea?")
        playwright.expect(page.locator("#chat .problem")).to_contain_text(
            "holds no document that can be read: add some"
        )
