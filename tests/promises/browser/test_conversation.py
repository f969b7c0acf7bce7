"""Conversations in the page: follow-ups, waiting questions, storage, links and export."""

from support.browser import answer_of, ask, held, opened, playwright, send


def test_a_conversation_is_copied_exported_kept_put_aside_and_opened_again(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, "How long is green tea steeped?")
    page.get_by_role("button", name="Copy the answer with its footnotes as plain text").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    quote = "Green tea is steeped for two minutes. Use water that does not boil. [1]"
    assert copied.startswith(f"How long is green tea steeped?\n\n{quote}")
    assert "\n[1] tea.md, Tea › Steeping\n" in copied
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
    playwright.expect(page.locator("#chat .answer").first).to_contain_text("Trans-Siberian")


def test_a_conversation_of_six_turns_stays_on_its_subject(page):
    last = page.locator("#chat .turn").last
    ask(page, "What is the Rajin-Khasan railway project for?")
    playwright.expect(answer_of(last)).to_contain_text("Trans-Siberian")
    playwright.expect(page.locator(".related button").first).to_be_visible()
    ask(page, "When was it inaugurated?")
    playwright.expect(last).to_contain_text("Asked about: What is the Rajin-Khasan railway project for?")
    playwright.expect(answer_of(last)).to_contain_text("2013")
    ask(page, "And who benefits?")
    playwright.expect(answer_of(last)).to_contain_text("All parties involved")
    ask(page, "Which leaders have met?")
    playwright.expect(answer_of(last)).to_contain_text("Kim Jong-un")
    playwright.expect(last).not_to_contain_text("Asked about")
    ask(page, "And who paid for their visits?")
    last.get_by_role("button", name="Ask as a new question").click()
    playwright.expect(last).not_to_contain_text("Asked about")
    ask(page, "What is a good recipe for pancakes?")
    playwright.expect(last.locator(".declined")).to_be_visible()
    page.get_by_role("button", name="Edit and ask again: What is a good recipe for pancakes?").click()
    page.get_by_label("Edit the question").fill("What did the Soviet Union's political backing reinforce?")
    page.keyboard.press("Enter")
    playwright.expect(answer_of(last)).to_contain_text("socialist state")
    playwright.expect(page.locator("#chat .turn")).to_have_count(6)


def test_a_link_carries_its_question(page, served):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, "How long is green tea steeped?")
    page.get_by_role("button", name="Copy a link").click()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == f"{served[0]}?q=How%20long%20is%20green%20tea%20steeped%3F"
    page.get_by_role("button", name="New conversation").click()
    page.goto(link)
    playwright.expect(page.locator("#chat .answer").first).to_contain_text("Green tea is steeped for two minutes.")
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
    playwright.expect(answer_of(turn)).to_contain_text("Green tea is steeped for")


def test_a_second_question_waits_its_turn(page):
    turns = page.locator("#chat .turn")
    with held(page, "ask"):
        send(page, "How long is green tea steeped?")
        send(page, "What is the Rajin port linked to?")
        playwright.expect(turns).to_have_count(2)
        waiting = "Your question will be answered after the one before it"
        playwright.expect(turns.last.locator(".working")).to_contain_text(waiting)
    playwright.expect(answer_of(turns.first)).to_contain_text("Green tea is steeped for")
    playwright.expect(answer_of(turns.last)).to_contain_text("Trans-Siberian")


def test_a_question_without_an_answer_yet_is_asked_again_by_a_reload(page):
    with held(page, "ask"):
        send(page, "How long is green tea steeped?")
        send(page, "What is the Rajin port linked to?")
        playwright.expect(page.locator("#chat .turn")).to_have_count(2)
        page.reload()
        playwright.expect(page.locator("#chat .turn")).to_have_count(2)
    playwright.expect(answer_of(page.locator("#chat .turn").first)).to_contain_text("Green tea is steeped for")
    playwright.expect(answer_of(page.locator("#chat .turn").last)).to_contain_text("Trans-Siberian")
    page.reload()
    playwright.expect(page.locator("#chat .turn")).to_have_count(2)
    playwright.expect(page.locator("body.busy")).to_have_count(0)


def test_a_long_question_leaves_room_for_its_answer(page):
    ask(page, "I have a pot of green tea here. " * 60 + "How long is green tea steeped?")
    turn = page.locator("#chat .turn").last
    playwright.expect(answer_of(turn)).to_be_in_viewport()
    turn.get_by_role("button", name="Show all", exact=True).click()
    playwright.expect(answer_of(turn)).not_to_be_in_viewport()
    turn.get_by_role("button", name="Show less").click()
    playwright.expect(answer_of(turn)).to_be_in_viewport()
    page.reload()
    playwright.expect(turn.get_by_role("button", name="Show all", exact=True)).to_be_visible()


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


def test_the_up_key_recalls_earlier_questions(page):
    ask(page, "How long is green tea steeped?")
    box = page.get_by_label("Question", exact=True)
    box.press("ArrowUp")
    playwright.expect(box).to_have_value("How long is green tea steeped?")
    box.press("ArrowDown")
    playwright.expect(box).to_have_value("")


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
    playwright.expect(answer_of(turns.last)).to_contain_text("Trans-Siberian")
    questions = [data for data in sent if '"do_ask"' in data]
    assert len(questions) == 1 and questions[0].count("steeped") <= 2 * 12 and len(questions[0]) < 10_000
    page.reload()
    playwright.expect(turns).to_have_count(50)
    playwright.expect(turns.last.locator(".question p")).to_have_text("What is the Rajin port linked to?")


def test_a_conversation_of_eight_turns_changes_its_subject_and_returns(page):
    last = page.locator("#chat .turn").last
    asked = "Asked about:"
    ask(page, "hello")
    playwright.expect(last).to_contain_text("I answer questions from the")
    ask(page, "When was the Rajin-Khasan railway project inaugurated?")
    playwright.expect(answer_of(last)).to_contain_text("2013")
    playwright.expect(last).not_to_contain_text(asked)
    ask(page, "And who benefits?")
    playwright.expect(last).to_contain_text(f"{asked} When was the Rajin-Khasan railway project inaugurated?")
    ask(page, "How long is green tea steeped?")
    playwright.expect(answer_of(last)).to_contain_text("two minutes")
    playwright.expect(last).not_to_contain_text(asked)
    ask(page, "where does it say that?")
    playwright.expect(answer_of(last)).to_contain_text("two minutes")
    ask(page, "thanks!")
    playwright.expect(last).to_contain_text("You're welcome.")
    ask(page, "back to the railway project, what is it for?")
    playwright.expect(last).to_contain_text(f"{asked} When was the Rajin-Khasan railway project inaugurated?")
    playwright.expect(answer_of(last)).to_contain_text("Trans-Siberian")
    ask(page, "Which leaders have met?")
    playwright.expect(answer_of(last)).to_contain_text("Kim Jong-un")
    playwright.expect(last).not_to_contain_text(asked)
    playwright.expect(page.locator("#chat .turn")).to_have_count(8)
