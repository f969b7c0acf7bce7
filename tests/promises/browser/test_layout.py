"""The page on a phone, in the dark, for assistive technology, and without anything that moves."""

import pytest
from support.browser import PHONE, answer_of, ask, go_to, held, opened, playwright, send, serious

from index.build import Progress
from qa.web.library_view import Status, status_html


@pytest.mark.parametrize(
    ("scheme", "size"),
    [
        pytest.param("light", {}, id="light-desktop"),
        pytest.param("dark", PHONE, id="dark-phone", marks=pytest.mark.slow),
        pytest.param("dark", {}, id="dark-desktop", marks=pytest.mark.slow),
        pytest.param("light", PHONE, id="light-phone", marks=pytest.mark.slow),
    ],
)
def test_nothing_serious_keeps_anyone_from_using_it(browser, served, scheme, size):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    with opened(browser, served[0], color_scheme=scheme, **size) as page:
        assert serious(axe, page) == []
        ask(page, "What documents are there?")
        ask(page, "How long is green tea steeped?")
        ask(page, "Who won the 2018 World Cup?")
        page.locator("#chat a.footnote").last.click()
        page.locator(".evidence.chosen").get_by_text("Why this passage").first.click()
        assert serious(axe, page) == []
        page.locator(".evidence.chosen").get_by_role("button", name="Show in document").first.click()
        playwright.expect(page.locator(".document")).to_be_visible()
        assert serious(axe, page) == []
        for _ in range(2 if size else 1):
            page.go_back()
        playwright.expect(page.locator("#document .document")).to_have_count(0)
        for tab, shown in (("Library", "table.files"), ("Evaluate", "#run")):
            go_to(page, tab)
            playwright.expect(page.locator(shown)).to_be_visible()
            assert serious(axe, page) == []


def test_the_whole_conversation_is_printed_with_all_its_sources(page):
    ask(page, "How long is green tea steeped?")
    ask(page, "What is the Rajin port linked to?")
    page.emulate_media(media="print")
    for hidden in ("#composer", "#status", "#chat .tools >> nth=0", "[role=tablist]"):
        playwright.expect(page.locator(hidden)).to_be_hidden()
    playwright.expect(page.locator("#evidence .card")).not_to_have_count(0)
    for section in page.locator("#evidence .evidence").all():
        playwright.expect(section).to_be_visible()
    scroll = page.locator("#scroll").evaluate(
        "box => [box.scrollHeight - box.clientHeight, box.getBoundingClientRect().height]"
    )
    page.emulate_media(media="screen")
    assert scroll[0] <= 1 and scroll[1] > 200


def test_in_a_low_window_the_question_takes_one_line_and_leaves_room(browser, served):
    with opened(browser, served[0], viewport={"width": 640, "height": 410}) as page:
        ask(page, "How long is green tea steeped?")
        assert page.locator("#ask-row").bounding_box()["height"] < 60
        assert page.locator("#scroll").bounding_box()["height"] > 190
        playwright.expect(answer_of(page.locator("#chat .turn").last)).to_be_in_viewport()


def test_back_returns_from_a_tab_to_the_conversation(page):
    ask(page, "How long is green tea steeped?")
    go_to(page, "Library")
    page.get_by_role("button", name="Open tea.md").click()
    playwright.expect(page.locator("#document .document")).to_be_visible()
    page.go_back()
    playwright.expect(page.locator("table.files")).to_be_visible()
    go_to(page, "Evaluate")
    page.go_back()
    playwright.expect(answer_of(page.locator("#chat .turn").last)).to_be_visible()


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
    playwright.expect(answer_of(page.locator("#chat .turn").last)).to_be_visible()
    playwright.expect(page.locator("#chat .related button").first).to_be_visible()
    assert len(before) > 6
    assert max(shifts(before, page.evaluate(POSITIONS)).values()) <= 4
    page.locator("#chat .turn").last.locator("a.footnote").first.click()
    playwright.expect(page.locator(".card.lit")).to_be_focused()
    page.wait_for_timeout(600)
    assert max(shifts(before, page.evaluate(POSITIONS)).values()) <= 4


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
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
        playwright.expect(page.locator("#chat .answer").first).to_be_in_viewport()
        playwright.expect(page.locator("#cards")).to_be_hidden()
        playwright.expect(page.locator("#quote-card")).to_be_hidden()


HEADERS = (
    Status(
        summary="1,200 documents",
        building=Progress(stage="Reading", done=340, total=1_200, embedded=2_560, share=0.125),
        seconds=10.0,
        document="handbook/travel and expenses of the company.pdf",
        embedded=2_560,
    ),
    Status(summary="1,200 documents", when="updated today 10:00", unread=12, changed="112 documents changed."),
    Status(
        summary="1,200 documents",
        building=Progress(stage="Embedding", done=1_050, total=4_200, share=0.25),
        seconds=10.0,
    ),
    Status(summary="1,200 documents", when="updated today 10:00", unread=12),
    Status(problem="The server does not answer. Check that it is running.", may_change=False),
)


def test_the_header_fits_a_phone(browser, served):
    with opened(browser, served[0], **PHONE) as page:
        for header in HEADERS:
            page.evaluate(
                "html => { document.querySelector('#status [role=status]').innerHTML = html; }", status_html(header)
            )
            parts = page.locator("#title, #status [role=status] > *:visible").all()
            boxes = sorted((part.bounding_box() for part in parts), key=lambda box: box["x"])
            ends = [0, *(box["x"] + box["width"] for box in boxes)]
            assert all(end <= box["x"] for end, box in zip(ends, boxes, strict=False)) and ends[-1] <= 360
            assert page.locator("#status [role=status] *:visible").evaluate_all(
                "parts => parts.every(part => part.scrollWidth <= part.clientWidth + 1 || !part.clientWidth)"
            )
