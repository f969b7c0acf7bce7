"""The answers themselves, with the real model on real documents."""

import json
from pathlib import Path

import pytest

from index.build import build
from index.search.searcher import Searcher
from qa.__main__ import main
from qa.answer.pipeline import answer
from qa.evaluation.dataset import read_questions
from qa.types import Answer, NoAnswer, as_turn

ROOT = Path(__file__).parents[2]
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


def cited(reply):
    return reply.citations if isinstance(reply, Answer) else ()


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
    questions = [(one.question, [text for fact in one.facts for text in fact]) for one in read_questions(path)]
    assert wrong(folder, tmp_path, model, questions) == []


@pytest.fixture(scope="module")
def talk(model, tmp_path_factory):
    """Questions asked of the sources as one conversation: their replies."""
    index = tmp_path_factory.mktemp("talk")
    list(build(ROOT / "sources", index, model))
    searcher = Searcher(index, model)

    def ask_all(*questions):
        replies = []
        for question in questions:
            replies.append(answer(question, searcher, turns=[as_turn(reply) for reply in replies]))
        return replies

    return ask_all


def test_more_never_repeats_a_quote_and_where_repeats_the_last_one(talk):
    *replies, again = talk("When was the railway opened?", *["tell me more"] * 4, "where does it say that?")
    quoted = [
        (c.passage.path, start)
        for r in replies
        for c in cited(r)
        for start, end in c.passage.sentences
        if c.start <= start and end <= c.end
    ]
    assert isinstance(replies[1], Answer)
    assert len(quoted) == len(set(quoted))
    assert cited(again) == [cited(reply) for reply in replies if cited(reply)][-1]


def test_three_turns_of_and_stay_on_the_subject(talk):
    first, *others = talk("When was the railway opened?", "And the port?", "And the coal?", "And its benefits?")
    assert "2013" in first.text
    assert [reply.follows for reply in others] == ["When was the railway opened?"] * 3
    for reply, word in zip(others, ("Rajin port", "coal", "benefits"), strict=True):
        assert "Rajin-Khasan" in reply.text and word in reply.text


def test_another_subject_is_declined_in_a_conversation_and_the_first_can_be_taken_up_again(talk):
    _, foreign, again = talk("When was the railway opened?", "How tall is the Eiffel Tower?", "And the port?")
    assert (cited(foreign), foreign.follows) == ((), "")
    assert "Rajin port" in again.text


def test_a_correction_replaces_the_last_question(talk):
    _, corrected = talk("When was the railway opened?", "no, I meant the Korean War")
    assert "1950" in corrected.text


def test_a_question_that_points_nowhere_gets_a_choice_that_is_answered(talk):
    (reply,) = talk("Who supported them?")
    assert isinstance(reply, NoAnswer)
    assert "Military cooperation and political backing: who supported them?" in reply.clarifications
    for choice in reply.clarifications:
        assert cited(*talk(choice))


@pytest.mark.slow
def test_articles_held_back_from_tuning_are_answered_and_others_declined(capsys):
    path = SHARED / "data" / "squad-part.json"
    if not path.exists():
        pytest.skip("needs ../shared/data/squad-part.json")
    assert main(["evaluate", str(path), "--articles", "odd", "--baseline", "--json"]) == 0
    measures = json.loads(capsys.readouterr().out)
    found = {name: measures[name]["value"] for name in measures if name not in ("baseline", "reliability")}
    assert found["recall@1"] >= 0.88 > measures["baseline"]["recall@1"]["value"] + 0.1
    assert found["recall@5"] >= 0.975
    assert found["expected_in_first_quote"] >= 0.82
    assert found["expected_in_quotes"] >= 0.88
    assert found["right_if_answered"] >= 0.92
    assert found["sentences_quoted"] <= 2.2
    assert found["AUROC_off_topic"] >= 0.985
    assert max(found["off_topic_answered"], found["declined"]) <= 0.06
