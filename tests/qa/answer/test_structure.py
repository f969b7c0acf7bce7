import pytest
from support.hits import hit

from qa.answer.structure import items, list_around, rows_around, units


def units_of(*parts):
    """Return the units of a passage of sentences and of what stands between them, in turn."""
    return units(hit("a.md", *[(part, 0.5) if number % 2 == 0 else part for number, part in enumerate(parts)]).passage)


def texts(found, run):
    return [found[at].text for at in run]


@pytest.mark.parametrize("marker", ["\n- ", "\n* ", "\n+ ", "\n• ", "\n– ", "\n  - ", "\n> - ", "\n- [ ] ", "\n- [x] "])
def test_a_sentence_after_a_bullet_is_an_item(marker):
    found = units_of("You need:", marker, "One kettle.", " ", "It is hot.", marker, "Two cups.")
    assert [unit.is_item for unit in found] == [False, True, False, True]
    assert [unit.starts_block for unit in found] == [True, True, False, True]


@pytest.mark.parametrize("number", ["1. ", "12) ", "(3) ", "a) ", "iv. ", "B. "])
def test_a_sentence_that_begins_with_a_number_is_an_item_if_a_line_begins_there(number):
    assert units_of("Do this:", "\n", f"{number}Boil it.")[1].is_item
    assert not units_of("Do this:", " ", f"{number}Boil it.")[1].is_item


def test_a_paragraph_is_no_item():
    assert [unit.is_item for unit in units_of("Tea is hot.", "\n\n", "Milk is cold.")] == [False, False]
    assert not units_of("Tea.", "\n\n", "In 1. Bundesliga they play.")[1].is_item
    assert not units_of("Tea.", "\n\n", "- ")[0].is_item


def test_the_first_item_of_a_passage_is_one_though_its_marker_is_before_it():
    assert [unit.is_item for unit in units_of("One kettle", "\n- ", "Two cups")] == [True, True]
    assert [unit.is_item for unit in units_of("You need:", "\n- ", "Two cups")] == [False, True]
    assert [unit.is_item for unit in units_of("You need them.", "\n- ", "Two cups")] == [False, True]


def test_a_list_is_around_each_of_its_sentences_and_its_lead_in():
    found = units_of(
        "Tea is easy.", " ", "You need:", "\n- ", "One kettle.", " ", "It is hot.", "\n- ", "Cups.", "\n\n", "Drink."
    )
    assert [list_around(found, at) for at in range(6)] == [None, *[range(2, 5)] * 4, None]
    assert items(found, range(2, 5)) == [range(2, 4), range(4, 5)]


def test_two_lists_are_apart():
    found = units_of("Hot:", "\n- ", "Tea.", "\n\n", "Cold:", "\n- ", "Milk.", "\n- ", "Ice.")
    assert texts(found, list_around(found, 1)) == ["Tea."]
    assert texts(found, list_around(found, 2)) == ["Milk.", "Ice."]


def test_a_lead_in_without_a_list_is_in_none():
    assert list_around(units_of("You need:", "\n\n", "Nothing."), 0) is None
    assert list_around(units_of("You need:"), 0) is None


def test_rows_have_bars_tabs_or_named_fields():
    found = units_of(
        "Prices:",
        "\n",
        "| Tea | Price |",
        "\n",
        "| Black | 5 |",
        "\n\n",
        "Name: Lee; Room: 12",
        "\n",
        "a\tb",
        " ",
        "A | b",
    )
    assert [unit.is_row for unit in found] == [False, True, True, True, True, False]


def test_the_first_row_of_a_table_is_its_header_if_it_has_no_digit():
    found = units_of("Tea | Minutes", "\n", "Black | five", "\n", "Green | 2")
    assert [unit.is_header for unit in found] == [True, False, False]
    assert [unit.is_header for unit in units_of("Black | 5", "\n", "Green | two")] == [False, False]
    assert [unit.is_header for unit in units_of("Name: Lee; Room: A", "\n", "Name: Ann; Room: B")] == [False, False]


def test_the_rows_of_a_table_are_those_around():
    found = units_of("Prices.", "\n", "Tea | Price", "\n", "Black | 5", "\n\n", "That is all.", "\n", "Cup | 2")
    assert rows_around(found, 2) == rows_around(found, 1) == range(1, 3)
    assert rows_around(found, 4) == range(4, 5)


@pytest.mark.parametrize("text", ["Why?", "Why?”", "**Why?**", "Is it so? ", "なぜ？"])
def test_a_question_is_recognised(text):
    assert units_of(text)[0].is_question
    assert not units_of("Why? Because.")[0].is_question


@pytest.mark.parametrize("text", ["You need:", "**You need:**", "次："])
def test_a_lead_in_is_recognised(text):
    assert units_of(text)[0].is_lead_in
    assert not units_of("At 16:30 it ends.")[0].is_lead_in


@pytest.mark.parametrize("text", ["Article 12", "Section 4.2", "§ 7", "Table 3:", "1.2.3", "**Step 4**", "Chapter IV."])
def test_a_label_is_a_bare_number_of_a_part(text):
    assert units_of(text)[0].is_label


@pytest.mark.parametrize("text", ["Article 12 applies.", "Tea is hot.", "Section of the river", "See table 3."])
def test_a_sentence_is_no_label(text):
    assert not units_of(text)[0].is_label


@pytest.mark.parametrize("start", ["It", "They", "“This", "However, it", "Such tea", "The latter", "But she"])
def test_a_sentence_refers_back_by_its_first_word(start):
    assert units_of(f"{start} stayed.")[0].refers_back
    assert not units_of("Italy stayed.")[0].refers_back
    assert not units_of("Lee saw it.")[0].refers_back


@pytest.mark.parametrize(
    "text",
    ["You need the following parts.", "The parts are as follows.", "These are the parts.", "See the parts below."],
)
def test_a_sentence_that_announces_the_list_or_table_after_it_is_a_lead_in(text):
    assert units_of(text, "\n- ", "One kettle.", "\n- ", "Two cups.")[0].is_lead_in
    assert units_of(text, "\n\n", "Tea | Minutes", "\n", "Black | 5")[0].is_lead_in
    assert not units_of(text, "\n\n", "Boil it.")[0].is_lead_in
    assert not units_of(text)[0].is_lead_in


def test_a_sentence_with_a_colon_at_its_end_is_a_lead_in_whatever_follows():
    assert units_of("You need:")[0].is_lead_in
    assert not units_of("You need tea.", "\n- ", "One kettle.")[0].is_lead_in
