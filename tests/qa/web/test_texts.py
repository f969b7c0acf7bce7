"""The texts of the page, as people read them."""

import re

import pytest

from index.store.records import FileStatus
from qa.answer.confidence import Signals
from qa.evaluation.dataset import Question
from qa.evaluation.metrics import evaluation_of
from qa.evaluation.types import Bin, Outcome
from qa.question_log import AnswerChange
from qa.web.chat_view import confidence_text, suggestions_html, welcome_html
from qa.web.evaluation_view import HINT, evaluation_html
from qa.web.html import render
from qa.web.library_view import changes_html, facts_html, last_build_html, reason_text
from qa.web.reliability_plot import reliability_svg


def text_of(html):
    return " ".join(re.sub(r"<[^>]+>", " ", str(html)).split())


def measured():
    question = Question(question="tea", facts=(("hot",),))
    values = {"expected_in_quotes": 1.0, "right_if_answered": 1.0, "MRR": 1.0, "declined": 0.0}
    known = Outcome(
        question=question,
        confidence=0.9,
        is_right=True,
        signals=Signals(),
        seconds=0.02,
        values=values,
        quoted=("hot",),
    )
    return text_of(evaluation_html(evaluation_of([known] * 40)))


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (
            lambda: text_of(welcome_html("2 documents in teas", ["Is tea hot?"])),
            "Answers are quoted word for word from your documents. Each quote has a footnote that opens the source. "
            "2 documents in teas Ask anything, or start with one of these: Is tea hot?",
        ),
        (lambda: text_of(render("ask.html", max_question=9, writer="")), "The passages an answer quotes appear here."),
        (lambda: confidence_text(0.8), "Likely answers your question"),
        (lambda: confidence_text(0.2), "May not answer your question – check the source"),
        (lambda: text_of(suggestions_html(["Is tea hot?"])), "Related Is tea hot?"),
        (lambda: text_of(facts_html([("Index size", "66.8 MB")], "Details")), "Details Index size 66.8 MB"),
        (lambda: text_of(last_build_html(["tea.md was added"], "66 added")), "Last update: 66 added"),
        (lambda: text_of(changes_html([CHANGE, CHANGE])), "2 of your earlier answers have changed Before Now"),
        (lambda: text_of(changes_html([CHANGE])), "1 of your earlier answers has changed"),
        (lambda: text_of(render("library.html", may_change=True)), "Update automatically when files change"),
        (lambda: render("library.html", may_change=True), "Filter by name, type or status"),
        (
            lambda: reason_text(FileStatus(path="a.jsonl", state="skipped", reason=f"a.jsonl is {SKIPPED}")),
            ".jsonl files are not read.",
        ),
        (
            lambda: reason_text(FileStatus(path="a.pdf", state="partial", reason=f"a.pdf is {PARTLY}")),
            "Page 1 has no text, only pictures or nothing.",
        ),
        (lambda: text_of(HINT), "Upload a file with one question per line, for example"),
        (lambda: text_of(HINT), 'Leave "answers" out for questions your documents can’t answer.'),
        (measured, "Answer contains the expected text 100.0 %"),
        (measured, "… counting only answered questions 100.0 %"),
        (measured, "Mean reciprocal rank 1.00"),
        (measured, "The interval shows the range the true value probably lies in."),
        (lambda: reliability_svg([BIN]), ">confidence</text>"),
        (lambda: reliability_svg([BIN]), ">correct</text>"),
    ],
)
def test_the_page_says_it_in_these_words(shown, text):
    assert text in shown().replace("\u00a0", " ")


SKIPPED = "skipped because .jsonl files are not read."
PARTLY = "only partly read: page 1 has no text, only pictures or nothing."
CHANGE = AnswerChange(question="Is tea hot?", before=(), after=())
BIN = Bin(low=0.5, high=0.6, confidence=0.52, right=1.0, count=4)
