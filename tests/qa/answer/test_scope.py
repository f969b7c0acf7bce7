import pytest

from qa.answer.catalogue import Catalogue
from qa.answer.scope import find_scope, selected

CATALOGUE = Catalogue(
    {
        "north/policy.md": "Leave",
        "south/policy.md": "Leave",
        "south/kitchen.md": "Kitchen",
        "budget-2024.txt": "budget-2024",
        "staff handbook.pdf": "Staff handbook",
        "archive/old/rules.md": "Rules",
    }
)


@pytest.mark.parametrize(
    ("question", "rest", "paths"),
    [
        ("How long is leave? in:south/", "How long is leave?", ["south/policy.md", "south/kitchen.md"]),
        ('in:"staff handbook.pdf" How long is leave?', "How long is leave?", ["staff handbook.pdf"]),
        ("What does budget-2024.txt say about travel?", "travel?", ["budget-2024.txt"]),
        ("How many days according to north/policy.md?", "How many days?", ["north/policy.md"]),
        ("In budget-2024.txt, what is the reserve?", "what is the reserve?", ["budget-2024.txt"]),
        ("In the south folder, how long is leave?", "how long is leave?", ["south/policy.md", "south/kitchen.md"]),
        (
            "How many days of leave do staff have in the south folder?",
            "How many days of leave do staff have?",
            ["south/policy.md", "south/kitchen.md"],
        ),
        ("south: how long is leave?", "how long is leave?", ["south/policy.md", "south/kitchen.md"]),
    ],
)
def test_a_question_is_limited_by_options_names_and_folders(question, rest, paths):
    scope = find_scope(question, CATALOGUE)
    assert (scope.question, scope.paths, scope.is_certain) == (rest, frozenset(paths), True)


@pytest.mark.parametrize(
    "question", ["How long is leave according to the handbook?", "How long is leave in the staff handbook?"]
)
def test_a_name_in_other_words_is_a_hint(question):
    scope = find_scope(question, CATALOGUE)
    assert (scope.question, scope.paths, scope.is_certain) == (
        "How long is leave?",
        frozenset({"staff handbook.pdf"}),
        False,
    )
    assert scope.name == "staff handbook.pdf"


@pytest.mark.parametrize(
    "question",
    ["How long is leave?", "According to whom is leave long?", "What is in the kitchen?", "Time: how long is leave?"],
)
def test_other_questions_are_not_limited(question):
    assert find_scope(question, CATALOGUE) is None


@pytest.mark.parametrize(
    ("pattern", "paths"),
    [
        ("south/", ["south/policy.md", "south/kitchen.md"]),
        ("old/", ["archive/old/rules.md"]),
        ("south", ["south/policy.md", "south/kitchen.md"]),
        ("*.pdf", ["staff handbook.pdf"]),
        ("policy.md", ["north/policy.md", "south/policy.md"]),
        ("North/Policy.md", ["north/policy.md"]),
        ("nowhere/", []),
    ],
)
def test_a_pattern_is_a_path_a_folder_or_has_wildcards(pattern, paths):
    assert selected([pattern], CATALOGUE) == frozenset(paths)


def test_several_patterns_select_more():
    assert selected(["*.pdf", "north/"], CATALOGUE) == {"staff handbook.pdf", "north/policy.md"}
