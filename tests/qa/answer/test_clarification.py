import pytest

from index.types import Hit, Passage
from qa.answer.clarification import clarifying_questions, name_of


def hit(section, maxsim=0.9, coverage=1.0, path="a.md"):
    return Hit(
        passage=Passage(path=path, start=0, end=4, text="Text", section=section),
        score=0.1,
        maxsim=maxsim,
        term_coverage=coverage,
    )


HITS = [hit(("Trips", "1.2 Train tickets")), hit(("Trips", "Boat tickets"), 0.8), hit(("Food",), 0.3)]


def test_a_vague_question_is_asked_of_each_section_that_matches_as_well():
    assert clarifying_questions("How much does it cost?", True, HITS) == (
        "Train tickets: how much does it cost?",
        "Boat tickets: how much does it cost?",
    )


def test_a_heading_that_is_a_question_brings_no_second_question_mark():
    hits = [hit(("What is a ticket?",)), hit(("Boat tickets",))]
    assert clarifying_questions("How much does it cost?", True, hits)[0] == "What is a ticket: how much does it cost?"


@pytest.mark.parametrize(
    ("question", "is_vague", "hits"),
    [
        ("How much does it cost?", True, [HITS[0], HITS[2]]),
        ("How much does a boat trip cost?", False, HITS),
        ("How much does it cost?", True, [hit(("Trips",), coverage=0.0), hit(("Food",), coverage=0.0)]),
        ("How much does it cost?", True, []),
        ("How much does it cost? " * 5, True, HITS),
    ],
    ids=["one section", "complete", "no term matches", "no hits", "long"],
)
def test_there_is_no_choice(question, is_vague, hits):
    assert clarifying_questions(question, is_vague, hits) == ()


def test_a_word_that_many_sections_hold_could_mean_each_of_their_topics():
    hits = [*HITS[:2], hit(("Rail passes",), 0.7)]
    assert clarifying_questions("tickets", False, hits) == ("Train tickets", "Boat tickets", "Rail passes")
    assert clarifying_questions("tickets", False, HITS) == ()


def test_the_name_of_a_section_is_not_asked_back():
    hits = [*HITS[:2], hit(("Rail passes",), 0.7)]
    assert clarifying_questions("Boat tickets", False, hits) == ()


def test_sections_of_one_name_are_one_choice():
    hits = [hit(("Tickets",)), hit(("TICKETS",)), hit(("Boat tickets",))]
    assert clarifying_questions("Where is it?", True, hits) == ("Tickets: where is it?", "Boat tickets: where is it?")


@pytest.mark.parametrize(
    ("path", "section", "name"),
    [
        ("a.md", ("Top", "Chapter 3: Trains"), "Trains"),
        ("a.md", ("IV. Boats",), "Boats"),
        ("a.html", ("Home | Boats and ferries",), "Boats and ferries"),
        ("far/train-and_boat.pdf", (), "train and boat"),
        ("02b1baa61e22252a-1694-3851.txt", (), ""),
        ("a.md", ("Word " * 30,), ""),
        ("a.md", ("Boats {#boats}",), "Boats"),
        ("a.md", ("[**Boats**](https://example.org) and `ferries`",), "Boats and ferries"),
    ],
)
def test_a_passage_is_named_by_its_heading_or_else_by_its_file(path, section, name):
    assert name_of(hit(section, path=path).passage) == name
