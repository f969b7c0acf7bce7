import pytest

from qa.answer.subquestions import is_held, split


def questions(question):
    return [(part.question, part.side) for part in split(question)]


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "what's the difference between raster and vector?",
            [("what is raster", "raster"), ("what is vector", "vector")],
        ),
        ("difference between sev 2 and sev 3", [("what is sev 2", "sev 2"), ("what is sev 3", "sev 3")]),
        (
            "differences between the basic plan and the pro plan in storage",
            [("the basic plan in storage", "the basic plan"), ("the pro plan in storage", "the pro plan")],
        ),
        (
            "compare the weight of the robot and the lite",
            [("the weight of the robot", "the robot"), ("the weight of the lite", "the lite")],
        ),
    ],
)
def test_a_question_how_two_things_differ_asks_about_each(question, parts):
    assert questions(question) == parts
    assert all(part.context[0].text == question for part in split(question))


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("rtx 3090 vs a6000 memory", ["rtx 3090", "a6000"]),
        ("gateway 2 or gateway 3: which is faster", ["gateway 2", "gateway 3"]),
        ("simple discovery or discovery server for three robots", ["simple discovery", "discovery server"]),
        ("rubber or wood for the playground, which is cheaper", ["rubber", "wood"]),
        ("me and my colleague argue more, what now", []),
    ],
)
def test_a_side_has_as_many_words_as_name_it(question, sides):
    assert [side for _, side in questions(question)] == sides


@pytest.mark.parametrize(
    ("side", "text", "expected"),
    [
        ("the A6000", "name: RTX A6000; memory: 48", True),
        ("rtx 3090", "name: RTX A6000; memory: 48", False),
        ("sev 3", "Severity: SEV-3; Response: a ticket", True),
        ("sev 3", "Severity: SEV-2; Response: a page", False),
    ],
)
def test_a_text_holds_a_side_with_all_its_words_and_numbers(side, text, expected):
    assert is_held(side, text) is expected
