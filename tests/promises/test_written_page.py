"""Written answers in the page, in headless Chromium: sentences as they arrive, marks, the switch, and failures."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.browser import CHROMIUM, QUIET, ask, opened, serve
from support.llm_server import GREEN, LanguageModel, language_model
from support.outcomes import OUTCOMES, QUESTION, QUOTED

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs chromium (apt-get install chromium)"),
]
TEA = "# Tea\n\n## Green\n\nGreen tea steeps for two minutes.\n\n## Black\n\nBlack tea steeps for five minutes.\n"


@pytest.fixture(scope="module")
def llm() -> Iterator[LanguageModel]:
    with language_model() as model:
        yield model


@pytest.fixture(scope="module")
def address(llm: LanguageModel, compiled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an app whose answers are written."""
    place = tmp_path_factory.mktemp("written")
    (place / "sources").mkdir()
    (place / "sources" / "tea.md").write_text(TEA, "utf-8")
    (place / "sources" / "coffee.txt").write_text("Coffee comes from Ethiopia.\n", "utf-8")
    options = ("--llm", llm.address, "--llm-model", "small")
    with serve(place / "sources", place / "index", *options) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator["playwright.Browser"]:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: "playwright.Browser", address: str, llm: LanguageModel) -> Iterator["playwright.Page"]:
    llm.behaviour = ""
    with opened(browser, address) as page:
        yield page


def test_the_page_names_the_host_and_a_written_sentence_has_its_footnote(page, llm):
    host = llm.address[7:-3]
    expect(page.locator("#written")).to_contain_text(f"Answers are written by small at {host}; your question and")
    ask(page, QUESTION)
    reply = page.locator(".turn .reply")
    expect(reply.locator(".statement.supported")).to_contain_text(f"{GREEN}.1")
    expect(reply.locator(".used")).to_contain_text(f"1 of 1 sentence supported · Written by small at {host}")
    reply.locator(".statement a.footnote").hover()
    expect(page.locator("#quote-card")).to_contain_text("Green tea steeps for two minutes.")
    reply.locator("summary", has_text="Quotes").click()
    expect(reply.locator("details q")).to_contain_text("Green tea steeps for two minutes.")


def test_sentences_appear_as_they_arrive(page, llm):
    llm.behaviour, llm.pause = "slow", 1.2
    llm.sent_at.clear()
    page.evaluate(
        """new MutationObserver(() => {
          if (!window.shownAt && document.querySelector('.statement')) window.shownAt = Date.now();
        }).observe(document.body, {childList: true, subtree: true})"""
    )
    page.get_by_label("Question", exact=True).fill(QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector(".statement.supported")
    shown = page.evaluate("window.shownAt") / 1000
    assert page.locator(".statement").count() == 1
    assert len(llm.sent_at) < 14, "the first sentence came with the last"
    expect(page.locator(".statement")).to_have_count(2)
    words = len(f"{GREEN} [1].".split())
    print(f"The first sentence was shown {shown - llm.sent_at[words]:.3f} s after it arrived.")


def test_what_is_not_in_the_documents_is_underlined_with_the_reason(page, llm):
    llm.behaviour = "number"
    ask(page, QUESTION)
    statement = page.locator(".statement.partly")
    expect(statement.locator("u")).to_have_text("nine minutes")
    expect(statement.locator(".why")).to_have_text("(not in the documents: nine minutes)")
    copied = page.locator(".reply button[data-text]").get_attribute("data-text")
    assert "nine minutes. [1] (not in the documents: nine minutes)" in copied


def test_an_injected_instruction_is_never_rendered(page, llm):
    llm.behaviour = "injected"
    ask(page, QUESTION)
    expect(page.locator(".searched")).to_contain_text("Not written: The documents support nothing that small")
    assert page.locator(".reply img, .reply script, .reply a[href*=evil]").count() == 0
    expect(page.locator(".reply q").first).to_contain_text("Green tea steeps")


@pytest.mark.parametrize("behaviour", [name for name in OUTCOMES if name not in ("stalls", "slow")])
def test_each_behaviour_of_the_language_model_has_its_outcome(page, llm, behaviour):
    llm.behaviour = behaviour
    outcome = OUTCOMES[behaviour]
    host = llm.address[7:-3]
    ask(page, outcome.question)
    reply = page.locator(".turn .reply")
    notice = outcome.notice.format(host=host, writer=f"small at {host}")
    expect(reply.locator(".notice")).to_have_text([notice] if notice else [])
    classes = [re.compile(rf"\bstatement {support}\b") for support in outcome.support]
    expect(reply.locator(".statement")).to_have_class(classes) if classes else expect(
        reply.locator("q").first
    ).to_contain_text(QUOTED)
    expect(reply.locator(".statement u")).to_have_text([outcome.wrong] if outcome.wrong else [])
    assert reply.locator("img, script, a[href*=evil]").count() == 0


def test_a_follow_up_is_shown_as_the_question_that_it_was_rewritten_into(page, llm):
    llm.behaviour, llm.rewritten = "two", "How long does black tea steep?"
    ask(page, QUESTION)
    ask(page, "And black?")
    shown = page.locator(".turn").nth(1).locator(".searched")
    expect(shown.filter(has_text="Showing results for")).to_contain_text("How long does black tea steep?")
    expect(shown.filter(has_text="Asked about")).to_contain_text(QUESTION)


def test_a_stream_that_breaks_off_keeps_its_sentences(page, llm):
    llm.behaviour = "half"
    ask(page, QUESTION)
    expect(page.locator(".statement")).to_have_count(1)
    expect(page.locator(".searched")).to_contain_text("closed the connection before it was done")


def test_the_switch_quotes_and_the_conversation_keeps_it(page, llm):
    ask(page, QUESTION)
    page.get_by_label("Quoted", exact=True).check()
    sent = len(llm.requests)
    ask(page, "How long does black tea steep?")
    assert len(llm.requests) == sent
    expect(page.locator(".turn").nth(1).locator(".statement")).to_have_count(0)
    page.reload()
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.get_by_label("Quoted", exact=True)).to_be_checked()
    expect(page.locator(".turn").nth(0).locator(".statement.supported")).to_contain_text(GREEN)


def test_stopping_cancels_the_request(page, llm):
    llm.behaviour, llm.pause = "slow", 1.2
    llm.is_cancelled.clear()
    page.get_by_label("Question", exact=True).fill(QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector(".statement")
    page.locator("#stop").click()
    expect(page.locator(".reply")).to_contain_text("Stopped.")
    assert llm.is_cancelled.wait(5)


def test_the_key_and_the_path_of_the_endpoint_are_not_on_the_page(page, llm):
    assert not re.search(r"/v1\b", page.content())
