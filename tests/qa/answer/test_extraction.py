import pytest

from index.types import Hit, Passage, ScoredSentence
from qa.answer.extraction import select_quotes


def hit(path, *sentences, score=0.5):
    """A hit on sentences given as (text, closeness)."""
    spans, text = [], ""
    for sentence, closeness in sentences:
        spans.append(
            ScoredSentence(
                start=len(text),
                end=len(text) + len(sentence),
                similarity=closeness,
                term_coverage=closeness,
                maxsim=closeness,
                maxsim_with_previous=closeness,
            )
        )
        text += sentence + " "
    passage = Passage(
        path=path, start=0, end=len(text.strip()), text=text.strip(), sentences=tuple((s.start, s.end) for s in spans)
    )
    return Hit(passage=passage, score=score, sentences=tuple(spans))


def quotes(*hits, question="why?"):
    return [
        (quote.hit.passage.path, quote.hit.passage.text[quote.start : quote.end])
        for quote in select_quotes(question, hits)
    ]


def test_the_sentence_that_is_close_is_quoted_and_the_others_are_not():
    assert quotes(hit("a.md", ("Far off.", 0.1), ("Close by.", 0.9))) == [("a.md", "Close by.")]


def test_a_sentence_nearly_as_close_is_quoted_too_the_better_passage_first():
    found = [hit("a.md", ("Tea boils.", 0.8)), hit("b.md", ("Water cools.", 0.85))]
    assert quotes(*found) == [("b.md", "Water cools."), ("a.md", "Tea boils.")]


def test_neighbours_are_one_quote_in_the_order_of_the_document():
    assert quotes(hit("a.md", ("First one.", 0.85), ("Second part.", 0.9))) == [("a.md", "First one. Second part.")]


def test_an_earlier_sentence_that_does_not_run_into_the_best_is_passed_over():
    found = hit("a.md", ("First one.", 0.85), ("Nothing here.", 0.1), ("Third part.", 0.9))
    assert quotes(found) == [("a.md", "Third part.")]


def test_a_later_one_is_a_quote_of_its_own():
    found = hit("a.md", ("First one.", 0.9), ("Nothing here.", 0.1), ("Third part.", 0.88))
    assert quotes(found) == [("a.md", "First one."), ("a.md", "Third part.")]


@pytest.mark.parametrize("start", ["It", "They", "“This", "However, it", "Such tea", "The latter"])
def test_a_sentence_that_leans_on_the_one_before_brings_it_along(start):
    found = hit("a.md", ("Lee came.", 0.1), (f"{start} stayed.", 0.9))
    assert quotes(found) == [("a.md", f"Lee came. {start} stayed.")]


def test_a_sentence_that_only_begins_like_a_leaning_word_stands_alone():
    assert quotes(hit("a.md", ("Lee came.", 0.1), ("Italy stayed.", 0.9))) == [("a.md", "Italy stayed.")]


def test_an_item_brings_what_leads_in_and_a_lead_in_brings_its_items():
    items = [("You need:", 0.1), ("One kettle.", 0.1), ("Two cups.", 0.1)]
    whole = [("a.md", "You need: One kettle. Two cups.")]
    assert quotes(hit("a.md", items[0], ("One kettle.", 0.9), items[2])) == whole
    assert quotes(hit("a.md", ("You need:", 0.9), *items[1:])) == whole
    assert quotes(hit("a.md", items[0], ("One kettle.", 0.9))) == [("a.md", "You need: One kettle.")]


def test_a_lead_in_that_is_not_the_best_is_passed_over():
    found = hit("a.md", ("Descale it often.", 0.9), ("To begin:", 0.89), ("Press both.", 0.1))
    assert quotes(found) == [("a.md", "Descale it often.")]


def test_a_question_in_a_document_is_no_answer_but_stands_before_its_own():
    asked, reply = ("May I use rain?", 0.95), ("No, never.", 0.5)
    assert quotes(hit("a.md", asked, reply)) == [("a.md", "May I use rain? No, never.")]
    assert quotes(hit("a.md", asked)) == []


def test_a_row_of_a_table_brings_its_header():
    rows = [("Tea | Minutes", 0.1), ("Black | 5", 0.1), ("Green | 2", 0.9)]
    assert quotes(hit("a.md", *rows)) == [("a.md", "Tea | Minutes"), ("a.md", "Green | 2")]


def test_what_was_said_is_not_quoted_again():
    assert quotes(hit("a.md", ("Tea is hot.", 0.9)), hit("b.md", ("Tea is hot.", 0.9))) == [("a.md", "Tea is hot.")]


def test_at_most_three_sentences_are_quoted():
    found = hit("a.md", ("One is.", 0.9), ("Two are.", 0.9), ("Three were.", 0.9), ("Four be.", 0.9))
    assert quotes(found) == [("a.md", "One is. Two are. Three were.")]


def test_a_sentence_that_holds_the_kind_of_thing_asked_for_wins_among_equals():
    found = hit("a.md", ("Lee built a tower.", 0.5), ("Ann left in 1911.", 0.5))
    assert quotes(found, question="When was the tower built?")[0] == ("a.md", "Lee built a tower. Ann left in 1911.")
    assert quotes(hit("a.md", ("Lee built a tower.", 0.5)), hit("b.md", ("Ann left in 1911.", 0.5)), question="When?")[
        0
    ] == ("b.md", "Ann left in 1911.")


def test_nothing_found_is_nothing_quoted():
    assert select_quotes("why?", []) == []


def test_what_was_given_before_is_passed_over():
    found = [hit("a.md", ("First one.", 0.9), ("Second part.", 0.8), ("It goes on.", 0.7))]
    chosen = select_quotes("why?", found, lambda of, sentence: sentence.start in (0, 11))
    assert [(quote.first, quote.last) for quote in chosen] == [(2, 2)]
