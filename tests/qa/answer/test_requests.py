import json
from pathlib import Path

import pytest

from qa.answer.requests import Request, is_small_talk, recognise
from qa.answer.small_talk import small_talk

SHARED = Path(__file__).parents[4] / "shared"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("hi there", "greeting"),
        ("Good morning :)", "greeting"),
        ("hello", "greeting"),
        ("Hallo!", "greeting"),
        ("thanks, that helped!", "thanks"),
        ("great thank you", "thanks"),
        ("ok", "thanks"),
        ("ok cool bye", "farewell"),
        ("Goodbye and thanks", "farewell"),
        ("Is that a good morning dish?", None),
        ("hello world program", None),
        ("thank you letter template", None),
        ("good", None),
        ("why", None),
        ("it", None),
        ("", None),
    ],
)
def test_small_talk_is_nothing_but_greetings_and_the_like(text, kind):
    assert small_talk(text) == kind


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("who are you and what can you do?", Request(kind="help")),
        ("help", Request(kind="help")),
        ("translate good morning into japanese", Request(kind="cannot", action="translate")),
        ("Can you write an email to my boss about it?", Request(kind="cannot", action="write")),
        ("Please add up all the fees", Request(kind="cannot", action="add", topic="all the fees")),
        ("how many documents have i uploaded", Request(kind="count")),
        ("How many PDFs are there?", Request(kind="count", topic="PDFs")),
        ("what documents do I have about travel", Request(kind="documents", topic="travel")),
        ("Which files mention Kandji?", Request(kind="documents", topic="Kandji", is_mention=True)),
        ("list all documents", Request(kind="documents")),
        ("do you have anything about website cookies?", Request(kind="documents", topic="website cookies")),
        ("are there any documents on parental leave in here", Request(kind="documents", topic="parental leave")),
        ("what recipes are in here?", Request(kind="documents", topic="recipes", is_uncertain=True)),
        ("Summarise contract.md for me please", Request(kind="overview", document="contract.md")),
        ("Can you give me a short summary of the lease?", Request(kind="overview", document="the lease")),
        ("table of contents", Request(kind="overview")),
        ("summarize this document", Request(kind="overview")),
        ("What is contract.md about?", Request(kind="overview", document="contract.md", is_uncertain=True)),
        ("what's in here?", Request(kind="everything")),
        ("Summarize all my documents", Request(kind="everything")),
        ("worum geht es hier", Request(kind="everything")),
        ("SUMARISE THE LEASE", Request(kind="overview", document="THE LEASE")),
        ("which docuemnts mention tea", Request(kind="documents", topic="tea", is_mention=True)),
        ("files about cooking", Request(kind="documents", topic="cooking")),
        ("list the recipes", Request(kind="documents", topic="recipes", is_uncertain=True, is_group=True)),
        ("how many recipes are there", Request(kind="count", topic="recipes", is_uncertain=True, is_group=True)),
        (
            "show me the files in pi-hole",
            Request(kind="documents", topic="pi-hole", is_uncertain=True, is_group=True),
        ),
        ("are you ChatGPT?", Request(kind="help")),
        ("Was kannst du?", Request(kind="help")),
        ("Wie viele Dokumente gibt es?", Request(kind="count")),
        ("Welche Dokumente gibt es über Tee?", Request(kind="documents", topic="Tee")),
        ("Fasse bitte den Mietvertrag zusammen", Request(kind="overview", document="den Mietvertrag")),
        ("Worum geht es im Mietvertrag?", Request(kind="overview", document="Mietvertrag", is_uncertain=True)),
        ("Was steht in Kapitel drei?", Request(kind="place", label="chapter", number="3")),
        ("Abschnitt 4.2", Request(kind="place", label="section", number="4.2")),
        ("what is 5 + 7", Request(kind="cannot", action="add")),
        ("What does section 4.2 say?", Request(kind="place", label="section", number="4.2")),
        ("§ 3", Request(kind="place", label="section", number="3")),
        (
            "what's in chapter four of the guide?",
            Request(kind="place", label="chapter", number="4", document="the guide"),
        ),
        ("the third chapter", Request(kind="place", label="chapter", number="3")),
        ("Show me slide 3", Request(kind="place", label="slide", number="3")),
        ("read page 7 of report.pdf", Request(kind="place", label="page", number="7", document="report.pdf")),
        ("row 14", Request(kind="place", label="row", number="14")),
        ("Appendix B", Request(kind="place", label="appendix", number="b")),
        ("What does Article IV say?", Request(kind="place", label="article", number="iv")),
    ],
)
def test_a_request_is_recognised_with_what_it_is_about(question, expected):
    assert recognise(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "How many documents does a visa need?",
        "Which documents do I need for parental leave?",
        "What is a retrospective?",
        "Does section 4.2 apply to suppliers?",
        "Who wrote the report?",
        "How do I summarise a pull request?",
        "What part of the ear hurts?",
        "What year was the first manned flight with the Lunar Module scheduled?",
        "is there a policy on dogs",
        "tell me more",
        "Charter 3 schools?",
        "What is the sum of the parts called?",
        "Wie viele Dokumente braucht ein Visum?",
        "and for Spain?",
        "Good documents about travel?",
    ],
)
def test_a_question_that_merely_holds_such_words_is_answered(question):
    assert recognise(question) is None


def test_no_question_follows_up_small_talk():
    assert is_small_talk("Hello!") and is_small_talk("what can you do?")
    assert not is_small_talk("What does section 4 say?")


def certain_requests(questions):
    found = [question for question in questions if (request := recognise(question)) and not request.is_uncertain]
    return [question for question in found if recognise(question).kind != "cannot"]


def test_of_questions_that_people_typed_none_of_another_kind_is_taken_for_a_request():
    path = SHARED / "data" / "real" / "questions.jsonl"
    if not path.exists():
        pytest.skip("needs ../shared/data/real")
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    others = [row["question"] for row in rows if row["kind"] not in ("folder", "greeting", "conversation")]
    assert len(others) > 200
    assert certain_requests(others) == []


def test_of_questions_about_paragraphs_none_is_taken_for_a_request():
    path = SHARED / "data" / "squad-part.json"
    if not path.exists():
        pytest.skip("needs ../shared/data/squad-part.json")
    paragraphs = [one for article in json.loads(path.read_text("utf-8"))["data"] for one in article["paragraphs"]]
    questions = [entry["question"] for paragraph in paragraphs for entry in paragraph["qas"]]
    assert len(questions) > 5_000
    assert certain_requests(questions) == []
