import json

import pytest

from qa.errors import DatasetError
from qa.evaluation.corpora import off_topic_questions, read_corpora


def squad(path, titles, questions=1, unanswerable=0):
    """Write a file of SQuAD's layout: for each title an article with a paragraph and its questions."""
    data = [
        {
            "title": title,
            "paragraphs": [
                {
                    "context": f"{title} is hot.",
                    "qas": [
                        *({"question": f"{title} {n}?", "answers": [{"text": "hot"}]} for n in range(questions)),
                        *(
                            {"question": f"no {title} {n}?", "answers": [], "is_impossible": True}
                            for n in range(unanswerable)
                        ),
                    ],
                }
            ],
        }
        for title in titles
    ]
    path.write_text(json.dumps({"data": data}))
    return path


def folder(path, *lines):
    (path / "documents").mkdir(parents=True)
    (path / "questions.jsonl").write_text("\n".join(map(json.dumps, lines)))
    return path


TEA = {"question": "  How hot\nis tea? ", "answers": ["hot"], "document": "tea.md"}
COLD = {"question": "How cold is it?", "answers": []}


def texts(questions):
    return [question.question for question in questions]


def test_a_set_is_a_file_a_folder_or_a_folder_of_folders(tmp_path):
    real = folder(tmp_path / "real", TEA, COLD)
    for name in ("b", "a"):
        folder(tmp_path / "cases" / name, TEA)
    (tmp_path / "cases" / "notes").mkdir()
    found = read_corpora([real, tmp_path / "cases", squad(tmp_path / "squad.json", ["Oolong"])], "even", 480)
    assert [(corpus.name, corpus.layout, corpus.folder) for corpus in found] == [
        ("real", "folder", real / "documents"),
        ("cases", "folders", tmp_path / "cases" / "a" / "documents"),
        ("cases", "folders", tmp_path / "cases" / "b" / "documents"),
        ("squad.json", "squad", tmp_path / "squad.json"),
    ]
    assert texts(found[0].questions) == ["How hot is tea?", "How cold is it?"]
    assert found[3].documents == {"Oolong.md": "# Oolong\n\nOolong is hot.\n"}


def test_what_is_no_set_is_refused_in_one_sentence(tmp_path):
    (tmp_path / "questions.jsonl").write_text(json.dumps(TEA))
    wrong = (
        r"is not a set: name a SQuAD file \(\.json\), a folder with documents/ and questions\.jsonl, or a folder of "
        r"those\.$"
    )
    for path in (tmp_path, tmp_path / "questions.jsonl", tmp_path / "none"):
        with pytest.raises(DatasetError, match=rf"^{path} {wrong}"):
            read_corpora([path], "even", 480)
    with pytest.raises(DatasetError, match=r"none\.json cannot be opened \(No such file or directory\)"):
        read_corpora([tmp_path / "none.json"], "even", 480)


@pytest.mark.parametrize(("articles", "asked"), [("even", "AC"), ("odd", "BD"), ("all", "ABCD")])
def test_of_squad_some_articles_are_asked_about(tmp_path, articles, asked):
    found = read_corpora([squad(tmp_path / "squad.json", "ABCD"), folder(tmp_path / "real", TEA)], articles, 480)
    assert texts(found[0].questions) == [f"{title} 0?" for title in asked]
    assert list(found[0].documents) == ["A.md", "B.md", "C.md", "D.md"]


def test_of_squad_few_unanswerable_questions_are_asked_and_of_all_a_sample(tmp_path):
    (corpus,) = read_corpora([squad(tmp_path / "squad.json", "A", questions=8, unanswerable=16)], "even", 480)
    assert texts(corpus.questions) == [*(f"A {n}?" for n in range(8)), "no A 0?", "no A 15?"]
    (corpus,) = read_corpora([squad(tmp_path / "squad.json", "A", questions=8)], "even", 3)
    assert texts(corpus.questions) == ["A 0?", "A 2?", "A 5?"]


def test_off_topic_questions_are_those_of_other_sets_that_can_be_answered_there(tmp_path):
    follow_up = {**TEA, "question": "And coffee?", "history": [{"role": "user", "content": "How hot is tea?"}]}
    real = folder(tmp_path / "real", TEA, COLD, follow_up)
    for name in ("a", "b"):
        folder(tmp_path / "cases" / name, {**TEA, "question": f"{name}?"})
    found = read_corpora([real, tmp_path / "cases"], "even", 480)
    off_topic = [off_topic_questions(corpus, found) for corpus in found]
    assert list(map(texts, off_topic)) == [["a?", "b?"], ["How hot is tea?"], ["How hot is tea?"]]
    assert {one.answerability for questions in off_topic for one in questions} == {"off_topic"}
    cases = read_corpora([tmp_path / "cases"], "even", 480)
    assert [texts(off_topic_questions(corpus, cases)) for corpus in cases] == [["b?"], ["a?"]]


def test_the_questions_of_a_squad_file_alone_are_off_topic_for_its_other_articles(tmp_path):
    path = squad(tmp_path / "squad.json", "ABC")
    about, others = read_corpora([path], "even", 480)
    assert (about.name, others.name) == ("squad.json", "squad.json")
    assert (list(others.documents), others.questions) == (["B.md"], ())
    assert texts(off_topic_questions(others, [about, others])) == ["A 0?", "C 0?"]
    assert off_topic_questions(about, [about, others]) == []
    assert len(read_corpora([path], "all", 480)) == 1


def test_questions_about_one_document_or_of_one_small_folder_are_left_out_together(tmp_path):
    real = folder(tmp_path / "real", TEA, {**TEA, "document": "ice.md"}, {**TEA, "question": "Is tea green?"}, COLD)
    for name in ("a", "b"):
        folder(tmp_path / "cases" / name, TEA, COLD)
    groups = [
        [corpus.group(one) for one in corpus.questions]
        for corpus in read_corpora([real, tmp_path / "cases"], "even", 480)
    ]
    assert groups[0] == ["real/tea.md", "real/ice.md", "real/tea.md", "real/How cold is it?"]
    assert len(set(groups[1])) == len(set(groups[2])) == 1
    assert groups[1] != groups[2]
