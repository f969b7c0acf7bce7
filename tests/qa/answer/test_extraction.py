from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.hits import hit

from qa.answer.extraction import (
    MAX_ITEMS,
    MAX_PASSAGES,
    MAX_ROWS,
    MAX_WORDS,
    SECOND_WORDS,
    WORDS,
    contradicted,
    select_quotes,
)

ASKS = "What are the steps?"


def quotes(*hits, question="why?", quoted=()):
    """Return the quotes of hits with their path. The sentences in `quoted` were quoted before."""
    chosen = select_quotes(
        question, hits, lambda of, sentence: of.passage.quote(sentence.start, sentence.end) in quoted
    )
    return [(quote.hit.passage.path, quote.hit.passage.quote(quote.start, quote.end)) for quote in chosen]


def leads(*hits, question="why?"):
    """Return the sentences that lead, of each quote that has one."""
    return [
        quote.hit.passage.quote(*quote.lead_span)
        for quote in select_quotes(question, hits)
        if quote.lead_span is not None
    ]


def sentence(words, name="Word"):
    return f"{name} {'word ' * (words - 2)}end."


def bullets(*items, near=0.1):
    return [part for item in items for part in ("\n- ", item if isinstance(item, tuple) else (item, near))]


# Windows


def test_a_quote_is_a_window_of_whole_sentences_around_the_lead():
    found = hit("a.md", (sentence(100, "First"), 0.1), ("Tea is hot.", 0.2), ("Steep it.", 0.9), ("Wait.", 0.3))
    assert quotes(found) == [("a.md", f"{sentence(100, 'First')} Tea is hot. Steep it. Wait.")]
    assert leads(found) == ["Steep it."]


def test_a_window_holds_no_more_words_than_the_passage_has_and_the_better_neighbour_comes_first():
    found = hit("a.md", (sentence(100, "A"), 0.2), (sentence(60, "B"), 0.9), (sentence(100, "C"), 0.4))
    assert quotes(found) == [("a.md", f"{sentence(60, 'B')} {sentence(100, 'C')}")]
    found = hit("a.md", (sentence(100, "A"), 0.5), (sentence(60, "B"), 0.9), (sentence(100, "C"), 0.2))
    assert quotes(found) == [("a.md", f"{sentence(100, 'A')} {sentence(60, 'B')}")]


def test_the_next_sentence_comes_before_an_equal_one_that_precedes():
    found = hit("a.md", (sentence(100, "A"), 0.2), (sentence(60, "B"), 0.9), (sentence(100, "C"), 0.2))
    assert quotes(found) == [("a.md", f"{sentence(60, 'B')} {sentence(100, 'C')}")]


@pytest.mark.parametrize("start", ["It", "However, it", "Such tea"])
def test_a_sentence_that_refers_back_brings_the_one_before(start):
    lead = f"{start} {sentence(58, 'stays')}"
    found = hit("a.md", (sentence(100, "A"), 0.2), (lead, 0.9), (sentence(100, "C"), 0.3))
    assert quotes(found) == [("a.md", f"{sentence(100, 'A')} {lead}")]


def test_a_window_does_not_end_with_a_question_a_lead_in_a_label_or_a_picture():
    for last in ("Is it hot?", "You need:", "Article 7", "![A pot](images/pot.png)"):
        found = hit("a.md", ("Steep it.", 0.9), "\n\n", ("Wait.", 0.5), "\n\n", (last, 0.4))
        assert quotes(found) == [("a.md", "Steep it.\n\nWait.")]


def test_a_question_stands_before_its_answer_and_never_leads():
    found = hit("a.md", ("May I use rain?", 0.95), ("No, never.", 0.5))
    assert quotes(found) == [("a.md", "May I use rain? No, never.")]
    assert leads(found) == ["No, never."]
    assert quotes(hit("a.md", ("May I use rain?", 0.95))) == []


@pytest.mark.parametrize("label", ["Article 12", "Section 4.2", "**Step 3**", "4.2"])
def test_a_label_never_leads(label):
    found = hit("a.md", (label, 0.95), "\n\n", ("Dogs are allowed.", 0.5))
    assert leads(found) == ["Dogs are allowed."]
    assert quotes(hit("a.md", (label, 0.95))) == []


@pytest.mark.parametrize(
    "picture", ["![A dog](dog.png)", "[A dog](./images/dog.jpg)", '<img alt="A dog" src="dog.webp">', "Picture: A dog"]
)
def test_a_picture_never_leads(picture):
    found = hit("a.md", (picture, 0.95), "\n\n", ("Dogs are allowed.", 0.5))
    assert leads(found) == ["Dogs are allowed."]
    assert quotes(hit("a.md", (picture, 0.95))) == []


