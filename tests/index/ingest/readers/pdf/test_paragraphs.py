from index.ingest.readers.elements import Element
from index.ingest.readers.pdf.layout import Row, Run
from index.ingest.readers.pdf.paragraphs import Flow


def rows(*lines):
    """A row for each list of cells, (left, text), or for each such cell, twelve apart; a number is an extra gap."""
    found, base, place = [], 700.0, 0
    for line in lines:
        if isinstance(line, int):
            base -= line
            continue
        cells = line if isinstance(line, list) else [line]
        runs = []
        for left, text, *order in cells:
            runs.append(Run(text, left, left + 5 * len(text), base, 10, False, False, order[0] if order else place))
            place += 1
        found.append(Row(tuple(runs), tuple(runs)))
        base -= 12
    return found


def read(*pages, outline=None):
    flow = Flow(outline or {})
    for page in pages:
        flow.learn([run for row in page for run in row.runs])
    elements = [element for number, page in enumerate(pages, 1) for element in flow.add(page, number)]
    return [*elements, *flow.close()]


def texts(*lines):
    return [element.text for element in read(rows(*lines))]


LONG, LAST = "Water is heated slowly until it boils, and the", "leaves wait in a pot."


def test_lines_flow_and_a_gap_an_indent_or_a_short_line_ends_a_paragraph():
    assert texts((0, LONG), (0, LAST), 12, (0, LONG), (0, LAST)) == [f"{LONG} {LAST}"] * 2
    assert texts((10, LONG), (0, LAST), (10, LONG), (0, LAST)) == [f"{LONG} {LAST}"] * 2
    assert texts((0, LONG), (0, LAST), (0, LONG), (0, LAST)) == [f"{LONG} {LAST}"] * 2


def test_short_lines_that_begin_with_capitals_stand():
    assert read(rows((0, LONG), (0, LAST), 12, (0, "The Tea Board"), (0, "12 Leaf Street"))) == [
        Element(f"{LONG} {LAST}", page=1),
        Element("The Tea Board", page=1),
        Element("12 Leaf Street", page=1, tight=True),
    ]


def test_short_lines_far_apart_are_no_paragraph_and_double_spaced_text_is():
    letter = ((0, "Parking fine"), 12, (0, "Name of the owner"), 12, (0, "Please pay 40 francs"))
    assert texts(*letter) == ["Parking fine", "Name of the owner", "Please pay 40 francs"]
    assert texts((0, LONG), 12, (0, LAST)) == [f"{LONG} {LAST}"]


def test_right_to_left_lines_are_one_paragraph():
    first, rest = "\u05e9\u05dc\u05d5\u05dd " * 12, "\u05ea\u05d4 \u05d7\u05dd"
    assert texts((0, first.strip()), (300 - 35, rest)) == [f"{first}{rest}"]


def test_a_hanging_paragraph_is_one():
    assert texts((0, LONG), (20, LONG.lower()), (20, LAST)) == [f"{LONG} {LONG.lower()} {LAST}"]


def test_a_cell_goes_on_below_itself():
    table = rows([(0, "\u2212c"), (60, LONG)], (60, LAST), [(0, "\u2212d"), (60, LAST)])
    assert [element.text for element in read(table)] == [f"\u2212c | {LONG} {LAST}", f"\u2212d | {LAST}"]


def test_a_line_below_several_cells_is_not_one_of_them():
    assert texts([(20, "Green"), (80, "Black")], (10, "two minutes or five")) == [
        "Green | Black",
        "two minutes or five",
    ]


def test_cells_that_stand_in_the_middle_of_a_higher_one_are_its_row():
    table = rows([(0, "a", 0), (60, "b", 1)], (60, "Water is", 3), -6, (0, "tea", 2), -6, (60, "heated.", 4))
    assert [element.text for element in read(table)] == ["a | b", "tea | Water is heated."]


def test_a_listed_title_is_a_heading_whatever_it_looks_like():
    assert read(rows((0, "1 Green tea"), (0, LONG), (0, LAST)), outline={(1, "greentea"): 2}) == [
        Element("1 Green tea", level=2, page=1),
        Element(f"{LONG} {LAST}", page=1),
    ]


def test_a_sentence_that_ended_does_not_go_on_over_the_page_break():
    assert read(rows((0, LONG), (0, LAST)), rows((0, "leaves."))) == [
        Element(f"{LONG} {LAST}", page=1),
        Element("leaves.", page=2),
    ]
