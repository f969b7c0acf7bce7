import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth
from support.elements import with_text
from support.ruled import drawn, ruled_page

from index.ingest.limits import Limits
from index.ingest.readers.pdf.reader import read_pdf

BOLD = "Helvetica-Bold"
HEADER = [["Kind", "How long it steeps", "Price"]]
ROWS = [
    ["Green tea", ["Two minutes, or", "three if it is cold"], "4.50"],
    [["Black tea from", "the hills"], "Five minutes", "3.80"],
]
NAMED = [
    "Kind: Green tea; How long it steeps: Two minutes, or three if it is cold; Price: 4.50.",
    "Kind: Black tea from the hills; How long it steeps: Five minutes; Price: 3.80.",
]


def texts(*pages):
    return [element.text for element in with_text(read_pdf(drawn(*pages), Limits()))]


@pytest.mark.parametrize("style", ["lines", "areas"])
def test_lines_of_one_cell_are_one_text_and_the_first_row_names_the_columns(style):
    page = ruled_page([*HEADER, *ROWS], style=style)
    elements = with_text(read_pdf(drawn(page), Limits()))
    assert [element.text for element in elements] == NAMED
    assert {element.kind for element in elements} == {"table_row"}


def test_text_above_and_below_a_table_stays_around_it():
    page = ruled_page([*HEADER, *ROWS])
    around = [(50, 380, "Here is what we sell at the counter."), (50, 60, "Prices hold until May.")]
    assert texts([*around, *page]) == ["Here is what we sell at the counter.", *NAMED, "Prices hold until May."]


def test_a_cell_across_the_table_is_the_title_of_the_rows_below():
    rows = [*HEADER, ["From China"], ROWS[0], ["From India"], ROWS[1]]
    assert texts(ruled_page(rows)) == [f"From China; {NAMED[0]}", f"From India; {NAMED[1]}"]


def test_a_cell_over_several_rows_belongs_to_each_of_them():
    rows = [
        *HEADER,
        ["Green tea", "Two minutes", "4.50"],
        [None, "Three minutes", "4.80"],
        ["White tea", "One", "9.00"],
    ]
    assert texts(ruled_page(rows)) == [
        "Kind: Green tea; How long it steeps: Two minutes; Price: 4.50.",
        "Kind: Green tea; How long it steeps: Three minutes; Price: 4.80.",
        "Kind: White tea; How long it steeps: One; Price: 9.00.",
    ]


def test_the_names_hold_for_the_rows_on_the_next_page():
    following = [["White tea", "One minute", "9.00"], ["Mate", "Six minutes", "2.20"]]
    assert texts(ruled_page([*HEADER, *ROWS]), ruled_page(following)) == [
        *NAMED,
        "Kind: White tea; How long it steeps: One minute; Price: 9.00.",
        "Kind: Mate; How long it steeps: Six minutes; Price: 2.20.",
    ]


def test_rows_without_lines_between_them_are_parted_where_all_cells_are():
    page = ruled_page([*HEADER, *ROWS], style="columns")
    assert texts(page) == NAMED


def test_bold_names_of_columns_of_words():
    rows = [["Name", "Task"], ["Anna", "Buys the tea"], ["Ben", "Cleans the pot"]]
    assert texts(ruled_page(rows, header_font=BOLD)) == [
        "Name: Anna; Task: Buys the tea.",
        "Name: Ben; Task: Cleans the pot.",
    ]


def test_bold_names_above_the_first_line_name_the_columns():
    names = [(54 + 100 * at, 366, name, 10, BOLD) for at, name in enumerate(("Kind", "Minutes", "Price"))]
    rows = [["Green tea", "Two", "4.50"], ["Black tea", "Five", "3.80"]]
    assert texts([*names, *ruled_page(rows)]) == [
        "Kind: Green tea; Minutes: Two; Price: 4.50.",
        "Kind: Black tea; Minutes: Five; Price: 3.80.",
    ]


def test_words_without_names_get_none():
    rows = [["Anna", "Buys the tea"], ["Ben", "Cleans the pot"], ["Cleo", "Pours"]]
    assert texts(ruled_page(rows)) == ["Anna | Buys the tea", "Ben | Cleans the pot", "Cleo | Pours"]


def test_a_frame_around_columns_of_text_is_no_table():
    left = [(60, 340 - 12 * line, f"The tea of hill {line} is dark, and") for line in range(12)]
    right = [(215, 340 - 12 * line, f"the tea of coast {line} is light, so") for line in range(12)]
    found = texts([*left, *right, ("frame", 50, 190, 155, 170), ("frame", 205, 190, 160, 170)])
    assert not any(" | " in text for text in found)
    assert "The tea of hill 0 is dark, and" in found[0]


def test_a_line_under_a_word_divides_no_row():
    underline = ("line", 52, 360 - 24 - 17, 90, 360 - 24 - 17)
    assert texts([*ruled_page([*HEADER, *ROWS]), underline]) == NAMED


