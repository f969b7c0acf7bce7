"""The date that a file gives itself. Each file is made by another library than the one that reads it."""

import io
import struct
import zipfile
from datetime import datetime

import docx
import openpyxl
import pytest
from reportlab.pdfgen.canvas import Canvas
from support.legacy_office import compound

from index.ingest.formats import read
from index.ingest.readers.own_date import own_date
from index.store.store import Store


def word(created, modified):
    made, content = docx.Document(), io.BytesIO()
    made.add_paragraph("The boiler is new.")
    made.core_properties.created, made.core_properties.modified = created, modified
    made.save(content)
    return content.getvalue()


def test_of_an_office_file_it_is_the_day_of_the_last_change():
    assert own_date(".docx", word(datetime(2023, 1, 2), datetime(2024, 3, 4))) == "2024-03-04"
    book, content = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["boiler"])
    book.properties.modified = datetime(2022, 5, 6)
    book.properties.created = datetime(2021, 5, 6)
    book.save(content)
    assert own_date(".xlsx", content.getvalue())[:4] in ("2022", str(datetime.now().year))


def test_of_an_opendocument_file_it_is_in_its_metadata():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("meta.xml", "<office:meta><dc:date>2020-07-08T10:00:00</dc:date></office:meta>")
    assert own_date(".odt", content.getvalue()) == "2020-07-08"


def test_of_a_message_it_is_the_day_on_which_it_was_sent():
    assert own_date(".eml", b"Subject: Boiler\nDate: Sat, 30 Nov 2024 23:30:00 -0500\n\nIt is new.") == "2024-11-30"


def test_of_a_mailbox_it_is_the_day_of_the_last_message():
    first = b"From a Sat Nov 30\nDate: Sat, 30 Nov 2024 23:30:00 -0500\n\nIt is new.\n\n"
    second = b"From b Mon Dec 2\nDate: Mon, 2 Dec 2024 08:00:00 +0000\n\nIt is hot.\n"
    assert own_date(".mbox", first + second + first) == "2024-12-02"


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="2024-03-04T10:00:00Z">',
        '<meta name="date" content="2024-03-04">',
        '<script type="application/ld+json">{"datePublished": "2024-03-01","dateModified":"2024-03-04T"}</script>',
    ],
)
def test_of_a_web_page_it_is_in_its_head(head):
    assert own_date(".html", f"<html><head>{head}</head><p>The boiler is new.".encode()) == "2024-03-04"
    assert own_date(".html", b"<html><p>2024-03-04") == ""


def test_of_markdown_it_is_in_the_front_matter():
    assert own_date(".md", b"---\ntitle: Boiler\ndate: 2024-03-04\n---\nThe boiler is new.\n") == "2024-03-04"
    assert own_date(".md", b"The boiler is new.\n\n---\ndate: 2024-03-04\n---\n") == ""


def test_of_rich_text_it_is_the_day_of_the_last_change():
    info = rb"{\rtf1{\info{\creatim\yr2024\mo1\dy2\hr9}{\revtim\yr2024\mo3\dy4\hr8}} The boiler is new.}"
    assert own_date(".rtf", info) == "2024-03-04"


def test_of_an_old_office_file_it_is_in_its_summary():
    saved = int((datetime(2024, 3, 4, 12) - datetime(1601, 1, 1)).total_seconds()) * 10**7
    properties = struct.pack("<IIII", 28, 1, 13, 16) + struct.pack("<IQ", 64, saved)
    summary = struct.pack("<HHI16sI16sI", 0xFFFE, 0, 2, bytes(16), 1, bytes(16), 48) + properties
    content = compound({"\x05SummaryInformation": summary, "WordDocument": b""})
    assert own_date(".doc", content) == "2024-03-04"
    assert own_date(".doc", compound({"WordDocument": b""})) == ""


def test_of_a_pdf_it_is_in_its_metadata():
    content = io.BytesIO()
    page = Canvas(content)
    page.drawString(72, 700, "The boiler is new.")
    page.save()
    assert own_date(".pdf", content.getvalue()) == f"{datetime.now():%Y-%m-%d}"


@pytest.mark.parametrize(
    ("suffix", "content"),
    [
        (".eml", b"Subject: Boiler\n\nIt is new."),
        (".eml", b"Date: soon\n\nIt is new."),
        (".eml", b"Date: Thu, 1 Jan 1970 00:00:00 +0000\n\n"),
        (".docx", b"PK no archive"),
        (".pdf", b"no PDF"),
        (".md", b"Date: Sat, 30 Nov 2024 23:30:00 -0500"),
    ],
)
def test_a_file_without_a_readable_date_has_none(suffix, content):
    assert own_date(suffix, content) in ("", "1970-01-01")


def test_the_index_has_the_own_date_of_a_document_or_else_that_of_its_file(library, folder, index):
    (folder / "boiler.docx").write_bytes(word(datetime(2023, 1, 2), datetime(2024, 3, 4)))
    assert read("boiler.docx", (folder / "boiler.docx").read_bytes()).date == "2024-03-04"
    library.start_build()
    library.wait()
    with Store.open(index) as store:
        assert store.document("boiler.docx").date == "2024-03-04"
        assert store.document("tea.md").date == ""
    today = f"{datetime.fromtimestamp((folder / 'tea.md').stat().st_mtime):%Y-%m-%d}"
    assert library.contents().dates == {"boiler.docx": "2024-03-04", "coffee.txt": today, "tea.md": today}
