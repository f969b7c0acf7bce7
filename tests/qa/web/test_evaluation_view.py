import re
from html.parser import HTMLParser

from qa.answer.confidence import Signals
from qa.evaluation.dataset import Question
from qa.evaluation.metrics import evaluation_of
from qa.evaluation.types import Outcome
from qa.web.evaluation_view import MAX_FAILURES, NUMBERS, SECONDS, SHARES, evaluation_html

NONE = Signals()


def outcome(question, quoted=(), is_right=False, sure=0.9, **values):
    return Outcome(
        question=question,
        confidence=sure,
        is_right=is_right,
        signals=NONE,
        seconds=0.02,
        values=values,
        quoted=quoted,
    )


class Reader(HTMLParser):
    """The tags that are open too few or too often, and the attributes of all."""

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.attributes = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes.append((tag, dict(attributes)))
        self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def text(html):
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", html)).strip()


def test_measures_are_said_in_words_with_their_intervals():
    found = evaluation_of([outcome(Question(question="tea", facts=(("hot",),)), ("hot",), True, declined=0.0)] * 40)
    shown = text(evaluation_html(found))
    assert shown.startswith("40 of 40 questions were answered correctly. No question failed.")
    assert "Answerable questions without an answer 0.0 % 0.0 % to 0.0 % 40" in shown
    assert "Time to answer, median 20 ms 20 ms to 20 ms 40" in shown
    assert "No question failed." in shown


def test_of_few_questions_it_is_said_that_they_are_few():
    assert "1 of 1 question was answered correctly. With so few questions, treat this as a rough guide." in text(
        evaluation_html(evaluation_of([outcome(Question(question="tea", facts=(("hot",),)), ("hot",), True)]))
    )


def test_every_measure_has_its_words():
    from support.answers import reply

    from qa.evaluation.metrics import measures
    from qa.evaluation.run import ask_each

    questions = [
        Question(question="tea", facts=(("hot",),), document="a.md"),
        Question(question="heat", answerability="unanswerable"),
        Question(question="tea", facts=(("hot",),), answerability="off_topic"),
    ]
    assert set(measures(list(ask_each(questions, reply)))) == {*SHARES, *NUMBERS, *SECONDS}


def test_a_question_that_failed_is_a_button_with_what_was_expected_and_what_was_quoted():
    failed = [
        outcome(
            Question(question="How hot?", facts=(("very", "hot"),), document="tea.md"), ("Milk is cold.",), MRR=0.5
        ),
        outcome(Question(question="How  cold?", facts=(("ice",),), document="tea.md"), sure=0.05, MRR=0.0),
        outcome(Question(question="Who won?", answerability="unanswerable"), ("Tea won.", "It did."), sure=0.4),
    ]
    html = evaluation_html(
        evaluation_of([*failed, outcome(Question(question="Right?", facts=(("y",),)), ("y",), True)])
    )
    buttons = [attributes for tag, attributes in Reader(html).attributes if tag == "button"]
    assert buttons == [
        {"type": "button", "class": "act", "data-action": "ask", "data-question": question}
        for question in ("How hot?", "How cold?", "Who won?")
    ]
    shown = text(html[html.index("<ol>") : html.index("</ol>")])
    assert shown == (
        "How hot? Expected: very or hot in tea.md, found at rank 2 Quoted: Milk is cold. , confidence 90 %"
        " How cold? Expected: ice in tea.md, not in the first 10 passages Quoted: nothing, confidence 5 %"
        " Who won? Expected: no answer Quoted: Tea won. It did. , confidence 40 %"
    )


def test_the_diagrams_numbers_are_in_a_table_folded_away():
    found = evaluation_of([outcome(Question(question="tea", facts=(("hot",),)), ("hot",), True, sure=0.93)] * 3)
    html = evaluation_html(found)
    assert "90 % to 100 % 93.0 % 100.0 % 3" in text(html[html.rindex("<details>") : html.rindex("</details>")])
    assert "<details open" not in html


def test_whatever_stands_in_a_file_or_a_document_is_shown_as_text():
    evil = "<img src=x onerror=alert(1)>\" ' ${alert(2)} `x` </q></button>"
    html = evaluation_html(evaluation_of([outcome(Question(question=evil, facts=((evil,),), document=evil), (evil,))]))
    read = Reader(html)
    assert "img" not in read.tags and read.open == []
    assert "${" not in html and "`" not in html
    assert {"data-question": evil}.items() <= next(a for tag, a in read.attributes if tag == "button").items()


def test_of_very_many_failures_the_first_are_shown_and_the_others_counted():
    html = evaluation_html(evaluation_of([outcome(Question(question="tea", facts=(("hot",),)))] * (MAX_FAILURES + 7)))
    assert html.count('class="act"') == MAX_FAILURES and "and 7 more" in html


def test_failures_beyond_a_screenful_are_folded_and_long_quotes_cut():
    failed = [outcome(Question(question="tea", facts=(("hot",),)), ("Milk is cold. " * 50,))] * 25
    html = evaluation_html(evaluation_of(failed))
    shown, folded = html.split('<details class="more"><summary>5 more questions</summary><ol start="21">')
    assert (shown.count('data-action="ask"'), folded.count('data-action="ask"')) == (20, 5)
    assert max(len(quote.partition("</q>")[0]) for quote in html.split("<q>")[1:]) < 300


def test_an_evaluation_of_nothing_is_still_a_page():
    assert "0 of 0 questions were answered correctly." in text(evaluation_html(evaluation_of([])))


def test_a_second_run_says_what_became_correct_and_what_wrong():
    def run(*right):
        outcomes = [outcome(Question(question=name, facts=(("x",),)), ("x",), name in right) for name in "abc"]
        return evaluation_of(outcomes)

    shown = text(evaluation_html(run("b", "c"), run("a", "c")))
    assert "Since the last run of this file: 1 became correct, 1 became wrong" in shown
    assert "Became correct: b Became wrong: a" in shown
    assert "Since the last run" not in text(evaluation_html(run("a")))