def test_each_line_of_values_is_a_row_where_lines_between_rows_are_left_out():
    rows = [
        ["Country", "Staff", "Offices"],
        [
            ["All countries ....", "Austria ....", "Belgium, with", "its islands ...."],
            ["31", "12", "", "19"],
            ["5", "(X)", "", "4"],
        ],
    ]
    assert texts(ruled_page(rows)) == [
        "Country: All countries; Staff: 31; Offices: 5.",
        "Country: Austria; Staff: 12; Offices: (X).",
        "Country: Belgium, with its islands; Staff: 19; Offices: 4.",
    ]


def test_a_word_in_the_middle_of_several_rows_belongs_to_each_of_them():
    rows = [
        ["Country", "Replies", "Accuracy"],
        [["Latvia", "Malta", "Iceland"], ["7", "18", "22"], ["", "Low", ""]],
        [["Spain", "Italy"], ["617", "639"], ["High", "High"]],
    ]
    assert texts(ruled_page(rows)) == [
        "Country: Latvia; Replies: 7; Accuracy: Low.",
        "Country: Malta; Replies: 18; Accuracy: Low.",
        "Country: Iceland; Replies: 22; Accuracy: Low.",
        "Country: Spain; Replies: 617; Accuracy: High.",
        "Country: Italy; Replies: 639; Accuracy: High.",
    ]


def test_an_error_below_a_value_stays_with_it():
    rows = [["Effect", "Share"], [["Income", "of a year"], ["0.25", "(0.04)"]], ["Age", "0.31"]]
    assert texts(ruled_page(rows))[0] == "Effect: Income of a year; Share: 0.25 (0.04)."


def test_the_title_above_the_names_is_no_part_of_them():
    title = "What is sold at the counter in May and June"
    assert texts(ruled_page([[title], *HEADER, *ROWS])) == [title, *NAMED]
    assert texts(ruled_page([["May"], *HEADER, *ROWS])) == [f"May; {line}" for line in NAMED]


def test_a_frame_around_columns_is_no_cell():
    labels = [
        ("Name", "Anna Gerber", "Year", "2022"),
        ("Claim", "SF-1008", "Make", "Jeep"),
        ("Phone", "555 0100", "Trim", "Limited"),
    ]
    words = [
        (60 + 75 * column, 320 - 14 * row, text) for row, line in enumerate(labels) for column, text in enumerate(line)
    ]
    total = [(60, 234, "Total"), (260, 234, "5,738"), (60, 214, "Paid"), (260, 214, "738")]
    lines = [("line", 50, 250, 350, 250), ("line", 50, 228, 350, 228), ("line", 200, 250, 200, 200)]
    found = texts([("frame", 50, 200, 300, 150), *lines, *words, *total])
    assert "Claim | SF-1008 | Make | Jeep" in found
    assert "Total | 5,738" in found


def test_centred_lines_of_a_name_without_ruled_lines_are_one_name():
    names = [(150, "Length of", "the trial"), (220, "Share of", "women"), (290, "Mean", "age")]
    head = [
        (middle - stringWidth(text, "Helvetica", 10) / 2, 340 - 11 * line, text)
        for middle, *lines in names
        for line, text in enumerate(lines)
    ]
    values = [("Bern", "12.5", "0.47", "61"), ("Thun", "8.0", "0.52", "58"), ("Zug", "9.5", "0.49", "63")]
    body = [
        (left, 310 - 18 * row, text)
        for row, cells in enumerate(values)
        for left, text in zip((40, 140, 210, 285), cells, strict=True)
    ]
    assert texts([*head, *body]) == [
        f"{city}; Length of the trial: {length}; Share of women: {share}; Mean age: {age}."
        for city, length, share, age in values
    ]


def test_names_of_two_lines_without_digits_stay_whole():
    rows = [[["Class", "of goods"], ["Mill.", "u$s"]], ["Fish", "663"], ["Tea", "232"]]
    assert texts(ruled_page(rows)) == ["Class of goods: Fish; Mill. u$s: 663.", "Class of goods: Tea; Mill. u$s: 232."]


def test_figures_between_the_lines_of_a_group_are_columns_of_their_own():
    top, edges, things = 360, (50, 150, 350), []
    rows = [["Town", "Sales"], [None, ("2022", "2023")], ["Bern", ("1,540", "952")], ["Thun", ("8", "7,191")]]
    rows += [["Zug", ("263", "71")]]
    for number, (town, values) in enumerate(rows):
        base = top - 20 * number
        things += [(54, base - 14, town)] if town else []
        things += [(190, base - 14, values)] if isinstance(values, str) else []
        if isinstance(values, tuple):
            for right, text in zip((230, 320), values, strict=True):
                things.append((right - stringWidth(text, "Helvetica", 10), base - 14, text))
        things += [("line", edges[0 if town else 1], base, edges[2], base)]
        things += [("line", edge, base, edge, base - 20) for edge in edges]
    things.append(("line", 50, top - 100, 350, top - 100))
    assert texts(things) == [
        "Town: Bern; Sales 2022: 1,540; Sales 2023: 952.",
        "Town: Thun; Sales 2022: 8; Sales 2023: 7,191.",
        "Town: Zug; Sales 2022: 263; Sales 2023: 71.",
    ]
