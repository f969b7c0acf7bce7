"""The page in headless Chromium: ask, check, open, edit, rebuild, ask again."""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas
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
    places = []
    with held(page, "welcome"):
        page.reload()
        playwright.expect(page.locator("#ask-row")).to_be_visible()
        places.append(page.locator("#ask-row").bounding_box()["y"])
    playwright.expect(page.locator(".welcome .examples")).to_be_visible()
    places.append(page.locator("#ask-row").bounding_box()["y"])
    assert abs(places[1] - places[0]) <= 4
    page.locator(".welcome .examples button").first.click()
    playwright.expect(page.locator("#chat a.footnote").first).to_be_visible()
    playwright.expect(page.locator(".welcome")).not_to_be_visible()


def test_a_footnote_brings_its_quote_and_the_quote_its_document(page):
    ask(page, "How long is green tea steeped?")
    playwright.expect(page.locator("#chat .answer")).to_contain_text("Green tea is steeped for two minutes.")
    page.locator("#chat a.footnote").first.click()
    lit = page.locator(".evidence.chosen .card.lit")
    playwright.expect(lit.locator("mark.lit")).to_contain_text("Green tea is steeped for two minutes.")
    lit.get_by_text("Why this passage").click()
    playwright.expect(lit.locator(".why")).to_contain_text("by matching words")
    page.get_by_role("button", name="Show in document").first.click()
    playwright.expect(page.locator(".document h3")).to_have_text("Tea")
    playwright.expect(page.locator(".document mark")).to_contain_text("Green tea is steeped for two minutes.")
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
    quote = "Green tea is steeped for two minutes. Use water that does not boil."
    answer = f"{quote} [1]\n\n[1] tea.md, Tea › Steeping\n"
    assert page.evaluate("navigator.clipboard.readText()") == f"How long is green tea steeped?\n\n{answer}"
    page.get_by_role("button", name="Copy as Markdown").click()
    assert "does not boil.[^1]" in page.evaluate("navigator.clipboard.readText()")
    ask(page, "Who won the 2018 World Cup?")
    for kind, start in (("Markdown", "# Conversation of "), ("JSON", "[\n  {")):
        page.get_by_text("Export", exact=True).click()
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
    playwright.expect(page.locator(".welcome")).to_be_visible()
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
    playwright.expect(page.locator(".related button").first).to_be_visible()
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
    ask(page, "What is the Rajin port linked to?")
    page.reload()
    playwright.expect(page.locator("#chat .turn")).to_have_count(2)
    playwright.expect(page.locator("body.busy")).to_have_count(0)


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
    ask(page, "zebra " * 20_000)
    assert len(page.locator("#chat .question p").last.text_content()) == 10_000


def test_the_library_is_kept_in_order(page, served, tmp_path):
    go_to(page, "Library")
    cocoa = tmp_path / "cocoa.txt"
    cocoa.write_text("Cocoa is drunk sweet.\n")
    add = page.locator("#drop input[type=file]")
    add.set_input_files(cocoa)
    playwright.expect(page.locator("#note li.done")).to_have_text("cocoa.txt was added.")
    row = page.locator("table.files tr", has_text="cocoa.txt")
    playwright.expect(row).to_contain_text("indexed")
    cocoa.write_text("Cocoa is drunk salted.\n")
    add.set_input_files(cocoa)
    playwright.expect(page.locator("#note li.problem")).to_contain_text("cocoa.txt is in the folder already")
    page.get_by_label("Replace files of the same name").check()
    add.set_input_files(cocoa)
    playwright.expect(page.locator("#note li").last).to_have_text("cocoa.txt was replaced.")
    playwright.expect(row).to_contain_text("indexed")
    page.get_by_label("Filter").fill("coco")
    playwright.expect(page.locator("table.files tbody tr")).to_have_count(1)
    page.get_by_role("button", name="Open cocoa.txt").click()
    playwright.expect(page.locator(".document")).to_have_text("Cocoa is drunk salted.")
    go_to(page, "Library")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove cocoa.txt").click()
    playwright.expect(page.locator("#note li").last).to_contain_text("cocoa.txt was removed.")
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
    stale = page.locator("#chat .stale:visible")
    playwright.expect(stale).to_contain_text("tea.md has changed since this answer.")
    page.get_by_role("button", name="Show in document").first.click()
    playwright.expect(page.locator("#document .compared del")).to_contain_text(["two", "Use water"])
    playwright.expect(page.locator("#document .compared ins").first).to_contain_text("five")
    playwright.expect(page.locator(".document mark.here")).to_have_text("Green tea is steeped for five minutes.")
    playwright.expect(page.locator(".document")).not_to_contain_text("two minutes")
    page.go_back()
    page.get_by_role("button", name="Update now").click()
    playwright.expect(page.locator("#status")).not_to_contain_text("changed.")
    playwright.expect(page.get_by_role("button", name="Update")).to_be_visible()
    ask(page, "How long is green tea steeped?")
    playwright.expect(page.locator("#chat .answer").last).to_contain_text("Green tea is steeped for five minutes.")
    playwright.expect(stale).to_have_count(1)


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


PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


@pytest.mark.parametrize("size", [{}, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_keeps_anyone_from_using_it(browser, served, scheme, size):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    def serious(page):
        found = axe.run(page).response["violations"]
        return [
            (violation["id"], node["html"][:200], node.get("failureSummary", "")[:300])
            for violation in found
            if violation["impact"] in ("serious", "critical")
            for node in violation["nodes"]
        ]

    with opened(browser, served[0], color_scheme=scheme, **size) as page:
        assert serious(page) == []
        ask(page, "What documents are there?")
        ask(page, "How long is green tea steeped?")
        ask(page, "Who won the 2018 World Cup?")
        page.locator("#chat a.footnote").last.click()
        page.locator(".evidence.chosen").get_by_text("Why this passage").first.click()
        assert serious(page) == []
        page.locator(".evidence.chosen").get_by_role("button", name="Show in document").first.click()
        playwright.expect(page.locator(".document")).to_be_visible()
        assert serious(page) == []
        for _ in range(2 if size else 1):
            page.go_back()
        playwright.expect(page.locator("#document .document")).to_have_count(0)
        for tab, shown in (("Library", "table.files"), ("Evaluate", "#run")):
            go_to(page, tab)
            playwright.expect(page.locator(shown)).to_be_visible()
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
        assert page.locator("#drop, [data-action=remove], [data-action=update]").count() == 0


def test_an_empty_folder_opens_and_says_so(browser, apps):
    with opened(browser, apps["empty"][0]) as page:
        playwright.expect(page.locator("#status")).to_contain_text("No documents yet.")
        playwright.expect(page.locator("#status .problem")).to_have_count(0)
        page.get_by_role("button", name="Add documents").click()
        playwright.expect(page.locator("#table")).to_contain_text("The folder is empty")
        playwright.expect(page.locator("#filter")).to_be_hidden()
        go_to(page, "Ask")
        ask(page, "What is tea?")
        playwright.expect(page.locator("#chat .problem")).to_contain_text(
            "holds no document that can be read: add some"
        )


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


def test_a_question_stands_at_once_with_a_sign_of_work_and_can_be_stopped(page):
    turn = page.locator("#chat .turn")
    with held(page, "ask"):
        send(page, "How long is green tea steeped?")
        playwright.expect(turn.locator(".question p")).to_have_text("How long is green tea steeped?")
        playwright.expect(turn.locator(".working")).to_contain_text("Searching your documents")
        playwright.expect(page.get_by_label("Question", exact=True)).to_have_value("")
        page.get_by_role("button", name="Stop").click()
        playwright.expect(turn.locator(".problem")).to_have_text("Stopped.")
        playwright.expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    page.wait_for_timeout(500)
    playwright.expect(turn.locator(".answer")).to_have_count(0)
    turn.get_by_role("button", name="Ask again", exact=True).click()
    playwright.expect(turn.locator(".answer")).to_contain_text("Green tea is steeped for")


def test_a_second_question_waits_its_turn(page):
    turns = page.locator("#chat .turn")
    with held(page, "ask"):
        send(page, "How long is green tea steeped?")
        send(page, "What is the Rajin port linked to?")
        playwright.expect(turns).to_have_count(2)
        playwright.expect(turns.last.locator(".working")).to_contain_text("Waiting for its turn")
    playwright.expect(turns.first.locator(".answer")).to_contain_text("Green tea is steeped for")
    playwright.expect(turns.last.locator(".answer")).to_contain_text("Trans-Siberian")


def test_a_question_asked_during_the_first_build_is_answered_when_it_is_done(browser, compiled, tmp_path):
    shutil.copytree(compiled, tmp_path / "index")
    (tmp_path / "sources").mkdir()
    many = "".join(f"# Part {number}\n\nThis is part {number} of many.\n\n" for number in range(1_500))
    (tmp_path / "sources" / "long.md").write_text(many, "utf-8")
    (tmp_path / "sources" / "tea.md").write_text(TEA, "utf-8")
    with started(tmp_path / "sources", tmp_path / "index") as (address, process):
        wait_for(process)
        with opened(browser, address) as page:
            send(page, "How long is green tea steeped?")
            working = page.locator("#chat .working")
            playwright.expect(working).to_contain_text("Your question will be answered when that’s done.")
            answer = page.locator("#chat .answer")
            playwright.expect(answer).to_contain_text("Green tea is steeped for two minutes.", timeout=90_000)


def test_two_tabs_keep_their_conversations_apart(browser, served):
    with opened(browser, served[0]) as first:
        second = first.context.new_page()
        second.goto(served[0])
        ask(first, "How long is green tea steeped?")
        ask(second, "What is the Rajin port linked to?")
        ask(first, "Who won the 2018 World Cup?")
        for page, questions in (
            (first, ["How long is green tea steeped?", "Who won the 2018 World Cup?"]),
            (second, ["What is the Rajin port linked to?"]),
        ):
            page.reload()
            playwright.expect(page.locator("#chat .question p")).to_have_text(questions)
            playwright.expect(page.locator(".evidence.chosen .asked")).to_have_text(questions[-1])
        second.get_by_text("Past conversations").click()
        playwright.expect(second.locator("#archive .older")).to_contain_text("How long is green tea steeped?")


def test_a_footnote_shows_its_quote_at_once_for_pointer_and_keyboard(page):
    ask(page, "How long is green tea steeped?")
    card, footnote = page.locator("#quote-card"), page.locator("#chat a.footnote").first
    footnote.hover()
    playwright.expect(card).to_contain_text("Green tea is steeped for")
    playwright.expect(card).to_contain_text("tea.md")
    page.mouse.move(5, 5)
    playwright.expect(card).to_be_hidden()
    footnote.focus()
    playwright.expect(card).to_be_visible()
    page.keyboard.press("Escape")
    playwright.expect(card).to_be_hidden()


POSITIONS = """() => Object.fromEntries([...document.querySelectorAll(
    '#title, [role=tab], #status .line, #ask-row, #chat .turn:not(:last-child), #chat .question, #conversation-row')]
  .filter(element => { const {top, bottom, height} = element.getBoundingClientRect();
    return height && bottom > 0 && top < innerHeight; })
  .map((element, number) => [element.tagName + (element.id || element.className) + number,
    [element.getBoundingClientRect().left, element.getBoundingClientRect().top]]))"""


def shifts(before, after):
    """How far each element that was visible before has moved, in pixels."""
    return {
        name: max(abs(now - then) for now, then in zip(after[name], place, strict=True))
        for name, place in before.items()
        if name in after
    }


def test_nothing_moves_when_an_answer_comes_or_a_footnote_is_clicked(page):
    ask(page, "How long is green tea steeped?")
    with held(page, "ask"):
        send(page, "What is the Rajin port linked to?")
        playwright.expect(page.locator("#chat .working")).to_be_visible()
        before = page.evaluate(POSITIONS)
    playwright.expect(page.locator("#chat .turn").last.locator(".answer")).to_be_visible()
    playwright.expect(page.locator("#chat .related button").first).to_be_visible()
    assert len(before) > 6
    assert max(shifts(before, page.evaluate(POSITIONS)).values()) <= 4
    page.locator("#chat .turn").last.locator("a.footnote").first.click()
    playwright.expect(page.locator(".card.lit")).to_be_focused()
    page.wait_for_timeout(600)
    assert max(shifts(before, page.evaluate(POSITIONS)).values()) <= 4


def test_back_leaves_the_document_and_returns_to_where_one_was(page):
    ask(page, "How long is green tea steeped?")
    show = page.get_by_role("button", name="Show in document").first
    for leave in (page.go_back, lambda: page.keyboard.press("Escape"), page.get_by_text("← Back to sources").click):
        show.click()
        playwright.expect(page.locator(".document mark")).to_be_visible()
        leave()
        playwright.expect(page.locator(".document")).to_have_count(0)
        playwright.expect(show).to_be_focused()


@pytest.fixture(scope="module")
def book(served: tuple[str, Path]) -> Path:
    """A PDF file of forty pages in the folder of the app for all, which the test that uses it has to build."""
    canvas = Canvas(str(served[1] / "book.pdf"))
    for number in range(1, 41):
        canvas.drawString(72, 760, f"Chapter {number} is about the {'walnut harvest' if number == 23 else 'weather'}.")
        for line in range(30):
            canvas.drawString(72, 720 - 20 * line, f"Line {line} of page {number} says nothing.")
        canvas.showPage()
    canvas.save()
    return served[1] / "book.pdf"


def test_a_pdf_is_a_run_of_pages_that_zooms_and_follows_the_search(page, book):
    page.get_by_role("button", name="Update now").click()
    playwright.expect(page.locator("#status")).to_contain_text("10 documents")
    ask(page, "Which chapter is about the walnut harvest?")
    page.get_by_role("button", name="Show in document").first.click()
    pages = page.locator("#document .pages")
    playwright.expect(pages.locator("figure")).to_have_count(40)
    spot = pages.locator("figure[data-page='23'] .spot")
    playwright.expect(spot.first).to_be_in_viewport()
    width = pages.locator("figure[data-page='23'] img").bounding_box()["width"]
    page.get_by_role("button", name="Zoom in").click()
    assert pages.locator("figure[data-page='23'] img").bounding_box()["width"] > 1.2 * width
    page.get_by_label("Find in this document").fill("line 7 of page 31")
    playwright.expect(page.locator(".found")).to_have_text("1 of 1")
    playwright.expect(pages.locator("figure[data-page='31'] img")).to_be_in_viewport()
    page.get_by_role("button", name="Text", exact=True).click()
    playwright.expect(page.locator("#document article .page", has_text="page 31")).to_be_in_viewport()
    page.get_by_label("Find in this document").fill("line 7 of page")
    playwright.expect(page.locator(".found")).to_have_text("1 of 40")
    page.get_by_role("button", name="Previous match").click()
    playwright.expect(page.locator(".found")).to_have_text("40 of 40")
    playwright.expect(page.locator("#document article .page", has_text="page 40")).to_be_in_viewport()
    page.go_back()
    book.unlink()
    page.get_by_role("button", name="Update now").click()
    playwright.expect(page.locator("#status")).to_contain_text("9 documents")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_the_quote_is_in_view_and_everything_can_be_tapped(browser, served, scheme):
    phone = {"viewport": {"width": 360, "height": 740}, "color_scheme": scheme, "has_touch": True, "is_mobile": True}
    with opened(browser, served[0], **phone) as page:
        ask(page, "What is the Rajin port linked to?")
        assert page.evaluate("getComputedStyle(document.querySelector('#question')).fontSize") == "16px"
        too_small = page.evaluate(
            """() => [...document.querySelectorAll('#asking button, #asking summary, #top button, [role=tab]')]
              .filter(one => one.offsetParent).map(one => [one.textContent, one.getBoundingClientRect()])
              .filter(([, {width, height}]) => width < 24 || height < 24).map(([text]) => text)"""
        )
        assert too_small == []
        page.locator("#chat a.footnote").first.tap()
        playwright.expect(page.locator(".card.lit mark.lit")).to_be_in_viewport()
        page.get_by_role("button", name="Show in document").first.tap()
        playwright.expect(page.locator("#document mark.here")).to_be_in_viewport()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.go_back()
        playwright.expect(page.locator(".card.lit")).to_be_in_viewport()
        page.go_back()
        playwright.expect(page.locator("#chat .answer")).to_be_in_viewport()
        playwright.expect(page.locator("#cards")).to_be_hidden()


def test_a_removal_is_undone_and_a_refused_file_is_red(page, served, tmp_path):
    go_to(page, "Library")
    bad = tmp_path / "movie.avi"
    bad.write_bytes(b"x")
    page.locator("#drop input[type=file]").set_input_files(bad)
    playwright.expect(page.locator("#note li.problem").last).to_contain_text("movie.avi")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove outlook.md").click()
    playwright.expect(page.locator("#note li.done").last).to_contain_text("outlook.md was removed.")
    assert not (served[1] / "outlook.md").exists()
    page.get_by_role("button", name="Undo: restore outlook.md").click()
    playwright.expect(page.locator("#note li.done").last).to_contain_text("outlook.md was restored.")
    assert (served[1] / "outlook.md").exists()
    playwright.expect(page.locator("table.files tr", has_text="outlook.md")).to_contain_text("indexed")


def test_the_up_key_recalls_earlier_questions(page):
    ask(page, "How long is green tea steeped?")
    box = page.get_by_label("Question", exact=True)
    box.press("ArrowUp")
    playwright.expect(box).to_have_value("How long is green tea steeped?")
    box.press("ArrowDown")
    playwright.expect(box).to_have_value("")


def test_questions_are_limited_to_the_documents_chosen_in_the_library(page):
    go_to(page, "Library")
    page.get_by_label("Ask only tea.md").check()
    go_to(page, "Ask")
    playwright.expect(page.locator("#scope")).to_contain_text("Asking only tea.md.")
    ask(page, "What is the Rajin port linked to?")
    playwright.expect(page.locator("#chat .turn").last).not_to_contain_text("Trans-Siberian")
    page.get_by_role("button", name="Ask all documents").click()
    playwright.expect(page.locator("#scope")).to_be_hidden()
    ask(page, "What is the Rajin port linked to?")
    playwright.expect(page.locator("#chat .turn").last).to_contain_text("Trans-Siberian")


def test_a_dropped_file_is_added_from_any_tab(page, served):
    data = page.evaluate_handle(
        """() => { const data = new DataTransfer();
          data.items.add(new File(['Mate is drunk from a gourd.'], 'mate.txt')); return data; }"""
    )
    page.dispatch_event("#chat", "dragover", {"dataTransfer": data})
    page.dispatch_event("#chat", "drop", {"dataTransfer": data})
    playwright.expect(page.locator("#note li.done").last).to_have_text("mate.txt was added.")
    playwright.expect(page.locator("table.files tr", has_text="mate.txt")).to_contain_text("indexed")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove mate.txt").click()
    playwright.expect(page.locator("#status")).to_contain_text("9 documents")


def test_folders_are_folded_and_chosen_as_a_whole(page, served):
    folder = served[1] / "drinks"
    folder.mkdir()
    for name in ("cider", "perry"):
        needs = f"{name.capitalize()} needs:\n\n- ripe fruit\n- cold nights\n"
        (folder / f"{name}.md").write_text(f"{name.capitalize()} ferments for six weeks.\n\n{needs}", "utf-8")
    page.get_by_role("button", name="Update now").click()
    playwright.expect(page.locator("#status")).to_contain_text("11 documents")
    go_to(page, "Library")
    playwright.expect(page.get_by_label("Ask only drinks/perry.md")).to_be_visible()
    if page.locator("th[aria-sort]", has_text="Document").count() == 0:
        page.get_by_role("button", name="Sort by document").click()
    rows = page.locator("tbody[data-folder='drinks/'] tr:not(.folder)")
    playwright.expect(rows).to_have_count(2)
    playwright.expect(rows.first.locator("th")).to_have_text("cider.md")
    page.get_by_label("Ask only drinks/", exact=True).check()
    playwright.expect(page.get_by_label("Ask only drinks/perry.md")).to_be_checked()
    page.get_by_role("button", name="drinks/", exact=True).click()
    playwright.expect(rows.first).to_be_hidden()
    go_to(page, "Ask")
    playwright.expect(page.locator("#scope")).to_contain_text("Asking only drinks/.")
    ask(page, "How long does perry ferment?")
    playwright.expect(page.locator("#chat .turn").last.locator(".answer")).to_contain_text("six weeks")
    ask(page, "What does perry need?")
    answer = page.locator("#chat .turn").last.locator(".answer").first
    playwright.expect(answer.locator("li")).to_have_text([re.compile("ripe fruit"), re.compile("cold nights")])
    answer.locator("a.footnote").first.hover()
    playwright.expect(page.locator("#quote-card p")).to_have_text(re.compile(r"ripe fruit\s+cold nights$"))
    page.mouse.move(5, 5)
    ask(page, "What is the Rajin port linked to?")
    playwright.expect(page.locator("#chat .turn").last).not_to_contain_text("Trans-Siberian")
    go_to(page, "Library")
    page.get_by_role("button", name="drinks/", exact=True).click()
    page.get_by_label("Ask only drinks/perry.md").uncheck()
    go_to(page, "Ask")
    playwright.expect(page.locator("#scope")).to_contain_text("Asking only drinks/cider.md.")
    page.get_by_role("button", name="Ask all documents").click()
    shutil.rmtree(folder)
    page.get_by_role("button", name="Update now").click()
    playwright.expect(page.locator("#status")).to_contain_text("9 documents")


FIFTY = """() => {
  const name = Object.keys(localStorage).find(one => one === `footnote:${sessionStorage.getItem('footnote')}`);
  const saved = JSON.parse(localStorage.getItem(name));
  saved.turns = Array.from({length: 50}, (_, number) => ({...saved.turns[0], key: `k${number}`}));
  localStorage.setItem(name, JSON.stringify(saved));
}"""


def test_fifty_turns_are_shown_again_and_a_question_sends_only_what_it_needs(page):
    ask(page, "How long is green tea steeped?")
    playwright.expect(page.locator("#chat .related")).to_be_attached()
    page.evaluate(FIFTY)
    page.reload()
    turns = page.locator("#chat .turn")
    playwright.expect(turns).to_have_count(50)
    playwright.expect(turns.last.locator(".question")).to_be_in_viewport()
    playwright.expect(page.locator(".evidence.chosen")).to_have_attribute("data-turn", "k49")
    sent = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    ask(page, "What is the Rajin port linked to?")
    playwright.expect(turns.last.locator(".answer")).to_contain_text("Trans-Siberian")
    questions = [data for data in sent if '"do_ask"' in data]
    assert len(questions) == 1 and questions[0].count("steeped") <= 2 * 12 and len(questions[0]) < 10_000
    page.reload()
    playwright.expect(turns).to_have_count(50)
    playwright.expect(turns.last.locator(".question p")).to_have_text("What is the Rajin port linked to?")


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("hello", "I answer questions from the"),
        ("what's in here?", "documents: "),
        ("which documents mention tea?", "1 document mentions tea: tea.md."),
        ("Summarise tea.md", "Tea (tea.md) has these parts: Steeping."),
        ("table of contents", "Which document do you mean?"),
        ("What does section 3 of tea.md say?", "tea.md has no section 3."),
        ("list all documents older than 2001", "There are no documents before 2001."),
        ("add up the minutes of green tea", "I can't add up or calculate."),
        ("translate tea.md into French", "I can't translate."),
        ("Wie lange zieht der grüne Tee und wer trinkt ihn?", "Your documents are in English. Ask in English"),
    ],
)
def test_each_kind_of_request_gets_its_reply(page, question, shown):
    ask(page, question)
    playwright.expect(page.locator("#chat .turn").last).to_contain_text(shown)


