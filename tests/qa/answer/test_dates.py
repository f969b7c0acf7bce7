from datetime import date

import pytest

from qa.answer.catalogue import Catalogue
from qa.answer.date_limits import find_date_limit, wrong_option
from qa.answer.dates import Period, period_of, period_of_name
from qa.answer.scope import find_scope

TODAY = date(2025, 6, 18)  # a Wednesday
CATALOGUE = Catalogue(
    {
        "minutes/2024-05-28.md": "Minutes",
        "minutes/2025-01-07.md": "Minutes",
        "annual report.pdf": "Annual report",
        "after-1991.md": "After 1991",
        "boiler.eml": "Boiler",
    },
    {
        "minutes/2024-05-28.md": "2026-01-01",
        "minutes/2025-01-07.md": "2026-01-01",
        "annual report.pdf": "2023-04-02",
        "after-1991.md": "2020-02-02",
        "boiler.eml": "2024-11-30",
    },
)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("March 2024", "2024-03-01", "2024-03-31"),
        ("Dezember 2023", "2023-12-01", "2023-12-31"),
        ("12 March 2024", "2024-03-12", "2024-03-12"),
        ("12.3.2024", "2024-03-12", "2024-03-12"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("last year", "2024-01-01", "2024-12-31"),
        ("last month", "2025-05-01", "2025-05-31"),
        ("this week", "2025-06-16", "2025-06-18"),
        ("last week", "2025-06-09", "2025-06-15"),
        ("yesterday", "2025-06-17", "2025-06-17"),
    ],
)
def test_a_written_date_is_a_period(text, first, last):
    assert period_of(text, TODAY) == Period(first=first, last=last)


def test_a_day_that_there_is_not_is_no_period():
    assert period_of("2024-02-30", TODAY) is None


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("20240528_minutes", "2024-05-28"),
        ("Report March 2024", "2024-03-01"),
        ("budget2023", "2023-01-01"),
        ("nist-800-63b", ""),
        ("since-1991", ""),
        ("IMG_120240528", ""),
    ],
)
def test_a_date_in_a_name_is_one_unless_the_name_tells_of_a_time_after_it(name, first):
    found = period_of_name(name)
    assert (found.first if found else "") == first


@pytest.mark.parametrize(
    ("question", "rest", "paths", "name"),
    [
        (
            "Which documents are newer than May 2024?",
            "Which documents are there?",
            ["minutes/2025-01-07.md", "boiler.eml"],
            "documents after May 2024",
        ),
        (
            "Which documents since 2024 mention tea?",
            "Which documents mention tea?",
            ["minutes/2024-05-28.md", "minutes/2025-01-07.md", "boiler.eml"],
            "documents since 2024",
        ),
        ("who was absent in the 2024 minutes?", "who was absent?", ["minutes/2024-05-28.md"], "minutes from 2024"),
        (
            "what was decided in the minutes from January 2025",
            "what was decided in the minutes",
            ["minutes/2025-01-07.md"],
            "minutes from January 2025",
        ),
        ("summarise the 2023 report", "summarise the report", ["annual report.pdf"], "report from 2023"),
        ("in last year's minutes, who spoke?", "who spoke?", ["minutes/2024-05-28.md"], "minutes from last year"),
        ("how hot? before:2021", "how hot?", ["after-1991.md"], "documents before 2021"),
        (
            "how hot? after:2023-01-01 until:2024-06",
            "how hot?",
            ["minutes/2024-05-28.md", "annual report.pdf"],
            "documents after 2023-01-01 and until 2024-06",
        ),
        (
            "in:minutes/ who spoke? since:2025",
            "who spoke?",
            ["minutes/2025-01-07.md"],
            "minutes/, documents since 2025",
        ),
        (
            "welche Dokumente seit 2025 gibt es",
            "welche Dokumente gibt es",
            ["minutes/2025-01-07.md"],
            "documents since 2025",
        ),
    ],
)
def test_a_question_is_limited_to_documents_of_a_time(question, rest, paths, name):
    scope = find_scope(question, CATALOGUE, TODAY)
    assert (scope.question, scope.paths, scope.name) == (rest, frozenset(paths), name)
    assert (scope.is_certain, scope.is_period) == (True, True)


@pytest.mark.parametrize(
    "question",
    [
        "How has trade developed since 2023?",
        "What changed after 2020?",
        "How many reports did the UN publish in 2019?",
        "Who won the 2018 world cup?",
        "What did they report in 2023?",
        "How was last year?",
    ],
)
def test_a_time_that_is_none_of_documents_limits_nothing(question):
    assert find_date_limit(question, TODAY) is None


def test_the_name_of_a_document_comes_before_the_date_of_its_file():
    assert CATALOGUE.period("minutes/2024-05-28.md") == Period(first="2024-05-28", last="2024-05-28")
    assert CATALOGUE.period("after-1991.md") == Period(first="2020-02-02", last="2020-02-02")


def test_an_option_that_is_no_date_is_named():
    assert wrong_option("rent after:soon", TODAY) == "soon"
    assert wrong_option("rent after:2024-02-30?", TODAY) == "2024-02-30"
    assert wrong_option("rent after:2024, before:2025", TODAY) == ""


@pytest.mark.parametrize(
    ("question", "rest", "path"),
    [
        ("what was decided in the latest minutes?", "what was decided in the minutes?", "minutes/2025-01-07.md"),
        ("summarise the oldest minutes", "summarise the minutes", "minutes/2024-05-28.md"),
    ],
)
def test_the_newest_document_of_a_kind_limits_a_question(question, rest, path):
    scope = find_scope(question, CATALOGUE, TODAY)
    assert (scope.question, scope.paths, scope.name) == (rest, {path}, path)


MEETINGS = Catalogue(
    {
        "board/2024-05-28.md": "Board meeting 28 May 2024",
        "board/2025-01-07.md": "Board meeting 7 January 2025",
        "meeting rooms.md": "Meeting rooms",
        "effective meeting.md": "Meeting well",
    },
    {"meeting rooms.md": "2026-01-01", "effective meeting.md": "2026-01-02"},
)


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("who was at the last meeting?", "who was at the meeting?"),
        ("what was decided in the most recent board meeting", "what was decided in the board meeting"),
        ("what did they say at the latest meeting about rent", "what did they say at the meeting about rent"),
    ],
)
def test_the_last_meeting_is_the_document_with_the_last_day_in_its_name(question, rest):
    scope = find_scope(question, MEETINGS, TODAY)
    assert (scope.question, scope.paths) == (rest, {"board/2025-01-07.md"})


@pytest.mark.parametrize(
    "question", ["who is in the last meeting room?", "at the last general assembly", "last meeting"]
)
def test_other_last_things_limit_nothing(question):
    assert find_scope(question, MEETINGS, TODAY) is None


def test_the_last_meeting_limits_nothing_without_minutes():
    rooms = Catalogue({"meeting rooms.md": "Meeting rooms", "meetings 2.md": "Meetings"}, {})
    assert find_scope("who was at the last meeting?", rooms, TODAY) is None


def test_the_newest_of_one_document_or_of_all_limits_nothing():
    assert find_scope("what is in the latest report?", CATALOGUE, TODAY) is None
    assert find_scope("what is the newest document?", CATALOGUE, TODAY) is None