@pytest.mark.parametrize("text", ["[The form](form.pdf)", "See ![a dog](dog.png) there.", "Picture: A dog. It barks."])
def test_a_link_and_a_sentence_with_a_picture_may_lead(text):
    assert quotes(hit("a.md", (text, 0.9))) == [("a.md", text)]


def test_a_lead_in_alone_is_no_answer():
    assert quotes(hit("a.md", ("You need:", 0.95))) == []
    assert leads(hit("a.md", ("Descale it often.", 0.5), "\n\n", ("To begin:", 0.95))) == ["Descale it often."]


def test_among_equals_a_sentence_with_the_kind_of_thing_that_is_asked_leads():
    found = hit("a.md", ("Lee built a tower.", 0.5), ("Ann left in 1911.", 0.5))
    assert leads(found, question="When was the tower built?") == ["Ann left in 1911."]
    assert leads(found) == ["Lee built a tower."]


def test_the_first_sentence_under_the_heading_of_what_is_asked_leads():
    parts = ("It is a pot for boiling water.", 0.3), ("A kettle costs 9 euros.", 0.6)
    assert leads(hit("a.md", *parts, section=("Pots", "The *Kettles*")), question="what's a kettle?") == [parts[0][0]]
    assert leads(hit("a.md", *parts, section=("Kettles", "Prices")), question="what's a kettle?") == [parts[1][0]]
    assert leads(hit("a.md", *parts, section=("Kettles",)), question="who sells a kettle?") == [parts[1][0]]


def test_a_sentence_with_the_code_that_is_asked_leads():
    found = hit("a.md", ("E-1044 is a stuck valve.", 0.6), ("E-1043 is a dry pump.", 0.5))
    first, second = found.sentences
    found = replace(found, sentences=(first, replace(second, matched=("e1043",))))
    assert leads(found, question="What is E-1043?") == ["E-1043 is a dry pump."]


# Several passages


def test_passages_share_the_words_by_their_scores():
    long = [(sentence(20, name), 0.5) for name in "ABCDEFGHIJ"]
    first, second, third = quotes(
        hit("a.md", *long, score=0.7),
        hit("b.md", *[(text.replace("word", "tea"), near) for text, near in long], score=0.25),
        hit("c.md", *[(text.replace("word", "ice"), near) for text, near in long], score=0.1),
    )
    counts = [len(text.split()) for _, text in (first, second, third)]
    assert [path for path, _ in (first, second, third)] == ["a.md", "b.md", "c.md"]
    assert counts[0] > counts[1] >= counts[2] > 0
    assert sum(counts) <= WORDS


def test_a_passage_that_gets_too_few_words_is_not_quoted():
    long = hit("a.md", *[(sentence(20, name), 0.9) for name in "ABCDEFGHIJ"], score=0.99)
    assert [path for path, _ in quotes(long, hit("b.md", ("Milk is cold.", 0.9), score=0.01))] == ["a.md"]
    assert [path for path, _ in quotes(*[hit(f"{n}.md", (f"Number {n}.", 0.9), score=0.1) for n in range(9)])] == [
        f"{n}.md" for n in range(MAX_PASSAGES)
    ]


def second(closeness):
    """What is quoted of a short passage and of two that hardly have a share of the words."""
    short = hit("a.md", ("Tea is hot.", 0.9), score=0.97)
    others = [hit(f"{n}.md", *[(sentence(20, f"{n}{name}"), closeness) for name in "ABC"], score=0.01) for n in (1, 2)]
    return quotes(short, *others)


def test_the_second_passage_is_quoted_with_words_that_the_first_leaves_and_the_third_is_not():
    found = second(0.85)
    assert [path for path, _ in found] == ["a.md", "1.md"]
    assert len(found[1][1].split()) == 2 * 20 <= SECOND_WORDS


def test_a_second_passage_that_matches_less_is_not_quoted():
    assert [path for path, _ in second(0.7)] == ["a.md"]


def test_the_same_text_is_quoted_once():
    found = hit("a.md", ("Tea is hot.", 0.9)), hit("b.md", ("Tea is hot.", 0.9))
    assert quotes(*found) == [("a.md", "Tea is hot.")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The fee for a dog in the old town is 40 francs.", "The fee for a dog in the old town is 60 francs."),
        ("The pool by the old lake is open on Sundays.", "The pool by the old lake is not open on Sundays."),
        ("The pool by the old lake is not open on Sundays.", "The pool by the old lake is open on Sundays."),
        (
            "The mayor of the old town by the lake is Anna Lee.",
            "The mayor of the old town by the lake is Paul Lee.",
        ),
    ],
    ids=["number", "negation", "without the negation", "name"],
)
def test_passages_that_contradict_each_other_are_both_quoted(one, other):
    found = hit("a.md", (one, 0.9)), hit("b.md", (other, 0.9))
    assert quotes(*found) == [("a.md", one), ("b.md", other)]


