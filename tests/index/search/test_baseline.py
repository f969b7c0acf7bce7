"""The baseline searches whole passages by cosine."""

from index.search.baseline import BaselineSearcher


def test_the_nearest_passage_is_first_by_cosine(folder, index, run, encoder):
    run()
    found = BaselineSearcher(index, encoder).search("Green tea steeps for two minutes.", 2)
    assert [hit.semantic_rank for hit in found.hits] == [1, 2]
    assert found.hits[0].passage.text == "Green tea steeps for two minutes."
    assert found.hits[0].score > found.hits[1].score
    assert (found.generation, found.total_passages) == (1, 3)
