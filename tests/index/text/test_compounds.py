import pytest

from index.text.compounds import compounds_with, parts_of

KNOWN = {"beruf", "erfahrung", "kranken", "versicherung", "hundehaltung", "rasenmahen", "hundert"}


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("berufserfahrung", ("beruf", "erfahrung")),
        ("krankenversicherung", ("kranken", "versicherung")),
        ("erfahrung", None),
        ("berufserfahrungen", None),
        ("ei", None),
    ],
)
def test_a_compound_is_parted_into_words_of_the_documents(word, parts):
    assert parts_of(word, KNOWN) == parts


def test_a_word_is_found_in_compounds_but_not_in_words_that_only_begin_like_it():
    assert compounds_with("hund", KNOWN) == ["hundehaltung"]
    assert compounds_with("mahen", KNOWN) == ["rasenmahen"]
    assert compounds_with("ha", KNOWN) == []
