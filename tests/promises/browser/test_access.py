"""Who sees what: users who sign in, a read-only library, and an empty folder."""

from support.browser import ask, go_to, opened, playwright


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
