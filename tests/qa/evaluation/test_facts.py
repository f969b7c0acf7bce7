"""Files of facts, kinds and conversations over a folder of documents, as people write them for their own documents."""

import json

import pytest

import qa.__main__ as command
from qa.evaluation.dataset import read_questions

QUESTIONS = [
    # A plain list without a kind is one fact with alternatives.
    {"question": "Where does coffee come from?", "answers": ["Abyssinia", "Ethiopia"], "document": "coffee.txt"},
    {
        "question": "How long does green tea steep?",
        "kind": "how-long",
        "answers": [["two minutes", "2 minutes"]],
        "document": "tea.md",
    },
    {
        "question": "How long does green tea steep, and at what heat?",
        "kind": "how-long",
        "answers": [["TWO\nminutes"], ["80 degrees"]],
        "document": "tea.md",
    },
    {
        "question": "And black tea?",
        "kind": "conversation",
        "answers": ["five minutes"],
        "documents": ["tea.md"],
        "history": [
            {"role": "user", "content": "How long does green tea steep?"},
            {"role": "assistant", "content": "Two minutes."},
        ],
    },
    {"question": "Espresso takes how long?", "kind": "how-long", "answers": ["forty seconds"]},
    {"question": "zebra?", "kind": "unanswerable", "answers": []},
    {"question": "Does espresso take thirty seconds?", "kind": "unanswerable", "answers": []},
    {"question": "zebra!", "kind": "how-long", "answers": ["stripes"]},
    # Only the document is known: it is no question without an answer.
    {"question": "Where is coffee from?", "document": "coffee.txt", "kind": "open"},
    {"question": "Where is coffee from?", "document": "coffee.txt", "kind": "open", "answers": [], "expect": "a list"},
]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(map(json.dumps, QUESTIONS)))
    return path


@pytest.fixture
def evaluate(monkeypatch, encoder, folder, index, file, capsys):
    """Run the command over the folder of documents; return what it prints."""
    monkeypatch.setattr("qa.evaluation.commands.load_encoder", lambda name, cache: encoder)

    def run(*options):
        assert command.main(["evaluate", str(file), "--sources", str(folder), "--index", str(index), *options]) == 0
        return capsys.readouterr().out

    return run


def test_facts_are_alternatives_or_all_needed(file):
    assert [question.facts for question in read_questions(file)[:4]] == [
        (("Abyssinia", "Ethiopia"),),
        (("two minutes", "2 minutes"),),
        (("TWO\nminutes",), ("80 degrees",)),
        (("five minutes",),),
    ]


def test_a_question_is_unanswerable_only_if_its_file_says_so(file):
    assert [question.answerability for question in read_questions(file)] == [
        *["answerable"] * 5,
        *["unanswerable"] * 2,
        *["answerable"] * 2,
        "unknown",
    ]


def test_every_reply_gets_a_verdict_and_measures_have_intervals(evaluate):
    measures = json.loads(evaluate("--json"))
    found = {name: (round(one["value"], 3), one["count"]) for name, one in measures.items() if "value" in one}
    assert found["right"] == (0.5, 6)
    assert found["partial"] == (0.167, 6)
    assert found["wrong"] == (0.167, 6)
    assert found["declined"] == (0.143, 7)  # with the one whose facts are not known
    assert found["invented"] == (0.5, 2)
    assert found["passage@1"] == found["passage@5"] == (0.667, 6)
    assert found["recall@1"] == (1.0, 5)
    assert measures["right"]["low"] < 0.5 < measures["right"]["high"]


def test_measures_are_printed_by_kind(evaluate):
    kinds = json.loads(evaluate("--json"))["kinds"]
    assert {kind: measures["right"]["value"] for kind, measures in kinds.items() if "right" in measures} == {
        "": 1.0,
        "conversation": 1.0,
        "how-long": 0.25,
    }
    assert kinds["unanswerable"]["invented"]["value"] == 0.5
    table = evaluate().split("\n\n")[1].splitlines()
    assert [line.split() for line in table] == [
        ["kind", "right", "partial", "wrong", "declined", "no", "invented"],
        ["1", "0", "0", "0", "0", "0"],
        ["conversation", "1", "0", "0", "0", "0", "0"],
        ["how-long", "1", "1", "1", "1", "0", "0"],
        ["open", "0", "0", "0", "0", "0", "0"],
        ["unanswerable", "0", "0", "0", "0", "1", "1"],
    ]


def test_questions_without_a_kind_are_not_grouped(evaluate, file):
    file.write_text(json.dumps(QUESTIONS[0]))
    assert "kinds" not in json.loads(evaluate("--json"))
    assert "\nkind" not in evaluate()
