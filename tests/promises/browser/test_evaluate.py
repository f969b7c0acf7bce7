"""Evaluation in the page."""

import json

from support.browser import go_to, playwright


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
