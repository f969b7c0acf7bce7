"""Who sees what: users who sign in, a read-only library, and an empty folder."""

from support.browser import TEA, answer_of, ask, go_to, opened, playwright, send


def test_only_those_who_sign_in_see_the_library_and_change_nothing_if_it_is_read_only(browser, apps):
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(apps["users"][0])
        for password, seen in (("black tea", "Incorrect Credentials"), ("green tea please", "Ask your documents")):
            page.get_by_label("Username").fill("ada")
            page.get_by_label("Password").fill(password)
            page.keyboard.press("Enter")
            playwright.expect(page.locator("body")).to_contain_text(seen)
            if seen.startswith("Incorrect"):
                shown = page.locator("p.creds").evaluate("line => getComputedStyle(line, '::after').content")
                assert shown == '"The name or the password is wrong."'
        ask(page, "How long is green tea steeped?")
        playwright.expect(page.locator("#chat a.footnote").first).to_be_visible()
        go_to(page, "Library")
        playwright.expect(page.locator("table.files")).to_be_visible()
        assert page.locator("#drop, [data-action=remove], [data-action=update]").count() == 0


def test_an_empty_folder_says_so_and_a_question_waits_for_the_first_build(browser, apps):
    address, folder = apps["empty"]
    with opened(browser, address) as page:
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
        many = "".join(f"# Part {number}\n\nThis is part {number} of many.\n\n" for number in range(600))
        (folder / "long.md").write_text(many, "utf-8")
        (folder / "tea.md").write_text(TEA, "utf-8")
        page.get_by_role("button", name="Update").click()
        playwright.expect(page.locator("#status progress")).to_be_visible()
        send(page, "How long is green tea steeped?")
        turn = page.locator("#chat .turn").last
        playwright.expect(turn.locator(".working")).to_contain_text("Your question will be answered when that’s done.")
        playwright.expect(answer_of(turn)).to_contain_text("Green tea is steeped for two minutes.", timeout=90_000)
