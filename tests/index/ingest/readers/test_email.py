import email.policy
from email.message import EmailMessage

import pytest

from index.errors import ReadingError
from index.ingest.formats import part_reader
from index.ingest.limits import Limits
from index.ingest.readers.elements import Element
from index.ingest.readers.email import read_mail, read_mailbox, read_web_archive

HEAD = [
    Element("Tea time", level=1),
    Element("From: Anna Muster <anna@example.org>", tight=True),
    Element("To: Béla <bela@example.org>", tight=True),
    Element("Date: Tuesday, 5 March 2024, 14:30 +0100", tight=True),
]


def message(text="See you at five.", subtype="plain"):
    made = EmailMessage()
    made["Subject"] = "Tea time"
    made["From"] = "Anna Muster <anna@example.org>"
    made["To"] = "Béla <bela@example.org>"
    made["Date"] = "Tue, 05 Mar 2024 14:30:00 +0100"
    made.set_content(text, subtype=subtype)
    return made


def read(content, limits=None):
    if isinstance(content, EmailMessage):
        content = content.as_bytes(policy=email.policy.SMTP)
    return list(read_mail(content, limits or Limits(), part_reader(Limits())))


def body(content):
    return [element.text for element in read(content) if not element.level and not element.tight]


def test_a_message_begins_with_its_subject_and_who_wrote_to_whom():
    assert read(message()) == [*HEAD, Element("See you at five.")]


def test_paragraphs_quoted_lines_and_the_signature_are_pieces_of_their_own():
    text = "Yes,\nwith milk.\n\nOn Monday Béla wrote:\n> Tea?\n> At five?\n>\n> > Coffee?\nFine.\n-- \nAnna\nTea Ltd\n"
    assert body(message(text)) == [
        "Yes,\nwith milk.",
        "On Monday Béla wrote:",
        "Tea?\nAt five?",
        "Coffee?",
        "Fine.",
        "Anna\nTea Ltd",
    ]


def test_flowed_lines_are_one():
    made = message("See you at \nfive.\nAnna\n")
    made.set_param("format", "flowed")
    assert body(made) == ["See you at five.\nAnna"]


def test_plain_text_is_preferred_and_a_page_read_where_there_is_none():
    made = message()
    made.add_alternative("<p>See <b>you</b> at six.", subtype="html")
    assert body(made) == ["See you at five."]
    empty = message(" \n")
    empty.add_alternative("<p>See <b>you</b> at six.", subtype="html")
    assert body(empty) == ["See you at six."]
    assert read(message("<h1>Hello</h1><p>Tea &amp; cake.", "html")) == [
        *HEAD,
        Element("Hello", level=2),
        Element("Tea & cake."),
    ]


def test_attachments_are_named_and_read_by_their_own_readers():
    made = message()
    made.add_attachment(b"x", maintype="application", subtype="pdf", filename="a.pdf")
    made.add_attachment("# Minutes\n\nThe roof costs 1.4 million.\n\n- Ada\n- Bea\n", filename="b ü.md")
    made.add_attachment(b"x", maintype="image", subtype="png", filename="c.png")
    assert read(made) == [
        *HEAD,
        Element("See you at five."),
        Element("Attachments: a.pdf, b ü.md, c.png."),
        Element("a.pdf is not read: it is damaged (not a PDF): save it again."),
        Element("b ü.md", level=2),
        Element("Minutes", level=3),
        Element("The roof costs 1.4 million."),
        Element("Ada", kind="list_item"),
        Element("Bea", tight=True, kind="list_item"),
    ]


