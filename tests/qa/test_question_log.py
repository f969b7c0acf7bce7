import json
import multiprocessing
import os

import pytest

from index.types import Passage
from qa.formatting import change_markdown
from qa.question_log import FILE_NAME, MAX_QUESTIONS, AnswerChange, LoggedQuestion, QuestionLog, diff, quotes
from qa.types import Answer, Citation, NoAnswer
from qa.web.library_view import changes_html

TEA = Passage(path="tea.md", start=0, end=17, text="Tea <b>is</b> hot")


def replied(question, quote="Tea"):
    return Answer(
        question=question,
        citations=(Citation(number=1, quote=quote, start=0, end=len(quote), passage=TEA),),
        confidence=0.9,
    )


def logged(question, *quoted):
    return LoggedQuestion(question=question, quotes=quoted)


def test_each_question_is_logged_with_its_last_answer(tmp_path):
    log = QuestionLog(tmp_path)
    assert log.entries() == []
    log.append(replied("Is tea hot?"))
    log.append(NoAnswer(question="Is tea cold?"))
    log.append(replied("Is tea hot?", "Tea <b>is</b> hot"))
    assert log.entries() == [logged("Is tea cold?"), logged("Is tea hot?", ("tea.md", "Tea <b>is</b> hot"))]


def test_a_follow_up_is_not_logged_since_it_cannot_be_asked_alone(tmp_path):
    QuestionLog(tmp_path).append(NoAnswer(question="why?", follows="Is tea hot?"))
    assert QuestionLog(tmp_path).entries() == []


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\r", "\n"])
def test_questions_and_quotes_may_hold_line_separators(tmp_path, separator):
    passage = Passage(path="a.md", start=0, end=5, text=f"Te{separator}is")
    citation = Citation(number=1, quote=passage.text, start=0, end=5, passage=passage)
    QuestionLog(tmp_path).append(Answer(question=f"Is{separator}tea?", citations=(citation,), confidence=1.0))
    assert QuestionLog(tmp_path).entries() == [logged(f"Is{separator}tea?", ("a.md", passage.text))]


def test_a_question_that_is_no_valid_unicode_is_logged(tmp_path):
    QuestionLog(tmp_path).append(NoAnswer(question="Is \ud800 tea?"))
    assert [entry.question for entry in QuestionLog(tmp_path).entries()] == ["Is ? tea?"]


def test_the_last_500_questions_are_kept_and_the_file_is_seldom_rewritten(tmp_path):
    log, path = QuestionLog(tmp_path), tmp_path / FILE_NAME
    files = set()
    for number in range(3 * MAX_QUESTIONS):
        log.append(NoAnswer(question=f"Вопрос {number}?"))
        files.add(path.stat().st_ino)
    found = log.entries()
    assert (len(found), found[-1].question) == (MAX_QUESTIONS, f"Вопрос {3 * MAX_QUESTIONS - 1}?")
    assert len(path.read_bytes().splitlines()) <= 2 * MAX_QUESTIONS
    assert len(files) <= 3
    assert "Вопрос" in path.read_text("utf-8")  # as few bytes as before


def test_the_file_is_for_its_owner_only_even_if_it_was_not_before(tmp_path):
    path = tmp_path / FILE_NAME
    path.touch(0o644)
    QuestionLog(tmp_path).append(NoAnswer(question="Is tea hot?"))
    assert path.stat().st_mode & 0o777 == 0o600


def test_lines_that_cannot_be_read_are_skipped(tmp_path):
    lines = ["", "{", "[]", '{"question": "a"}', json.dumps({"question": "b", "quotes": [["c.md", "d"]]})]
    (tmp_path / FILE_NAME).write_text("\n".join(lines), "utf-8")
    assert QuestionLog(tmp_path).entries() == [logged("b", ("c.md", "d"))]


def test_a_line_that_a_crash_has_cut_harms_no_other(tmp_path):
    log = QuestionLog(tmp_path)
    log.append(NoAnswer(question="Is tea hot?"))
    os.truncate(tmp_path / FILE_NAME, (tmp_path / FILE_NAME).stat().st_size - 5)
    log.append(NoAnswer(question="Is ice cold?"))
    assert log.entries() == [logged("Is ice cold?")]


def append(folder, name, count):
    log = QuestionLog(folder)
    for number in range(count):
        log.append(NoAnswer(question=f"{name} {number}"))


def test_parallel_writers_lose_no_question(tmp_path):
    append(tmp_path, "before", 2 * MAX_QUESTIONS - 50)  # the writers pass the size at which the file is rewritten
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=append, args=(tmp_path, name, 60)) for name in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    found = {entry.question for entry in QuestionLog(tmp_path).entries()}
    assert {f"{name} {number}" for name in "ab" for number in range(60)} <= found


def test_a_folder_that_cannot_be_written_logs_nothing(tmp_path):
    (tmp_path / "file").touch()
    log = QuestionLog(tmp_path / "file")
    log.append(NoAnswer(question="Is tea hot?"))
    assert log.entries() == []


def test_answers_that_differ_are_found_with_both():
    known = [logged("same?", *quotes(replied("same?"))), logged("new?"), logged("gone?", ("tea.md", "Tea"))]
    now = {"same?": replied("same?"), "new?": replied("new?"), "gone?": NoAnswer(question="gone?")}
    assert diff(known, now.__getitem__) == [
        AnswerChange(question="new?", before=(), after=(("tea.md", "Tea"),)),
        AnswerChange(question="gone?", before=(("tea.md", "Tea"),), after=()),
    ]


def test_a_change_is_shown_before_and_after():
    change = AnswerChange(question="Is <i>tea</i> hot?", before=(), after=(("tea.md", "Tea <b>is</b> hot"),))
    shown = change_markdown(change)
    assert shown.index("Before:\n\n- The documents do not answer this.") < shown.index("Now:\n\n- Tea ")
    html = changes_html([change])
    assert "1 of your earlier answers has changed" in html and "Is &lt;i&gt;tea" in html and "Tea &lt;b&gt;is" in html
    assert changes_html([]) == ""
