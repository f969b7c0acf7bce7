import os

import pytest

from index.errors import FootnoteError
from qa.answer.listing import list_documents
from qa.question_log import QuestionLog
from qa.service import MAX_QUESTION_CHARACTERS, QAService
from qa.types import Answer, as_turn


def build(library):
    library.start_build()
    library.wait()


def test_it_answers_and_remembers_what_was_asked(service, index):
    reply = service.ask(" Where does coffee come from? ")
    assert isinstance(reply, Answer)
    assert reply.text == "Coffee comes from Ethiopia. Espresso takes thirty seconds."
    assert [entry.question for entry in QuestionLog(index).entries()] == ["Where does coffee come from?"]


def test_nothing_is_remembered_where_that_is_wanted(library, index):
    build(library)
    QAService(library, keeps_history=False).ask("Where does coffee come from?")
    assert QuestionLog(index).entries() == []


def test_a_problem_is_a_turn_too(library):
    turn = QAService(library).exchange("tea?")
    assert turn.reply is None and turn.problem.startswith("There are no documents yet")
    with pytest.raises(FootnoteError, match="There are no documents yet"):
        QAService(library).ask("tea?")
    assert list_documents(library, "", "What is here?").message == "There are no documents yet."


def test_quotes_of_earlier_answers_are_marked_when_their_documents_change(service, library, folder):
    turns = [service.exchange("Where does coffee come from?"), service.exchange("How long does green tea steep?")]
    (folder / "coffee.txt").write_text("Coffee comes from Yemen.")
    for _ in range(2):  # before the index knows of the edit, and after
        assert [[cited.is_current for cited in turn.reply.citations] for turn in service.checked(turns)] == [
            [False],
            [True],
        ]
        build(library)


def test_after_a_build_the_answers_that_are_different_now_are_known(service, library, folder):
    service.ask("Where does coffee come from?")
    build(library)
    assert service.changed == ()
    (folder / "coffee.txt").write_text("Coffee comes from Yemen.")
    build(library)
    (change,) = service.changed
    assert (change.question, change.after) == (
        "Where does coffee come from?",
        (("coffee.txt", "Coffee comes from Yemen."),),
    )
    service.ask("Where does coffee come from?")
    assert service.changed == ()


def test_documents_that_contradict_each_other_are_named_with_their_dates(library, folder):
    noon = {"five": 1_699_964_000, "ten": 1_709_985_600}
    for name, days in (("2023-05-03 rules.md", "five"), ("rules.md", "ten")):
        (folder / name).write_text(f"Employees carry over {days} days of leave into the next year.")
        os.utime(folder / name, (0, noon[days]))
    build(library)
    reply = QAService(library, keeps_history=False).ask("how many days of leave employees carry over")
    first, second = reply.citations[:2]
    assert {first.passage.path, second.passage.path} == {"2023-05-03 rules.md", "rules.md"}
    assert (first.differs_from, second.differs_from) == (None, 1)
    # The day in a file's name, or else that on which it was last changed.
    assert {first.date, second.date} == {"2023-05-03", "2024-03-09"}


def test_a_question_is_asked_after_those_before_it(service, index):
    first = service.exchange("How long does green tea steep?")
    second = service.exchange("What about black tea?", [as_turn(first.reply)])
    assert second.reply.follows == "How long does green tea steep?"
    assert second.reply.text == "Black tea steeps for five minutes."
    assert [entry.question for entry in QuestionLog(index).entries()] == ["How long does green tea steep?"]


def test_a_question_that_is_too_long_is_refused(service):
    long = "tea " * MAX_QUESTION_CHARACTERS
    with pytest.raises(FootnoteError, match=r"^The question has 39,999 characters: ask with at most 10,000\.$"):
        service.ask(long)
