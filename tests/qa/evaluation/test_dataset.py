import json

import pytest

from index.errors import FootnoteError
from qa.evaluation.dataset import Question, after_others, in_capitals, read_lines, read_questions, with_a_slip
from qa.types import Turn


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
    assert [question.kind for question in questions] == ["answerable", "unanswerable"]


def test_lines_of_json_are_questions(tmp_path):
    path = tmp_path / "q.jsonl"
    path.write_text('{"question": "Hot?", "answers": ["hot"], "document": "a.md"}\n\n{"question": "Cold?"}\n')
    assert read_questions(path) == ([Question("Hot?", ("hot",), "a.md"), Question("Cold?", ())], {})


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("nonsense", "is no JSON object"),
        ("[1]", "is no JSON object"),
        ("[" * 100_000, "is no JSON object"),
        ('{"answers": []}', 'has no "question"'),
        ('{"question": " "}', 'has no "question"'),
        ('{"question": 7}', 'has no "question"'),
        ('{"question": "x", "answers": 3}', 'has "answers" that are no list of texts'),
        ('{"question": "x", "answers": [3]}', 'has "answers" that are no list of texts'),
        ('{"question": "x", "answers": [""]}', 'has "answers" that are no list of texts'),
        ('{"question": "x", "document": 3}', 'has a "document" that is no text'),
    ],
)
def test_a_bad_line_is_named_with_what_is_wrong_with_it(tmp_path, line, wrong):
    path = tmp_path / "q.jsonl"
    path.write_text(f'{{"question": "Hot?"}}\n\n{line}\n')
    with pytest.raises(FootnoteError, match=rf"^Line 3 of q\.jsonl {wrong}: write \{{\"question\": "):
        read_questions(path)


@pytest.mark.parametrize("content", ["nonsense", '{"answers": []}', "[1]", '{"data": [{"title": "x"}]}'])
def test_another_layout_than_squads_is_said(tmp_path, content):
    (tmp_path / "q.json").write_text(content)
    with pytest.raises(FootnoteError, match=r"^q\.json is not of SQuAD's layout \(.*\): name lines of JSON \.jsonl"):
        read_questions(tmp_path / "q.json")


def test_a_file_without_questions_and_one_that_is_not_text_are_said(tmp_path):
    path = tmp_path / "q.jsonl"
    path.write_text("\n\n")
    with pytest.raises(FootnoteError, match=r"^q\.jsonl holds no question: write "):
        read_questions(path)
    path.write_bytes(b"\xff\xfe\xfd")
    with pytest.raises(FootnoteError, match=r"^q\.jsonl is not text in UTF-8: save it as that\.$"):
        read_questions(path)


def test_only_questions_for_the_documents_that_are_there_are_read_as_lines(tmp_path):
    path = tmp_path / "q.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"question": "Hot?"}\r\n')
    assert read_lines(path) == [Question("Hot?", ())]
    with pytest.raises(FootnoteError, match=r"^squad\.json is of SQuAD's layout and brings its own documents"):
        read_lines(tmp_path / "squad.json")


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(FootnoteError, match="cannot be opened"):
        read_questions(tmp_path / "none.jsonl")


def test_capitals_change_the_case_only():
    assert in_capitals(Question("How hot?", ("hot",))) == Question("HOW HOT?", ("hot",))


def test_a_slip_is_in_the_rarest_word_and_always_the_same():
    question = Question("What does the kettle do with water?", ())
    slipped = with_a_slip(question, lambda word: 0 if word == "kettle" else 5)
    assert slipped.question != question.question
    pairs = zip(question.question.split(), slipped.question.split(), strict=True)
    assert [word for word, other in pairs if word != other] == ["kettle"]
    assert slipped == with_a_slip(question, lambda word: 0 if word == "kettle" else 5)
    assert with_a_slip(Question("Is it on?", ()), lambda word: 0) == Question("Is it on?", ())


def test_a_line_may_be_asked_in_a_conversation(tmp_path):
    history = [{"role": "user", "content": "Is tea hot?"}, {"role": "assistant", "content": "Yes."}]
    line = {"question": "Why?", "history": history, "documents": ["a.md", "b.md"], "answerability": "PARTIAL"}
    path = tmp_path / "q.jsonl"
    path.write_text(json.dumps(line))
    ((question,), _) = read_questions(path)
    assert question == Question(
        "Why?", (), turns=(Turn("Is tea hot?", "Yes."),), documents=("a.md", "b.md"), label="partial"
    )
    assert question.kind == "answerable"
    assert Question("Why?", (), label="underspecified").kind == "underspecified"


def test_all_questions_of_a_conversation_are_of_one_half():
    first, *others = (Question("Why?", (), turns=(Turn(asked),)) for asked in ("a", "b", "c", "d"))
    assert first.is_of_even_conversation == Question("a", ()).is_of_even_conversation
    assert {question.is_of_even_conversation for question in others} == {True, False}


def test_a_question_can_be_asked_after_what_was_said_of_another_document():
    texts = {"a.md": "Tea is hot.", "b.md": "Ice is cold."}
    tea, ice = Question("Tea?", ("hot",), "a.md", (0, 11)), Question("Ice?", ("cold",), "b.md", (0, 12))
    assert [question.turns for question in after_others([tea, ice], texts)] == [
        (Turn("Ice?", "Ice is cold."),),
        (Turn("Tea?", "Tea is hot."),),
    ]
    talked = Question("Why?", (), turns=(Turn("Is tea hot?", "Yes."),))
    assert after_others([talked, Question("Ice?", ())], {}) == [Question("Ice?", (), turns=talked.turns)]
