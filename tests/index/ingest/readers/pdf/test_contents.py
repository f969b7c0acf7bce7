import pytest

from index.ingest.readers.pdf.contents import Contents, without_leaders
from index.ingest.readers.pdf.layout import Row, Run


def rows(*texts):
    found = []
    for place, text in enumerate(texts):
        cells = tuple(
            Run(cell, 300 * at, 300 * at + 5 * len(cell), 400 - 20 * place, 10, False, False, place)
            for at, cell in enumerate(text.split(" | "))
        )
        found.append(Row(cells, cells))
    return found


def kept(*texts, pages=20):
    return [row.text for row in Contents(pages).rest(rows(*texts))]


ENTRIES = ("1 Tea | 2", "Green . . . . . 3", "A very", "long . . . . . 4", "Black ..... 5")


def test_a_contents_list_is_left_out_with_what_stands_among_its_rows():
    assert kept("Contents", *ENTRIES, "Tea.") == ["Contents", "Tea."]


def test_a_list_of_contents_goes_on_over_the_page():
    contents = Contents(20)
    assert [row.text for row in contents.rest(rows("Contents", *ENTRIES))] == ["Contents"]
    assert list(contents.rest(rows("White ..... 6", "Red ..... 7", "Milk ..... 9"))) == []


def test_a_list_without_a_title_is_one_of_contents_if_its_numbers_can_be_pages():
    entries = [f"Chapter {number} ....... {number}" for number in range(1, 7)]
    assert [kept(*entries, pages=20), len(kept(*entries, pages=1))] == [[], 6]


@pytest.mark.parametrize(
    ("entries", "rest"),
    [
        (("Adults ..... 18", "Pupils ..... 9", "Families ..... 40"), ["Adults | 18", "Pupils | 9", "Families | 40"]),
        (
            ("Contents", "Sugar ..... 9", "Fat ..... 2", "Salt ..... 1"),
            ["Contents", "Sugar | 9", "Fat | 2", "Salt | 1"],
        ),
        (("Gross pay ..... 6480",), ["Gross pay | 6480"]),
        (("Tea ........ CHF 18.50",), ["Tea | CHF 18.50"]),
        (("Name: ________",), ["Name:"]),
        (("a community platform. . . .",), ["a community platform. . . ."]),
        (("Tea ... and 5",), ["Tea ... and 5"]),
        (("..........",), []),
    ],
)
def test_other_rows_with_leader_dots_keep_their_words_and_values(entries, rest):
    assert kept(*entries) == rest


def test_the_cells_beside_dots_are_where_they_are_drawn():
    (row,) = rows("Tea ..... 18")
    assert [(cell.text, cell.left, cell.right) for cell in without_leaders(row).cells] == [
        ("Tea", 0, 15),
        ("18", 50, 60),
    ]


def test_a_titled_list_without_dots_is_one_of_contents_if_its_numbers_can_be_pages():
    assert kept("Contents", "1 Tea | 2", "2 Green tea | 2", "3 Black tea | 4", "Tea.", "More.") == [
        "Contents",
        "Tea.",
        "More.",
    ]
    values = ("Sugar | 9", "Fat | 2", "Salt | 1")
    assert kept("Contents", *values) == ["Contents", *values]
    assert kept("Contents", "Sugar | 90", "Fat | 200", "Salt | 1000")[1:] == ["Sugar | 90", "Fat | 200", "Salt | 1000"]
    assert kept("Prices", "Tea | 2", "Milk | 3", "Cake | 4")[1:] == ["Tea | 2", "Milk | 3", "Cake | 4"]
