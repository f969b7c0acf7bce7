import re
from dataclasses import replace

import pytest

from index.ingest.readers.pdf.columns import regions
from index.ingest.readers.pdf.layout import Run, gather, rows
from index.ingest.readers.pdf.spelling import Word


def words(text, left=0.0, base=100.0, size=10.0, **style):
    """The words of a text whose letters are five wide, one blank apart."""
    found = []
    for word in text.split():
        found.append(Word(word, left, left + 5 * len(word), base, size, **style))
        left += 5 * len(word) + 3
    return found


def runs(*texts):
    return [
        Run(text, left, left + 5 * len(text), base, 10, False, False, place)
        for place, (left, base, text) in enumerate(texts)
    ]


def texts(found):
    return [run.text for run in found]


def test_words_of_one_line_are_one_run_and_a_wide_gap_parts_them():
    assert texts(gather([*words("green tea"), *words("2 min", left=200), *words("black tea", base=88)])) == [
        "green tea",
        "2 min",
        "black tea",
    ]


def test_a_run_is_bold_when_all_of_its_words_are():
    bold, mixed = gather([*words("Green tea", bold=True), *words("is", base=80), *words("hot", 13, 80, bold=True)])
    assert (bold.bold, mixed.bold) == (True, False)


def test_a_footnote_mark_is_left_out_with_its_blank():
    line = [*words("tea"), Word("1", 15, 18, 104, 6, glued=True), Word(",", 18, 20, 100, 10, glued=True)]
    assert texts(gather([*line, *words("and", 23)])) == ["tea, and"]


def test_the_mark_before_a_footnote_is_not_glued_to_it():
    assert texts(
        gather([Word("2", 0, 3, 103, 5), *(word._replace(glued=True) for word in words("The", 3, 100, 8))])
    ) == ["2 The"]


def test_raised_letters_and_powers_stay():
    line = [*words("19"), Word("th", 10, 15, 104, 6, glued=True), *words("10", 18), Word("3", 28, 31, 104, 6)]
    assert texts(gather(line)) == ["19th 10\u00b3"]


@pytest.mark.parametrize(
    ("text", "mark", "expected"),
    [
        ("5 m", "2", "5 m\u00b2"),
        ("10", "-3", "10\u207b\u00b3"),
        ("x", "n", "x\u207f"),
        ("in 2019", "3", "in 2019"),
        ("the EU", "3", "the EU"),
        ("the 22", "nd", "the 22nd"),
    ],
)
def test_a_raised_word_is_a_power_a_footnote_mark_or_letters(text, mark, expected):
    line = words(text)
    right = line[-1].right
    assert texts(gather([*line, Word(mark, right, right + 3, 104, 6, glued=True)])) == [expected]


def test_a_lowered_number_after_a_letter_is_an_index():
    line = [*words("H"), Word("2", 5, 8, 98, 6, glued=True), Word("O", 8, 13, 100, 10, glued=True)]
    assert texts(gather(line)) == ["H\u2082O"]


def test_small_print_beside_a_large_word_keeps_its_blanks():
    small = [Word(text, left, left + 20, 105, 8) for text, left in (("net", 42), ("of", 65))]
    assert texts(gather([Word("1450", 0, 40, 100, 18), *small])) == ["1450 net of"]


def test_runs_beside_each_other_are_a_row_of_cells():
    table = rows(runs((0, 100, "Green"), (0, 88, "Black"), (100, 100, "2"), (100, 88, "5")))
    assert [row.text for row in table] == ["Green | 2", "Black | 5"]


def test_a_number_before_a_heading_is_no_cell():
    assert [row.text for row in rows(runs((0, 100, "1.2"), (35, 100, "Green tea")))] == ["1.2 Green tea"]


def test_a_row_of_right_to_left_text_begins_on_the_right():
    assert [row.text for row in rows(runs((0, 100, "\u05ea\u05d4"), (100, 100, "\u05d7\u05dd")))] == [
        "\u05d7\u05dd | \u05ea\u05d4"
    ]


def test_figures_of_near_columns_are_two_cells_and_justified_text_is_one():
    near = [*words("Sold"), *words("102.6", 40), *words("35,390", 73)]
    wide = [word for place, text in enumerate(("of", "tea", "1990", "1991", "it")) for word in words(text, 30 * place)]
    assert texts(gather(near)) == ["Sold", "102.6", "35,390"]
    assert [run.text for row in rows(gather(near)) for run in row.cells] == ["Sold", "102.6", "35,390"]
    assert texts(gather([word._replace(right=word.left + 22) for word in wide])) == ["of tea 1990 1991 it"]


