import numpy as np
import pytest
from support.libraries import built

from index.store.embedded import index_of

pytestmark = pytest.mark.stores


@pytest.fixture(name="built")
def built_library(library):
    return built(library)


def test_before_there_is_an_index_there_are_no_contents(library):
    assert (library.contents().generation, library.contents().titles) == (0, {})


def test_contents_are_the_titles_by_path_and_read_again_after_a_build_only(built, folder, monkeypatch):
    contents = built.contents()
    assert (contents.titles, contents.total_passages) == ({"coffee.txt": "coffee", "tea.md": "Tea"}, 3)
    assert built.contents() is contents
    (folder / "milk.md").write_text("# Milk\n\nMilk is cold.\n")
    built.start_build()
    built.wait()
    assert built.contents().titles["milk.md"] == "Milk"
    assert built.contents().generation == contents.generation + 1


@pytest.mark.quick
def test_passages_come_in_order_with_their_own_vector_and_those_of_their_sentences(built, encoder):
    found = built.passages_of("coffee.txt")
    ((passage, vectors),) = found
    texts = [passage.text, *(passage.quote(start, end) for start, end in passage.sentences)]
    assert vectors.shape == (3, encoder.width)
    assert np.allclose(vectors, encoder.encode(texts), atol=1e-3)
    assert [passage.section for passage, _ in built.passages_of("tea.md")] == [("Tea", "Green"), ("Tea", "Black")]
    assert built.passages_of("none.md") == []


def test_the_passages_of_some_documents_are_found_by_their_numbers(built, index):
    with index_of(index).open() as store:
        numbers = store.numbers_of(["tea.md", "none.md"])
        assert {passage.path for passage in store.passages(numbers).values()} == {"tea.md"}
        assert len(numbers) == 2
        assert [number for number, _ in store.keyword_search(["coffe", "tea"], 9, only=numbers)] == numbers
        assert store.keyword_search(["tea"], 9, only=[]) == []
