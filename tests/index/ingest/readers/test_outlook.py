"""Messages of Outlook. Those read here are made by our own writer of compound files."""

from datetime import UTC, datetime

from support.legacy_office import outlook

from index.ingest.formats import part_reader, read
from index.ingest.limits import Limits
from index.ingest.readers.outlook import read_outlook

SUBJECT, BODY, SENDER, ADDRESS, KIND = 0x0037, 0x1000, 0x0C1A, 0x0C1F, 0x001A
SENT, DELIVERED = 0x0039, 0x0E06
NOON = datetime(2024, 5, 3, 12, tzinfo=UTC)


def texts(content):
    return [element.text for element in read_outlook(content, Limits(), part_reader(Limits()))]


def test_recipients_are_divided_into_those_addressed_and_copies():
    people = [(1, "Anna Gerber", "anna@tea.example"), (1, "ben@tea.example", "ben@tea.example")]
    people += [(2, "Cleo Iten", "/o=Tea/cn=Recipients/cn=cleo"), (3, "Secret", "secret@tea.example")]
    head = {SUBJECT: "Tea", BODY: "Bring a pot.", SENDER: "Dora Frei", ADDRESS: "/o=Tea/cn=Recipients/cn=dora"}
    assert texts(outlook(head, moments={SENT: NOON}, recipients=people)) == [
        "Tea",
        "From: Dora Frei",
        "To: Anna Gerber <anna@tea.example>, ben@tea.example",
        "Cc: Cleo Iten",
        "Date: Friday, 3 May 2024, 12:00 +0000",
        "Bring a pot.",
    ]


def test_an_appointment_says_when_and_where_it_is():
    places = {0x820D: 0x8005, 0x820E: 0x8006, 0x8208: 0x8007}
    moments = {0x8005: NOON, 0x8006: NOON.replace(hour=13)}
    content = outlook({SUBJECT: "Tasting", 0x8007: "Tea room"}, moments=moments, named=places)
    assert texts(content) == [
        "Tasting",
        "When: Friday, 3 May 2024, 12:00 +0000 to Friday, 3 May 2024, 13:00 +0000",
        "Where: Tea room",
    ]


def test_a_task_says_when_it_is_due_unless_it_never_is():
    places = {0x8105: 0x8001}
    assert texts(outlook({SUBJECT: "Buy tea"}, moments={0x8001: NOON}, named=places))[1:] == [
        "Due: Friday, 3 May 2024, 12:00 +0000"
    ]
    never = NOON.replace(year=4501)
    assert texts(outlook({SUBJECT: "Buy tea"}, moments={0x8001: never}, named=places)) == ["Buy tea"]


def test_a_contact_has_its_company_telephones_and_mail():
    contact = {SUBJECT: "Anna Gerber", KIND: "IPM.Contact", 0x3A16: "Tea Ltd", 0x3A08: "031 555 01 00"}
    content = outlook({**contact, 0x8003: "anna@tea.example"}, named={0x8083: 0x8003})
    assert texts(content) == ["Anna Gerber", "Company: Tea Ltd", "Phone: 031 555 01 00", "Mail: anna@tea.example"]


def test_a_text_that_is_only_in_rtf_is_read():
    content = outlook({SUBJECT: "Tea"}, rtf=rb"{\rtf1\ansi Bring a \b pot\b0 .\par}")
    assert texts(content) == ["Tea", "Bring a pot."]


def test_an_attached_message_follows_below_the_names_of_attachments():
    inner = {SUBJECT: "Order", BODY: "Two pounds of tea."}
    content = outlook({SUBJECT: "Fwd: Order", BODY: "See below."}, attached=("The order", inner))
    found = list(read_outlook(content, Limits(), part_reader(Limits())))
    assert [(element.level, element.text) for element in found] == [
        (1, "Fwd: Order"),
        (0, "See below."),
        (0, "Attachments: The order."),
        (2, "Order"),
        (0, "Two pounds of tea."),
    ]


def test_an_attached_drawing_of_another_program_is_only_named():
    content = outlook({SUBJECT: "Plan", BODY: "See below."}, attached=("The plan", {}))
    assert texts(content) == ["Plan", "See below.", "Attachments: The plan."]


def test_the_date_is_the_day_on_which_it_was_sent_or_else_delivered():
    later = NOON.replace(day=4)
    assert read("a.msg", outlook({BODY: "Tea."}, moments={SENT: NOON, DELIVERED: later})).date == "2024-05-03"
    assert read("a.msg", outlook({BODY: "Tea."}, moments={DELIVERED: later})).date == "2024-05-04"
    assert read("a.msg", outlook({BODY: "Tea."})).date == ""
