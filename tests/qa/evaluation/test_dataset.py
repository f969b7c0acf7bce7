import json

import pytest

from qa.errors import DatasetError
from qa.evaluation.dataset import (
    Dataset,
    Question,
    in_uppercase,
    read_dataset,
    read_questions,
    with_typo,
    with_unrelated_history,
)
from qa.types import Turn


def test_squad_becomes_documents_and_questions_with_their_places(tmp_path):
    qas = [
        {"question": "Hot?", "answers": [{"text": "hot"}]},
        {"question": "Cold?", "answers": [], "is_impossible": True},
    ]
    article = {"title": "Tea_time", "paragraphs": [{"context": "Tea is hot.", "qas": qas}]}
    path = tmp_path / "squad.json"
    path.write_text(json.dumps({"data": [article]}))
    dataset = read_dataset(path)
    assert dataset.documents == {"Tea_time.md": "# Tea time\n\nTea is hot.\n"}
    assert dataset.questions == [
        Question(question="Hot?", facts=(("hot",),), document="Tea_time.md", span=(12, 23)),
        Question(question="Cold?", answerability="unanswerable", document="Tea_time.md", span=(12, 23)),
    ]
    assert dataset.documents["Tea_time.md"][12:23] == "Tea is hot."
    assert [question.answerability for question in dataset.questions] == ["answerable", "unanswerable"]


def test_lines_of_json_are_questions(tmp_path):
    path = tmp_path / "q.jsonl"
    path.write_text('{"question": "Hot?", "answers": ["hot"], "document": "a.md"}\n\n{"question": "Cold?"}\n')
    assert read_dataset(path) == Dataset(
        questions=[
            Question(question="Hot?", facts=(("hot",),), document="a.md"),
            Question(question="Cold?", answerability="unanswerable"),
        ]
    )


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("nonsense", "is not a JSON object"),
        ("[1]", "is not a JSON object"),
        ("[" * 100_000, "is not a JSON object"),
        ('{"answers": []}', 'needs a "question" with text in it'),
        ('{"question": " "}', 'needs a "question" with text in it'),
        ('{"question": 7}', 'needs a "question" with text in it'),
        ('{"question": "x", "answers": 3}', 'needs "answers" that are a list of texts, or of lists of texts'),
        ('{"question": "x", "answers": [3]}', 'needs "answers" that are a list of texts, or of lists of texts'),
        ('{"question": "x", "answers": [""]}', 'needs "answers" that are a list of texts, or of lists of texts'),
        ('{"question": "x", "document": 3}', 'needs a "document" that is a text'),
    ],
)
def test_a_bad_line_is_named_with_what_is_wrong_with_it(tmp_path, line, wrong):
    path = tmp_path / "q.jsonl"
    path.write_text(f'{{"question": "Hot?"}}\n\n{line}\n')
    with pytest.raises(DatasetError, match=rf"^Line 3 of q\.jsonl {wrong}: write \{{\"question\": "):
        read_dataset(path)


@pytest.mark.parametrize("content", ["nonsense", '{"answers": []}', "[1]", '{"data": [{"title": "x"}]}'])
def test_another_layout_than_squads_is_said(tmp_path, content):
    (tmp_path / "q.json").write_text(content)
    with pytest.raises(DatasetError, match=r"^q\.json does not have SQuAD's layout \(.*\): name JSON lines \.jsonl"):
        read_dataset(tmp_path / "q.json")


def test_a_file_without_questions_and_one_that_is_not_text_are_said(tmp_path):
    path = tmp_path / "q.jsonl"
    path.write_text("\n\n")
    with pytest.raises(DatasetError, match=r"^q\.jsonl has no question: write "):
        read_dataset(path)
    path.write_bytes(b"\xff\xfe\xfd")
    with pytest.raises(DatasetError, match=r"^q\.jsonl is not UTF-8 text: save it as UTF-8\.$"):
        read_dataset(path)


def test_only_questions_for_the_documents_that_are_there_are_read_as_lines(tmp_path):
    path = tmp_path / "q.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"question": "Hot?"}\r\n')
    assert read_questions(path) == [Question(question="Hot?", answerability="unanswerable")]
    with pytest.raises(DatasetError, match=r"^squad\.json has SQuAD's layout and brings its own documents"):
        read_questions(tmp_path / "squad.json")


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(DatasetError, match="cannot be opened"):
        read_dataset(tmp_path / "none.jsonl")


def test_capitals_change_the_case_only():
    assert in_uppercase(Question(question="How hot?", facts=(("hot",),))) == Question(
        question="HOW HOT?", facts=(("hot",),)
    )


def test_a_slip_is_in_the_rarest_word_and_always_the_same():
    question = Question(question="What does the kettle do with water?", answerability="unanswerable")
    slipped = with_typo(question, lambda word: 0 if word == "kettle" else 5)
    assert slipped.question != question.question
    pairs = zip(question.question.split(), slipped.question.split(), strict=True)
    assert [word for word, other in pairs if word != other] == ["kettle"]
    assert slipped == with_typo(question, lambda word: 0 if word == "kettle" else 5)
    assert with_typo(Question(question="Is it on?", answerability="unanswerable"), lambda word: 0) == Question(
        question="Is it on?", answerability="unanswerable"
    )


def test_a_line_may_be_asked_in_a_conversation(tmp_path):
    history = [{"role": "user", "content": "Is tea hot?"}, {"role": "assistant", "content": "Yes."}]
    line = {"question": "Why?", "history": history, "documents": ["a.md", "b.md"], "answerability": "PARTIAL"}
    path = tmp_path / "q.jsonl"
    path.write_text(json.dumps(line))
    (question,) = read_dataset(path).questions
    assert question == Question(
        question="Why?", turns=(Turn("Is tea hot?", "Yes."),), documents=("a.md", "b.md"), answerability="answerable"
    )
    assert question.answerability == "answerable"
    assert Question(question="Why?", answerability="underspecified").answerability == "underspecified"


def test_all_questions_of_a_conversation_are_of_one_half():
    first, *others = (
        Question(question="Why?", answerability="unanswerable", turns=(Turn(asked),)) for asked in ("a", "b", "c", "d")
    )
    assert first.is_of_even_conversation == Question(question="a", answerability="unanswerable").is_of_even_conversation
    assert {question.is_of_even_conversation for question in others} == {True, False}


def test_a_question_can_be_asked_after_what_was_said_of_another_document():
    texts = {"a.md": "Tea is hot.", "b.md": "Ice is cold."}
    tea, ice = (
        Question(question="Tea?", facts=(("hot",),), document="a.md", span=(0, 11)),
        Question(question="Ice?", facts=(("cold",),), document="b.md", span=(0, 12)),
    )
    assert [question.turns for question in with_unrelated_history([tea, ice], texts)] == [
        (Turn("Ice?", "Ice is cold."),),
        (Turn("Tea?", "Tea is hot."),),
    ]
    talked = Question(question="Why?", answerability="unanswerable", turns=(Turn("Is tea hot?", "Yes."),))
    assert with_unrelated_history([talked, Question(question="Ice?", answerability="unanswerable")], {}) == [
        Question(question="Ice?", answerability="unanswerable", turns=talked.turns)
    ]
