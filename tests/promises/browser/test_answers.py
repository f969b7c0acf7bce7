"""What the page shows of an answer: quotes, footnotes, refusals, requests, and what it does with hostile text."""

import pytest
from support.browser import HOSTILE_NAME, answer_of, ask, held, playwright


def test_the_first_view_says_what_it_knows_and_offers_questions_that_are_answered(page):
    playwright.expect(page.locator(".welcome")).to_contain_text("word for word")
    playwright.expect(page.locator(".welcome .summary")).to_contain_text("13 documents: ")
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
    playwright.expect(page.locator("#chat .answer").first).to_contain_text("Green tea is steeped for two minutes.")
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
        "Showing results for: How long is green tea steeped? Search instead for How long is green tea staeped?"
    )
    playwright.expect(page.locator(".evidence.chosen mark b")).to_contain_text(["Green", "tea", "steeped"])


def test_what_the_documents_do_not_hold_is_declined_with_the_nearest_passages(page):
    ask(page, "Who won the 2018 World Cup?")
    playwright.expect(page.locator("#chat .declined")).to_contain_text("I found no answer in your documents.")
    playwright.expect(page.locator(".evidence.chosen h2")).to_have_text("Closest passages")


def test_what_is_hostile_is_shown_as_text(page):
    question = "<img src=x onerror=alert(1)> ${alert(2)} **zebra** [a](http://b.example/) &lt;"
    ask(page, question)
    playwright.expect(page.locator("#chat .question p")).to_have_text(question)
    playwright.expect(page.locator("#chat .answer").first).to_contain_text("<script>alert(3)</script>")
    page.get_by_role("button", name="Show in document").first.click()
    playwright.expect(page.locator(".document")).to_contain_text("${alert(4)}")
    assert page.locator("#document img, #cards img, #chat img, #chat .answer a:not(.footnote)").count() == 0
    playwright.expect(page.locator("#document .path")).to_have_text(HOSTILE_NAME)
    ask(page, "zebra " * 20_000)
    assert len(page.locator("#chat .question p").last.text_content()) == 10_000


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("hello", "I answer questions from the"),
        ("what's in here?", "documents: "),
        ("which documents mention tea?", "1 document mentions tea:"),
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
    playwright.expect(answer_of(last)).to_contain_text("two minutes")
    playwright.expect(page.locator("#chat .turn")).to_have_count(2)
