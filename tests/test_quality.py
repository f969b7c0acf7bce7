"""The answers themselves, with the real model on real documents."""

import json
from pathlib import Path

import pytest

from index.building import build
from index.searching import Searcher
from qa.__main__ import main
from qa.answering import answer
from qa.questions import read_questions
from qa.types import Answer

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
OWN = [
    ("What is the Rajin port linked to by the railway project?", "Trans-Siberian"),
    ("Where is Russian coal to be transported?", "South Korea"),
    ("When did the Korean War take place?", "1950"),
    ("Who met Vladimir Putin?", "Kim Jong-un"),
    ("Which talks does Moscow participate in?", "Six-Party"),
    ("What do cultural exchanges promote?", "understanding"),
    ("How tall is the Eiffel Tower?", None),
    ("What is a good recipe for pancakes?", None),
]


def wrong(folder, index, model, questions):
    """The questions that did not get what they should, after checking each quote against the file on disk."""
    list(build(folder, index, model))
    searcher = Searcher(index, model)
    found = []
    for question, expected in questions:
        reply = answer(question, searcher)
        citations = reply.citations if isinstance(reply, Answer) else ()
        for citation in citations:
            text = (folder / citation.passage.path).read_bytes().decode("utf-8")
            assert text[citation.start : citation.end] == citation.quote
        held = any(string in citation.quote for citation in citations for string in expected)
        if not held if expected else citations:
            found.append((question, [citation.quote for citation in citations]))
    return found


def test_the_sources_answer_their_questions_and_no_others(model, tmp_path):
    questions = [(question, [expected] if expected else []) for question, expected in OWN]
    assert wrong(ROOT / "sources", tmp_path, model, questions) == []


@pytest.mark.parametrize("folder", [ROOT / "sources", SHARED / "documents"], ids=["sources", "documents"])
def test_the_owners_questions_are_answered_and_declined_as_they_should_be(folder, model, tmp_path):
    path = SHARED / "documents" / "questions.jsonl"
    if not path.exists():
        pytest.skip("needs ../shared/documents/questions.jsonl")
    questions = [(question.question, question.answers) for question in read_questions(path)[0]]
    assert wrong(folder, tmp_path, model, questions) == []


@pytest.mark.slow
def test_articles_held_back_from_tuning_are_answered_and_others_declined(capsys):
    path = SHARED / "data" / "squad-part.json"
    if not path.exists():
        pytest.skip("needs ../shared/data/squad-part.json")
    assert main(["evaluate", str(path), "--articles", "odd", "--plain", "--json"]) == 0
    measures = json.loads(capsys.readouterr().out)
    found = {name: measures[name]["value"] for name in measures if name not in ("plain", "reliability")}
    assert found["recall@1"] >= 0.88 > measures["plain"]["recall@1"]["value"] + 0.1
    assert found["recall@5"] >= 0.975
    assert found["expected_in_first_quote"] >= 0.82
    assert found["expected_in_quotes"] >= 0.88
    assert found["right_if_answered"] >= 0.92
    assert found["sentences_quoted"] <= 2.2
    assert found["AUROC_foreign"] >= 0.985
    assert max(found["foreign_answered"], found["answerable_refused"]) <= 0.06
