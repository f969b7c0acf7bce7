import json

import pytest

from index.errors import FootnoteError
from index.types import Hit, Passage
from qa.evaluation import Measure, Question, evaluate, measure, read_questions
from qa.types import Answer, Citation, NoAnswer

RIGHT = Passage("a.md", 0, 8, "Tea hot.", ((0, 8),))
WRONG = Passage("b.md", 0, 8, "Ice raw.", ((0, 8),))


def reply(question):
    if question == "unknown":
        return NoAnswer("unknown", (Hit(WRONG, 1.0),))
    order = (RIGHT, WRONG) if question == "tea" else (WRONG, RIGHT)
    citations = tuple(Citation(n, p.text, 0, 8, p) for n, p in enumerate(order, 1))
    return Answer(question, citations, 1.0, tuple(Hit(p, 1.0) for p in order))


def test_measures_are_means_over_the_questions_that_they_concern():
    questions = [
        Question("tea", ("hot",), "a.md", (0, 8)),
        Question("heat", ("HOT",), "a.md", (0, 8)),
        Question("unknown", ()),
    ]
    found = {name: (measured.value, measured.count) for name, measured in evaluate(questions, reply).items()}
    assert found == {
        "answered": (1.0, 2),
        "expected_in_first_quote": (0.5, 2),
        "expected_in_quotes": (1.0, 2),
        "quotes": (2.0, 2),
        "right_first": (0.5, 2),
        "right_in_5": (1.0, 2),
        "declined": (1.0, 1),
    }


def test_an_interval_holds_its_mean_and_is_the_same_each_time():
    assert measure([0.0, 1.0] * 50) == measure([0.0, 1.0] * 50)
    measured = measure([0.0, 1.0] * 50)
    assert isinstance(measured, Measure)
    assert 0.35 < measured.low < 0.5 < measured.high < 0.65


def test_squad_becomes_documents_and_questions_with_their_places(tmp_path):
    qas = [
        {"question": "Hot?", "answers": [{"text": "hot"}]},
        {"question": "Cold?", "answers": [], "is_impossible": True},
    ]
    article = {"title": "Tea_time", "paragraphs": [{"context": "Tea is hot.", "qas": qas}]}
    path = tmp_path / "squad.json"
    path.write_text(json.dumps({"data": [article]}))
    questions, documents = read_questions(path)
    assert documents == {"Tea_time.md": "# Tea time\n\nTea is hot.\n"}
    assert questions == [
        Question("Hot?", ("hot",), "Tea_time.md", (12, 23)),
        Question("Cold?", (), "Tea_time.md", (12, 23)),
    ]
    assert documents["Tea_time.md"][12:23] == "Tea is hot."


def test_lines_of_json_are_questions(tmp_path):
    path = tmp_path / "q.jsonl"
    path.write_text('{"question": "Hot?", "answers": ["hot"], "document": "a.md"}\n\n{"question": "Cold?"}\n')
    assert read_questions(path) == ([Question("Hot?", ("hot",), "a.md"), Question("Cold?", ())], {})


@pytest.mark.parametrize("content", ["nonsense", '{"answers": []}', "[1]", '{"question": "x", "answers": 3}'])
def test_another_layout_is_said(tmp_path, content):
    for name in ("q.json", "q.jsonl"):
        (tmp_path / name).write_text(content)
        with pytest.raises(FootnoteError, match=r"is neither of SQuAD's layout \(\.json\) nor JSON lines"):
            read_questions(tmp_path / name)


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(FootnoteError, match="cannot be opened"):
        read_questions(tmp_path / "none.jsonl")
