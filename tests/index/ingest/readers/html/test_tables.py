import pytest

from index.ingest.limits import Limits
from index.ingest.readers.html.reader import html_elements, read_html


def lines(rows):
    return [element.text for element in html_elements(f"<table>{rows}</table>")]


def test_cells_of_a_table_without_names_are_parted_by_bars():
    assert lines("<tr><td>milk<td>2<tr><td>eggs<td>3") == ["milk | 2", "eggs | 3"]


def test_a_first_row_that_plainly_names_the_columns_does():
    assert lines("<tr><td>Name<td>City<td>Age<tr><td>Anna<td>Bern<td>31") == ["Name: Anna; City: Bern; Age: 31."]


def test_a_row_that_has_its_own_heading_begins_with_it():
    assert lines("<tr><th>Status:<td>Core<tr><th>Context<td>server<td>directory") == [
        "Status: Core",
        "Context: server | directory",
    ]


def test_a_cell_that_spans_rows_is_in_each_of_them():
    assert lines("<tr><th>City<th>Year<tr><td rowspan=2>Bern<td>2020<tr><td>2021<tr><td>Chur<td>2021") == [
        "City: Bern; Year: 2020.",
        "City: Bern; Year: 2021.",
        "City: Chur; Year: 2021.",
    ]


def test_names_in_two_rows_are_put_together():
    head = "<thead><tr><th rowspan=2>City<th colspan=2>Sales<tr><th>2020<th>2021</thead>"
    assert lines(f"{head}<tr><th>Bern<td>1<td>2") == ["City: Bern; Sales 2020: 1; Sales 2021: 2."]


def test_a_name_over_several_columns_is_part_of_their_names():
    assert lines("<tr><th><th colspan=2>2023<tr><th>City<th>Sales<th>Profit<tr><td>Bern<td>1<td>2") == [
        "City: Bern; 2023 Sales: 1; 2023 Profit: 2."
    ]
    unmarked = "<tr><td rowspan=2>City<td colspan=2>2023<td colspan=2>2022<tr><td>Sales<td>Cost<td>Sales<td>Cost"
    assert lines(f"{unmarked}<tr><td>Bern<td>1<td>2<td>3<td>4") == [
        "City: Bern; 2023 Sales: 1; 2023 Cost: 2; 2022 Sales: 3; 2022 Cost: 4."
    ]


def test_a_table_with_names_in_two_rows_is_no_boilerplate():
    prose = "<p>The table has the figures of each city for both of the years that the report is about.</p>" * 5
    head = "<tr><th rowspan=2>City<th colspan=2>The year 2023<tr><th>Sales of tea<th>Costs of tea"
    page = f"<body><h1>Report</h1>{prose}<table>{head}<tr><td>Bern<td>1<td>2</table></body>"
    assert "City: Bern; The year 2023 Sales of tea: 1; The year 2023 Costs of tea: 2." in [
        element.text for element in read_html(page.encode(), Limits())
    ]


def test_a_cell_across_the_table_stands_alone():
    assert lines("<tr><th>Tea<th>Price<tr><td colspan=2>Green teas<tr><td>Sencha<td>5") == [
        "Green teas",
        "Tea: Sencha; Price: 5.",
    ]


def test_names_that_come_again_with_others_hold_from_there():
    assert lines("<tr><th>Tea<th>Price<tr><td>Sencha<td>5<tr><th>Milk<th>Fat<tr><td>Whole<td>4") == [
        "Tea: Sencha; Price: 5.",
        "Milk: Whole; Fat: 4.",
    ]


def test_names_without_rows_are_a_line():
    assert lines("<tr><th>Tea<th>Price") == ["Tea | Price"]


def test_lists_in_cells_are_parted_by_semicolons():
    assert lines("<tr><th>Tea<th>With<tr><td>Black<td><ul><li>milk<li>sugar</ul>") == ["Tea: Black; With: milk; sugar."]


@pytest.mark.parametrize("span", ["0", "-1", "x", "", "99999999999"])
def test_spans_out_of_bounds_are_one(span):
    assert lines(f"<tr><th>Tea<th>Price<tr><td rowspan='{span}'>Sencha<td>5<tr><td>Oolong<td>6") == [
        "Tea: Sencha; Price: 5.",
        "Tea: Oolong; Price: 6.",
    ]
