"""Written answers are measured by their facts, their support and their citations."""

import json

import pytest
from support.llm_server import language_model

import qa.__main__ as qa_command
from qa.evaluation.dataset import Question
from qa.evaluation.written import written_values
from qa.types import Answer, NoAnswer, Statement

QUESTION = "How long does green tea steep?"


@pytest.fixture
def evaluate(monkeypatch, encoder, folder, index, tmp_path, capsys):
    """Run evaluate with a language model of some behaviour on one question; the measures of written answers."""
    for module in ("qa.commands", "qa.evaluation.commands"):
        monkeypatch.setattr(f"{module}.load_encoder", lambda name, cache: encoder)
    file = tmp_path / "questions.jsonl"
    file.write_text(json.dumps({"question": QUESTION, "answers": ["two minutes"]}) + "\n", "utf-8")

    def run(behaviour, *options):
        with language_model() as llm:
            places = ["--sources", str(folder), "--index", str(index)]
            model = ["--llm", llm.address, "--llm-model", behaviour]
            assert qa_command.main(["evaluate", str(file), *places, *model, *options]) == 0
        return capsys.readouterr().out

    return run


def test_a_faithful_model_holds_every_fact(evaluate):
    written = json.loads(evaluate("faithful", "--json"))["written"]
    values = {name: measured["value"] for name, measured in written.items() if not name.startswith("seconds")}
    assert values == {
        "written": 1.0,
        "declined": 0.0,
        "sentences": 1.0,
        "sentences_supported": 1.0,
        "words": 6.0,
        "confidence": 1.0,
        "tokens": 42.0,
        "citation_precision": 1.0,
        "facts_held": 1.0,
        "citation_recall": 1.0,
    }
    assert 0 < written["seconds_to_first_sentence"]["value"] <= written["seconds"]["value"]


def test_a_model_that_invents_a_number_holds_no_fact(evaluate):
    written = json.loads(evaluate("number", "--json"))["written"]
    assert (written["facts_held"]["value"], written["sentences_supported"]["value"]) == (0.0, 0.0)
    assert written["citation_precision"]["value"] == 0.0


def test_the_table_has_the_written_answers(evaluate):
    out = evaluate("mixed")
    assert "Written answers\n" in out
    (line,) = [line for line in out.splitlines() if line.startswith("sentences_supported")]
    assert line.split()[1] == "0.500"


def test_an_endpoint_that_fails_writes_nothing(evaluate):
    written = json.loads(evaluate("500", "--json"))["written"]
    assert (written["written"]["value"], "sentences" in written) == (0.0, False)


def test_a_fact_without_its_quote_lowers_the_recall():
    question = Question(question=QUESTION, facts=(("two",), ("hot",)), answerability="answerable")
    reply = Answer(
        question=QUESTION,
        citations=(),
        confidence=0.5,
        statements=(Statement(text="Two minutes, hot.", support="unsupported"),),
    )
    values = written_values(question, reply)
    assert (values["facts_held"], values["citation_recall"]) == (0.0, 0.0)
    assert written_values(question, NoAnswer(question=QUESTION)) == {"written": 0.0, "declined": 1.0}
