import numpy as np
import pytest

from index.store import vector_index as vectors
from index.store.vector_index import Codes, VectorIndex

ROWS = np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float16)


def many(count, width=32):
    rows = np.random.default_rng(1).normal(size=(count, width)).astype(np.float32)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)


def test_rows_come_nearest_first_and_never_more_than_there_are():
    found = VectorIndex(ROWS).search(np.array([0, 1], dtype=np.float32), 9)
    assert [(row, round(score, 3)) for row, score in found] == [(1, 1.0), (2, 0.8), (0, 0.0)]


def test_an_empty_index_finds_nothing():
    assert VectorIndex(ROWS[:0]).search(np.array([0, 1], dtype=np.float32), 5) == []


def test_a_query_of_another_width_is_refused():
    with pytest.raises(ValueError, match=r"shape \(3,\) does not fit vectors of shape \(3, 2\)"):
        VectorIndex(ROWS).search(np.ones(3, dtype=np.float32), 1)


def test_the_cosines_of_chosen_rows_come_in_their_order():
    found = VectorIndex(ROWS).cosines(np.array([2, 0]), np.array([0, 1], dtype=np.float32))
    assert found.tolist() == pytest.approx([0.8, 0.0], abs=1e-3)


def test_many_rows_are_found_by_codes_with_the_scores_that_they_have(monkeypatch):
    rows = many(5_000)
    query = rows[7].astype(np.float32)
    exact = VectorIndex(rows)
    monkeypatch.setattr(vectors, "MAX_EXACT_ROWS", 1_000)
    coded = VectorIndex(rows)
    assert exact.codes is None and coded.codes is not None
    scores = rows.astype(np.float32) @ query
    found = coded.search(query, 50)
    assert found[0] == (7, pytest.approx(1.0, abs=1e-3))
    assert [score for _, score in found] == pytest.approx([float(scores[row]) for row, _ in found], abs=1e-3)
    assert {row for row, _ in exact.search(query, 10)} <= {row for row, _ in found}


def test_codes_made_earlier_are_kept_and_new_rows_get_theirs(monkeypatch):
    monkeypatch.setattr(vectors, "MAX_EXACT_ROWS", 1_000)
    rows = many(3_000)
    codes = VectorIndex(rows[:2_000]).codes
    more = VectorIndex(rows, Codes(codes.centroids, codes.rows[:1_500]))
    assert (more.codes.centroids == codes.centroids).all()
    assert (more.codes.rows[:2_000] == codes.rows).all()
    assert more.search(rows[2_900].astype(np.float32), 1)[0][0] == 2_900
