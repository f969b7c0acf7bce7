import json

from index.types import Passage
from qa.formatting import change_markdown
from qa.question_log import FILE_NAME, MOST_KEPT, Asked, Changed, asked, changes, quotes, remember
from qa.types import Answer, Citation, NoAnswer
from qa.web.library_view import changes_html

TEA = Passage(path="tea.md", start=0, end=17, text="Tea <b>is</b> hot")


def replied(question, quote="Tea"):
    return Answer(
        question=question,
        citations=(Citation(number=1, quote=quote, start=0, end=len(quote), passage=TEA),),
        confidence=0.9,
    )


def test_what_was_asked_is_kept_with_its_last_answer(tmp_path):
    assert asked(tmp_path) == []
    for reply in (
        replied("Is tea hot?"),
        NoAnswer(question="Is tea cold?"),
        replied("Is tea hot?", "Tea <b>is</b> hot"),
    ):
        remember(tmp_path, reply)
    assert asked(tmp_path) == [
        Asked("Is tea cold?", ()),
        Asked("Is tea hot?", (("tea.md", "Tea <b>is</b> hot"),)),
    ]


def test_a_follow_up_is_not_kept_since_it_cannot_be_asked_again_alone(tmp_path):
    remember(tmp_path, NoAnswer(question="why?", follows="Is tea hot?"))
    assert asked(tmp_path) == []


def test_the_last_500_questions_are_kept_and_no_more(tmp_path):
    long = "?" * 3_000
    for number in range(MOST_KEPT + 20):
        remember(tmp_path, NoAnswer(question=f"{number}{long}"))
    found = asked(tmp_path)
    assert len(found) == MOST_KEPT and found[-1].question == f"{MOST_KEPT + 19}{long}"
    assert len((tmp_path / FILE_NAME).read_text("utf-8").splitlines()) <= MOST_KEPT


def test_lines_that_cannot_be_read_are_passed_over(tmp_path):
    lines = ["", "{", "[]", '{"question": "a"}', json.dumps({"question": "b", "quotes": [["c.md", "d"]]})]
    (tmp_path / FILE_NAME).write_text("\n".join(lines), "utf-8")
    assert asked(tmp_path) == [Asked("b", (("c.md", "d"),))]


def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path):
    remember(tmp_path / "none", NoAnswer(question="Is tea hot?"))
    assert asked(tmp_path / "none") == []


def test_answers_that_are_different_now_are_told_with_both():
    known = [Asked("same?", quotes(replied("same?"))), Asked("new?", ()), Asked("gone?", (("tea.md", "Tea"),))]
    now = {"same?": replied("same?"), "new?": replied("new?"), "gone?": NoAnswer(question="gone?")}
    assert changes(known, now.__getitem__) == [
        Changed("new?", (), (("tea.md", "Tea"),)),
        Changed("gone?", (("tea.md", "Tea"),), ()),
    ]


def test_a_change_is_shown_before_and_after():
    change = Changed("Is <i>tea</i> hot?", (), (("tea.md", "Tea <b>is</b> hot"),))
    said = change_markdown(change)
    assert said.index("Before:\n\n- The documents do not answer this.") < said.index("Now:\n\n- Tea ")
    html = changes_html([change])
    assert "1 of your earlier answers has changed" in html and "Is &lt;i&gt;tea" in html and "Tea &lt;b&gt;is" in html
    assert changes_html([]) == ""
