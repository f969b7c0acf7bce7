"""Questions to begin with, of folders of several kinds."""

import pytest

from index.library import Library
from index.types import Passage
from qa.answer.examples import find_examples
from qa.answer.pipeline import answer
from qa.types import Answer

FAQ = "# Questions and answers\n\n**Can I take a bicycle?**\n\nOnly folded ones travel free on the train.\n"
RULES = "# Leave\n\nAll employees agree.\n\nEmployees get 20 days of paid vacation each year.\n"
GUIDE = "# How to reset the router\n\nHold the button of the router for ten seconds.\n\n# About trees\n\nTrees grow.\n"


@pytest.fixture
def examples(folder, index, model):
    def find(**texts):
        for file in folder.iterdir():
            file.unlink()
        for name, text in texts.items():
            (folder / name).mkdir()
            (folder / name / "file.md").write_text(text, "utf-8")
        library = Library(folder, index, lambda: model)
        library.start_build()
        library.wait()
        found = find_examples(library.sample(100), library)
        assert all(isinstance(answer(question, library), Answer) for question in found)
        return found

    return find


def test_questions_of_each_group_come_before_topics(examples):
    found = examples(faq=FAQ, rules=RULES, guide=GUIDE)
    assert sorted(found) == [
        "Can I take a bicycle?",
        "How do I reset the router?",
        "How many days of paid vacation do employees get?",
    ]


def test_a_folder_that_answers_no_question_offers_its_topics_and_else_nothing(examples):
    assert examples(one="# Old trees\n\nThe oaks are old and tall.\n") == ["Old trees"]


def test_a_question_without_an_answer_of_its_passage_is_not_offered():
    class Silent:
        def __getattr__(self, name):
            raise AssertionError(name)

    passage = Passage(path="a.md", start=0, end=22, text="What is it good for?\n\n", section=())
    assert find_examples([passage], Silent()) == []
