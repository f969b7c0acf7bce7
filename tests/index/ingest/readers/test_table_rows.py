import pytest

from index.ingest.readers.table_rows import has_names, one_line, row_line, row_lines


def lines(*rows):
    return [line for _, line in row_lines(enumerate(rows, start=1))]


def test_a_row_names_its_columns():
    assert row_line(["Anna", "", "12.5"], ["Name", "City", "Amount"]) == "Name: Anna; Amount: 12.5."


def test_a_row_that_ends_a_sentence_gets_no_second_full_stop():
    assert row_line(["Anna", "Is she here?"], ["Name", "Note"]) == "Name: Anna; Note: Is she here?"


def test_cells_without_a_name_stand_alone():
    assert row_line(["1", "Anna", "late"], ["", "Name"]) == "1; Name: Anna; late."
    assert row_line(["Anna", "", "late"]) == "Anna | late"


def test_the_row_of_names_is_found_below_plain_lines():
    assert lines(["Members"], ["As of", "2024-05-01"], ["Name:", "Since", "City"], [], ["Anna", "1999", "Bern"]) == [
        "Members",
        "As of | 2024-05-01",
        "Name: Anna; Since: 1999; City: Bern.",
    ]


def test_years_name_columns_beside_words():
    assert lines(["Land", "2019", "2020", "2021"], ["Chad", "1", "2", "3"]) == [
        "Land: Chad; 2019: 1; 2020: 2; 2021: 3."
    ]


def test_numbers_name_nothing():
    assert lines(["1", "2"], ["3", "4"]) == ["1 | 2", "3 | 4"]


def test_sentences_name_nothing():
    sentence = "Tea has been drunk for a very long time in many places, and it came to Europe rather late."
    assert lines(["Tea", sentence], ["Milk", sentence]) == [f"Tea | {sentence}", f"Milk | {sentence}"]


def test_names_that_come_again_are_no_row():
    rows = [["Name", "City"], ["Anna", "Bern"], ["Name", "City"], ["Beat", "Basel"]]
    assert lines(*rows) == ["Name: Anna; City: Bern.", "Name: Beat; City: Basel."]


def test_a_row_of_names_alone_is_a_line():
    assert lines(["Name", "City"]) == ["Name | City"]
    assert lines() == []


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        ([["Name", "Amount"], ["Anna", "12.5"], ["Beat", "3"]], True),
        ([["Name", "City", "Street"], ["Anna", "Bern", "Gasse"]], True),
        ([["", "Bern", "Basel"], ["Rain", "often", "seldom"]], True),
        ([["Name", "Anna"], ["City", "Bern"]], False),
        ([["Name", "Amount"]], False),
        ([["Members"], ["Anna"]], False),
        ([["Name", "", "City"], ["Anna", "Gasse", "Bern"]], False),
    ],
)
def test_a_table_that_plainly_names_its_columns(rows, named):
    assert has_names(rows) is named


def test_line_ends_become_spaces():
    assert one_line(" a\n b\t\xa0c ") == "a b c"