def test_a_quote_differs_from_an_earlier_one_of_another_section_with_another_number():
    first = hit("a.md", ("Employees may carry over five days.", 0.9))
    second = hit("b.md", ("Employees may carry over ten days.", 0.8))
    other = hit("c.md", ("Employees meet on Monday.", 0.7))
    chosen = select_quotes("how many days?", [first, second, other])
    assert [contradicted(quote, chosen[:at]) for at, quote in enumerate(chosen)] == [None, 0, None]
    beside = [
        replace(quote, hit=replace(quote.hit, passage=replace(quote.hit.passage, path="a.md"))) for quote in chosen
    ]
    assert contradicted(beside[1], beside[:1]) is None


def test_nothing_found_is_nothing_quoted():
    assert select_quotes("why?", []) == []


# Lists


def test_an_item_brings_its_list_and_its_lead_in_if_the_question_asks_for_a_list():
    found = hit("a.md", ("You need:", 0.1), *bullets(("One kettle.", 0.9), "Two cups."), "\n\n", ("Enjoy.", 0.1))
    assert quotes(found, question=ASKS) == [("a.md", "You need:\n- One kettle.\n- Two cups.")]
    assert leads(found, question=ASKS) == ["One kettle."]


def test_a_lead_in_brings_its_items_whatever_the_question():
    found = hit("a.md", ("You need:", 0.9), *bullets("One kettle.", "Two cups."), "\n\n", ("Enjoy.", 0.1))
    assert quotes(found) == [("a.md", "You need:\n- One kettle.\n- Two cups.")]


def test_items_of_several_sentences_stay_whole():
    found = hit("a.md", ("Do this:", 0.9), "\n1. ", ("Boil.", 0.1), ("It takes a while.", 0.1), "\n2. ", ("Pour.", 0.1))
    assert quotes(found, question=ASKS) == [("a.md", "Do this:\n1. Boil. It takes a while.\n2. Pour.")]


def test_at_most_nine_items_are_quoted_and_the_others_are_counted():
    found = hit("a.md", ("You need:", 0.9), *bullets(*[f"Thing {n}." for n in range(13)]))
    (quote,) = select_quotes(ASKS, [found])
    text = found.passage.quote(quote.start, quote.end)
    assert (MAX_ITEMS, quote.more) == (9, 4)
    assert text.endswith("Thing 8.")
    (whole,) = select_quotes(ASKS, [hit("a.md", ("You need:", 0.9), *bullets(*[f"Thing {n}." for n in range(9)]))])
    assert whole.more == 0


def test_items_that_do_not_fit_are_counted_and_none_is_cut():
    found = hit("a.md", ("You need:", 0.9), *bullets(*[f"Thing {n} {'word ' * 38}end." for n in range(7)]))
    (quote,) = select_quotes(ASKS, [found])
    assert found.passage.quote(quote.start, quote.end).endswith("end.")
    shown = quote.last - quote.first
    assert (shown, quote.more) == (4, 3)


def test_an_item_behind_those_that_fit_is_quoted_with_its_neighbours():
    items = [f"Thing {n}." for n in range(11)]
    found = hit("a.md", ("You need:", 0.1), *bullets(*items, ("The last thing.", 0.9)))
    (quote,) = select_quotes(ASKS, [found])
    assert found.passage.quote(*quote.lead_span) == "The last thing."
    assert quote.first <= quote.lead <= quote.last


# Tables

TABLE = [("Tea | Minutes", 0.1), "\n", ("Black | 5", 0.1), "\n", ("White | 9", 0.1), "\n", ("Green | 2", 0.9)]


def test_a_row_is_quoted_with_its_header_and_without_the_other_rows():
    found = hit("a.md", ("Prices follow.", 0.1), "\n\n", *TABLE, "\n\n", ("Enjoy.", 0.1))
    assert quotes(found) == [("a.md", "Tea | Minutes"), ("a.md", "Green | 2")]
    assert leads(found) == ["Green | 2"]


def test_a_row_below_its_header_is_one_quote_with_it():
    assert quotes(hit("a.md", *TABLE[:3])) == [("a.md", "Tea | Minutes\nBlack | 5")]
    found = hit("a.md", ("Tea | Minutes", 0.9), "\n", ("Black | 5", 0.1))
    assert leads(found) == ["Black | 5"]


def test_rows_that_match_as_well_are_quoted_too_up_to_a_limit():
    rows = [part for n in range(9) for part in ("\n", (f"Green {n} | {n}", 0.9))]
    (quote,) = select_quotes("why?", [hit("a.md", ("Tea | Minutes", 0.1), *rows, "\n", ("Black | 5", 0.5))])
    assert quote.last - quote.first == MAX_ROWS
    assert quote.lead == 1


