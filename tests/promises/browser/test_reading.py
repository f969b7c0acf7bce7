"""Documents in the page: at a quote, as pages, after an edit, and back again."""

from support.browser import answer_of, ask, playwright


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


def test_back_leaves_the_document_and_returns_to_where_one_was(page):
    ask(page, "How long is green tea steeped?")
    show = page.get_by_role("button", name="Show in document").first
    for leave in (page.go_back, lambda: page.keyboard.press("Escape"), page.get_by_text("← Back to sources").click):
        show.click()
        playwright.expect(page.locator(".document mark")).to_be_visible()
        leave()
        playwright.expect(page.locator(".document")).to_have_count(0)
        playwright.expect(show).to_be_focused()


def test_a_pdf_is_a_run_of_pages_that_zooms_and_follows_the_search(page):
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


def test_an_edit_is_seen_marked_offered_and_after_a_rebuild_answered(page, served):
    ask(page, "How long is bread baked?")
    (served[1] / "bread.md").write_text("# Bread\n\n## Baking\n\nBread is baked for fifty minutes.\n", "utf-8")
    playwright.expect(page.locator("#status")).to_contain_text("1 document changed.")
    stale = page.locator("#chat .stale:visible")
    playwright.expect(stale).to_contain_text("bread.md has changed since this answer.")
    page.get_by_role("button", name="Show in document").first.click()
    playwright.expect(page.locator("#document .compared del")).to_contain_text(["forty", "Use an oven"])
    playwright.expect(page.locator("#document .compared ins").first).to_contain_text("fifty")
    playwright.expect(page.locator(".document mark.here")).to_have_text("Bread is baked for fifty minutes.")
    playwright.expect(page.locator(".document")).not_to_contain_text("forty minutes")
    page.go_back()
    page.get_by_role("button", name="Update now").click()
    playwright.expect(page.locator("#status")).not_to_contain_text("changed.")
    playwright.expect(page.get_by_role("button", name="Update", exact=True)).to_be_visible()
    ask(page, "How long is bread baked?")
    playwright.expect(answer_of(page.locator("#chat .turn").last)).to_contain_text("Bread is baked for fifty minutes.")
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
