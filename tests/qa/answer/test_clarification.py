import pytest

from index.types import Hit, Passage
from qa.answer.clarification import clarifying_questions, name_of


def hit(section, score=0.9, coverage=1.0, path="a.md"):
    return Hit(
        passage=Passage(path=path, start=0, end=4, text="Text", section=section), score=score, term_coverage=coverage
    )


HITS = [hit(("Trips", "1.2 Train tickets")), hit(("Trips", "Boat tickets"), 0.8), hit(("Food",), 0.3)]


def test_what_points_to_nothing_is_asked_of_each_section_that_matches_as_well():
    assert clarifying_questions("How much does it cost?", True, HITS) == (
        "Train tickets: how much does it cost?",
        "Boat tickets: how much does it cost?",
    )


def test_where_one_section_matches_or_the_question_says_enough_there_is_no_choice():
    assert clarifying_questions("How much does it cost?", True, [*HITS[:1], HITS[2]]) == ()
    assert clarifying_questions("How much does a boat trip cost?", False, HITS) == ()
    assert (
        clarifying_questions(
            "How much does it cost?", True, [hit(("Trips",), coverage=0.0), hit(("Food",), coverage=0.0)]
        )
        == ()
    )
    assert clarifying_questions("How much does it cost?", True, []) == ()


def test_a_single_word_that_many_sections_hold_could_mean_each():
    assert clarifying_questions("tickets", False, [*HITS[:2], hit(("Rail passes",), 0.7)]) == (
        "What do the documents say about Train tickets?",
        "What do the documents say about Boat tickets?",
        "What do the documents say about Rail passes?",
    )
    assert clarifying_questions("tickets", False, HITS) == ()


@pytest.mark.parametrize(
    ("path", "section", "name"),
    [
        ("a.md", ("Top", "Chapter 3: Trains"), "Trains"),
        ("a.md", ("IV. Boats",), "Boats"),
        ("a.html", ("Home | Boats and ferries",), "Boats and ferries"),
        ("far/train-and_boat.pdf", (), "train and boat"),
        ("02b1baa61e22252a-1694-3851.txt", (), ""),
        ("a.md", ("Word " * 30,), ""),
    ],
)
def test_a_passage_is_named_by_its_heading_or_else_by_its_file(path, section, name):
    assert name_of(hit(section, path=path).passage) == name
