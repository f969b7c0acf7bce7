import pytest

from index.errors import IndexUnusableError
from index.search import query as preparing
from index.search import searcher as searching
from index.search.searcher import Searcher
from index.store.embedded import index_of
from index.store.store import Store
from index.types import ContextText

pytestmark = pytest.mark.stores


@pytest.fixture
def search(run, index, encoder):
    run()
    return lambda question, k=5: Searcher(index, encoder).search(question, k).hits


@pytest.mark.quick
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


def test_words_match_written_as_one_or_as_two(run, folder, index, encoder):
    (folder / "wood.txt").write_text("The rainforest grows.\n\nThe tea pot breaks.\n\n" + "Other things. " * 9)
    run()
    search = Searcher(index, encoder).search
    assert "rainforest" in search("rain forest", 1).hits[0].passage.text
    found = search("teapots breaks", 1)
    assert "tea pot" in found.hits[0].passage.text


def test_a_typo_is_searched_as_the_word_that_was_meant(search, index, encoder):
    found = Searcher(index, encoder).search("Where is Ethoipia?", 1)
    assert found.question == "Where is Ethiopia?"
    assert found.hits[0].matched == ("ethiopia",)


def test_a_word_that_the_model_knows_is_no_typo(search, run, folder, index, encoder):
    (folder / "animals.txt").write_text("A zebro is small.")
    run()
    assert Searcher(index, encoder).search("What is a zebra?", 1).question == "What is a zebra?"


def test_the_words_that_match_the_question_are_marked(search):
    hit = search("espresso seconds")[0]
    text = hit.passage.text
    assert [text[start - hit.passage.start : end - hit.passage.start] for start, end in hit.marks] == [
        "Espresso",
        "seconds",
    ]


def test_a_sentence_has_a_late_interaction_score_alone_and_with_the_one_before(search):
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


@pytest.mark.quick
def test_without_an_index_it_says_so(index, encoder):
    with pytest.raises(IndexUnusableError, match=r"There is no index in .*: run python -m index build"):
        Searcher(index, encoder).search("tea", 1)


def test_frequencies_count_passages(run, index):
    run()
    with index_of(index).open() as store:
        assert store.passage_counts(["tea", "coffe", "zebra"]) == {"tea": 2, "coffe": 1}


@pytest.mark.folder_only
def test_keyword_search_leaves_out_words_that_too_many_passages_hold(run, folder, index, encoder, monkeypatch):
    monkeypatch.setattr(preparing, "MAX_MATCHES", 2)
    asked = []
    search = Store.keyword_search

    def recorded(store, terms, k, only=None):
        asked.append(terms)
        return search(store, terms, k, only)

    monkeypatch.setattr(Store, "keyword_search", recorded)
    run()
    searcher = Searcher(index, encoder)
    assert searcher.search("Does green tea steep for two minutes?", 1).hits[0].passage.section == ("Tea", "Green")
    assert {"green", "two"} <= set(asked[0]) and not {"tea", "steep", "minut"} & set(asked[0])
    searcher.search("tea", 1)
    assert asked[1] == ("tea",)


@pytest.mark.quick
def test_earlier_texts_count_by_their_weight(run, index, encoder):
    run()
    search = Searcher(index, encoder).search
    question = "How many minutes?"
    assert search(question, 1, [ContextText("Black tea", 0.5)]).hits[0].passage.section == ("Tea", "Black")
    assert search(question, 1, [ContextText("Green tea", 0.5)]).hits[0].passage.section == ("Tea", "Green")
    heavier = [ContextText("Black tea", 0.2), ContextText("Green tea", 0.4)]
    assert search(question, 1, heavier).hits[0].passage.section == ("Tea", "Green")


def test_earlier_texts_are_searched_and_not_marked(run, index, encoder):
    run()
    hit = Searcher(index, encoder).search("minutes", 1, [ContextText("Black tea", 0.5)]).hits[0]
    assert set(hit.matched) == {"minut", "black", "tea"}
    assert [hit.passage.quote(*mark) for mark in hit.marks] == ["minutes"]


def test_a_text_without_words_adds_nothing(run, index, encoder):
    run()
    searcher = Searcher(index, encoder)
    alone, with_nothing = (searcher.search("green tea", 2, said).hits for said in ((), [ContextText("?!", 0.5)]))
    assert [hit.passage for hit in with_nothing] == [hit.passage for hit in alone]


def test_similarities_are_cosines(run, index, encoder):
    run()
    near = Searcher(index, encoder).similarities("green tea", ["tea", "coffee", "green tea"])
    assert near == pytest.approx([0.5**0.5, 0.0, 1.0])


def test_scores_are_the_shares_of_all_candidates(search):
    hits = search("How long does tea steep?")
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert sum(hit.score for hit in hits) == pytest.approx(1.0)
    assert search("How long does tea steep?", 1) == hits[:1]


