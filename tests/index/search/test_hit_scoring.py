import math

import numpy as np
import pytest
from support.fakes import FakeEncoder

from index.embed.late_interaction import compare, store_tokens
from index.search.hit_scoring import scored_hit, with_terms
from index.search.query import join, prepare
from index.types import Passage

ENCODER = FakeEncoder()
AXES = ENCODER.token_axes()


def query_of(question, held=None, language="english"):
    return prepare(
        question,
        ENCODER.encode_question(question),
        AXES,
        language=language,
        held=held or {},
        passages=10,
        is_common=lambda word: False,
    )


def match(query, *sentences, path="notes.md", section=()):
    """Compare a passage of some sentences with a question."""
    text = " ".join(sentences)
    ends = np.cumsum([len(sentence) + 1 for sentence in sentences]) - 1
    spans = [(int(end) - len(sentence), int(end)) for sentence, end in zip(sentences, ends, strict=True)]
    passage = Passage(
        path=path,
        start=100,
        end=100 + len(text),
        text=text,
        sentences=tuple((start + 100, end + 100) for start, end in spans),
        section=section,
    )
    (encoded,) = ENCODER.encode_passages([passage])
    tokens = store_tokens(encoded, AXES)
    (found,) = compare(query.tokens, [tokens], [spans])
    hit = scored_hit(
        passage,
        query,
        similarities=encoded.vectors @ query.vector,
        match=found,
        fused=0.25,
        bm25_rank=None,
        semantic_rank=3,
    )
    return with_terms(hit, query, tokens)


def test_a_passage_has_the_terms_of_its_text_and_of_its_headings():
    hit = match(query_of("black tea minutes"), "It steeps for five minutes.", section=("Tea", "Oolong"))
    assert hit.matched == ("tea", "minut")
    assert hit.term_coverage == pytest.approx(2 / 3)
    assert hit.signals.section_coverage == pytest.approx(0.3)  # at most
    assert [sentence.matched for sentence in hit.sentences] == [("minut",)]


def test_the_name_of_the_file_and_of_its_folders_are_no_coverage():
    hit = match(query_of("vacation policy"), "Ask the office.", path="policies/Vacation days.md")
    assert (hit.matched, hit.term_coverage) == ((), 0.0)


def test_each_sentence_has_its_own_terms_and_similarity():
    hit = match(query_of("espresso seconds"), "Coffee is strong.", "Espresso takes thirty seconds.")
    assert [sentence.matched for sentence in hit.sentences] == [(), ("espresso", "second")]
    assert [sentence.term_coverage for sentence in hit.sentences] == pytest.approx([0.0, 1.0])
    assert [round(sentence.similarity, 2) for sentence in hit.sentences] == [0.0, 0.71]
    assert hit.similarity == pytest.approx(hit.sentences[1].similarity)
    assert hit.passage_similarity < hit.similarity


def test_late_interaction_is_of_the_passage_of_a_sentence_and_of_it_with_the_one_before():
    hit = match(query_of("Ethiopia espresso"), "Coffee is from Ethiopia.", "Espresso is short.")
    assert hit.maxsim == pytest.approx(1.0, abs=0.02)
    assert [sentence.maxsim for sentence in hit.sentences] == pytest.approx([0.5, 0.5], abs=0.02)
    assert [sentence.maxsim_with_previous for sentence in hit.sentences] == pytest.approx([0.5, 1.0], abs=0.02)
    assert (hit.signals.maxsim, hit.signals.sentence_maxsim) == pytest.approx((1.0, 0.5), abs=0.02)


def test_the_weakest_match_falls_if_one_word_is_missing():
    query = query_of("green tea steep minutes")
    whole = match(query, "Green tea: steep it for two minutes.")
    lacking = match(query, "Tea: steep it for two minutes.")
    assert whole.weakest_match == pytest.approx(1.0, abs=0.02)
    assert lacking.weakest_match < 0.3 < lacking.maxsim


def test_the_other_signals_are_the_given_ones_and_what_the_text_is_like():
    hit = match(query_of("how many cups"), "There are twelve cups.", "They are blue.")
    assert hit.signals.fused == 0.25
    assert hit.signals.answer_type == 1.0
    assert hit.signals.length == pytest.approx(math.log(1 + 7))
    assert hit.signals.sentences == pytest.approx(math.log(1 + 2))
    assert (hit.bm25_rank, hit.semantic_rank, hit.score) == (None, 3, 0.0)
    assert match(query_of("how many cups"), "There are cups.").signals.answer_type == 0.0


def test_the_share_of_sentences_that_ask_without_a_statement_after_them_is_a_signal():
    assert match(query_of("cups"), "How many cups?", "There are twelve.").signals.questions == 0.0
    assert (
        match(query_of("cups"), "Which cups?", "How many cups?", "There are twelve.", "Why?").signals.questions == 0.5
    )
    assert match(query_of("cups"), "**How many cups?** ").signals.questions == 1.0
    assert match(query_of("cups"), "There are cups.").signals.questions == 0.0


@pytest.mark.parametrize(
    ("sentences", "share"),
    [
        (["* [Cups (Dutch)](https://example.org/cups) on example.org", "* [Pots](https://example.org)."], 1.0),
        (["* [Cups](https://example.org/cups)", "* Ask for [cups](https://example.org) at the bar."], 0.0),
        (["1. [Cups](#cups)", "2. [Pots](#pots)"], 0.0),
    ],
)
def test_a_passage_that_only_links_to_other_sites_counts_as_one_that_only_asks(sentences, share):
    assert match(query_of("cups"), *sentences).signals.questions == share


def test_marks_are_ranges_of_the_document_on_the_question_s_own_words():
    query = query_of("Who takes espresso?")
    hit = match(query, "The espresso takes seconds.")
    assert [hit.passage.quote(*mark) for mark in hit.marks] == ["espresso", "takes"]
    joined = join(query, [(query_of("seconds of coffee"), 0.5)])
    hit = match(joined, "The espresso takes seconds.")
    assert [hit.passage.quote(*mark) for mark in hit.marks] == ["espresso", "takes"]
    assert "second" in hit.matched


def test_a_code_is_marked_whole_and_not_again_in_its_parts():
    hit = match(query_of("error E-1043", held={"e1043": 1, "error": 3}), "Error E1043: the valve is stuck.")
    assert [hit.passage.quote(*mark) for mark in hit.marks] == ["Error", "E1043"]


def test_numbers_match_however_they_are_written_and_no_others():
    query = query_of("capacity of 12,500 litres", held={"12500": 1, "capac": 1, "litr": 1})
    assert match(query, "Capacity: 12500 litres.").term_coverage == pytest.approx(1.0)
    assert match(query, "Capacity: 125 litres.").term_coverage < 1.0
    version = query_of("release 4.2", held={"4\ue0002": 1, "releas": 1})
    assert match(version, "Release 4.2 is out.").term_coverage == pytest.approx(1.0)
    assert match(version, "Release 42 is out.").matched == ("releas",)
