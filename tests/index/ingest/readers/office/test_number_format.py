import datetime

import pytest

from index.ingest.readers.office.number_format import shown


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (None, "General", ""),
        (True, "General", "TRUE"),
        (3, "General", "3"),
        (3.0, "General", "3"),
        (0.1 + 0.2, "General", "0.3"),
        (-12.5, "General", "-12.5"),
        (1e20, "General", "1e+20"),
        (2.5, "0.00", "2.50"),
        (2.0, "0", "2"),
        (2.56, "0.##", "2.56"),
        (2.5, "0.0##", "2.5"),
        (2.0, "0.##", "2"),
        (0.125, "0%", "13%"),
        (0.125, "0.0%", "12.5%"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (1234.5, '"$"#,##0.00', "$1,234.50"),
        (1234.5, "$#,##0.00", "$1,234.50"),
        (-5, "$#,##0.00", "-$5.00"),
        (1.005, "0.00", "1.01"),
        (float("nan"), "0.00", "nan"),
        (1e300, "0.00", "1e+300"),
        (5, "0." + "0" * 30, "5"),
        (-0.001, "0.00", "0.00"),
        (5, "[$€-407] #,##0.00", "€ 5.00"),
        (5, "#,##0.00\\ [$€-407]", "5.00 €"),
        (5, '0 "CHF"', "5 CHF"),
        (5, '_("$"* #,##0.00_);_("$"* \\(#,##0.00\\)', "$5.00"),
        (5, "[Red]0.0", "5.0"),
        (0.5, "# ?/?", "0.5"),
        (12345.0, "0.00E+00", "12345"),
        (12345.0, "0,", "12345"),
        (5, "@", "5"),
        (7, "000", "007"),
        (datetime.datetime(2024, 5, 1), "yyyy", "2024-05-01"),
        (datetime.datetime(2024, 5, 1, 13, 30), "yyyy", "2024-05-01 13:30"),
        (datetime.datetime(2024, 5, 1, 13, 30, 5), "yyyy", "2024-05-01 13:30:05"),
        (datetime.date(2024, 5, 1), "yyyy", "2024-05-01"),
        (datetime.time(9, 5), "hh:mm", "09:05"),
        (datetime.timedelta(hours=30), "[h]:mm", "30:00"),
        ("tea", "General", "tea"),
    ],
)
def test_a_value_is_shown_as_in_the_sheet(value, number_format, text):
    assert shown(value, number_format) == text
