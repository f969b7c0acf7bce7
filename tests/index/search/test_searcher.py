import pytest

from index.errors import IndexUnusableError
from index.search import searcher as searching
from index.search.searcher import Searcher
from index.store.store import Store
from index.types import ContextText


@pytest.fixture
def search(run, index, encoder):
    run()
    return lambda question, k=5: Searcher(index, encoder).search(question, k).hits


def test_the_passage_in_meaning_and_words_comes_first_and_says_why(search):
    hit = search("How long does green tea steep?")[0]
    assert (hit.passage.path, hit.passage.section) == ("tea.md", ("Tea", "Green"))
    assert (hit.bm25_rank, hit.semantic_rank) == (1, 1)
    assert hit.matched == ("green", "tea", "steep")
    assert [sentence.matched for sentence in hit.sentences] == [("green", "tea", "steep")]


def test_a_sentence_is_scored_for_itself(search):
    hit = search("espresso seconds")[0]
    assert [round(sentence.term_coverage, 2) for sentence in hit.sentences] == [0.0, 1.0]
    assert hit.sentences[0].similarity < hit.sentences[1].similarity


def test_words_written_as_one_or_apart_meet(run, folder, index, encoder):
    (folder / "wood.txt").write_text("The rainforest grows.\n\nThe tea pot breaks.\n\n" + "Other things. " * 9)
    run()
    search = Searcher(index, encoder).search
    assert "rainforest" in search("rain forest", 1).hits[0].passage.text
    found = search("teapots breaks", 1)
    assert "tea pot" in found.hits[0].passage.text


def test_a_slip_is_searched_as_what_was_meant(search, index, encoder):
    found = Searcher(index, encoder).search("Where is Ethoipia?", 1)
    assert found.question == "Where is Ethiopia?"
    assert found.hits[0].matched == ("ethiopia",)


def test_a_word_that_the_model_knows_is_no_slip(search, run, folder, index, encoder):
    (folder / "animals.txt").write_text("A zebro is small.")
    run()
    assert Searcher(index, encoder).search("What is a zebra?", 1).question == "What is a zebra?"


def test_the_words_that_meet_the_question_are_marked(search):
    hit = search("espresso seconds")[0]
    text = hit.passage.text
    assert [text[start - hit.passage.start : end - hit.passage.start] for start, end in hit.marks] == [
        "Espresso",
        "seconds",
    ]


def test_a_sentence_is_scored_word_by_word_alone_and_with_the_one_before(search):
    first, second = search("Ethiopia espresso")[0].sentences
    assert first.maxsim == first.maxsim_with_previous == pytest.approx(0.5, abs=0.01)
    assert second.maxsim == pytest.approx(0.5, abs=0.01)
    assert second.maxsim_with_previous == pytest.approx(1.0, abs=0.01)


def test_the_same_words_in_two_files_are_two_hits(run, folder, index, encoder):
    (folder / "copy.txt").write_bytes((folder / "coffee.txt").read_bytes() + b"\n")
    run()
    hits = Searcher(index, encoder).search("Ethiopia", 2).hits
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
    assert search(question) == ()


def test_the_same_question_has_the_same_hits(search):
    assert search("tea minutes") == search("tea minutes")


def test_without_an_index_it_says_so(index, encoder):
    with pytest.raises(IndexUnusableError, match=r"There is no index in .*: run python -m index build"):
        Searcher(index, encoder).search("tea", 1)


def test_frequencies_count_passages(run, index):
    run()
    with Store.open(index) as store:
        assert store.passage_counts(["tea", "coffe", "zebra"]) == {"tea": 2, "coffe": 1}


def test_keyword_search_leaves_out_words_that_too_many_passages_hold(run, folder, index, encoder, monkeypatch):
    monkeypatch.setattr(searching, "MOST_HELD", 2)
    asked = []
    search = Store.keyword_search
    monkeypatch.setattr(
        Store, "keyword_search", lambda store, stems, *rest: asked.append(stems) or search(store, stems, *rest)
    )
    run()
    searcher = Searcher(index, encoder)
    assert searcher.search("Does green tea steep for two minutes?", 1).hits[0].passage.section == ("Tea", "Green")
    assert {"green", "two"} <= set(asked[0]) and not {"tea", "steep", "minut"} & set(asked[0])
    searcher.search("tea", 1)
    assert asked[1] == ["tea"]


def test_what_was_said_before_counts_by_its_weight(run, index, encoder):
    run()
    search = Searcher(index, encoder).search
    question = "How many minutes?"
    assert search(question, 1, [ContextText("Black tea", 0.5)]).hits[0].passage.section == ("Tea", "Black")
    assert search(question, 1, [ContextText("Green tea", 0.5)]).hits[0].passage.section == ("Tea", "Green")
    heavier = [ContextText("Black tea", 0.2), ContextText("Green tea", 0.4)]
    assert search(question, 1, heavier).hits[0].passage.section == ("Tea", "Green")


def test_what_was_said_before_is_searched_and_not_marked(run, index, encoder):
    run()
    hit = Searcher(index, encoder).search("minutes", 1, [ContextText("Black tea", 0.5)]).hits[0]
    assert set(hit.matched) == {"minut", "black", "tea"}
    assert [hit.passage.quote(*mark) for mark in hit.marks] == ["minutes"]


def test_a_text_without_words_adds_nothing(run, index, encoder):
    run()
    searcher = Searcher(index, encoder)
    alone, with_nothing = (searcher.search("green tea", 2, said).hits for said in ((), [ContextText("?!", 0.5)]))
    assert [hit.passage for hit in with_nothing] == [hit.passage for hit in alone]


def test_nearness_is_in_meaning(run, index, encoder):
    run()
    near = Searcher(index, encoder).similarities("green tea", ["tea", "coffee", "green tea"])
    assert near == pytest.approx([0.5**0.5, 0.0, 1.0])
