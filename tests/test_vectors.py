import numpy as np
import pytest

from index.vectors import VectorIndex


def test_rows_come_nearest_first_and_never_more_than_there_are():
    vectors = VectorIndex(2)
    vectors.add(np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32))
    found = vectors.search(np.array([0, 1], dtype=np.float32), 9)
    assert [(row, round(score, 3)) for row, score in found] == [(1, 1.0), (2, 0.8), (0, 0.0)]


def test_an_empty_index_finds_nothing():
    assert VectorIndex(2).search(np.array([0, 1], dtype=np.float32), 5) == []


def test_a_vector_of_another_width_is_refused():
    with pytest.raises(ValueError, match=r"shape \(1, 3\) do not fit an index of width 2"):
        VectorIndex(2).add(np.ones((1, 3), dtype=np.float32))


def test_the_cosines_of_chosen_rows_come_in_their_order():
    vectors = VectorIndex(2)
    vectors.add(np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32))
    found = vectors.cosines(np.array([2, 0], dtype=np.int64), np.array([0, 1], dtype=np.float32))
    assert found.tolist() == pytest.approx([0.8, 0.0], abs=1e-3)