@pytest.mark.quick
def test_only_the_chosen_documents_are_searched(run, folder, index, encoder):
    (folder / "more.md").write_text("# Tea\n\nGreen tea is green.\n")
    run()
    searcher = Searcher(index, encoder)
    found = searcher.search("green tea", 9, only=frozenset(["more.md"]))
    assert {hit.passage.path for hit in found.hits} == {"more.md"}
    assert {hit.passage.path for hit in searcher.search("green tea", 9).hits} >= {"more.md", "tea.md"}
    assert searcher.search("espresso", 9, only=frozenset(["more.md"])).hits[0].matched == ()
    assert searcher.search("green tea", 9, only=frozenset(["gone.md"])).hits == ()
    assert searcher.search("green tea", 9, only=frozenset()).hits == ()


def test_every_passage_of_the_chosen_documents_is_compared_however_many_are_nearer(
    run, folder, index, encoder, monkeypatch
):
    monkeypatch.setattr(searching, "ROWS", 2)
    (folder / "near.txt").write_text("\n\n".join(f"Green tea number {number}. " * 9 for number in range(9)))
    (folder / "far.txt").write_text("Nothing else grows here.\n")
    run()
    (hit,) = Searcher(index, encoder).search("green tea", 9, only=frozenset(["far.txt"])).hits
    assert hit.passage.path == "far.txt"


def test_the_best_by_keyword_is_a_candidate_however_low_it_is_by_meaning(run, folder, index, encoder, monkeypatch):
    monkeypatch.setattr(searching, "RERANKED", 1)
    monkeypatch.setattr(searching, "RERANKED_OF_EACH", 1)
    monkeypatch.setattr(searching, "combine", lambda semantic, keyword: semantic)
    filler = " ".join(
        f"Valve {word} shuts." for word in ("alpha", "bravo", "delta", "gamma", "kappa", "sigma", "omega")
    )
    (folder / "codes.txt").write_text(f"{filler} Fault E1043 is rare. {filler}\n")
    (folder / "fault.txt").write_text("Fault fault.\n")
    run()
    hits = Searcher(index, encoder).search("fault E-1043", 9).hits
    assert {hit.passage.path for hit in hits if hit.bm25_rank == 1} == {"codes.txt"}
    assert {hit.passage.path for hit in hits if hit.semantic_rank == 1} == {"fault.txt"}


@pytest.mark.parametrize("written", ["E-1043", "E1043", "e-1043", "e1043"])
def test_a_code_is_found_however_it_is_written(run, folder, index, encoder, written):
    (folder / "codes.txt").write_text("E-1043: the pump is dry.\n")
    (folder / "others.txt").write_text("E-1044: the valve is shut. Part 1043 and the letter E are listed here.\n")
    run()
    found = Searcher(index, encoder).search(f"What is {written}?", 1)
    assert (found.hits[0].passage.path, found.hits[0].matched, found.unknown) == ("codes.txt", ("e1043",), ())


def test_codes_and_names_that_no_document_holds_are_reported(run, index, encoder):
    run()
    search = Searcher(index, encoder).search
    assert search("Does tea of type S-187 steep?", 1).unknown == ("S-187",)
    assert search("Did Mozart drink green tea?", 1).unknown == ("Mozart",)
    assert search("Does coffee come from Ethiopia?", 1).unknown == ()


def test_the_words_of_a_file_s_name_count_for_its_passages(run, folder, index, encoder):
    for name in ("alpha", "harbour rules", "omega"):
        (folder / f"{name}.txt").write_text("Boats leave at nine.\n" + f"{name[0]}.\n")
    run()
    hits = Searcher(index, encoder).search("harbour boats", 3).hits
    assert hits[0].passage.path == "harbour rules.txt"


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (
            "Federal Agency for Bridge Inspection inspects each bridge how often?",
            "FABI inspects each bridge every six years.",
        ),
        ("how often fabi inspects each bridge", "FABI inspects each bridge every six years."),
        ("Who leads FABI?", "The Federal Agency for Bridge Inspection is led by Lee."),
    ],
)
def test_an_acronym_and_its_long_form_count_as_each_other(run, folder, index, encoder, question, text):
    lines = ["# Offices", "The Federal Agency for Bridge Inspection (FABI) was set up in 1977.", "## Duties", text]
    (folder / "offices.md").write_text("\n\n".join(lines))
    run()
    found = Searcher(index, encoder).search(question, 2)
    assert found.hits[0].passage.text == text
    assert found.question == question


def test_an_abbreviation_counts_as_the_word_written_out(run, folder, index, encoder):
    lines = ["# Robot", "Set max_pressure on the console.", "# Limits", "The maximum velocity is 2 m/s."]
    (folder / "robot.md").write_text("\n\n".join(lines))
    run()
    found = Searcher(index, encoder).search("max velocity", 2)
    assert found.hits[0].passage.text == "The maximum velocity is 2 m/s."
    assert found.hits[0].term_coverage == pytest.approx(1.0)
    assert found.question == "max velocity"


def test_what_differs_from_a_crowd_is_found_behind_it(run, folder, index, encoder):
    lines = [f"Day {day}: the backup of the server is green." for day in range(120)]
    (folder / "log.md").write_text("\n\n".join(f"# Day\n\n{line}" for line in lines))
    (folder / "incident.md").write_text("The backup of the server left out the folder of Day 31.")
    run()
    first, second = Searcher(index, encoder).search("the backup of the server is green", 2).hits
    assert (first.passage.path, first.similar >= 80) == ("log.md", True)
    assert (second.passage.path, second.similar) == ("incident.md", 0)
