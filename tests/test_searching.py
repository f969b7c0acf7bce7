import pytest

from index.errors import IndexUnusableError
from index.searching import Searcher
from index.store import Store


@pytest.fixture
def search(run, index, encoder):
    run()
    return lambda question, k=5: Searcher(index, encoder).search(question, k)[1]


def test_the_passage_in_meaning_and_words_comes_first_and_says_why(search):
    hit = search("How long does green tea steep?")[0]
    assert (hit.passage.path, hit.passage.section) == ("tea.md", ("Tea", "Green"))
    assert (hit.keyword_rank, hit.meaning_rank) == (1, 1)
    assert hit.matched == ("green", "tea", "steep")
    assert [sentence.matched for sentence in hit.sentences] == [("green", "tea", "steep")]


def test_a_sentence_is_scored_for_itself(search):
    hit = search("espresso seconds")[0]
    assert [round(sentence.coverage, 2) for sentence in hit.sentences] == [0.0, 1.0]
    assert hit.sentences[0].similarity < hit.sentences[1].similarity


def test_the_same_words_in_two_files_are_two_hits(run, folder, index, encoder):
    (folder / "copy.txt").write_bytes((folder / "coffee.txt").read_bytes())
    run()
    hits = Searcher(index, encoder).search("Ethiopia", 2)[1]
    assert {hit.passage.path for hit in hits} == {"copy.txt", "coffee.txt"}


def test_the_heading_above_a_passage_is_searched_too(search):
    assert "tea" in search("tea leaves")[0].matched


@pytest.mark.parametrize(
    "question",
    ['"', '" OR 1', "'; DROP TABLE passage; --", "NEAR(tea coffee)", "tea*", "text:tea", "^tea", "{tea}", "-tea AND"],
)
def test_query_syntax_has_no_meaning(search, question):
    assert all(hit.passage.path in ("tea.md", "coffee.txt") for hit in search(question))


@pytest.mark.parametrize("question", ["", "   ", "?!", "🍵", "\0"])
def test_a_question_without_words_finds_nothing(search, question):
    assert search(question) == []


def test_the_same_question_has_the_same_hits(search):
    assert search("tea minutes") == search("tea minutes")


def test_without_an_index_it_says_so(index, encoder):
    with pytest.raises(IndexUnusableError, match=r"There is no index in .*: run python -m index build"):
        Searcher(index, encoder).search("tea", 1)


def test_frequencies_count_passages(run, index):
    run()
    with Store.open(index) as store:
        assert store.frequencies(["tea", "coffe", "zebra"]) == {"tea": 2, "coffe": 1}
