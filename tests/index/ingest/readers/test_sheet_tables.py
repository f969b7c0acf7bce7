from index.ingest.readers.sheet_header import SheetRow
from index.ingest.readers.sheet_tables import sheet_lines


def lines(*rows):
    return [line.text for line in sheet_lines(SheetRow(number=number, cells=row) for number, row in enumerate(rows, 1))]


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


def test_a_table_below_a_gap_has_its_own_names():
    rows = [
        ["Region", "Sales"],
        ["North", "120"],
        [],
        ["Product", "Returns"],
        ["Teapot", "11"],
        [],
        ["", "City", "Rain"],
    ]
    rows += [["", "Bern", "1022"]]
    assert lines(*rows) == ["Region: North; Sales: 120.", "Product: Teapot; Returns: 11.", "City: Bern; Rain: 1022."]


def test_a_row_of_words_over_numbers_begins_a_table():
    rows = [
        ["Region", "Sales", "Staff"],
        ["North", "120", "7"],
        ["Product", "Returns", "Price"],
        ["Teapot", "11", "35"],
    ]
    assert lines(*rows) == ["Region: North; Sales: 120; Staff: 7.", "Product: Teapot; Returns: 11; Price: 35."]


def test_rows_without_numbers_stay_in_their_table():
    rows = [["Name", "Age", "City"], ["Anna", "41", "Bern"], ["Beat", "unknown", "Basel"], ["Carl", "30", "Chur"]]
    assert lines(*rows)[1:] == ["Name: Beat; Age: unknown; City: Basel.", "Name: Carl; Age: 30; City: Chur."]


def test_a_note_below_a_table_has_no_name():
    rows = [["Month", "Sold"], ["May", "12"], ["Source: the shop's own count."], [], ["See also the other sheet."]]
    assert lines(*rows) == ["Month: May; Sold: 12.", "Source: the shop's own count.", "See also the other sheet."]


def test_names_of_several_columns_stand_before_the_names_below_them():
    rows = [["Zone", "2023", "", "2022", ""], ["", "Sales", "Profit", "Sales", "Profit"], ["NA", "12", "2", "10", "1"]]
    assert lines(*rows) == ["Zone: NA; 2023 Sales: 12; 2023 Profit: 2; 2022 Sales: 10; 2022 Profit: 1."]
    rows = [["", "2023", "", "2022", ""], ["Zone", "Sales", "Profit", "Sales", "Profit"], ["NA", "12", "2", "10", "1"]]
    assert lines(*rows) == ["Zone: NA; 2023 Sales: 12; 2023 Profit: 2; 2022 Sales: 10; 2022 Profit: 1."]


def test_names_above_a_gap_are_those_of_the_rows_below():
    assert lines(["Sales of the year"], ["Name", "Sold"], [], ["Anna", "12"], [], ["Beat", "3"]) == [
        "Sales of the year",
        "Name: Anna; Sold: 12.",
        "Name: Beat; Sold: 3.",
    ]


def test_rows_that_equal_the_first_are_not_lost():
    assert lines(["tea", "milk"], ["tea", "milk"]) == ["tea | milk"]


def test_tables_side_by_side_are_read_one_after_the_other():
    rows = [["Tea", "Sold", "", "", ""], ["Sencha", "12", "", "City", "Rain"], ["Oolong", "3", "", "Bern", "1022"]]
    assert lines(*rows) == ["Tea: Sencha; Sold: 12.", "Tea: Oolong; Sold: 3.", "City: Bern; Rain: 1022."]


def test_an_empty_column_within_a_table_does_not_divide_it():
    rows = [["Item", "2023", "2022", "", "Change", "Share"], ["Tea", "12", "10", "", "2", "0.5"]]
    assert lines(*rows) == ["Item: Tea; 2023: 12; 2022: 10; Change: 2; Share: 0.5."]


def test_names_of_several_columns_may_stand_over_the_last_of_them():
    rows = [
        ["In millions", "", "2023", "", "", "2022"],
        ["", "Sales", "Profit", "", "Sales", "Profit"],
        [],
        ["Zone NA", "12", "2", "", "10", "1"],
    ]
    assert lines(*rows) == ["In millions: Zone NA; 2023 Sales: 12; 2023 Profit: 2; 2022 Sales: 10; 2022 Profit: 1."]


def test_names_alone_between_gaps_are_those_of_the_next_table():
    first = [["Zone", "Sold"], ["NA", "12"], [], ["Tea", "Returned"], [], ["green", "3"]]
    assert lines(*first) == ["Zone: NA; Sold: 12.", "Tea: green; Returned: 3."]
    unknown = [["Zone", "Sold", "Left"], ["NA", "12", "1"], [], ["EU", "n/a", "n/a"], [], ["AS", "3", "2"]]
    assert lines(*unknown)[1:] == ["Zone: EU; Sold: n/a; Left: n/a.", "Zone: AS; Sold: 3; Left: 2."]