def test_a_row_that_answers_is_quoted_though_it_says_what_the_header_says():
    found = hit("a.md", ("Tea | Price", 0.0), "\n", ("Green | 2", 0.0), "\n", ("Tea | Price", 0.9))
    assert leads(found) == ["Tea | Price"]
    assert len(quotes(found)) == 2


def test_a_header_alone_is_no_answer():
    assert quotes(hit("a.md", ("Tea | Minutes", 0.9))) == []


def test_a_sentence_that_announces_a_table_brings_its_rows():
    found = hit("a.md", ("The following teas are sold.", 0.9), "\n\n", *TABLE)
    text = "The following teas are sold.\n\nTea | Minutes\nBlack | 5\nWhite | 9\nGreen | 2"
    assert quotes(found) == [("a.md", text)]
    rows = [part for n in range(20) for part in ("\n", (f"Green {n} | {n}", 0.1))]
    (quote,) = select_quotes("which teas?", [hit("a.md", ("The teas are as follows:", 0.9), *rows)])
    assert (quote.last - quote.first, quote.more) == (MAX_ITEMS, 20 - MAX_ITEMS)


def test_a_window_takes_no_row_of_a_table():
    assert quotes(hit("a.md", ("Steep it.", 0.9), "\n\n", *TABLE[:3])) == [("a.md", "Steep it.")]


# What was quoted before


def test_sentences_that_were_quoted_are_not_quoted_again():
    found = hit("a.md", ("First one.", 0.9), ("Second part.", 0.8), ("It goes on.", 0.7), ("And on.", 0.6))
    assert quotes(found, quoted=["First one.", "Second part."]) == [("a.md", "It goes on. And on.")]
    assert quotes(found, quoted=["Second part."]) == [("a.md", "First one.")]
    assert quotes(found, quoted=["First one.", "Second part.", "It goes on.", "And on."]) == []


def test_rows_that_were_quoted_are_not_quoted_again():
    rows = [("Tea | Minutes", 0.1), "\n", ("Black | 5", 0.9), "\n", ("Green | 2", 0.9)]
    assert "Black" not in str(quotes(hit("a.md", *rows), quoted=["Tea | Minutes", "Black | 5"]))


def test_items_that_were_quoted_are_not_quoted_again():
    items = [f"Thing {n}." for n in range(12)]
    found = hit("a.md", ("You need:", 0.9), *bullets(*items))
    ((_, more),) = quotes(found, question=ASKS, quoted=["You need:", *items[:9]])
    assert [item for item in items if item in more] == items[9:]


def test_items_that_were_quoted_are_not_quoted_again_though_the_whole_list_fits():
    items = [f"Thing {n}." for n in range(6)]
    found = hit("a.md", ("You need:", 0.9), *bullets(*items))
    ((_, more),) = quotes(found, question=ASKS, quoted=["You need:", *items[:3]])
    assert [item for item in items if item in more] == items[3:]


# Whatever the passage

PART = st.tuples(
    st.sampled_from(["Tea {n} is hot.", "Is it {n}?", "You need {n}:", "Article {n}", "Tea {n} | {n}", "Tea | Price"]),
    st.sampled_from([" ", "\n\n", "\n- ", "\n", "\n1. "]),
    st.integers(0, 40),
    st.floats(0, 1),
)
PASSAGES = st.lists(st.tuples(st.lists(PART, min_size=1, max_size=16), st.floats(0.01, 1)), min_size=1, max_size=5)


@settings(max_examples=300, deadline=None)
@given(passages=PASSAGES, question=st.sampled_from(["why?", ASKS, "How much is it?"]))
def test_quotes_are_whole_sentences_with_one_lead_within_the_limit_of_words(passages, question):
    hits = []
    for number, (parts, score) in enumerate(passages):
        made = []
        for at, (form, gap, words, near) in enumerate(parts):
            text = f"{f'word{number}{at} ' * words}{form.format(n=1 + number * 100 + at)}"
            made += [gap, (text, near)] if made else [(text, near)]
        hits.append(hit(f"{number}.md", *made, score=score))
    chosen = select_quotes(question, hits)
    for quote in chosen:
        assert 0 <= quote.first <= quote.last < len(quote.hit.sentences)
        assert quote.lead is None or quote.first <= quote.lead <= quote.last
    places = [(quote.hit.passage.path, at) for quote in chosen for at in range(quote.first, quote.last + 1)]
    assert len(places) == len(set(places))
    assert len({path for path, _ in places}) == sum(quote.lead is not None for quote in chosen)
    assert sum(len(quote.hit.passage.quote(quote.start, quote.end).split()) for quote in chosen) <= MAX_WORDS