def test_a_scope_of_the_question_and_a_correction_are_taken_back_with_one_click(page):
    last = page.locator("#chat .turn").last
    ask(page, "In tea.md, what is the Rajin port linked to?")
    playwright.expect(last).to_contain_text("Only in: tea.md")
    last.get_by_role("button", name="Ask again in all documents").click()
    playwright.expect(last).to_contain_text("Trans-Siberian")
    playwright.expect(last).not_to_contain_text("Only in:")
    ask(page, "How long is green tea steepedd?")
    playwright.expect(last).to_contain_text("Showing results for: How long is green tea steeped?")
    last.get_by_role("button", name="Search without correcting the spelling").click()
    playwright.expect(last).not_to_contain_text("Showing results for:")
    playwright.expect(last.locator(".answer")).to_contain_text("two minutes")
    playwright.expect(page.locator("#chat .turn")).to_have_count(2)


def test_a_conversation_of_eight_turns_changes_its_subject_and_returns(page):
    last = page.locator("#chat .turn").last
    asked = "Asked about:"
    ask(page, "hello")
    playwright.expect(last).to_contain_text("I answer questions from the")
    ask(page, "When was the Rajin-Khasan railway project inaugurated?")
    playwright.expect(last.locator(".answer")).to_contain_text("2013")
    playwright.expect(last).not_to_contain_text(asked)
    ask(page, "And who benefits?")
    playwright.expect(last).to_contain_text(f"{asked} When was the Rajin-Khasan railway project inaugurated?")
    ask(page, "How long is green tea steeped?")
    playwright.expect(last.locator(".answer")).to_contain_text("two minutes")
    playwright.expect(last).not_to_contain_text(asked)
    ask(page, "where does it say that?")
    playwright.expect(last.locator(".answer")).to_contain_text("two minutes")
    ask(page, "thanks!")
    playwright.expect(last).to_contain_text("You're welcome.")
    ask(page, "back to the railway project, what is it for?")
    playwright.expect(last).to_contain_text(f"{asked} When was the Rajin-Khasan railway project inaugurated?")
    playwright.expect(last.locator(".answer")).to_contain_text("Trans-Siberian")
    ask(page, "Which leaders have met?")
    playwright.expect(last.locator(".answer")).to_contain_text("Kim Jong-un")
    playwright.expect(last).not_to_contain_text(asked)
    playwright.expect(page.locator("#chat .turn")).to_have_count(8)
