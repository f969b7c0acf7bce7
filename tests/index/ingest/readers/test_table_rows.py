import pytest

from index.ingest.readers.table_rows import Cell, has_names, one_line, row_line, span_lines


def test_a_row_names_its_columns():
    assert row_line(["Anna", "", "12.5"], ["Name", "City", "Amount"]) == "Name: Anna; Amount: 12.5."


def test_a_row_that_ends_a_sentence_gets_no_second_full_stop():
    assert row_line(["Anna", "Is she here?"], ["Name", "Note"]) == "Name: Anna; Note: Is she here?"


def test_cells_without_a_name_stand_alone():
    assert row_line(["1", "Anna", "late"], ["", "Name"]) == "1; Name: Anna; late."
    assert row_line(["", "Anna", "", "late", ""]) == "Anna | | late"


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


def cells(*texts, width=3):
    """A row; a text alone is one cell across the table."""
    return [Cell(text=text) for text in texts] if len(texts) > 1 else [Cell(text=texts[0], span=width)]


def test_a_cell_across_the_table_is_the_title_of_the_rows_below():
    rows = [cells("Kind", "Minutes", "Price"), cells("China:"), cells("Green", "2", "4.50"), cells("India")]
    assert list(span_lines(rows)) == ["", "", "China; Kind: Green; Minutes: 2; Price: 4.50.", "India."]


def test_a_long_title_above_the_names_is_a_line_of_its_own():
    title = "Prices of all the teas that we sell in May"
    rows = [cells(title), cells("Kind", "Minutes", "Price"), cells("Green", "2", "4.50")]
    assert list(span_lines(rows)) == [title, "", "Kind: Green; Minutes: 2; Price: 4.50."]
    assert list(span_lines(rows, 2)) == list(span_lines(rows))
    short = [cells("May:"), *rows[1:]]
    assert list(span_lines(short)) == ["", "", "May; Kind: Green; Minutes: 2; Price: 4.50."]


def test_the_title_above_the_names_is_that_of_the_first_rows_if_others_follow():
    first, second = "Teas that we buy from the hills of southern China", "India"
    rows = [cells(first), cells("Kind", "Minutes", "Price"), cells("Green", "2", "4.50"), cells(second)]
    rows.append(cells("Black", "5", "3.80"))
    assert list(span_lines(rows)) == [
        "",
        "",
        f"{first}; Kind: Green; Minutes: 2; Price: 4.50.",
        "",
        "India; Kind: Black; Minutes: 5; Price: 3.80.",
    ]


def test_numbers_that_count_the_columns_are_no_names():
    rows = [cells("Kind", "Minutes", "Price"), cells("1", "2", "3"), cells("Green", "2", "4.50")]
    assert list(span_lines(rows, 2))[-1] == "Kind: Green; Minutes: 2; Price: 4.50."


def test_a_sentence_across_the_table_is_no_title():
    note = "All prices hold until the end of May, and those of white tea until we have sold what is left of it."
    rows = [cells("Kind", "Minutes", "Price"), cells(note), cells("Green", "2", "4.50")]
    assert list(span_lines(rows)) == ["", note, "Kind: Green; Minutes: 2; Price: 4.50."]