def test_near_cells_are_divided_where_rows_close_by_have_a_gap():
    header = runs((0, 100, "Item"), (60, 100, "Hours"), (97, 100, "Rate"))
    figures = runs((0, 88, "Labour"), (60, 88, "5"), (105, 88, "80"))
    far = runs((0, 100, "Labour"), (60, 100, "5"), (105, 100, "80"))
    assert [row.text for row in rows([*header, *figures])] == ["Item | Hours | Rate", "Labour | 5 | 80"]
    first, *_ = rows([*header, *(replace(run, base=20) for run in far)])
    assert first.text == "Item | Hours Rate"


def test_the_blanks_of_text_beside_a_table_divide_nothing():
    page = [*runs((0, 100, "Steep"), (32, 100, "it for"), (70, 100, "long")), *runs((0, 88, "Green"), (100, 88, "2"))]
    assert [row.text for row in rows(page)] == ["Steep it for long", "Green | 2"]


def test_columns_of_fixed_pitch_are_cells_and_comments_of_code_are_none():
    def typed(base, line):
        found = re.finditer(r"\S+", line)
        return [Word(word[0], 6 * word.start(), 6 * word.end(), base, 10, fixed=True) for word in found]

    table = [*typed(100, "Name        Sold  Left"), *typed(88, "Green  1,200.50  12.40")]
    assert [row.text for row in rows(gather(table))] == ["Name | Sold | Left", "Green | 1,200.50 | 12.40"]
    code = [*typed(100, "a = 1   # one"), *typed(88, "brew(a)         # two")]
    assert [row.text for row in rows(gather(code))] == ["a = 1 # one", "brew(a) | # two"]


def test_a_table_that_is_drawn_column_by_column_is_not_columns():
    page = runs(
        *((0, base, text) for base, text in ((100, "Kind"), (88, "Green"), (76, "Black"))),
        *((90, base, text) for base, text in ((100, "Sold"), (88, "120"), (76, "35"))),
    )
    (table,) = regions(page)
    assert [row.text for row in rows(table)] == ["Kind | Sold", "Green | 120", "Black | 35"]
    assert [run.position for row in rows(table) for run in row.cells] == list(range(6))


def test_names_that_end_with_a_colon_stand_beside_their_values():
    page = runs(
        (0, 100, "Name:"), (0, 88, "Town:"), (0, 76, "Date:"), (90, 100, "Anna"), (90, 88, "Bern"), (90, 76, "May")
    )
    assert [row.text for part in regions(page) for row in rows(part)] == ["Name: | Anna", "Town: | Bern", "Date: | May"]


def test_columns_that_are_drawn_one_by_one_are_read_one_by_one():
    page = runs((0, 100, "a1"), (0, 88, "a2"), (0, 76, "a3"), (90, 98, "b1"), (90, 86, "b2"), (90, 74, "b3"))
    assert [texts(part) for part in regions(page)] == [["a1", "a2", "a3"], ["b1", "b2", "b3"]]


def test_three_columns_are_read_from_the_left():
    page = runs(*((left, base, f"column {left}") for left in (0, 100, 200) for base in (90, 78, 66)))
    assert [run.left for part in regions(page) for run in part] == [0] * 3 + [100] * 3 + [200] * 3


def test_what_crosses_the_columns_parts_them():
    first = ((0, 90, "a"), (0, 78, "b"), (90, 90, "c"), (90, 78, "d"))
    then = ((0, 40, "e"), (0, 28, "f"), (90, 40, "g"), (90, 28, "h"))
    page = runs(*first, (0, 60, "a line that crosses all columns"), *then)
    assert ["".join(texts(part))[:2] for part in regions(page)] == ["ab", "cd", "a ", "ef", "gh"]


def test_what_stands_apart_below_both_columns_is_read_after_them():
    page = runs((0, 100, "a1"), (0, 88, "a2"), (0, 40, "Next"), (90, 100, "b1"), (90, 88, "b2"), (90, 76, "b3"))
    assert [texts(part) for part in regions(page)] == [["a1", "a2"], ["b1", "b2", "b3"], ["Next"]]


def test_a_table_that_is_drawn_row_by_row_is_not_columns():
    page = runs((0, 100, "Green"), (90, 100, "2"), (0, 88, "Black"), (90, 88, "5"), (0, 76, "White"), (90, 76, "1"))
    assert [texts(part) for part in regions(page)] == [["Green", "2", "Black", "5", "White", "1"]]
