"""SQLite with FAISS and PostgreSQL with pgvector find the same passages, with the real model on real documents."""

from pathlib import Path

import pytest

from index.build import build
from index.postgres import halfvec
from index.search.searcher import Searcher
from index.store.embedded import index_of
from qa.evaluation.dataset import read_dataset

SHARED = Path(__file__).parents[3] / "shared" / "data"
QUESTIONS = 500
pytestmark = [pytest.mark.slow]


def squad(tmp_path):
    """Documents of SQuAD, and 500 questions about them."""
    path = SHARED / "squad-part.json"
    if not path.exists():
        pytest.skip("needs ../shared/data/squad-part.json")
    dataset = read_dataset(path)
    chosen = list(dataset.documents)[1::2]
    for name in chosen:
        (tmp_path / name).write_text(dataset.documents[name], "utf-8")
    questions = [one.question for one in dataset.questions if one.document in chosen]
    return tmp_path, questions[:: len(questions) // QUESTIONS][:QUESTIONS]


def real(tmp_path):
    """Documents of many kinds, and questions as people type them."""
    path = SHARED / "real" / "questions.jsonl"
    if not path.exists():
        pytest.skip("needs ../shared/data/real")
    return path.with_name("documents"), [one.question for one in read_dataset(path).questions]


@pytest.mark.parametrize("exact", [True, False], ids=["exact", "graph"])
@pytest.mark.parametrize("corpus", [squad, real])
def test_the_first_hit_of_every_question_is_the_same(corpus, exact, model, tmp_path, database, monkeypatch):
    if not exact:
        monkeypatch.setattr(halfvec, "MAX_EXACT_ROWS", 100)
    folder = tmp_path / "sources"
    folder.mkdir()
    folder, questions = corpus(folder)
    searchers = []
    for index in (tmp_path / "index", database):
        *_, report = build(folder, index, model)
        searchers.append(Searcher(index, model))
    with index_of(database).open() as store:
        assert store.search_kind() == (halfvec.EXACT if exact else halfvec.GRAPH)
    differ, lists = [], 0
    for question in questions:
        first, second = (
            [(hit.passage.path, hit.passage.start) for hit in searcher.search(question, 10).hits]
            for searcher in searchers
        )
        lists += first == second
        if first[:1] != second[:1]:
            differ.append((question, first[:1], second[:1]))
    print(f"{corpus.__name__}: {len(questions)} questions, {report.passages} passages, {lists} lists of ten the same")
    assert differ == []
