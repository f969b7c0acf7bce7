"""Questions that are limited to documents chosen in the library or the picker."""

import re

import pytest
from support.browser import PHONE, answer_of, ask, go_to, opened, playwright, serious


def test_questions_are_limited_to_the_documents_chosen_in_the_library(page):
    go_to(page, "Library")
    page.get_by_label("Ask only tea.md").check()
    go_to(page, "Ask")
    playwright.expect(page.locator("#scope .chip")).to_have_text(["tea.md"])
    ask(page, "What is the Rajin port linked to?")
    playwright.expect(page.locator("#chat .turn").last).to_contain_text("I found no answer in these documents.")
    playwright.expect(page.locator(".evidence.chosen .path")).to_have_text(["tea.md"])
    page.get_by_role("button", name="Ask all documents").click()
    playwright.expect(page.locator("#scope")).to_be_hidden()
    ask(page, "What is the Rajin port linked to?")
    playwright.expect(page.locator("#chat .turn").last).to_contain_text("Trans-Siberian")


def test_folders_are_folded_and_chosen_as_a_whole(page):
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
    playwright.expect(page.locator("#scope .chip")).to_have_text(["drinks/"])
    ask(page, "How long does perry ferment?")
    playwright.expect(answer_of(page.locator("#chat .turn").last)).to_contain_text("six weeks")
    ask(page, "What does perry need?")
    answer = answer_of(page.locator("#chat .turn").last)
    playwright.expect(answer.locator("blockquote").first.locator("li")).to_have_text(
        [re.compile("ripe fruit"), re.compile("cold nights")]
    )
    answer.locator("a.footnote").first.hover()
    playwright.expect(page.locator("#quote-card p")).to_have_text(re.compile(r"ripe fruit\s+cold nights$"))
    page.mouse.move(5, 5)
    ask(page, "What is the Rajin port linked to?")
    playwright.expect(page.locator("#chat .turn").last).not_to_contain_text("Trans-Siberian")
    go_to(page, "Library")
    page.get_by_role("button", name="drinks/", exact=True).click()
    page.get_by_label("Ask only drinks/perry.md").uncheck()
    go_to(page, "Ask")
    playwright.expect(page.locator("#scope .chip")).to_have_text(["cider.md"])
    page.get_by_role("button", name="Choose the documents to ask: 1 chosen").click()
    choices = page.locator("#choices")
    playwright.expect(choices.get_by_label("cider.md")).to_be_checked()
    assert choices.get_by_role("checkbox", name="drinks/").evaluate("box => box.indeterminate")
    choices.get_by_role("checkbox", name="drinks/").click()
    playwright.expect(choices.get_by_label("perry.md")).to_be_checked()
    page.keyboard.press("Escape")
    playwright.expect(page.locator("#scope .chip")).to_have_text(["drinks/"])
    page.get_by_role("button", name="Stop limiting to drinks/").click()
    playwright.expect(page.locator("#scope")).to_be_hidden()


def test_the_picker_is_used_by_keyboard_and_its_choice_stays_with_the_conversation(page):
    pick = page.get_by_role("button", name="Choose the documents to ask: all documents")
    pick.focus()
    page.keyboard.press("Enter")
    search = page.get_by_label("Search documents")
    playwright.expect(search).to_be_focused()
    playwright.expect(page.locator("#choices")).to_contain_text("13 documents")
    page.keyboard.type("tea")
    playwright.expect(page.locator("#choices")).to_contain_text("1 document of 13")
    page.keyboard.press("ArrowDown")
    playwright.expect(page.locator("#choices").get_by_label("tea.md")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowUp")
    playwright.expect(search).to_be_focused()
    page.keyboard.press("Escape")
    playwright.expect(page.locator("#picker")).to_be_hidden()
    playwright.expect(page.locator("#pick")).to_be_focused()
    playwright.expect(page.locator("#pick")).to_have_text("1 chosen")
    go_to(page, "Library")
    playwright.expect(page.get_by_label("Ask only tea.md")).to_be_checked()
    page.reload()
    playwright.expect(page.locator("#scope .chip")).to_have_text(["tea.md"])
    ask(page, "What is the Rajin port linked to?")
    playwright.expect(page.locator(".evidence.chosen .path")).to_have_text(["tea.md"])
    page.get_by_role("button", name="New conversation").click()
    playwright.expect(page.locator("#scope")).to_be_hidden()
    page.get_by_text("Past conversations").click()
    page.get_by_role("button", name="Open: What is the Rajin port linked to?").first.click()
    playwright.expect(page.locator("#scope .chip")).to_have_text(["tea.md"])


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_on_a_phone_the_picker_is_as_wide_as_the_screen_and_accessible(browser, served, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with opened(browser, served[0], color_scheme=scheme, **PHONE) as page:
        page.locator("#pick").tap()
        playwright.expect(page.locator("#choices").get_by_label("tea.md")).to_be_visible()
        box = page.locator("#picker").bounding_box()
        assert (box["x"], box["width"], box["y"] + box["height"]) == (0, 360, 740)
        assert serious(axe, page) == []
        page.locator("#choices").get_by_text("tea.md").tap()
        page.get_by_role("button", name="Done").tap()
        playwright.expect(page.locator("#scope .chip")).to_be_in_viewport()
        assert serious(axe, page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