def test_an_invitation_is_read_beside_the_text():
    made = message()
    event = (
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Roof\\, again\r\n"
        "DTSTART:20240503T140000Z\r\nDTEND:20240503T150000Z\r\n"
        "LOCATION:Hall 2\r\nORGANIZER;CN=Ada Amstutz:mailto:ada@example.org\r\nDESCRIPTION:Bring the\\nplans.\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    made.add_alternative(event, subtype="calendar")
    assert [element.text for element in read(made)[len(HEAD) :]] == [
        "See you at five.",
        "Roof, again",
        "When: Friday, 3 May 2024, 14:00 UTC to Friday, 3 May 2024, 15:00 UTC",
        "Where: Hall 2",
        "Organizer: Ada Amstutz <ada@example.org>",
        "Bring the\nplans.",
    ]


def test_a_message_in_utf_16_and_blanks_before_colons_are_read():
    text = "Subject : Tea\nFrom: a@b.c\n\nSteep it for two minutes.\n"
    for content in (text.encode(), text.encode("utf-16"), text.encode("utf-16-le")):
        assert [element.text for element in read(content)] == ["Tea", "From: a@b.c", "Steep it for two minutes."]


def test_a_mailbox_is_its_messages_one_by_one():
    box = b"".join(
        b"From a@b.c Fri May  3 14:00:00 2024\n" + message(text).as_bytes() + b"\n" for text in ("One.", "Two.")
    )
    found = list(read_mailbox(box + b"From x\nnothing\n\n", Limits(), part_reader(Limits())))
    assert [(element.page, element.text) for element in found if element.text.startswith(("One", "Two", "Mess"))] == [
        (1, "One."),
        (2, "Two."),
        (3, "Message 3 is not read: it is not a message: save it again from the mail program."),
    ]
    with pytest.raises(ReadingError, match="is not a mailbox"):
        list(read_mailbox(b"nothing", Limits(), part_reader(Limits())))


def test_a_saved_web_page_is_read():
    made = EmailMessage()
    made["Subject"] = "Tea"
    made.set_content("<title>Tea</title><h1>Green tea</h1><p>Steep it.", subtype="html")
    made.add_related(b"x", maintype="image", subtype="png", cid="<p>")
    assert list(read_web_archive(made.as_bytes(), Limits())) == [Element("Green tea", level=1), Element("Steep it.")]


def test_pictures_in_the_text_are_no_attachments():
    made = message("<p>Look: <img src='cid:p'>", "html")
    made.add_related(b"x", maintype="image", subtype="png", cid="<p>", filename="p.png", disposition="inline")
    assert body(made) == ["Look:"]


def test_an_attached_message_is_read_as_a_part():
    made = message()
    made.add_attachment(message("Coffee then."))
    assert read(made) == [
        *HEAD,
        Element("See you at five."),
        Element("Tea time", level=2),
        *HEAD[1:],
        Element("Coffee then."),
    ]


def test_messages_in_messages_are_read_to_a_depth_and_then_named():
    made = message("Last.")
    for _ in range(12):
        outer = message("Outer.")
        outer.add_attachment(made)
        made = outer
    found = read(made)
    assert [element.level for element in found if element.level] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert found[-1] == Element("Attachments: Tea time.")


@pytest.mark.parametrize(
    ("head", "content"),
    [
        ("text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable", b"Caf=E9 =93noir=\n=94"),
        ("text/plain; charset=utf-8\nContent-Transfer-Encoding: base64", b"Q2Fmw6kg4oCcbm9pcuKAnQ=="),
        ("text/plain; charset=us-ascii\nContent-Transfer-Encoding: 8bit", "Café “noir”".encode()),
        ("text/plain; charset=nonsense\nContent-Transfer-Encoding: 8bit", "Café “noir”".encode()),
        ("text/plain\nContent-Transfer-Encoding: 8bit", "Café “noir”".encode()),
        ("text/html; charset=utf-8", "<meta charset=latin1><p>Café “noir”".encode()),
    ],
)
def test_any_encoding_survives(head, content):
    assert body(b"Subject: x\nContent-Type: " + head.encode() + b"\n\n" + content) == ["Café “noir”"]


@pytest.mark.parametrize("subject", ["=?utf-8?q?Caf=C3=A9?=", "=?iso-8859-1?q?Caf=E9?=", "Café"])
def test_a_subject_is_decoded(subject):
    assert read(f"Subject: {subject}\n\n".encode()) == [Element("Café", level=1)]


def test_a_date_that_is_none_stays_as_it_is():
    assert read(b"Date: some day\nFrom: a@b.c\n\n") == [
        Element("From: a@b.c", tight=True),
        Element("Date: some day", tight=True),
    ]


def test_an_encrypted_message_is_an_error():
    with pytest.raises(ReadingError, match="is encrypted: save it decrypted from the mail program"):
        read(b"Subject: x\nContent-Type: application/pkcs7-mime; name=smime.p7m\n\nx")


def test_a_text_that_is_no_message_is_an_error():
    with pytest.raises(ReadingError, match="is not a message: save it again from the mail program"):
        read(b"Just a text.\n")


def test_more_text_than_the_limit_is_an_error():
    with pytest.raises(ReadingError, match="has more than 100 characters of text: split it"):
        read(message("Tea. " * 50), Limits(characters=100))
